import { BackOff } from "./back-off.ts";
import { parseAnswer, parseDelta, parseGoodbye, parseSlice, parseTick } from "./guards.ts";
import type { LineFeed } from "./line-feed.ts";
import { CallError, callJson } from "./reading.ts";

/** Server-sent events that fail this often in a row are blocked on the way: polling gets through anything. */
const EVENT_TRIES = 2;
/** A stream that has come through once is not blocked: its server is away, or coming back. */
const PROVEN_EVENT_TRIES = 8;
const LONG_POLL_SECONDS = 25;
/** Browsers allow six connections a host: with many lines each poll is short and they take turns. */
const SHORT_POLL_MS = 15_000;
/** A stream has a tick every 25 s; one that says nothing at all at first is held back by a proxy. */
const SILENCE_MS = 60_000;
const FIRST_WORD_MS = 8_000;
/** Then events are tried once more: what looked like a blocked stream may have been a server that was away. */
const GIVEN_UP_MS = 120_000;

/**
 * Follows one line over plain HTTP while the socket cannot: server-sent events, then polling, both with the
 * position that is held, so that changing over loses nothing.
 */
export class LineFallback {
  readonly #feed: LineFeed;
  readonly #server: URL;
  readonly #isCrowded: () => boolean;
  readonly #backOff = new BackOff(1000, 30_000);
  #events: EventSource | undefined;
  #eventFailures = 0;
  #eventTries = EVENT_TRIES;
  #gaveUpAtMs = 0;
  #isFirstWord = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort = new AbortController();
  #isClosed = false;

  constructor(feed: LineFeed, server: URL, isCrowded: () => boolean) {
    this.#feed = feed;
    this.#server = server;
    this.#isCrowded = isCrowded;
    this.#connect();
  }

  /** The reducer found a gap: begin again from what is held, or from nothing. */
  restart(since: string | undefined): void {
    if (this.#isClosed) return;
    this.#drop();
    this.#connect(since);
  }

  close(): void {
    this.#isClosed = true;
    this.#drop();
  }

  #connect(since: string | undefined = this.#feed.since): void {
    const isTimeToTry = Date.now() - this.#gaveUpAtMs > GIVEN_UP_MS;
    if (this.#eventFailures >= this.#eventTries && isTimeToTry) this.#eventFailures = this.#eventTries - 1;
    const isStreaming = typeof EventSource === "function" && this.#eventFailures < this.#eventTries;
    if (isStreaming && !this.#isCrowded()) this.#stream(since);
    else void this.#poll(since);
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#events?.close();
    this.#events = undefined;
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  #stream(since: string | undefined): void {
    const url = new URL(`v1/lines/${this.#feed.line}/events`, this.#server);
    if (since !== undefined) url.searchParams.set("since", since);
    const events = new EventSource(url);
    this.#events = events;
    events.addEventListener("open", () => this.#feed.dispatch({ type: "opened", resumes: false }));
    events.addEventListener("error", () => this.#failStream());
    this.#on(events, "snapshot", (value) => {
      const slice = parseSlice(value);
      if (slice === undefined) return;
      this.#feed.dispatch({
        type: "snapshot",
        answer: { kind: "snapshot", line: this.#feed.line, ...slice },
      });
    });
    this.#on(events, "delta", (value) => {
      const delta = parseDelta(value);
      if (delta !== undefined) this.#feed.dispatch({ type: "delta", delta });
    });
    this.#on(events, "tick", (value) => {
      const tick = parseTick(value);
      if (tick === undefined) return;
      this.#feed.dispatch({ type: "clock", at: tick.at, nowMs: Date.now() });
      this.#feed.dispatch({ type: "tick", tick });
    });
    this.#on(events, "goodbye", (value) => {
      const goodbye = parseGoodbye(value);
      this.#feed.dispatch({ type: "goodbye", goodbye, at: new Date().toISOString() });
      if (goodbye.temporary) this.#retry(goodbye.retryAfterMs);
      else this.close();
    });
    this.#isFirstWord = since !== undefined;
    this.#timer = setTimeout(() => this.#failStream(), FIRST_WORD_MS);
  }

  #failStream(): void {
    this.#eventFailures += 1;
    this.#gaveUpAtMs = Date.now();
    this.#retry();
  }

  #on(events: EventSource, name: string, handle: (value: unknown) => void): void {
    events.addEventListener(name, (event) => {
      if (this.#events !== events) return;
      this.#eventFailures = 0;
      this.#eventTries = PROVEN_EVENT_TRIES;
      this.#backOff.reset();
      // Only now we know that the stream comes through and goes on from our position.
      if (this.#isFirstWord) this.#feed.dispatch({ type: "opened", resumes: true });
      this.#isFirstWord = false;
      handle(toJson(event.data));
      if (this.#events === events) this.#watch();
    });
  }

  #watch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#retry(), SILENCE_MS);
  }

  #retry(leastMs = 0): void {
    if (this.#isClosed) return;
    this.#drop();
    this.#feed.dispatch({ type: "lost", at: new Date().toISOString() });
    this.#timer = setTimeout(() => this.#connect(), Math.max(leastMs, this.#backOff.nextMs()));
  }

  async #poll(since: string | undefined): Promise<void> {
    const { signal } = this.#abort;
    const isLong = !this.#isCrowded() && since !== undefined;
    const everyMs = this.#isCrowded() ? SHORT_POLL_MS : LONG_POLL_SECONDS * 1000;
    const url = new URL(`v1/lines/${this.#feed.line}/deltas`, this.#server);
    if (since !== undefined) url.searchParams.set("since", since);
    if (isLong) url.searchParams.set("wait", String(LONG_POLL_SECONDS));
    try {
      const answer = parseAnswer(this.#feed.line, await callJson(url, { signal }));
      if (signal.aborted) return;
      if (answer === undefined) throw new CallError(200, undefined);
      this.#backOff.reset();
      if (answer.kind === "snapshot")
        this.#feed.dispatch({ type: "snapshot", answer: { ...answer, everyMs } });
      else this.#feed.dispatch({ type: "catch-up", answer: { ...answer, everyMs } });
      // A gap made the reducer ask again, and `restart` has taken over.
      if (signal.aborted) return;
      this.#timer = setTimeout(() => this.#connect(), this.#isCrowded() ? SHORT_POLL_MS : 0);
    } catch (error) {
      if (signal.aborted) return;
      // The server is away altogether, which says nothing of its events.
      this.#eventFailures = 0;
      this.#retry(error instanceof CallError ? error.retryAfterMs : 0);
    }
  }
}

function toJson(text: unknown): unknown {
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
