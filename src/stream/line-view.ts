import { createHash } from "node:crypto";
import type { Channel } from "../contract/names.ts";
import { type Position, parsePosition, toPosition } from "../contract/position.ts";
import { toCursor } from "./cursor.ts";
import { DeltaRing, type RingLimits } from "./delta-ring.ts";
import { DisplayOrder, type Standing } from "./display-order.ts";
import { type LogStep, toOpJson } from "./entry.ts";

/** A step as the view takes it: `orderedAtMs` is where a put goes. */
export type ViewStep = LogStep & { readonly orderedAtMs: number };

/** An item's JSON, and what searching makes of it once. */
export interface ItemText {
  readonly revision: number;
  readonly json: string;
  facts?: { readonly urgency: number; readonly folded: string };
}

/** What a door says to a client that asks: members of a JSON object, ready, without the braces. */
export interface Answer {
  readonly kind: "snapshot" | "catch-up";
  readonly position: string;
  readonly members: string;
  /** Of a catch-up, unless nothing is new: its one delta. */
  readonly delta?: string;
}

export interface LineState {
  epoch: string;
  offset: number;
  count: number;
  sha256: string;
}

export interface LoadedLine {
  channel: Channel;
  position: Position;
  standings?: Iterable<Standing>;
  texts?: Iterable<[string, ItemText]>;
  /** Without gaps, the last one at the position's offset. */
  log?: Iterable<LogStep>;
  limits?: { ring?: RingLimits; texts?: number };
}

/** Items whose JSON is kept; pages below them are read from the store. */
export const WINDOW = 2_000;
const CATCH_UP_LIMITS = { ops: 1_000, bytes: 512 * 1024 };
const MOST_READY_ANSWERS = 64;

/**
 * One channel at one position, in memory: the whole order, the newest items, the last deltas. Synchronous, so that
 * what is read between two steps is exact at a position. Everything that goes out is text that the store made;
 * nothing is parsed and made again for a client.
 */
export class LineView {
  readonly channel: Channel;
  readonly line: string;
  readonly epoch: string;
  readonly order: DisplayOrder;
  #offset: number;
  readonly #texts: Map<string, ItemText>;
  readonly #ring: DeltaRing;
  readonly #window: number;
  /** Answers at this position, made once for all who ask. */
  readonly #ready = new Map<string, Answer>();

  constructor(loaded: LoadedLine) {
    this.channel = loaded.channel;
    this.line = loaded.channel.slice(loaded.channel.indexOf(":") + 1);
    this.epoch = loaded.position.epoch;
    this.#offset = loaded.position.offset;
    this.order = new DisplayOrder(loaded.standings);
    this.#texts = new Map(loaded.texts);
    this.#window = loaded.limits?.texts ?? WINDOW;
    this.#ring = new DeltaRing(loaded.limits?.ring);
    for (const step of loaded.log ?? []) this.#ring.push(step);
  }

  get offset(): number {
    return this.#offset;
  }

  get position(): string {
    return toPosition({ epoch: this.epoch, offset: this.#offset });
  }

  get count(): number {
    return this.order.size;
  }

  /** Takes the next step of the log. */
  apply(step: ViewStep): void {
    if (step.offset !== this.#offset + 1) {
      throw new Error(`${this.channel} is at ${this.#offset} and cannot take offset ${step.offset}`);
    }
    this.#offset = step.offset;
    this.#ring.push(step);
    this.#ready.clear();
    const known = this.order.get(step.id);
    // Only while a view is being filled can it know more than a step says: a revision never goes back. An equal
    // one is taken, since what was read beside it may have been read before it.
    if (known !== undefined && known.revision > step.revision) return;
    if (step.op.kind === "put") this.#put(step, step.op.item);
    else this.#remove(step.id);
  }

  #put({ id, orderedAtMs, revision }: ViewStep, json: string): void {
    const standing = { id, orderedAtMs, revision };
    this.order.put(standing);
    if (this.order.indexOf(standing) < this.#window) this.#texts.set(id, { revision, json });
    else this.#texts.delete(id);
    // Forgetting in batches: which items have sunk below the window takes a search for each.
    if (this.#texts.size > this.#window * 1.25) this.#forgetSunken();
  }

  #remove(id: string): void {
    this.order.remove(id);
    this.#texts.delete(id);
  }

  #forgetSunken(): void {
    for (const id of this.#texts.keys()) {
      const standing = this.order.get(id);
      if (standing === undefined || this.order.indexOf(standing) >= this.#window) this.#texts.delete(id);
    }
  }

  text(standing: Standing): ItemText | undefined {
    return this.#texts.get(standing.id);
  }

  /** Among the first `count` items, those whose JSON is not in memory: removes have let them rise into the window. */
  lacking(count: number): Standing[] {
    return this.order.slice(0, Math.min(count, this.#window)).filter(({ id }) => !this.#texts.has(id));
  }

  /** Whether so many items have left that the window should be filled up before someone asks. */
  get isThin(): boolean {
    return this.#texts.size < Math.min(this.count, this.#window) / 2;
  }

  /** Takes texts that were read from the store, as far as they are of the revision that stands here. */
  fill(texts: Iterable<[string, ItemText]>): void {
    for (const [id, text] of texts) {
      const standing = this.order.get(id);
      if (standing?.revision === text.revision) this.#texts.set(id, text);
    }
  }

  /**
   * What a client at `since` needs: the changes (CAT1), or else the newest items (SNP1). Undefined when the JSON of
   * one of them is not in memory: see `lacking`.
   */
  answer(since: string | undefined, limit: number): Answer | undefined {
    const position = parsePosition(since);
    const catchUp = position === undefined ? undefined : this.#catchUp(position);
    return catchUp ?? this.#snapshot(limit);
  }

  #catchUp(since: Position): Answer | undefined {
    if (since.epoch !== this.epoch || since.offset > this.#offset) return undefined;
    return this.#once(`c${since.offset}`, () => {
      const isThere = since.offset === this.#offset;
      const delta = isThere ? "" : this.#toDelta(since.offset, CATCH_UP_LIMITS);
      if (delta === undefined) return undefined;
      return { kind: "catch-up", members: `"deltas":[${delta}]`, ...(!isThere && { delta }) };
    });
  }

  #snapshot(limit: number): Answer | undefined {
    return this.#once(`s${limit}`, () => {
      const standings = this.order.slice(0, limit);
      const items = standings.map((standing) => this.#texts.get(standing.id)?.json);
      if (items.includes(undefined)) return undefined;
      const next = toNext(this.order, standings, limit);
      const members = `"count":${this.count},"items":[${items.join(",")}],"next":${JSON.stringify(next)}`;
      return { kind: "snapshot", members };
    });
  }

  #once(key: string, make: () => Omit<Answer, "position"> | undefined): Answer | undefined {
    const ready = this.#ready.get(key);
    if (ready !== undefined) {
      // The last asked for is the last to be forgotten.
      this.#ready.delete(key);
      this.#ready.set(key, ready);
      return ready;
    }
    const made = make();
    if (made === undefined) return undefined;
    const { position } = this;
    const head = `"kind":"${made.kind}","line":"${this.line}","position":"${position}"`;
    const answer = { ...made, position, members: `${head},${made.members}` };
    this.#ready.set(key, answer);
    const [oldest] = this.#ready.keys();
    if (this.#ready.size > MOST_READY_ANSWERS && oldest !== undefined) this.#ready.delete(oldest);
    return answer;
  }

  /** Everything after `offset` as one delta; undefined when that is out of reach. */
  deltaSince(offset: number): string | undefined {
    return this.#toDelta(offset);
  }

  #toDelta(offset: number, limits?: typeof CATCH_UP_LIMITS): string | undefined {
    const steps = this.#ring.since(offset, limits);
    const last = steps?.at(-1);
    if (steps === undefined || last === undefined) return undefined;
    const at = new Date(last.atMs).toISOString();
    const head = `"line":"${this.line}","epoch":"${this.epoch}","from":${offset},"to":${this.#offset},"at":"${at}"`;
    return `{${head},"ops":[${steps.map(toOpJson).join(",")}]}`;
  }

  recentRemoves(most: number): LogStep[] {
    return this.#ring.recentRemoves(most).filter(({ id }) => this.order.get(id) === undefined);
  }

  /** When each of the items was put last, as far as the log is in memory. */
  putTimes(ids: ReadonlySet<string>): Map<string, number> {
    return this.#ring.putTimes(ids);
  }

  /** What two sides compare to know that they hold the same list. */
  toState(): LineState {
    const hash = createHash("sha256");
    for (const { id, revision } of this.order) hash.update(`${id} ${revision}\n`);
    return { epoch: this.epoch, offset: this.#offset, count: this.count, sha256: hash.digest("hex") };
  }
}

/** The cursor of the page below `page`, if there is one. */
export function toNext(order: DisplayOrder, page: readonly Standing[], limit: number): string | null {
  const last = page.at(-1);
  if (last === undefined || page.length < limit) return null;
  return order.indexBelow(last) < order.size ? toCursor(last) : null;
}
