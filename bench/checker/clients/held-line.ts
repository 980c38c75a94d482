import type { SeenDelta, SeenItem } from "../history.ts";
import { compareItems } from "../order.ts";
import { toPlace, toText } from "../place.ts";

/** What a client holds of a line, by the rules of docs/protocol.md, section 1. */
export class HeldLine {
  readonly #items = new Map<string, SeenItem>();
  #isWhole = false;
  position: string | undefined;

  get items(): SeenItem[] {
    return [...this.#items.values()].sort(compareItems);
  }

  /** Nothing of the line lies below what is held. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  replace(position: string, items: readonly SeenItem[], isWhole: boolean): void {
    this.#items.clear();
    for (const item of items) this.#items.set(item.id, item);
    this.#isWhole = isWhole;
    this.position = position;
  }

  /** False: it does not continue what is held; nothing is done. */
  apply({ epoch, from, to, ops }: SeenDelta): boolean {
    const place = toPlace(this.position);
    if (place?.epoch !== epoch || place.offset !== from) return false;
    for (const op of ops) {
      if (op.op === "remove") this.#items.delete(op.id);
      else this.#put(op.item);
    }
    this.position = toText({ epoch, offset: to });
    return true;
  }

  #put(item: SeenItem): void {
    const held = this.#items.get(item.id);
    if (held !== undefined && (held.revision ?? 0) > (item.revision ?? 0)) return;
    const lowest = this.items.at(-1);
    const isAbove = lowest !== undefined && compareItems(item, lowest) <= 0;
    if (this.#isWhole || isAbove) this.#items.set(item.id, item);
    else this.#items.delete(item.id);
  }
}
