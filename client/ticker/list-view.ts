import type { LineItem } from "../../src/contract/item.ts";
import { comparePlaces } from "../feed/order.ts";
import { make, setAttribute, setChildren, setText } from "./dom.ts";
import { type Shown, toShown } from "./held-back.ts";
import type { Voice } from "./item-marks.ts";
import { ItemRow, type RowContext } from "./item-row.ts";
import {
  type ModeView,
  toOutcome,
  type ViewHandlers,
  type ViewInput,
  type ViewOutcome,
} from "./mode-view.ts";

/** For what comes in while somebody watches. */
const ENTER_CLASS = "entering";

/** The list: rows keyed by item, written only where they differ, still while somebody reads. */
export class ListView implements ModeView {
  readonly element: HTMLElement;
  readonly pill = make("button", { part: "pill", attributes: { type: "button" } });
  readonly #feed = make("div", { part: "list", attributes: { role: "feed" } });
  readonly #empty = make("p", { part: "empty" });
  readonly #older = make("button", { part: "older", attributes: { type: "button" } });
  readonly #scroller: HTMLElement;
  readonly #rows = new Map<string, ItemRow>();
  readonly #handlers: ViewHandlers;
  #shown: Shown = { items: [], waitingNew: 0, waitingMoved: 0 };
  #contexts = new Map<string, RowContext>();
  #isFirst = true;
  #isReleased = false;

  constructor(handlers: ViewHandlers) {
    this.#handlers = handlers;
    this.pill.hidden = true;
    this.#scroller = make("div", { part: "scroller" }, this.#feed, this.#empty, this.#older);
    this.element = this.#scroller;
    this.pill.addEventListener("click", () => this.release());
    this.#older.addEventListener("click", () => this.#handlers.onOlder());
    this.#feed.addEventListener("click", (event) => this.#handleClick(event));
    this.#feed.addEventListener("keydown", (event) => this.#handleKey(event));
  }

  get shownItems(): readonly LineItem[] {
    return this.#shown.items;
  }

  /** Something waits above, or an item is open. */
  get isInUse(): boolean {
    return !this.pill.hidden || [...this.#rows.values()].some((row) => row.isOpen);
  }

  /** Another line: what stood here means nothing there. */
  clear(): void {
    this.#rows.clear();
    this.#contexts.clear();
    this.#feed.replaceChildren();
    this.#shown = { items: [], waitingNew: 0, waitingMoved: 0 };
    this.#isFirst = true;
    this.pill.hidden = true;
  }

  /** Shows what waits, and takes the reader to it. */
  release(): void {
    this.#isReleased = true;
    this.#handlers.onRelease();
    this.#scroller.scrollTo({ top: 0 });
    const top = this.#scroller.getBoundingClientRect().top;
    if (top < 0) this.#scroller.scrollIntoView({ block: "start" });
    this.#focusRow(0);
  }

  update(input: ViewInput): ViewOutcome {
    const before = this.#isFirst ? undefined : this.#shown.items;
    const isReading = !this.#isReleased && this.#isReading();
    this.#isReleased = false;
    this.#shown = toShown(this.#shown.items, input.items, isReading);
    const outcome = toOutcome(before, this.#shown.items);
    this.#withdraw(input);
    this.#paint(input, outcome.added);
    this.#updateEdges(input);
    if (input.isKnown) this.#isFirst = false;
    return outcome;
  }

  openItem(id: string): boolean {
    const row = this.#rows.get(id);
    if (row === undefined) return false;
    if (!row.isOpen) this.#toggle(row);
    row.element.scrollIntoView({ block: "center" });
    row.element.focus({ preventScroll: true });
    return true;
  }

  /** Scrolled away from the top, or with the focus inside: what comes in above waits. */
  #isReading(): boolean {
    const root = this.#scroller.getRootNode();
    const active = root instanceof ShadowRoot ? root.activeElement : null;
    if (active !== null && this.#feed.contains(active)) return true;
    return this.#scroller.scrollTop > 4 || this.#scroller.getBoundingClientRect().top < -4;
  }

  #withdraw(input: ViewInput): void {
    const shown = new Set(this.#shown.items.map((item) => item.id));
    for (const [id, row] of this.#rows) {
      if (shown.has(id)) continue;
      const context = this.#contexts.get(id);
      const removal = input.removals.find((one) => one.id === id);
      if (!row.isOpen || context === undefined) this.#rows.delete(id);
      else if (!row.isGone) row.withdraw(removal?.reason, { ...context, ...toVoice(input) });
    }
  }

  #paint(input: ViewInput, entering: readonly LineItem[]): void {
    const gone = [...this.#rows.values()].filter((row) => row.isGone).map((row) => row.item);
    const all = [...this.#shown.items, ...gone].sort(comparePlaces);
    const isEntering = new Set(entering.filter((item) => item.backfill !== true).map((item) => item.id));
    let day = "";
    const rows = all.map((item, index) => {
      const key = input.times.dayKey(item.orderedAt);
      const context = { ...toVoice(input), ...toPlace(input), hasDay: key !== day, position: index + 1 };
      day = key;
      return this.#paintRow(item, context, isEntering.has(item.id));
    });
    setChildren(this.#feed, rows);
    this.#keepTabStop(rows);
  }

  #paintRow(item: LineItem, context: RowContext, isEntering: boolean): HTMLElement {
    const known = this.#rows.get(item.id);
    const row = known ?? new ItemRow(item);
    this.#rows.set(item.id, row);
    this.#contexts.set(item.id, context);
    if (!row.isGone || this.#shown.items.includes(item)) row.update(item, context);
    if (isEntering && known === undefined) row.element.classList.add(ENTER_CLASS);
    else row.element.classList.remove(ENTER_CLASS);
    return row.element;
  }

  /** One row is in the tab order; PageUp and PageDown go from there. */
  #keepTabStop(rows: readonly HTMLElement[]): void {
    const current = rows.find((row) => row.tabIndex === 0) ?? rows[0];
    for (const row of rows) setAttribute(row, "tabindex", row === current ? "0" : "-1");
    setAttribute(this.#feed, "aria-setsize", undefined);
  }

  #updateEdges(input: ViewInput): void {
    const { words } = input;
    const { waitingNew, waitingMoved } = this.#shown;
    this.pill.hidden = waitingNew + waitingMoved === 0;
    setText(this.pill, waitingNew > 0 ? words.newItems(waitingNew) : words.movedItems(waitingMoved));
    this.#older.hidden = !input.hasOlder;
    setText(this.#older, `‥ ${words.older}`);
    this.#empty.hidden = !input.isKnown || this.#rows.size > 0;
    setText(this.#empty, input.isFiltered ? words.nothingFits : words.noItems);
    setAttribute(this.#feed, "aria-label", words.label);
    setAttribute(this.#feed, "aria-busy", input.isKnown ? undefined : "true");
  }

  #handleClick(event: MouseEvent): void {
    const row = this.#findRow(event);
    const isHeadline = row !== undefined && event.composedPath().includes(row.headline);
    // With a modifier the permalink opens where the reader wants it.
    if (!isHeadline || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.#toggle(row);
  }

  #toggle(row: ItemRow): void {
    const context = this.#contexts.get(row.item.id);
    if (context === undefined) return;
    if (row.isOpen) {
      row.close();
      if (row.isGone) this.#handlers.onRelease();
    } else if (this.#handlers.onOpen(row.item)) row.open(context);
  }

  #handleKey(event: KeyboardEvent): void {
    const rows = [...this.#feed.children];
    const row = this.#findRow(event);
    const index = row === undefined ? -1 : rows.indexOf(row.element);
    if (index < 0 || row === undefined) return;
    if (event.key === "PageDown") this.#focusRow(Math.min(index + 1, rows.length - 1));
    else if (event.key === "PageUp") this.#focusRow(Math.max(index - 1, 0));
    else if (event.key === "Home" && event.ctrlKey) this.#focusRow(0);
    else if (event.key === "End" && event.ctrlKey) this.#older.focus();
    else if (event.key === "Enter" && event.target === row.element) this.#toggle(row);
    else if (event.key === "Escape" && row.isOpen) this.#toggle(row);
    else return;
    event.preventDefault();
  }

  #focusRow(index: number): void {
    const rows = [...this.#feed.children];
    for (const [at, row] of rows.entries()) setAttribute(row, "tabindex", at === index ? "0" : "-1");
    const row = rows[index];
    if (row instanceof HTMLElement) row.focus();
  }

  #findRow(event: Event): ItemRow | undefined {
    const article = event
      .composedPath()
      .find((node) => node instanceof HTMLElement && node.matches("article"));
    return article instanceof HTMLElement ? this.#rows.get(article.dataset["id"] ?? "") : undefined;
  }
}

function toVoice({ words, times, nowMs }: ViewInput): Voice {
  return { words, times, nowMs };
}

function toPlace({ server, line }: ViewInput): Pick<RowContext, "server" | "line"> {
  return { server, line };
}
