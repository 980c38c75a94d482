import type { Channel } from "../contract/names.ts";
import type { ChannelDelta } from "../stream/line-views.ts";

/** More often than this nobody reads a line; each delta costs a system call for every reader. */
export const BURST_MS = 50;
/** More does not wait: a delta may hold no more than the log gives in one piece, and slow readers have little room. */
const MOST_WAITING_LETTERS = 128 * 1024;

/** One delta for the followers of a channel, by socket id. */
export interface BurstDelta {
  channel: Channel;
  json: string;
  /** These joined while it waited: it begins before their positions. */
  except: ReadonlySet<string>;
  /** What leads some of those from their position to the same end. */
  own: readonly { json: string; socketIds: readonly string[] }[];
}

interface Outlets {
  send: (delta: BurstDelta) => void;
  /** The log no longer reaches back to where the delta begins. */
  overrun: (channel: Channel, line: string) => void;
}

interface Pending {
  /** What came last; its view makes the delta of all. */
  last: ChannelDelta;
  fromOffset: number;
  /** Of all the deltas that it takes the place of. */
  letters: number;
  /** By socket id: the offset that its acknowledgement stated. */
  late: Map<string, number>;
  timer: ReturnType<typeof setTimeout>;
}

/**
 * Changes that come close together leave together: the first at once, then at most one delta in 50 ms for a
 * channel. What is urgent, or too much to wait, takes everything that waits with it, at once. A delta is made when it leaves, from the
 * log, so an item is in it once, as it is by then.
 */
export class Bursts {
  readonly #outlets: Outlets;
  readonly #pending = new Map<Channel, Pending>();
  readonly #sentAtMs = new Map<Channel, number>();

  constructor(outlets: Outlets) {
    this.#outlets = outlets;
  }

  add(delta: ChannelDelta): void {
    const { channel } = delta;
    const pending = this.#pending.get(channel);
    const waitMs = (this.#sentAtMs.get(channel) ?? Number.NEGATIVE_INFINITY) + BURST_MS - performance.now();
    if (pending !== undefined) {
      pending.last = delta;
      pending.letters += delta.json.length;
      if (delta.isUrgent || pending.letters > MOST_WAITING_LETTERS) this.flush(channel);
    } else if (waitMs <= 0 || delta.isUrgent || delta.json.length > MOST_WAITING_LETTERS) {
      this.#send({ channel, json: delta.json, except: new Set(), own: [] });
    } else {
      const timer = setTimeout(() => this.flush(channel), waitMs);
      this.#pending.set(channel, {
        last: delta,
        fromOffset: delta.fromOffset,
        letters: delta.json.length,
        late: new Map(),
        timer,
      });
    }
  }

  /** A socket follows the channel from `offset` on. */
  join(channel: Channel, socketId: string, offset: number): void {
    this.#pending.get(channel)?.late.set(socketId, offset);
  }

  /** Sends what waits. */
  flush(channel: Channel): void {
    const pending = this.#pending.get(channel);
    if (pending === undefined) return;
    this.forget(channel);
    const { view, line } = pending.last;
    const json = view.deltaSince(pending.fromOffset);
    if (json === undefined) {
      this.#outlets.overrun(channel, line);
      return;
    }
    const own: BurstDelta["own"][number][] = [];
    for (const [offset, socketIds] of groupByOffset(pending.late)) {
      const rest = view.deltaSince(offset);
      // Who joined at the end needs nothing.
      if (rest !== undefined) own.push({ json: rest, socketIds });
    }
    this.#send({ channel, json, except: new Set(pending.late.keys()), own });
  }

  /** What waits is not sent: the channel begins anew. */
  forget(channel: Channel): void {
    clearTimeout(this.#pending.get(channel)?.timer);
    this.#pending.delete(channel);
  }

  close(): void {
    for (const channel of this.#pending.keys()) this.forget(channel);
  }

  #send(delta: BurstDelta): void {
    this.#sentAtMs.set(delta.channel, performance.now());
    this.#outlets.send(delta);
  }
}

/** Many join at one offset: what they need is made once. */
function groupByOffset(late: ReadonlyMap<string, number>): Map<number, string[]> {
  const groups = new Map<number, string[]>();
  for (const [socketId, offset] of late) {
    const group = groups.get(offset);
    if (group === undefined) groups.set(offset, [socketId]);
    else group.push(socketId);
  }
  return groups;
}
