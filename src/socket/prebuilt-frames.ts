/**
 * A packet for many sockets is made into one WebSocket frame, in one buffer, and written straight to the TCP socket
 * of every connection that can take it at this moment. All others get it the way Engine.IO sends.
 *
 * What is private in Engine.IO and ws is known here only (and, for counting, in slow-readers.ts): a connection's
 * `writeBuffer`, its transport's `socket` (a ws), and that one's `_socket` (TCP). Their shape is looked at for every
 * write; if one day they are not there, the log says so once and everything goes the normal way.
 */
import { Socket as TcpSocket } from "node:net";
import type { Logger } from "../log.ts";
import type { LineSocket } from "./wire.ts";

type Connection = LineSocket["conn"];

/** Engine.IO takes `wsPreEncodedFrame` for what it would otherwise frame anew for every socket. */
export interface PrebuiltPacket {
  readonly text: string;
  readonly options: { compress: boolean; wsPreEncodedFrame: [frame: Buffer] };
}

const MESSAGE = "4";
const FINAL_TEXT = 0x81;
const WS_OPEN = 1;
const TCP = "_socket";

export function toPrebuilt(text: string): PrebuiltPacket {
  return { text, options: { compress: true, wsPreEncodedFrame: [toTextFrame(MESSAGE + text)] } };
}

/** RFC 6455, 5.2, as a server sends: unmasked, one piece. */
export function toTextFrame(payload: string): Buffer {
  const length = Buffer.byteLength(payload);
  const [frame, at] = startTextFrame(length, length);
  frame.write(payload, at);
  return frame;
}

/** The header of a frame with a payload of `length` bytes, and room for the first of those, which begin at `at`. */
export function startTextFrame(length: number, room: number): [frame: Buffer, at: number] {
  const at = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(at + room);
  frame[0] = FINAL_TEXT;
  if (at === 2) {
    frame[1] = length;
  } else if (at === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  return [frame, at];
}

export class PrebuiltFrames {
  readonly #log: Logger | undefined;
  #isDirect: boolean;

  /** `isDirect: false` sends everything the normal way. */
  constructor(log: Logger | undefined, isDirect = true) {
    this.#log = log;
    this.#isDirect = isDirect;
  }

  /** Whether frames still go straight to the TCP sockets. */
  get isDirect(): boolean {
    return this.#isDirect;
  }

  send(connection: Connection, packet: PrebuiltPacket): void {
    const found = this.#isDirect ? findTcp(connection) : "busy";
    if (found instanceof TcpSocket) {
      found.write(packet.options.wsPreEncodedFrame[0]);
      return;
    }
    if (found === "unknown") this.#fallBack();
    connection.write(packet.text, packet.options);
  }

  #fallBack(): void {
    this.#isDirect = false;
    this.#log?.warn(
      "This engine.io or ws has other members than News Line was tested with: deltas are sent the normal way, which costs half as much again. See docs/decisions/0010-prebuilt-frames.md.",
    );
  }
}

/**
 * The TCP socket, if nothing that was sent before can still be on its way to it: a direct write would overtake an
 * acknowledgement in Engine.IO's buffer (SUB1). Bytes that the kernel did not take are waited for the normal way,
 * where they are counted and a slow reader is found. `unknown`: it cannot be told.
 */
function findTcp(connection: unknown): TcpSocket | "busy" | "unknown" {
  if (!hasTransport(connection)) return "unknown";
  const { transport } = connection;
  // Also while a connection is being upgraded: until then its transport is polling.
  if (transport.name !== "websocket") return "busy";
  if (!hasWebSocket(transport)) return "unknown";
  const { socket } = transport;
  const isReady =
    connection.readyState === "open" &&
    transport.writable &&
    connection.writeBuffer.length === 0 &&
    socket.readyState === WS_OPEN &&
    !transport.perMessageDeflate;
  if (!isReady) return "busy";
  const tcp = socket[TCP];
  return tcp.writable && tcp.writableLength === 0 ? tcp : "busy";
}

interface Transport {
  readonly name: string;
  readonly writable: boolean;
}
interface WebSocketTransport extends Transport {
  readonly perMessageDeflate: unknown;
  readonly socket: { readonly readyState: number; readonly [TCP]: TcpSocket };
}

function hasTransport(
  connection: unknown,
): connection is { readyState: unknown; writeBuffer: readonly unknown[]; transport: Transport } {
  return (
    isObject(connection) &&
    "readyState" in connection &&
    "writeBuffer" in connection &&
    Array.isArray(connection.writeBuffer) &&
    "transport" in connection &&
    isObject(connection.transport) &&
    "name" in connection.transport &&
    "writable" in connection.transport &&
    typeof connection.transport.writable === "boolean"
  );
}

function hasWebSocket(transport: Transport): transport is WebSocketTransport {
  return (
    "perMessageDeflate" in transport &&
    "socket" in transport &&
    isObject(transport.socket) &&
    "readyState" in transport.socket &&
    TCP in transport.socket &&
    // A closed ws has let go of its TCP socket: `findTcp` asks for an open one first.
    (transport.socket.readyState !== WS_OPEN || transport.socket[TCP] instanceof TcpSocket)
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
