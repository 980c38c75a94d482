import type { Response } from "express";
import { NewsLineError } from "../../contract/errors.ts";
import { type Channel, toChannel } from "../../contract/names.ts";
import { TICK_SECONDS } from "../../contract/protocol.ts";
import type { Goodbye, Tick } from "../../contract/socket.ts";
import { spread } from "../../spread.ts";
import type { Answer, LineView } from "../../stream/line-view.ts";
import type { LineViews } from "../../stream/line-views.ts";
import { toLine } from "../../stream/view-set.ts";
import { toMemberBytes } from "./ready-bodies.ts";

/** Proxies take a connection that is silent for half a minute for dead. */
const HEARTBEAT_MS = 15_000;
/** What may wait for a reader, with what is about to be written and without (P7). The rest is for the last words. */
const ALL_BYTES = 1020 * 1024;
const MOST_BYTES = 768 * 1024;
/** Headers, ticks and heartbeats that were written in the same moment. */
const TICK_BYTES = 4 * 1024;
const LAST_WORDS_MS = 2_000;
const RETRY_MS = 2_000;
/** Another gateway is there already, or this one in a moment. */
const COME_BACK_MS = 1_000;

interface Stream {
  response: Response;
  line: string;
  limit: number;
  /** What the client has been sent. */
  since: string | undefined;
  /** It reads an answer that is more than what may wait for it; what happens meanwhile is for when it has. */
  isBehind: boolean;
}

/** Followers over server-sent events. A frame is made once and written to all. */
export class EventStreams {
  readonly #views: LineViews;
  readonly #streams = new Map<Channel, Set<Stream>>();
  readonly #stops: (() => void)[];
  #isClosed = false;

  constructor(views: LineViews) {
    this.#views = views;
    const ticks = setInterval(() => this.#tickAll(), TICK_SECONDS * 1_000);
    const heartbeat = setInterval(() => this.#writeAll(Buffer.from(":\n\n")), HEARTBEAT_MS);
    this.#stops = [
      () => clearInterval(ticks),
      () => clearInterval(heartbeat),
      views.onDelta(({ channel, position, json }) => {
        const frame = toFrame("delta", json, position);
        for (const stream of this.#streams.get(channel) ?? []) {
          if (stream.isBehind) continue;
          stream.since = position;
          this.#write(stream, frame);
        }
      }),
      views.onReset(({ view }) => this.#beginAgain(view.channel)),
      views.onLive(() => this.#tickAll()),
    ];
  }

  /** Followers by line. */
  readers(): Map<string, number> {
    return new Map([...this.#streams].map(([channel, streams]) => [toLine(channel), streams.size]));
  }

  /** Answers from the cursor on, and goes on until either side ends. */
  async open(
    response: Response,
    request: { line: string; since: string | undefined; limit: number },
  ): Promise<void> {
    if (this.#isClosed) throw new NewsLineError("draining");
    if (response.req.method === "HEAD") {
      // Asked for the head only: there would never be an end.
      this.#views.find("public", request.line);
      writeHead(response);
      response.end();
      return;
    }
    const stream: Stream = { response, isBehind: false, ...request };
    response.once("close", () => this.#leave(stream));
    await this.#follow(stream);
  }

  /** The answer and the joining are one step, so that nothing is missed between them. */
  async #follow(stream: Stream): Promise<void> {
    const { response, line, since, limit } = stream;
    await this.#views.answer({ audience: "public", line, since, limit }, (answer, view) => {
      if (response.closed) return;
      if (!response.headersSent) writeHead(response);
      stream.since = answer.position;
      this.#write(stream, ...toAnswerFrames(answer), this.#toTickFrame(view));
      this.#waitForLarge(stream);
      const streams = this.#streams.get(view.channel) ?? new Set();
      streams.add(stream);
      this.#streams.set(view.channel, streams);
    });
  }

  /** Cut for it, a reader would come back for the same again and again. Its bytes are the same for all who read it. */
  #waitForLarge(stream: Stream): void {
    const { response } = stream;
    if (stream.isBehind || response.writableEnded || response.writableLength <= MOST_BYTES) return;
    stream.isBehind = true;
    response.once("drain", () => {
      stream.isBehind = false;
      if (!response.writableEnded) this.#follow(stream).catch(() => response.end());
    });
  }

  /** The view may have jumped: each client goes on from what it has, by a delta or by a snapshot. */
  #beginAgain(channel: Channel): void {
    const streams = [...(this.#streams.get(channel) ?? [])];
    const behind = streams.filter(({ isBehind }) => isBehind);
    this.#streams.set(channel, new Set(behind));
    for (const stream of streams.filter(({ isBehind }) => !isBehind)) {
      // If that fails the client comes back by itself, with its place.
      this.#follow(stream).catch(() => stream.response.end());
    }
  }

  #leave(stream: Stream): void {
    const channel = toChannel("public", stream.line);
    const streams = this.#streams.get(channel);
    streams?.delete(stream);
    if (streams?.size === 0) this.#streams.delete(channel);
  }

  #write(stream: Stream, ...pieces: Buffer[]): void {
    if (stream.isBehind) return;
    const { response } = stream;
    const waiting = response.writableLength;
    const bytes = pieces.reduce((sum, piece) => sum + piece.length, waiting);
    // Who has read all but a tick gets also what is larger: it is the whole line.
    const isSlow = waiting > MOST_BYTES || (waiting > TICK_BYTES && bytes > ALL_BYTES);
    if (isSlow) this.#sayGoodbye(stream, { code: "slow", retryAfterMs: 5_000 });
    else for (const piece of pieces) response.write(piece);
  }

  #writeAll(frame: Buffer): void {
    for (const streams of this.#streams.values()) for (const stream of streams) this.#write(stream, frame);
  }

  #tickAll(): void {
    for (const [channel, streams] of this.#streams) {
      const view = this.#views.get(channel);
      if (view === undefined) continue;
      const frame = this.#toTickFrame(view);
      for (const stream of streams) this.#write(stream, frame);
    }
  }

  #toTickFrame({ line, epoch, offset }: LineView): Buffer {
    const tick: Tick = { line, epoch, offset, at: new Date().toISOString(), ...this.#views.live };
    return toFrame("tick", JSON.stringify(tick));
  }

  #sayGoodbye(stream: Stream, { code, retryAfterMs }: Omit<Goodbye, "temporary">): void {
    this.#leave(stream);
    const { response } = stream;
    // A browser's EventSource heeds only the field of its own.
    response.write(`retry: ${retryAfterMs}\n`);
    response.end(toFrame("goodbye", JSON.stringify({ code, temporary: true, retryAfterMs })));
    const timer = setTimeout(() => response.destroy(), LAST_WORDS_MS);
    response.once("close", () => clearTimeout(timer));
  }

  /** Lets everybody go, spread over the time, and takes nobody in. */
  async drain(spreadMs: number): Promise<void> {
    this.#isClosed = true;
    const streams = [...this.#streams.values()].flatMap((ofLine) => [...ofLine]);
    await spread(streams, spreadMs, (stream) => {
      this.#sayGoodbye(stream, { code: "draining", retryAfterMs: COME_BACK_MS });
    });
  }

  /** Lets go whoever is still there. */
  close(): void {
    for (const stop of this.#stops) stop();
    void this.drain(0);
  }
}

function toAnswerFrames(answer: Answer): Buffer[] {
  const { kind, position, delta } = answer;
  if (kind !== "snapshot") return delta === undefined ? [] : [toFrame("delta", delta, position)];
  const head = `id: ${position}\nevent: snapshot\ndata: {"at":"${new Date().toISOString()}",`;
  return [Buffer.from(head), toMemberBytes(answer), Buffer.from("}\n\n")];
}

function writeHead(response: Response): void {
  response.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store, no-transform",
    // nginx would hold events back to fill its buffer.
    "X-Accel-Buffering": "no",
  });
  response.write(`retry: ${RETRY_MS}\n\n`);
}

/** JSON has no line breaks of its own, so one data line holds it. */
function toFrame(event: string, json: string, id?: string): Buffer {
  return Buffer.from(`${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${json}\n\n`);
}
