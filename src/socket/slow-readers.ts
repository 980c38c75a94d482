import { IncomingMessage } from "node:http";
import type { Socket as TcpSocket } from "node:net";
import { sayGoodbye } from "./goodbye.ts";
import type { LineServer, LineSocket } from "./wire.ts";

type Connection = LineSocket["conn"];

/** What may wait for a reader at all (P7); the rest of the megabyte is for the last words. */
const ALL_BYTES = 1020 * 1024;
/** Below that, since what is written until the next sweep comes on top. */
const MOST_BYTES = 768 * 1024;
/** Beside an answer that is more than that: other lines, ticks, a ping. */
const BESIDE_BYTES = 128 * 1024;
const SWEEP_MS = 500;
/** After so much was written, the next sweep does not wait. */
const SWEEP_BYTES = 128 * 1024;

/**
 * Cuts connections that do not read as fast as we write, so that one of them never costs more than a fixed piece of
 * memory, and the others nothing.
 */
export class SlowReaders {
  readonly #sockets: () => Iterable<LineSocket>;
  /** They have been told, and are given a moment to go. */
  readonly #leaving = new WeakSet<Connection>();
  /** They read an answer that is more than what may wait, and get nothing else meanwhile. */
  readonly #finishing = new Map<Connection, Finishing>();
  readonly #timer: ReturnType<typeof setInterval>;
  #writtenBytes = 0;

  /** `sockets` gives all that there are. */
  constructor(sockets: () => Iterable<LineSocket>) {
    this.#sockets = sockets;
    this.#timer = setInterval(() => this.sweep(), SWEEP_MS);
  }

  /** `bytes` were written to everyone. */
  noteWritten(bytes: number): void {
    this.#writtenBytes += bytes;
    if (this.#writtenBytes > SWEEP_BYTES) this.sweep();
  }

  /** A delta is about to be written to everyone: who has no room for a large one goes before. */
  makeRoom(json: string): void {
    const bytes = json.length > SWEEP_BYTES / 2 ? Buffer.byteLength(json) : 0;
    if (bytes > SWEEP_BYTES) this.sweep(ALL_BYTES - bytes);
  }

  /**
   * A snapshot may be more than what may wait for a reader: it is the line, and its bytes are the same for all who read
   * it. Whoever was answered with one is not cut for it, or would come back for the same again and again; what happens
   * meanwhile is for when it has been read. Undefined: nothing that large waits.
   */
  whenRead(connection: Connection): Promise<void> | undefined {
    const bytes = toBacklogBytes(connection);
    if (bytes <= MOST_BYTES) return undefined;
    const finishing = this.#finishing.get(connection) ?? { mostBytes: bytes + BESIDE_BYTES, ends: [] };
    this.#finishing.set(connection, finishing);
    return new Promise((resolve) => finishing.ends.push(resolve));
  }

  sweep(mostBytes = MOST_BYTES): void {
    this.#endFinished();
    const limit = Math.min(mostBytes, MOST_BYTES);
    const isSmall = limit === MOST_BYTES && this.#writtenBytes <= SWEEP_BYTES;
    this.#writtenBytes = 0;
    for (const socket of this.#sockets()) {
      const { conn } = socket;
      // At most one frame waits then: to look closer at everybody all the time costs more than those who are slow.
      if (isSmall && conn.transport.writable) continue;
      // A connection may carry a socket of each namespace: it is cut once.
      if (toBacklogBytes(conn) <= limit || this.#leaving.has(conn)) continue;
      if (this.#isSpared(socket, limit)) continue;
      this.#leaving.add(conn);
      dropMessages(conn);
      sayGoodbye(socket, "slow");
    }
  }

  /** Before a large delta only who gets none of it. */
  #isSpared({ conn, rooms }: LineSocket, limit: number): boolean {
    const mostBytes = this.#finishing.get(conn)?.mostBytes ?? 0;
    return toBacklogBytes(conn) <= mostBytes && (limit === MOST_BYTES || rooms.size === 0);
  }

  #endFinished(): void {
    for (const [connection, { ends }] of this.#finishing) {
      if (connection.readyState === "open" && toBacklogBytes(connection) > MOST_BYTES) continue;
      this.#finishing.delete(connection);
      for (const end of ends) end();
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#finishing.clear();
  }
}

interface Finishing {
  /** The answer and little beside it: a second one like it is too much. */
  mostBytes: number;
  ends: (() => void)[];
}

/**
 * What waits to be sent: the packets that Engine.IO holds back, the bytes that the WebSocket could not write, and what
 * of a long poll's answer is still on its way. The first two are private to those libraries: read here only, and taken
 * for nothing if they are not there.
 */
export function toBacklogBytes(connection: Connection): number {
  const packets = writeBufferOf(connection);
  let bytes = answering.get(connection)?.writableLength ?? 0;
  for (const packet of packets) bytes += toLength(packet);
  const socket: unknown = Reflect.get(connection.transport, "socket");
  if (typeof socket === "object" && socket !== null && "bufferedAmount" in socket) {
    bytes += Number(socket.bufferedAmount);
  }
  return bytes;
}

/** The TCP sockets that long polls were last answered on: Engine.IO forgets an answer when it has begun to write it. */
const answering = new WeakMap<Connection, TcpSocket>();

export function watchAnswers(io: LineServer): void {
  io.engine.on("connection", (connection: Connection) => {
    if (connection.transport.name !== "polling") return;
    connection.transport.on("headers", (_headers: unknown, request: unknown) => {
      if (request instanceof IncomingMessage) answering.set(connection, request.socket);
    });
    // What a WebSocket holds is in its own count.
    connection.once("upgrade", () => answering.delete(connection));
  });
}

/** In bytes as they leave: a letter of most alphabets has two. */
function toLength(packet: unknown): number {
  if (typeof packet !== "object" || packet === null || !("data" in packet)) return 0;
  return typeof packet.data === "string" ? Buffer.byteLength(packet.data) : 0;
}

function writeBufferOf(connection: Connection): unknown[] {
  const buffer: unknown = Reflect.get(connection, "writeBuffer");
  return Array.isArray(buffer) ? buffer : [];
}

/** Only messages: a ping that is lost would end the connection before the goodbye is read. */
function dropMessages(connection: Connection): void {
  const buffer = writeBufferOf(connection);
  const kept = buffer.filter((packet) => {
    return !(typeof packet === "object" && packet !== null && "type" in packet && packet.type === "message");
  });
  buffer.splice(0, buffer.length, ...kept);
}
