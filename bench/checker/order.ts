import type { SeenItem } from "./history.ts";

/** ORD1: the newest first, equal times by id, both descending. Negative: `a` stands above `b`. */
export function compareItems(a: SeenItem, b: SeenItem): number {
  return -compareText(a.orderedAt ?? "", b.orderedAt ?? "") || -compareText(a.id, b.id);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
