/** Where an item stands on a line, and which revision of it. */
export interface Standing {
  readonly id: string;
  readonly orderedAtMs: number;
  readonly revision: number;
}

type Place = Pick<Standing, "id" | "orderedAtMs">;

/** ORD1: the newest first, ties by id descending. Ids are ASCII, so text order is byte order. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.orderedAtMs !== b.orderedAtMs) return b.orderedAtMs - a.orderedAtMs;
  if (a.id === b.id) return 0;
  return a.id > b.id ? -1 : 1;
}

/**
 * The whole list of a line in display order. A sorted array: at 100,000 items one change moves a block of memory
 * once, which costs less than any tree, and a page is a slice.
 */
export class DisplayOrder {
  readonly #list: Standing[];
  readonly #byId: Map<string, Standing>;

  constructor(standings: Iterable<Standing> = []) {
    this.#byId = new Map();
    for (const standing of standings) this.#byId.set(standing.id, standing);
    this.#list = [...this.#byId.values()].sort(comparePlaces);
  }

  get size(): number {
    return this.#list.length;
  }

  get(id: string): Standing | undefined {
    return this.#byId.get(id);
  }

  at(index: number): Standing | undefined {
    return this.#list[index];
  }

  slice(from: number, to: number): Standing[] {
    return this.#list.slice(from, to);
  }

  [Symbol.iterator](): Iterator<Standing> {
    return this.#list[Symbol.iterator]();
  }

  /** The index of the first item that stands at `place` or below it. */
  indexOf(place: Place): number {
    let low = 0;
    let high = this.#list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#list[middle];
      if (other !== undefined && comparePlaces(other, place) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The index of the first item below `place`, whether or not something stands there. */
  indexBelow(place: Place): number {
    const index = this.indexOf(place);
    return this.#list[index]?.id === place.id ? index + 1 : index;
  }

  put(standing: Standing): void {
    const old = this.#byId.get(standing.id);
    this.#byId.set(standing.id, standing);
    if (old !== undefined) {
      const index = this.indexOf(old);
      if (old.orderedAtMs === standing.orderedAtMs) {
        this.#list[index] = standing;
        return;
      }
      this.#list.splice(index, 1);
    }
    this.#list.splice(this.indexOf(standing), 0, standing);
  }

  remove(id: string): void {
    const old = this.#byId.get(id);
    if (old === undefined) return;
    this.#byId.delete(id);
    this.#list.splice(this.indexOf(old), 1);
  }
}
