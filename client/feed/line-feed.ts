import { toPosition } from "../../src/contract/position.ts";
import { MAX_LIMIT } from "../../src/contract/protocol.ts";
import { BackOff } from "./back-off.ts";
import { type FeedEvent, type LineState, type Page, reduce, toLineState } from "./line-state.ts";

/** What a feed asks of its connection. */
export interface LineLink {
  /** Subscribe again, with the position that is held, or for a snapshot. */
  resubscribe(feed: LineFeed, since: string | undefined): void;
  fetchPage(line: string, before: string, limit: number): Promise<Page>;
  sendSeen(line: string, position: string): void;
}

/** Also of an item that is not on this screen: only so the server knows that it is not. */
function hasRemove(event: FeedEvent): boolean {
  if (event.type === "delta") return event.delta.ops.some(({ op }) => op === "remove");
  return (
    event.type === "catch-up" && event.answer.deltas.some(({ ops }) => ops.some(({ op }) => op === "remove"))
  );
}

type Listener = (state: LineState, event: FeedEvent) => void;

/** A few resubscribes in a row are normal (a reset after a restart); more would be a storm of our own making. */
const EAGER_RESUBSCRIBES = 3;
const CALM_MS = 10_000;
/**
 * A remove and a tick reach all screens in the same moment: their answers are spread, or they would reach the server
 * like a blow. What editors wait for comes soon.
 */
const AFTER_REMOVE_MS = 400;
const AFTER_TICK_MS = 5_000;

/** One line as this page follows it: the reducer's state, its listeners, and the carrying out of its needs. */
export class LineFeed {
  readonly line: string;
  readonly #link: LineLink;
  readonly #listeners = new Set<Listener>();
  readonly #pageBackOff = new BackOff(300, 20_000);
  #state: LineState;
  #isFetching = false;
  /** What the screen shows is to be told within so long after it has been painted. */
  #tellWithinMs: number | undefined;
  #tellTimer: ReturnType<typeof setTimeout> | undefined;
  #shown: string | undefined;
  #isClosed = false;
  #askedAtMs: number[] = [];
  #askTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(line: string, limit: number, link: LineLink) {
    this.line = line;
    this.#link = link;
    this.#state = toLineState(line, Math.min(limit, MAX_LIMIT));
  }

  get state(): LineState {
    return this.#state;
  }

  get since(): string | undefined {
    const held = this.#state.held;
    return held === undefined ? undefined : toPosition(held.position);
  }

  /** Server time as well as we know it. */
  nowMs(): number {
    return Date.now() + this.#state.clockOffsetMs;
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispatch(event: FeedEvent): void {
    if (this.#isClosed) return;
    const before = this.#state;
    this.#state = reduce(before, event);
    if (this.#state.removals.length > 0 || hasRemove(event)) this.#tellWithinMs = AFTER_REMOVE_MS;
    else if (event.type === "tick") this.#tellWithinMs ??= AFTER_TICK_MS;
    if (this.#state !== before) for (const listener of this.#listeners) listener(this.#state, event);
    this.#carryOut(before);
  }

  older(): void {
    this.dispatch({ type: "older" });
  }

  /** Called by a view that has painted the state: only then may we say what this screen shows. */
  markShown(): void {
    this.#shown = this.since;
    const withinMs = this.#tellWithinMs;
    if (this.#shown === undefined || withinMs === undefined) return;
    this.#tellWithinMs = undefined;
    const isUnderWay = this.#tellTimer !== undefined;
    if (isUnderWay && withinMs > AFTER_REMOVE_MS) return;
    clearTimeout(this.#tellTimer);
    this.#tellTimer = setTimeout(() => this.#tell(), Math.random() * withinMs);
  }

  #tell(): void {
    this.#tellTimer = undefined;
    if (this.#shown !== undefined) this.#link.sendSeen(this.line, this.#shown);
  }

  close(): void {
    this.#isClosed = true;
    this.#listeners.clear();
    clearTimeout(this.#askTimer);
    clearTimeout(this.#tellTimer);
  }

  #carryOut(before: LineState): void {
    const { need } = this.#state;
    if (need === "page") void this.#fetchPage();
    if (need !== "subscribe" && need !== "snapshot") return;
    // Once per need: the answer, or a new link, clears it.
    if (before.need === need && before.status === this.#state.status) return;
    this.#ask(need === "subscribe" ? "held" : "nothing");
  }

  #ask(from: "held" | "nothing"): void {
    const now = Date.now();
    this.#askedAtMs = [...this.#askedAtMs.filter((at) => now - at < CALM_MS), now];
    const isEager = this.#askedAtMs.length <= EAGER_RESUBSCRIBES;
    clearTimeout(this.#askTimer);
    const ask = () => this.#link.resubscribe(this, from === "held" ? this.since : undefined);
    this.#askTimer = setTimeout(ask, isEager ? 0 : 1000 + Math.random() * 4000);
  }

  async #fetchPage(): Promise<void> {
    if (this.#isFetching) return;
    this.#isFetching = true;
    while (this.#state.need === "page" && !this.#isClosed) {
      const cursor = this.#state.held?.next;
      if (typeof cursor !== "string") break;
      this.dispatch(await this.#askForPage(cursor));
      // Failed, or older than our position: asked again, but not in a tight loop.
      if (this.#state.held?.next !== cursor) this.#pageBackOff.reset();
      else await new Promise((resolve) => setTimeout(resolve, this.#pageBackOff.nextMs()));
    }
    this.#isFetching = false;
  }

  async #askForPage(before: string): Promise<FeedEvent> {
    const limit = Math.min(this.#state.limit, MAX_LIMIT);
    try {
      return { type: "page", before, page: await this.#link.fetchPage(this.line, before, limit) };
    } catch {
      // The reason is the connection's to show; the list stays as it is.
      return { type: "page-failed" };
    }
  }
}
