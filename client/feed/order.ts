/** Where an item stands on its line. */
export interface Place {
  orderedAt: string;
  id: string;
}

/**
 * Display order (ORD1): the newest first, ties by id descending. Times are UTC text of one width and ids are
 * ASCII, so comparing the text compares the times and the bytes.
 */
export function comparePlaces(a: Place, b: Place): number {
  if (a.orderedAt !== b.orderedAt) return a.orderedAt > b.orderedAt ? -1 : 1;
  if (a.id === b.id) return 0;
  return a.id > b.id ? -1 : 1;
}

/** The index at which `place` belongs in a list that is in display order. */
export function findIndexFor(list: readonly Place[], place: Place): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = list[middle];
    if (other !== undefined && comparePlaces(other, place) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
