import type { RemoveReason } from "../../src/contract/delta.ts";
import type { LineItem } from "../../src/contract/item.ts";
import { make, setAttribute, setText } from "./dom.ts";
import { ItemDetails } from "./item-details.ts";
import { isBreaking, type Mark, toLeadingMarks, toTrailingMarks, type Voice } from "./item-marks.ts";
import { toPermalink } from "./mode-view.ts";

export interface RowContext extends Voice {
  readonly server: URL;
  readonly line: string;
  /** True for the first item of a day. */
  readonly hasDay: boolean;
  readonly position: number;
}

/** One item on the screen. It outlives its item when a reader has it open: then it says why it is gone. */
export class ItemRow {
  readonly element: HTMLElement;
  readonly headline: HTMLAnchorElement;
  readonly #day = make("h3", { part: "day" });
  readonly #time = make("time", { part: "time" });
  readonly #line = make("p", { part: "line" });
  readonly #credit = make("span", { part: "credit" });
  readonly #main: HTMLElement;
  #details: ItemDetails | undefined;
  #item: LineItem;
  #isGone = false;

  constructor(item: LineItem) {
    this.#item = item;
    this.headline = make("a", { part: "headline", attributes: { id: `nl-${item.id}` } });
    this.#main = make("div", { part: "main" }, this.#line);
    const grid = make("div", { className: "grid" }, this.#time, this.#main);
    const attributes = { tabindex: "-1", "aria-labelledby": this.headline.id };
    this.element = make("article", { part: "item", attributes }, this.#day, grid);
    this.element.dataset["id"] = item.id;
  }

  get item(): LineItem {
    return this.#item;
  }

  get isOpen(): boolean {
    return this.#details !== undefined;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  update(item: LineItem, context: RowContext): void {
    const { times, words } = context;
    this.#item = item;
    this.#isGone = false;
    setAttribute(this.element, "aria-posinset", String(context.position));
    setAttribute(this.element, "data-breaking", isBreaking(item, context.nowMs) ? "" : undefined);
    this.#updateDay(item, context);
    setAttribute(this.#time, "datetime", item.orderedAt);
    const basis = item.timeBasis === "source" ? "" : ` (${words.receivedTime})`;
    setAttribute(this.#time, "title", times.full(item.orderedAt) + basis);
    setText(this.#time, times.clock(item.orderedAt));
    setText(this.headline, item.headline);
    setAttribute(this.headline, "lang", item.language);
    setAttribute(this.headline, "href", toPermalink(context, item.id));
    setAttribute(this.headline, "aria-expanded", String(this.isOpen));
    this.#updateLine(item, context);
    this.#details?.update(item, context);
  }

  open(context: RowContext): void {
    this.#details ??= new ItemDetails({ server: context.server }, () => this.#clearLine());
    this.#main.append(this.#details.element);
    this.update(this.#item, context);
  }

  close(): void {
    this.#details?.close();
    this.#details = undefined;
    setAttribute(this.headline, "aria-expanded", "false");
  }

  /** The item has left while it is open: the text gives way to one sentence. */
  withdraw(reason: RemoveReason | undefined, context: RowContext): void {
    this.#isGone = true;
    setAttribute(this.element, "data-breaking", undefined);
    this.#updateDay(this.#item, context);
    if (reason === undefined) return this.#details?.check(this.#item, context);
    this.#details?.withdraw(reason, context);
    this.#clearLine();
  }

  /** A reader whose focus was on the headline keeps the place. */
  #clearLine(): void {
    const hadFocus = this.headline.matches(":focus");
    this.#line.replaceChildren();
    if (hadFocus) this.element.focus({ preventScroll: true });
  }

  #updateDay(item: LineItem, { times, hasDay }: RowContext): void {
    setText(this.#day, hasDay ? times.day(item.orderedAt) : "");
    this.#day.hidden = !hasDay;
  }

  #updateLine(item: LineItem, context: RowContext): void {
    const marks = [...toLeadingMarks(item, context), ...toTrailingMarks(item, context)];
    const credit = item.credit ?? "";
    const key = JSON.stringify([marks, credit]);
    if (this.#line.dataset["key"] === key && this.headline.isConnected) return;
    this.#line.dataset["key"] = key;
    const leading = toLeadingMarks(item, context).map(toElement);
    const trailing = toTrailingMarks(item, context).map(toElement);
    setText(this.#credit, credit);
    const words = [...leading, this.headline, ...trailing, ...(credit === "" ? [] : [this.#credit])];
    // Spaces between, so that a copied or spoken line does not run together.
    const hadFocus = this.headline.matches(":focus");
    this.#line.replaceChildren(...words.flatMap((word) => [word, " "]));
    if (hadFocus) this.headline.focus({ preventScroll: true });
  }
}

function toElement(mark: Mark): HTMLElement {
  const isWord = mark.kind !== "note";
  return make("span", { part: isWord ? `mark ${mark.kind}` : "note", text: mark.text });
}
