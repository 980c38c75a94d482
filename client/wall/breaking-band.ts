import type { LineItem } from "../../src/contract/item.ts";
import { comparePlaces } from "../feed/order.ts";
import { make, setText } from "../ticker/dom.ts";
import { isBreaking } from "../ticker/item-marks.ts";
import type { Times } from "../ticker/times.ts";

/** After this the band is quieter, though it stays until the item's own end or its successor. */
const LOUD_MS = 10 * 60_000;

/** The one item that everybody in the room should know of; never yesterday's. */
export class BreakingBand {
  readonly element = make("section", { className: "breaking", attributes: { "aria-label": "Breaking" } });
  readonly #time = make("time");
  readonly #headline = make("p", { attributes: { dir: "auto" } });
  readonly #credit = make("span", { className: "credit" });
  #id = "";

  constructor() {
    const word = make("strong", { text: "BREAKING" });
    this.element.append(word, this.#time, this.#headline, this.#credit);
    this.element.hidden = true;
  }

  /** Returns the item when it is another one than before. */
  update(items: readonly LineItem[], nowMs: number, times: Times): LineItem | undefined {
    const [item] = items.filter((one) => isBreaking(one, nowMs)).sort(comparePlaces);
    this.element.hidden = item === undefined;
    if (item === undefined) {
      this.#id = "";
      // A withdrawn headline must not stay in the page, hidden or not.
      setText(this.#headline, "");
      return undefined;
    }
    this.element.classList.toggle("loud", nowMs - Date.parse(item.orderedAt) < LOUD_MS);
    setText(this.#time, times.short(item.orderedAt));
    this.#time.dateTime = item.orderedAt;
    setText(this.#headline, item.headline);
    setText(this.#credit, item.credit ?? "");
    const isOther = this.#id !== item.id;
    this.#id = item.id;
    return isOther ? item : undefined;
  }
}
