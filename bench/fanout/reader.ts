import { connect, type Socket } from "node:net";
import { constants, inflateRawSync } from "node:zlib";
import { PROTOCOLS, type Protocol, toReader } from "./messages.ts";

/**
 * Thousands of readers in one process: TCP sockets that know just enough of WebSocket and Socket.IO, so that the
 * readers cost less than the server that is measured.
 */
const [portText = "", countText = "", protocolText = "", path = "/"] = process.argv.slice(2);
const port = Number(portText);
const count = Number(countText);
const protocol: Protocol = PROTOCOLS.find((one) => one === protocolText) ?? "plain";
const isDeflated = protocol === "news-line-deflated";

const CONNECTS_AT_ONCE = 100;
/** Looking for the mark in every message would cost more than reading it. */
const SAMPLE = 8;
/** The message is deflated, and left out how it ended (RFC 7692). */
const RSV1 = 0x40;
const TRAILER = Buffer.from([0x00, 0x00, 0xff, 0xff]);

const readers: Reader[] = [];
let ready = 0;
let opened = 0;
let told = { frames: 0, changes: 0, bytes: 0, closed: 0, latenciesMs: new Array<number>() };

function open(): void {
  if (opened >= count) return;
  opened += 1;
  // Several addresses, or the ports of one would run out from run to run.
  const socket = connect({ port, host: "127.0.0.1", localAddress: `127.0.1.${1 + (opened % 200)}` });
  socket.setNoDelay(true);
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
      (isDeflated ? "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n" : "\r\n"),
  );
  readers.push(new Reader(socket));
}

class Reader {
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  #isOpen = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (bytes: Buffer) => this.#read(bytes));
    socket.on("error", () => undefined);
    socket.on("close", () => (told.closed += 1));
  }

  #read(bytes: Buffer): void {
    told.bytes += bytes.length;
    let buffer = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    if (!this.#isOpen) {
      const end = buffer.indexOf("\r\n\r\n");
      if (end === -1) {
        this.#rest = buffer;
        return;
      }
      buffer = buffer.subarray(end + 4);
      this.#isOpen = true;
      if (protocol === "plain") markReady();
    }
    this.#rest = this.#takeFrames(buffer);
  }

  /** Gives back what is not a whole frame yet. */
  #takeFrames(buffer: Buffer): Buffer {
    let at = 0;
    while (buffer.length - at >= 2) {
      let length = buffer.readUInt8(at + 1) & 127;
      let header = 2;
      if (length > 125) {
        header = length === 126 ? 4 : 10;
        if (buffer.length - at < header) break;
        length = header === 4 ? buffer.readUInt16BE(at + 2) : Number(buffer.readBigUInt64BE(at + 2));
      }
      if (buffer.length - at < header + length) break;
      const first = buffer.readUInt8(at);
      const payload = buffer.subarray(at + header, at + header + length);
      // Only deltas are worth deflating.
      if ((first & RSV1) !== 0) note(payload, true);
      else if ((first & 15) === 1) this.#take(payload);
      at += header + length;
    }
    return at === buffer.length ? Buffer.alloc(0) : Buffer.from(buffer.subarray(at));
  }

  #take(payload: Buffer): void {
    if (protocol === "plain") return note(payload);
    const [first, second] = payload;
    if (first === 0x30) this.#send("40");
    else if (first === 0x32) this.#send("3");
    else if (second === 0x30) this.#welcome();
    else if (second === 0x33) markReady();
    else note(payload);
  }

  #welcome(): void {
    if (protocol === "news-line" || isDeflated) this.#send('420["subscribe",{"line":"main","limit":1}]');
    else markReady();
  }

  #send(text: string): void {
    this.#socket.write(
      Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]),
    );
  }
}

function note(payload: Buffer, isCompressed = false): void {
  told.frames += 1;
  if (told.frames % SAMPLE !== 0) return;
  const text = isCompressed ? inflate(payload) : payload;
  const marks = [...text.toString("latin1").matchAll(/T=(\d+);/g)];
  told.changes += marks.length;
  const nowMs = performance.timeOrigin + performance.now();
  for (const [, us] of marks) told.latenciesMs.push(nowMs - Number(us) / 1_000);
}

function inflate(payload: Buffer): Buffer {
  return inflateRawSync(Buffer.concat([payload, TRAILER]), { finishFlush: constants.Z_SYNC_FLUSH });
}

function markReady(): void {
  ready += 1;
  if (ready === count) process.send?.({ ready: true });
  open();
}

process.on("message", (raw) => {
  const asked = toReader.parse(raw);
  if ("reset" in asked) told = { frames: 0, changes: 0, bytes: 0, closed: 0, latenciesMs: [] };
  // Every eighth was looked at.
  else process.send?.({ ...told, changes: told.changes * SAMPLE });
});
process.on("disconnect", () => process.exit(0));
for (let n = 0; n < CONNECTS_AT_ONCE; n += 1) open();
