import type { LineItem } from "../../src/contract/item.ts";
import { comparePlaces, findIndexFor } from "../feed/order.ts";

/** What stands on the screen, and how much waits above for a reader who is in the middle of it. */
export interface Shown {
  readonly items: readonly LineItem[];
  /** New items that wait, those of a backfill not counted: they are never shown as new. */
  readonly waitingNew: number;
  /** Items on the screen whose update would move them. */
  readonly waitingMoved: number;
}

/**
 * Nothing a reader is reading moves: new items and updates that change their item's place wait. Removes and
 * corrections never wait, updates in place neither, and what comes below the last item disturbs nobody.
 */
export function toShown(
  before: readonly LineItem[],
  current: readonly LineItem[],
  isReading: boolean,
): Shown {
  const last = before.at(-1);
  if (!isReading || last === undefined) return { items: current, waitingNew: 0, waitingMoved: 0 };
  const now = new Map(current.map((item) => [item.id, item]));
  const items: LineItem[] = [];
  const moved: LineItem[] = [];
  let waitingMoved = 0;
  for (const old of before) {
    const item = now.get(old.id);
    if (item === undefined) continue;
    if (comparePlaces(old, item) === 0) items.push(item);
    else if (item.change === "correction") moved.push(item);
    else {
      items.push(old);
      waitingMoved += 1;
    }
  }
  for (const item of moved) items.splice(findIndexFor(items, item), 0, item);
  const shown = new Set(before.map((item) => item.id));
  const fresh = current.filter((item) => !shown.has(item.id));
  items.push(...fresh.filter((item) => comparePlaces(item, last) > 0));
  const above = fresh.filter((item) => comparePlaces(item, last) <= 0 && item.backfill !== true);
  return { items, waitingNew: above.length, waitingMoved };
}
