import type { Delta, Op, RemoveReason } from "../../src/contract/delta.ts";
import type { LineItem } from "../../src/contract/item.ts";
import { parsePosition } from "../../src/contract/position.ts";

export interface ModelSlice {
  position: string;
  count: number;
  items: LineItem[];
  next: string | null;
}

/** A line as a server keeps it, in memory and without shortcuts: a map, a log, and sorting on demand. */
export class LineModel {
  readonly line: string;
  epoch: string;
  readonly log: Op[] = [];
  readonly #items = new Map<string, LineItem>();
  #logStart = 0;

  constructor(line: string, epoch = "epoch0001") {
    this.line = line;
    this.epoch = epoch;
  }

  get offset(): number {
    return this.#logStart + this.log.length;
  }

  get position(): string {
    return `${this.epoch}:${this.offset}`;
  }

  get items(): LineItem[] {
    return [...this.#items.values()].sort((a, b) => {
      const [left, right] = [`${a.orderedAt} ${a.id}`, `${b.orderedAt} ${b.id}`];
      if (left === right) return 0;
      return left > right ? -1 : 1;
    });
  }

  find(id: string): LineItem | undefined {
    return this.#items.get(id);
  }

  put(item: LineItem): Delta {
    this.#items.set(item.id, item);
    return this.#append({ op: "put", item });
  }

  remove(id: string, revision: number, reason: RemoveReason): Delta {
    this.#items.delete(id);
    return this.#append({ op: "remove", id, revision, reason });
  }

  /** The log is lost and begins again under another name. */
  renewEpoch(epoch: string): void {
    this.epoch = epoch;
    this.log.length = 0;
    this.#logStart = 0;
  }

  /** What lies before `offset` is no longer in reach. */
  trimTo(offset: number): void {
    const gone = Math.max(0, Math.min(offset, this.offset) - this.#logStart);
    this.log.splice(0, gone);
    this.#logStart += gone;
  }

  snapshot(limit: number, before?: string): ModelSlice {
    const all = this.items.filter((item) => before === undefined || `${item.orderedAt} ${item.id}` < before);
    const items = all.slice(0, limit);
    const last = items.at(-1);
    const next = all.length > limit && last !== undefined ? `${last.orderedAt} ${last.id}` : null;
    return { position: this.position, count: this.#items.size, items, next };
  }

  /** The changes since, the last op of each id, in up to two joining deltas; undefined when out of reach. */
  since(position: string): Delta[] | undefined {
    const from = parsePosition(position);
    if (from?.epoch !== this.epoch || from.offset < this.#logStart || from.offset > this.offset)
      return undefined;
    if (from.offset === this.offset) return [];
    const ops = this.log.slice(from.offset - this.#logStart);
    const middle = from.offset + Math.ceil(ops.length / 2);
    const last = new Map(ops.map((op, index) => [toId(op), index]));
    const keep = (start: number, end: number) => {
      return ops.slice(start, end).filter((op, index) => last.get(toId(op)) === start + index);
    };
    const half = middle - from.offset;
    const deltas = [this.#toDelta(from.offset, middle, keep(0, half))];
    if (middle < this.offset) deltas.push(this.#toDelta(middle, this.offset, keep(half, ops.length)));
    return deltas;
  }

  #append(op: Op): Delta {
    this.log.push(op);
    return this.#toDelta(this.offset - 1, this.offset, [op]);
  }

  #toDelta(from: number, to: number, ops: Op[]): Delta {
    return { line: this.line, epoch: this.epoch, from, to, at: new Date().toISOString(), ops };
  }
}

function toId(op: Op): string {
  return op.op === "put" ? op.item.id : op.id;
}

/** A synthetic item; every field can be given. */
export function toItem(fields: Partial<LineItem> & { id: string }): LineItem {
  return {
    revision: 1,
    change: "new",
    headline: `Headline of ${fields.id}`,
    urgency: 5,
    lines: ["demo"],
    source: "desk",
    orderedAt: "2026-03-04T10:00:00.000Z",
    publishedAt: "2026-03-04T10:00:00.000Z",
    timeBasis: "source",
    ...fields,
  };
}
