import type { Op, RemoveReason } from "../../src/contract/delta.ts";
import type { LineItem } from "../../src/contract/item.ts";
import type { Position } from "../../src/contract/position.ts";
import { comparePlaces, findIndexFor, type Place } from "./order.ts";

/** What a client holds of a line: exactly the items from the top down to `floor`, as of `position`. */
export interface Held {
  readonly position: Position;
  readonly items: readonly LineItem[];
  /**
   * The oldest place that a snapshot or page reached; undefined when the whole line is held. It stays when the
   * item that stood there leaves: everything above it is still known.
   */
  readonly floor: Place | undefined;
  /** The server's cursor for the page below the floor; null when there is none. */
  readonly next: string | null;
  readonly count: number;
  /** Items that came in since the last snapshot: when many, a new snapshot makes the list short again. */
  readonly grown: number;
}

/** An item that left the line; without a reason when a snapshot no longer had it. */
export interface Removal {
  readonly id: string;
  readonly reason: RemoveReason | undefined;
}

export interface Slice {
  position: Position;
  count: number;
  items: readonly LineItem[];
  next: string | null;
}

export function toHeld(slice: Slice): Held {
  const items = [...slice.items].sort(comparePlaces);
  return {
    position: slice.position,
    items,
    floor: toFloor(items, slice.next, undefined),
    next: slice.next,
    count: slice.count,
    grown: 0,
  };
}

/** The ops of one delta. A put below the floor is not ours to show; a known item that moved there leaves. */
export function applyOps(held: Held, ops: readonly Op[]): { held: Held; removals: Removal[] } {
  const items = [...held.items];
  const removals: Removal[] = [];
  let grown = held.grown;
  for (const op of ops) {
    const id = op.op === "put" ? op.item.id : op.id;
    const index = items.findIndex((item) => item.id === id);
    const known = items[index];
    if (op.op === "remove") {
      if (known === undefined || !isRemovable(known, op.revision, op.reason)) continue;
      items.splice(index, 1);
      removals.push({ id, reason: op.reason });
      continue;
    }
    if (known !== undefined && known.revision >= op.item.revision) continue;
    if (known !== undefined) items.splice(index, 1);
    if (held.floor !== undefined && comparePlaces(op.item, held.floor) > 0) continue;
    items.splice(findIndexFor(items, op.item), 0, op.item);
    if (known === undefined) grown += 1;
  }
  return { held: { ...held, items, grown }, removals };
}

/**
 * A page below the floor, no older than what is held. What both know is shown in its newest revision; deltas
 * between the two positions then change nothing that the page already had.
 */
export function mergePage(held: Held, page: Slice): Held {
  const known = new Map(held.items.map((item) => [item.id, item]));
  for (const item of page.items) {
    const other = known.get(item.id);
    if (other === undefined || other.revision < item.revision) known.set(item.id, item);
  }
  const items = [...known.values()].sort(comparePlaces);
  const floor = toFloor(page.items, page.next, held.floor);
  return { ...held, items, floor, next: page.next, count: page.count };
}

/** A page fetched ahead of the deltas may hold a later return of the item; a kill is final all the same. */
function isRemovable(known: LineItem, revision: number, reason: RemoveReason): boolean {
  return reason === "killed" || revision >= known.revision;
}

function toFloor(
  items: readonly LineItem[],
  next: string | null,
  before: Place | undefined,
): Place | undefined {
  if (next === null) return undefined;
  const oldest = items.reduce<Place | undefined>((low, item) => {
    return low === undefined || comparePlaces(item, low) > 0 ? item : low;
  }, before);
  return oldest === undefined ? undefined : { orderedAt: oldest.orderedAt, id: oldest.id };
}
