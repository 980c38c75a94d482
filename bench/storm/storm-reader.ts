import { connect, type Socket } from "node:net";
import { delta } from "../../src/contract/delta.ts";
import { catchUpAck, snapshotAck } from "../../src/contract/socket.ts";
import { toClientFrame } from "../../test/support/raw-socket.ts";
import { HeldLine } from "../../test/support/readers.ts";
import { FrameCutter } from "./frames.ts";

export interface Crowd {
  onWhole(kind: "snapshot" | "catch-up"): void;
  onDelta(): void;
  /** `wasWhole`: it had its acknowledgement. */
  onLost(wasWhole: boolean): void;
  onRefused(): void;
  onFault(words: string): void;
}

interface Place {
  port: number;
  /** Of this machine; many, or the ports of one would run out. */
  address: string;
}

const PATH = "/socket.io/?EIO=4&transport=websocket";
/** As a browser sends them, but for the compression that this client does not know. */
const HEADERS = [
  "Connection: Upgrade",
  "Pragma: no-cache",
  "Cache-Control: no-cache",
  "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
  "Upgrade: websocket",
  "Origin: https://paper.example",
  "Sec-WebSocket-Version: 13",
  "Accept-Encoding: gzip, deflate, br, zstd",
  "Accept-Language: en-GB,en;q=0.9,az;q=0.8",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
]
  .map((header) => `${header}\r\n`)
  .join("");

/** As docs/protocol.md has it: growing, random pauses. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
const REFUSED_PAUSE_MS = 1_000;
/** Enough of a message to see what it is and where it leads. */
const HEAD_BYTES = 400;
const MOST_ITEMS = 200;

const HEAD = /^43\d*\[\{"protocol":1,.*?"kind":"(snapshot|catch-up)".*?"position":"(\w+):(\d+)"/;
const DELTA = /^42\["delta",\{"line":"main","epoch":"(\w+)","from":(\d+),"to":(\d+),/;

/**
 * One client by docs/protocol.md, over a TCP socket that knows just enough of WebSocket and Socket.IO. Every one
 * watches that its position goes on without a gap; a sampled one keeps the whole line.
 */
export class StormReader {
  readonly held: HeldLine | undefined;
  epoch = "";
  offset = -1;
  readonly #place: Place;
  readonly #crowd: Crowd;
  #socket: Socket | undefined;
  #isWhole = false;
  #tries = 0;

  constructor(place: Place, isSampled: boolean, crowd: Crowd) {
    this.#place = place;
    this.#crowd = crowd;
    this.held = isSampled ? new HeldLine() : undefined;
  }

  open(): void {
    const { port, address } = this.#place;
    const socket = connect({ port, host: "127.0.0.1", localAddress: address });
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.write(`GET ${PATH} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${HEADERS}\r\n`);
    const cutter = new FrameCutter(this.held === undefined ? HEAD_BYTES : Number.POSITIVE_INFINITY, (text) =>
      this.#take(text),
    );
    let upgrade: Buffer | undefined = Buffer.alloc(0);
    socket.on("data", (bytes: Buffer) => {
      if (upgrade === undefined) {
        cutter.take(bytes);
        return;
      }
      upgrade = Buffer.concat([upgrade, bytes]);
      const end = upgrade.indexOf("\r\n\r\n");
      if (end === -1) return;
      const rest = upgrade.subarray(end + 4);
      upgrade = undefined;
      cutter.take(rest);
    });
    // What went wrong comes as a close as well.
    socket.on("error", () => undefined);
    socket.once("close", () => this.#comeBack());
  }

  #comeBack(): void {
    this.#crowd.onLost(this.#isWhole);
    this.#isWhole = false;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#tries);
    this.#tries += 1;
    setTimeout(() => this.open(), pauseMs * (0.5 + Math.random()));
  }

  #take(message: Buffer): void {
    const [first, second] = message;
    if (first === 0x30) this.#send("40");
    else if (first === 0x32) this.#send("3");
    else if (second === 0x30) this.#subscribe();
    else if (second === 0x33) this.#takeAck(message);
    else if (message.subarray(0, 10).equals(DELTA_START)) this.#takeDelta(message);
  }

  #subscribe(): void {
    const since = this.offset === -1 ? "" : `,"since":"${this.epoch}:${this.offset}"`;
    const limit = this.held === undefined ? "" : `,"limit":${MOST_ITEMS}`;
    this.#send(`420["subscribe",{"line":"main"${since}${limit}}]`);
  }

  #takeAck(message: Buffer): void {
    const head = HEAD.exec(message.toString("latin1", 0, HEAD_BYTES));
    const [, kind, epoch = "", offset] = head ?? [];
    if (head === null) {
      this.#crowd.onRefused();
      setTimeout(() => this.#subscribe(), REFUSED_PAUSE_MS * (1 + Math.random()));
      return;
    }
    if (this.held !== undefined) this.#keepAnswer(this.held, kind, message);
    this.epoch = epoch;
    this.offset = Number(offset);
    this.#tries = 0;
    this.#isWhole = true;
    this.#crowd.onWhole(kind === "snapshot" ? kind : "catch-up");
  }

  #keepAnswer(held: HeldLine, kind: string | undefined, message: Buffer): void {
    const [answer]: unknown[] = JSON.parse(message.toString("utf8", message.indexOf("[")));
    held.take(kind === "snapshot" ? snapshotAck.parse(answer) : catchUpAck.parse(answer));
  }

  #takeDelta(message: Buffer): void {
    const [, epoch = "", from, to] = DELTA.exec(message.toString("latin1", 0, HEAD_BYTES)) ?? [];
    if (!this.#isWhole) this.#crowd.onFault("a delta came before its acknowledgement");
    if (epoch !== this.epoch || Number(from) !== this.offset) {
      this.#crowd.onFault(`a delta from ${epoch}:${from} came at ${this.epoch}:${this.offset}`);
    }
    this.offset = Number(to);
    this.#crowd.onDelta();
    if (this.held === undefined) return;
    const [, content]: unknown[] = JSON.parse(message.toString("utf8", 2));
    this.held.follow(delta.parse(content));
  }

  #send(text: string): void {
    this.#socket?.write(toClientFrame(text));
  }
}

const DELTA_START = Buffer.from('42["delta"');
