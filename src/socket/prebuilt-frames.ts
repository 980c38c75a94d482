/**
 * A packet for many sockets is made into one WebSocket frame, in one buffer, and written straight to the TCP socket
 * of every connection that can take it at this moment. All others get it the way Engine.IO sends.
 *
 * What is private in Engine.IO and ws is known here only (and, for counting, in slow-readers.ts): a connection's
 * transport's `socket` (a ws), and that one's `_socket` (TCP). Their shape is looked at once for every connection; if one
 * day they are not there, the log says so once and everything goes the normal way.
 */
import { Socket as TcpSocket } from "node:net";
import type { Logger } from "../log.ts";
import { isObject } from "./is-object.ts";
import { deflateOnce, takesDeflated } from "./shared-deflate.ts";
import type { LineSocket } from "./wire.ts";

type Connection = LineSocket["conn"];

/** Engine.IO takes `wsPreEncodedFrame` for what it would otherwise frame anew for every socket. */
export interface PrebuiltPacket {
  readonly text: string;
  readonly options: { compress: boolean; wsPreEncodedFrame: [frame: Buffer] };
  /** For those who agreed on compression; undefined when it would gain nothing, or must not be. */
  readonly deflated: Buffer | undefined;
}

const MESSAGE = "4";
const FINAL_TEXT = 0x81;
/** RSV1: the message is deflated (RFC 7692, 6). */
const DEFLATED = 0x40;
const WS_OPEN = 1;
const TCP = "_socket";

/** `isPublic`: it may be compressed for those who agreed on that. */
export function toPrebuilt(text: string, isPublic = false): PrebuiltPacket {
  const frame = toTextFrame(MESSAGE + text);
  let deflated: { frame: Buffer | undefined } | undefined;
  return {
    text,
    options: { compress: true, wsPreEncodedFrame: [frame] },
    get deflated() {
      // Made for the first who wants it: on some lines there is nobody.
      deflated ??= { frame: isPublic ? toDeflatedFrame(MESSAGE + text) : undefined };
      return deflated.frame;
    },
  };
}

function toDeflatedFrame(payload: string): Buffer | undefined {
  const deflated = deflateOnce(Buffer.from(payload));
  if (deflated === undefined) return undefined;
  const [frame, at] = startTextFrame(deflated.length, deflated.length);
  frame[0] = FINAL_TEXT | DEFLATED;
  deflated.copy(frame, at);
  return frame;
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

/**
 * A connection that frames are sent to. Whatever a write has to look at is far apart in memory, and at thousands of
 * readers that is most of what our side of a delivery costs: so it is looked for once, when it is a WebSocket, and
 * each write looks at as few objects as will do.
 */
export class FrameTarget {
  readonly connection: Connection;
  /** Both undefined while its transport is polling. A WebSocket transport is never changed for another. */
  transport: Transport | undefined = undefined;
  tcp: TcpSocket | undefined = undefined;
  takesDeflated = false;

  constructor(connection: Connection) {
    this.connection = connection;
  }
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

  send(target: FrameTarget, packet: PrebuiltPacket): void {
    const tcp = this.#toReady(target);
    if (tcp === undefined) {
      target.connection.write(packet.text, packet.options);
    } else {
      const deflated = target.takesDeflated ? packet.deflated : undefined;
      tcp.write(deflated ?? packet.options.wsPreEncodedFrame[0]);
    }
  }

  /** Sends the frame; false: it cannot be done directly just now, and was not done. */
  write(target: FrameTarget, frame: Buffer): boolean {
    const tcp = this.#toReady(target);
    tcp?.write(frame);
    return tcp !== undefined;
  }

  #toReady(target: FrameTarget): TcpSocket | undefined {
    if (!this.#isDirect) return undefined;
    if (target.tcp === undefined) this.#lookFor(target);
    const { transport, tcp } = target;
    return transport !== undefined && tcp !== undefined && isReady(transport, tcp) ? tcp : undefined;
  }

  #lookFor(target: FrameTarget): void {
    const { transport }: { transport: unknown } = target.connection;
    if (!isTransport(transport)) return this.#fallBack();
    // Also while a connection is being upgraded: until then its transport is polling.
    if (transport.name !== "websocket") return;
    if (!isWebSocketTransport(transport)) return this.#fallBack();
    const { socket } = transport;
    if (socket.readyState !== WS_OPEN || transport.perMessageDeflate) return;
    target.transport = transport;
    target.tcp = socket[TCP];
    target.takesDeflated = takesDeflated(socket);
  }

  #fallBack(): void {
    this.#isDirect = false;
    this.#log?.warn(
      "This engine.io or ws has other members than News Line was tested with: deltas are sent the normal way, which costs half as much again. See docs/decisions/0010-prebuilt-frames.md.",
    );
  }
}

/**
 * Whether nothing that was sent before can still be on its way to the TCP socket: a direct write would overtake an
 * acknowledgement in Engine.IO's buffer (SUB1), which is empty whenever a WebSocket transport can be written to. A
 * connection that is told to close tells its transport in the same step. Bytes that the kernel did not take are waited
 * for the normal way, where they are counted and a slow reader is found.
 */
function isReady(transport: Transport, tcp: TcpSocket): boolean {
  return transport.writable && transport.readyState === "open" && tcp.writableLength === 0 && tcp.writable;
}

interface Transport {
  readonly name: string;
  readonly writable: boolean;
  readonly readyState: string;
}
interface WebSocketTransport extends Transport {
  readonly perMessageDeflate: unknown;
  readonly socket: { readonly readyState: number; readonly [TCP]: TcpSocket };
}

function isTransport(transport: unknown): transport is Transport {
  return (
    isObject(transport) &&
    "name" in transport &&
    "writable" in transport &&
    typeof transport.writable === "boolean" &&
    "readyState" in transport &&
    typeof transport.readyState === "string"
  );
}

function isWebSocketTransport(transport: Transport): transport is WebSocketTransport {
  return (
    "perMessageDeflate" in transport &&
    "socket" in transport &&
    isObject(transport.socket) &&
    "readyState" in transport.socket &&
    TCP in transport.socket &&
    // A closed ws has let go of its TCP socket: only an open one is asked for it.
    (transport.socket.readyState !== WS_OPEN || transport.socket[TCP] instanceof TcpSocket)
  );
}
