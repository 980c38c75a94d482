import type { Logger } from "../log.ts";
import { type ReaderCounts, toTotals } from "../reader-counts.ts";
import type { ItemScreens, Place } from "../socket/screens.ts";
import type { Edition } from "../store/keys.ts";
import { leavePresence, type ScreenCount, type ToldPresence, tellPresence } from "../store/presence.ts";
import { type ChangedItem, ChangedItems } from "../stream/changed-items.ts";
import type { LineViews } from "../stream/line-views.ts";

/** One command for each gateway and edition, however many read, come or go. */
const TELL_MS = 2_000;

export interface PresenceOptions {
  /** This gateway's name. */
  gateway: string;
  edition: Edition;
  views: Pick<LineViews, "onDelta" | "lines">;
  log: Logger;
  /** Who follows here. */
  readers: () => ReaderCounts;
  /** What the screens here show. */
  screens: (places: readonly Place[]) => ItemScreens;
  tellMs?: number;
}

/** Over all gateways. */
export interface EditionScreens extends ItemScreens {
  revision: number;
  /** Gateways that have not yet told how it is since the change. */
  pending: number;
}

/**
 * Who reads, at all gateways of the edition. Each gateway tells the others through the store, on a timer; what it has
 * itself it knows at once, so nobody is counted twice. While the store is away the others' last word stands.
 */
export class Presence {
  readonly gateway: string;
  readonly #options: PresenceOptions;
  readonly #changed = new ChangedItems();
  readonly #stopListening: () => void;
  #others: ReadonlyMap<string, ToldPresence> = new Map();
  /** By the store's clock: when this gateway first told anything, and when it last did. */
  #fromMs: number | undefined;
  #toldMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: PresenceOptions) {
    this.gateway = options.gateway;
    this.#options = options;
    this.#stopListening = options.views.onDelta((delta) => this.#changed.add(delta));
  }

  start(): void {
    this.#telling = this.#tellAgain();
  }

  /** This gateway's readers count no longer. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#stopListening();
    await this.#telling;
    try {
      await leavePresence(this.#options.edition, this.gateway);
    } catch (error) {
      this.#options.log.debug({ err: error }, "the store did not hear that this gateway leaves");
    }
  }

  /** By gateway. */
  counts(): Map<string, ReaderCounts> {
    const counts = new Map<string, ReaderCounts>([[this.gateway, this.#options.readers()]]);
    for (const [gateway, { readers }] of this.#others) counts.set(gateway, readers);
    return counts;
  }

  /** By line, all gateways together; every line that there is. */
  readers(): Record<string, number> {
    const sums = Object.fromEntries(this.#options.views.lines().map(({ line }) => [line, 0]));
    for (const counts of this.counts().values()) {
      for (const [line, count] of Object.entries(toTotals(counts))) sums[line] = (sums[line] ?? 0) + count;
    }
    return sums;
  }

  get gateways(): number {
    return this.#others.size + 1;
  }

  /** Undefined: it was not withdrawn, held or corrected lately. */
  screens(id: string): EditionScreens | undefined {
    const changed = this.#changed.get(id);
    const mine = changed === undefined ? undefined : this.#toCount(changed);
    const others = [...this.#others.values()].map(({ fromMs, screens }) => ({ fromMs, count: screens[id] }));
    const all = [{ fromMs: this.#fromMs ?? 0, count: mine }, ...others];
    const newest = all.map(({ count }) => count).reduce(toNewer);
    if (newest === undefined) return undefined;
    const sum: EditionScreens = {
      revision: newest.revision,
      still: 0,
      unknown: 0,
      lastSeenMs: undefined,
      pending: 0,
    };
    for (const { fromMs, count } of all) {
      if (count?.revision === newest.revision) addScreens(sum, count);
      // The readers of a gateway that began later came with positions, and were told what had changed since.
      else if (fromMs <= newest.atMs) sum.pending += 1;
    }
    return sum;
  }

  #toCount({ revision, atMs, places }: ChangedItem): ScreenCount {
    const { lastSeenMs, ...count } = this.#options.screens(places);
    return { revision, atMs, ...count, ...(lastSeenMs !== undefined && { lastSeenMs }) };
  }

  async #tellAgain(): Promise<void> {
    try {
      await this.#tell();
    } catch (error) {
      this.#options.log.debug({ err: error }, "the store did not tell who reads at the other gateways");
    }
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#telling = this.#tellAgain();
    }, this.#options.tellMs ?? TELL_MS);
  }

  async #tell(): Promise<void> {
    const { edition, readers } = this.#options;
    const changed = this.#changed.list(this.#toldMs);
    const screens = Object.fromEntries(changed.map((item) => [item.id, this.#toCount(item)]));
    const mine = { fromMs: this.#fromMs ?? 0, readers: readers(), screens };
    const { nowMs, gateways } = await tellPresence(edition, this.gateway, mine);
    this.#fromMs ??= nowMs;
    this.#toldMs = nowMs;
    gateways.delete(this.gateway);
    this.#others = gateways;
  }
}

function toNewer(one: ScreenCount | undefined, other: ScreenCount | undefined): ScreenCount | undefined {
  return (one?.revision ?? 0) >= (other?.revision ?? 0) ? one : other;
}

function addScreens(sum: EditionScreens, { still, unknown, lastSeenMs }: ScreenCount): void {
  sum.still += still;
  sum.unknown += unknown;
  if (lastSeenMs !== undefined) sum.lastSeenMs = Math.max(sum.lastSeenMs ?? 0, lastSeenMs);
}
