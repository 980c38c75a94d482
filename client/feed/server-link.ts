import type { Socket } from "socket.io-client";
import { PROTOCOL } from "../../src/contract/protocol.ts";
import type { DownEvents, UpEvents } from "../../src/contract/socket.ts";
import { LineFallback } from "./fallback.ts";
import {
  isFields,
  parseAnswer,
  parseDelta,
  parseGoodbye,
  parseRefusal,
  parseResetLine,
  parseTick,
} from "./guards.ts";
import { LineFeed, type LineLink } from "./line-feed.ts";
import type { Page } from "./line-state.ts";
import { fetchPage } from "./reading.ts";

export interface ServerLinkOptions {
  /** The address that everything is relative to, with a slash at its end. */
  server: URL;
  namespace?: "/" | "/desk";
  token?: string;
}

type Link = Socket<DownEvents, UpEvents>;

/** A socket that has failed this often in a row is helped out by plain HTTP while it goes on trying. */
const SOCKET_TRIES = 2;
/** Where a network swallows WebSockets without a word, a reader does not wait for two of them to time out. */
const FIRST_TRY_MS = 3000;
const SILENCE_MS = 60_000;
const WATCH_MS = 10_000;
const ACK_MS = 10_000;
const MAX_STREAMS = 3;

/** One connection to one server, shared by every line and every widget of the page. */
export class ServerLink implements LineLink {
  readonly #options: ServerLinkOptions;
  readonly #feeds = new Map<string, { feed: LineFeed; uses: number }>();
  readonly #fallbacks = new Map<string, LineFallback>();
  readonly #watch: ReturnType<typeof setInterval>;
  #socket: Link | undefined;
  #failures = 0;
  #heardAtMs = Date.now();
  #isClosed = false;
  #firstTry: ReturnType<typeof setTimeout> | undefined;
  #comeBack: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ServerLinkOptions) {
    this.#options = options;
    this.#watch = setInterval(() => this.#checkSilence(), WATCH_MS);
    void this.#start();
  }

  /** Pairs with `release`. Widgets that show the same line share its feed. */
  open(line: string, limit: number): LineFeed {
    const entry = this.#feeds.get(line);
    if (entry !== undefined) {
      entry.uses += 1;
      entry.feed.dispatch({ type: "wanted", limit });
      return entry.feed;
    }
    const feed = new LineFeed(line, limit, this);
    this.#feeds.set(line, { feed, uses: 1 });
    if (this.#socket?.connected === true) this.#subscribe(this.#socket, feed, undefined);
    else if (this.#failures >= SOCKET_TRIES) this.#fallBack(feed);
    return feed;
  }

  release(feed: LineFeed): void {
    const entry = this.#feeds.get(feed.line);
    if (entry?.feed !== feed) return;
    entry.uses -= 1;
    if (entry.uses > 0) return;
    this.#feeds.delete(feed.line);
    feed.close();
    this.#fallbacks.get(feed.line)?.close();
    this.#fallbacks.delete(feed.line);
    if (this.#socket?.connected === true) this.#socket.emit("unsubscribe", { line: feed.line }, () => {});
  }

  get isUnused(): boolean {
    return this.#feeds.size === 0;
  }

  resubscribe(feed: LineFeed, since: string | undefined): void {
    if (this.#socket?.connected === true) this.#subscribe(this.#socket, feed, since);
    else this.#fallbacks.get(feed.line)?.restart(since);
  }

  fetchPage(line: string, before: string, limit: number): Promise<Page> {
    return fetchPage(this.#options, { line, before, limit });
  }

  sendSeen(line: string, position: string): void {
    if (this.#socket?.connected === true) this.#socket.emit("seen", { line, position });
  }

  /** The page has reason to think that the network is back: do not wait for the next try. */
  wake(): void {
    const socket = this.#socket;
    if (this.#isClosed || socket === undefined) return;
    if (socket.connected) this.#checkSilence();
    else if (this.#comeBack === undefined && socket.active) socket.disconnect().connect();
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#watch);
    clearTimeout(this.#firstTry);
    clearTimeout(this.#comeBack);
    for (const fallback of this.#fallbacks.values()) fallback.close();
    for (const { feed } of this.#feeds.values()) feed.close();
    this.#fallbacks.clear();
    this.#feeds.clear();
    this.#socket?.disconnect();
  }

  /** The socket client is a file of its own: the widget is on the page before it has come. */
  async #start(): Promise<void> {
    try {
      const { io } = await import("./socket-client.ts");
      if (this.#isClosed) return;
      const { server, namespace = "/", token } = this.#options;
      this.#socket = io(new URL(namespace, server.origin).href, {
        path: new URL("socket.io/", server).pathname,
        transports: ["websocket"],
        // Namespaces of different tokens must not share one Engine.IO connection's fate.
        forceNew: true,
        timeout: 6000,
        reconnectionDelay: 400,
        reconnectionDelayMax: 10_000,
        randomizationFactor: 0.5,
        ...(token !== undefined && { auth: { token } }),
      });
      this.#listen(this.#socket);
      this.#firstTry = setTimeout(() => this.#helpOutEarly(), FIRST_TRY_MS);
    } catch {
      // The file is gone (another version has been put up) or blocked: plain HTTP needs no file.
      this.#failures = SOCKET_TRIES;
      this.#helpOut();
    }
  }

  #listen(socket: Link): void {
    socket.on("connect", () => {
      this.#failures = 0;
      this.#heardAtMs = Date.now();
      for (const fallback of this.#fallbacks.values()) fallback.close();
      this.#fallbacks.clear();
      for (const { feed } of this.#feeds.values()) this.#subscribe(socket, feed, feed.since);
    });
    socket.on("disconnect", (reason) => {
      this.#loseAll();
      // The server ended the namespace without a goodbye; the library would not come back by itself.
      if (reason === "io server disconnect" && !this.#isClosed) this.#comeBackAfter(5000);
    });
    socket.on("connect_error", (error) => this.#handleConnectError(socket, error));
    // What arrives is typed by promise only: it is checked all the same.
    socket.on("delta", (value) => {
      const delta = parseDelta(value);
      if (delta !== undefined) this.#feeds.get(delta.line)?.feed.dispatch({ type: "delta", delta });
    });
    socket.on("tick", (value) => {
      const tick = parseTick(value);
      this.#heardAtMs = Date.now();
      if (tick === undefined) return;
      const feed = this.#feeds.get(tick.line)?.feed;
      feed?.dispatch({ type: "clock", at: tick.at, nowMs: Date.now() });
      feed?.dispatch({ type: "tick", tick });
    });
    socket.on("reset", (value) => {
      this.#feeds.get(parseResetLine(value) ?? "")?.feed.dispatch({ type: "reset" });
    });
    socket.on("goodbye", (value) => this.#handleGoodbye(socket, value));
  }

  #subscribe(socket: Link, feed: LineFeed, since: string | undefined): void {
    const { line } = feed;
    feed.dispatch({ type: "opened", resumes: false });
    const request = { line, limit: feed.state.limit, ...(since !== undefined && { since }) };
    socket.timeout(ACK_MS).emit("subscribe", request, (failure, value) => {
      if (this.#feeds.get(line)?.feed !== feed || !socket.connected) return;
      if (failure !== null) return this.#reconnect();
      this.#heardAtMs = Date.now();
      this.#handleAnswer(feed, value);
    });
  }

  #handleAnswer(feed: LineFeed, value: unknown): void {
    const answer = parseAnswer(feed.line, value);
    const protocol = isFields(value) ? value["protocol"] : undefined;
    if (answer === undefined || protocol !== PROTOCOL) {
      const refusal = parseRefusal(value);
      const isFinal = refusal?.temporary === false || (answer !== undefined && protocol !== PROTOCOL);
      if (isFinal) return feed.dispatch({ type: "refused", code: refusal?.code ?? "protocol" });
      feed.dispatch({ type: "lost", at: new Date().toISOString() });
      setTimeout(
        () => this.resubscribe(feed, feed.since),
        refusal?.retryAfterMs ?? 3000 + Math.random() * 4000,
      );
      return;
    }
    if (answer.at !== undefined) feed.dispatch({ type: "clock", at: answer.at, nowMs: Date.now() });
    if (answer.kind === "snapshot") feed.dispatch({ type: "snapshot", answer });
    else feed.dispatch({ type: "catch-up", answer });
  }

  #handleGoodbye(socket: Link, value: unknown): void {
    const goodbye = parseGoodbye(value);
    const at = new Date().toISOString();
    for (const { feed } of this.#feeds.values()) feed.dispatch({ type: "goodbye", goodbye, at });
    socket.disconnect();
    // Spread out: everybody was told the same number.
    if (goodbye.temporary) this.#comeBackAfter(goodbye.retryAfterMs * (1 + Math.random() / 2));
  }

  #handleConnectError(socket: Link, error: Error): void {
    this.#failures += 1;
    // Refused by the namespace's own check (a wrong token), not by the network.
    if (!socket.active) {
      const refusal = parseRefusal({ error: "data" in error ? error.data : undefined }) ?? toRefusal(error);
      if (this.#options.token === undefined) return this.#comeBackAfter(10_000 + Math.random() * 10_000);
      for (const { feed } of this.#feeds.values()) feed.dispatch({ type: "refused", code: refusal.code });
      return;
    }
    if (this.#failures >= SOCKET_TRIES) this.#helpOut();
  }

  #helpOutEarly(): void {
    if (this.#isClosed || this.#socket?.connected === true || this.#socket?.active === false) return;
    this.#failures = Math.max(this.#failures, SOCKET_TRIES);
    this.#helpOut();
  }

  #helpOut(): void {
    // The desk's channel is the socket's alone: there it is offline until that is back.
    if (this.#options.namespace === "/desk") return this.#loseAll();
    for (const { feed } of this.#feeds.values()) this.#fallBack(feed);
  }

  #fallBack(feed: LineFeed): void {
    if (this.#fallbacks.has(feed.line)) return;
    const isCrowded = () => this.#feeds.size > MAX_STREAMS;
    this.#fallbacks.set(feed.line, new LineFallback(feed, this.#options.server, isCrowded));
  }

  #loseAll(): void {
    const at = new Date().toISOString();
    for (const { feed } of this.#feeds.values()) feed.dispatch({ type: "lost", at });
  }

  #comeBackAfter(waitMs: number): void {
    clearTimeout(this.#comeBack);
    this.#comeBack = setTimeout(() => {
      this.#comeBack = undefined;
      if (!this.#isClosed) this.#socket?.connect();
    }, waitMs);
  }

  /** Half-open links say nothing at all: a tick is due every 25 s. */
  #checkSilence(): void {
    if (this.#feeds.size === 0 || this.#socket?.connected !== true) return;
    if (Date.now() - this.#heardAtMs > SILENCE_MS) this.#reconnect();
  }

  #reconnect(): void {
    this.#loseAll();
    this.#socket?.disconnect().connect();
  }
}

function toRefusal(error: Error): { code: string } {
  return { code: /^[a-z_]+$/u.test(error.message) ? error.message : "unauthorized" };
}
