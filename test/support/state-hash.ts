import { createHash } from "node:crypto";

interface Placed {
  id: string;
  revision: number;
  orderedAt: string;
}

const compareBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** ORD1, written a second time on purpose: newest first, equal times by id, both descending. */
export function toDisplayOrder<T extends Placed>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => compareBytes(b.orderedAt, a.orderedAt) || compareBytes(b.id, a.id));
}

/** What `/state` answers for these items. */
export function toStateHash(items: readonly Placed[]): string {
  const hash = createHash("sha256");
  for (const { id, revision } of toDisplayOrder(items)) hash.update(`${id} ${revision}\n`);
  return hash.digest("hex");
}
