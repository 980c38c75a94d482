import { setTimeout as sleep } from "node:timers/promises";
import { NewsLineError } from "../contract/errors.ts";
import { type Audience, type Channel, toChannel } from "../contract/names.ts";
import { type Position, parsePosition } from "../contract/position.ts";
import type { Logger } from "../log.ts";
import type { RedisTarget } from "../redis/connect.ts";
import type { Edition } from "../store/keys.ts";
import { ensureLine, readLines } from "../store/lines.ts";
import type { ControlMessage } from "../store/message.ts";
import { type Entry, isUrgent } from "./entry.ts";
import type { Answer, LineView } from "./line-view.ts";
import { loadViews, readPosition, readTexts } from "./load.ts";
import { PastLogs } from "./past-logs.ts";
import { Signal } from "./signal.ts";
import { type Link, type Loading, Tail } from "./tail.ts";
import { toLine, ViewSet } from "./view-set.ts";
import { Waiters } from "./waiters.ts";

export interface LineViewsOptions {
  /** For the connection that follows the stream. */
  target: RedisTarget;
  log?: Logger;
}

/** A delta for everybody who follows the channel, as JSON. */
export interface ChannelDelta {
  channel: Channel;
  line: string;
  /** Stands at the end of the delta, until it takes the next step. */
  view: LineView;
  fromOffset: number;
  /** The position it leads to. */
  position: string;
  json: string;
  /** A kill or something of urgency 1 or 2 is in it. */
  isUrgent: boolean;
  /** When its last step was stored. */
  atMs: number;
}

/** What a view has been moved by, in one go. */
type Move = Pick<ChannelDelta, "fromOffset" | "atMs" | "isUrgent">;

export interface LineSummary {
  line: string;
  title?: string;
  language?: string;
  count: number;
  position: string;
}

/** How long a client that is ahead of us is kept waiting for our view (CAT2). */
const AHEAD_WAIT_MS = 2_000;
const REFILL_TRIES = 10;
const REFILL_PAUSE_MS = 20;

export function createLineViews(edition: Edition, options: LineViewsOptions): LineViews {
  return new LineViews(edition, options);
}

/**
 * All lines as this gateway sees them. Every door reads here; the store is asked only for what is not in memory.
 */
export class LineViews {
  readonly ready: Promise<void>;
  readonly #edition: Edition;
  readonly #log: Logger | undefined;
  readonly #tail: Tail;
  #set = new ViewSet();
  #isReady = false;
  #markReady: () => void = () => undefined;
  #link: Link = { live: false, since: new Date().toISOString() };
  readonly #waiters = new Waiters();
  readonly #pastLogs = new PastLogs();
  readonly #refills = new Map<LineView, Promise<void>>();
  readonly #deltas: Signal<ChannelDelta>;
  readonly #resets: Signal<{ view: LineView; reason: string }>;
  readonly #messages: Signal<ControlMessage>;
  readonly #links: Signal<Link>;

  constructor(edition: Edition, options: LineViewsOptions) {
    this.#edition = edition;
    this.#log = options.log;
    const onFault = (error: unknown) => this.#log?.error({ err: error }, "a listener of the views failed");
    this.#deltas = new Signal(onFault);
    this.#resets = new Signal(onFault);
    this.#messages = new Signal(onFault);
    this.#links = new Signal(onFault);
    this.ready = new Promise((resolve) => {
      this.#markReady = resolve;
    });
    this.#tail = new Tail({
      edition,
      target: options.target,
      log: options.log,
      reader: {
        epochs: () => new Map([...this.#set.values()].map((view) => [view.channel, view.epoch])),
        load: (patient) => this.#load(patient),
        take: (entries) => this.#take(entries),
        onLink: (link) => {
          this.#link = link;
          this.#links.emit(link);
        },
      },
    });
  }

  start(): void {
    this.#tail.start();
  }

  async close(): Promise<void> {
    this.#waiters.close();
    await this.#tail.close();
  }

  /** Whether the lines have been read once. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Whether changes are heard of, and since when not. */
  get live(): Link {
    return this.#link;
  }

  get(channel: Channel): LineView | undefined {
    return this.#set.get(channel);
  }

  /** As `get`; the error says what the caller can do. */
  find(audience: Audience, line: string): LineView {
    const view = this.#set.get(toChannel(audience, line));
    if (view !== undefined) return view;
    throw new NewsLineError(this.#isReady ? "unknown_line" : "not_ready");
  }

  all(): Iterable<LineView> {
    return this.#set.values();
  }

  lines(): LineSummary[] {
    const summaries: LineSummary[] = [];
    for (const view of this.#set.values()) {
      if (!view.channel.startsWith("public:")) continue;
      const { title, language } = this.#set.settings.get(view.line) ?? {};
      summaries.push({
        line: view.line,
        ...(title !== undefined && { title }),
        ...(language !== undefined && { language }),
        count: view.count,
        position: view.position,
      });
    }
    return summaries.sort((a, b) => (a.line < b.line ? -1 : 1));
  }

  onDelta(listener: (delta: ChannelDelta) => void): () => void {
    return this.#deltas.on(listener);
  }

  /** The view was read anew and may have jumped: who follows it must ask again. */
  onReset(listener: (reset: { view: LineView; reason: string }) => void): () => void {
    return this.#resets.on(listener);
  }

  onMessage(listener: (message: ControlMessage) => void): () => void {
    return this.#messages.on(listener);
  }

  onLive(listener: (link: Link) => void): () => void {
    return this.#links.on(listener);
  }

  /** True once this gateway's view has reached the position; false when the time is over. */
  whenAt(channel: Channel, position: Position | string, timeoutMs: number): Promise<boolean> {
    const wanted = typeof position === "string" ? parsePosition(position) : position;
    if (wanted === undefined) return Promise.resolve(false);
    const isThere = () => {
      const view = this.#set.get(channel);
      return view !== undefined && view.epoch === wanted.epoch && view.offset >= wanted.offset;
    };
    return this.#waiters.until(channel, isThere, { timeoutMs });
  }

  /** True once the channel stands elsewhere than at `position`. */
  whenPast(
    channel: Channel,
    position: string,
    wait: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<boolean> {
    return this.#waiters.until(channel, () => this.#set.get(channel)?.position !== position, wait);
  }

  /**
   * What a client with the cursor `since` needs of a line. `use` runs in the same step in which the answer is exact:
   * what it joins then continues the answer without a gap (SUB1).
   */
  async answer<T>(
    request: { audience: Audience; line: string; since?: string | undefined; limit: number },
    use: (answer: Answer, view: LineView) => T,
  ): Promise<T> {
    await this.#reach(this.find(request.audience, request.line), parsePosition(request.since));
    for (let tries = 0; tries < REFILL_TRIES; tries += 1) {
      const view = this.find(request.audience, request.line);
      const answer = view.answer(request.since, request.limit);
      if (answer !== undefined) return use(answer, view);
      await this.refill(view);
      // The store may be ahead of us by a change that is on its way.
      if (tries > 0) await sleep(REFILL_PAUSE_MS);
    }
    throw new NewsLineError("unavailable");
  }

  /** CAT2: a cursor beyond our view is not unknown; another gateway may be ahead of us. */
  async #reach(view: LineView, since: Position | undefined): Promise<void> {
    if (since === undefined) return;
    if (since.epoch !== view.epoch) return await this.#reachLog(view.channel, since);
    if (since.offset <= view.offset) return;
    if (await this.whenAt(view.channel, since, AHEAD_WAIT_MS)) return;
    try {
      await this.#tail.pull();
    } catch (cause) {
      throw new NewsLineError("unavailable", { cause });
    }
  }

  /** The log may have begun anew without our having heard of it: our line could bring back what was killed since. */
  async #reachLog(channel: Channel, since: Position): Promise<void> {
    const readEpoch = async () => (await readPosition(this.#edition, channel)).epoch;
    try {
      if (await this.#pastLogs.has(channel, since.epoch, readEpoch)) return;
    } catch (cause) {
      throw new NewsLineError("unavailable", { cause });
    }
    if (!(await this.whenAt(channel, since, AHEAD_WAIT_MS))) throw new NewsLineError("unavailable");
  }

  /** Reads the texts that the view's window lacks. */
  async refill(view: LineView): Promise<void> {
    const running = this.#refills.get(view);
    if (running !== undefined) return running;
    const refill = this.#readLacking(view).finally(() => this.#refills.delete(view));
    this.#refills.set(view, refill);
    return refill;
  }

  async #readLacking(view: LineView): Promise<void> {
    const ids = view.lacking(Number.POSITIVE_INFINITY).map(({ id }) => id);
    try {
      view.fill(await readTexts(this.#edition, view.channel, ids));
    } catch (cause) {
      throw new NewsLineError("unavailable", { cause });
    }
  }

  async #load(patient: Edition): Promise<Loading> {
    const known = [...this.#set.settings.keys()];
    const set = await loadViews(patient, known);
    const messages: ControlMessage[] = [];
    return {
      take: (entries) => {
        for (const { changes, message } of entries) {
          if (message?.type === "renewed") return "reload";
          if (message !== undefined) messages.push(message);
          if (changes.some((change) => set.apply(change) === "gap")) return "reload";
        }
        return "ok";
      },
      swap: async () => {
        this.#swap(set);
        for (const message of messages) await this.#handle(message);
      },
    };
  }

  #swap(set: ViewSet): void {
    const wasReady = this.#isReady;
    for (const { channel, epoch } of this.#set.values()) {
      if (set.get(channel)?.epoch !== epoch) this.#pastLogs.note(channel, epoch);
    }
    this.#set = set;
    this.#isReady = true;
    this.#markReady();
    for (const view of set.values()) {
      if (wasReady) this.#resets.emit({ view, reason: "reloaded" });
      this.#waiters.wake(view.channel);
    }
  }

  async #take(entries: readonly Entry[]): Promise<"ok" | "reload"> {
    const moved = new Map<LineView, Move>();
    const fresh = new Set<string>();
    for (const { changes, message } of entries) {
      for (const change of changes) {
        const line = toLine(change.channel);
        if (!this.#set.settings.has(line)) fresh.add(line);
        const view = this.#set.apply(change);
        if (view === "gap") return "reload";
        if (view === "known") continue;
        const before = moved.get(view);
        moved.set(view, {
          fromOffset: before?.fromOffset ?? view.offset - 1,
          atMs: change.atMs,
          isUrgent: before?.isUrgent === true || isUrgent(change),
        });
      }
      if (message?.type === "renewed") return "reload";
    }
    for (const [view, move] of moved) this.#send(view, move);
    for (const line of fresh) await this.#addLine(line);
    for (const { message } of entries) if (message !== undefined) await this.#handle(message);
    return "ok";
  }

  /** All steps that were read together go out as one delta. */
  #send(view: LineView, move: Move): void {
    const json = view.deltaSince(move.fromOffset);
    const { channel, line, position } = view;
    if (json === undefined) this.#resets.emit({ view, reason: "overrun" });
    else this.#deltas.emit({ channel, line, view, position, json, ...move });
    this.#waiters.wake(channel);
    if (view.isThin) {
      this.refill(view).catch((error: unknown) => {
        this.#log?.warn({ err: error, line }, "the window of a line could not be filled up");
      });
    }
  }

  async #handle(message: ControlMessage): Promise<void> {
    if (message.type === "line") await this.#addLine(message.line);
    this.#messages.emit(message);
  }

  /** A line was made, by an item or by its settings, or its settings have changed. */
  async #addLine(line: string): Promise<void> {
    await ensureLine(this.#edition, line);
    for (const audience of ["public", "desk"] as const) {
      const channel = toChannel(audience, line);
      // From the start: had it any entry that we have read, there would be a view.
      if (this.#set.get(channel) === undefined) {
        this.#set.add(channel, (await readPosition(this.#edition, channel)).epoch);
      }
    }
    const settings = await readLines(this.#edition);
    this.#set.settings.set(line, settings.get(line) ?? {});
  }
}
