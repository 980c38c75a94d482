import type { LineItem } from "../../src/contract/item.ts";
import { make, setAttribute, setText } from "./dom.ts";
import {
  type ModeView,
  toOutcome,
  type ViewHandlers,
  type ViewInput,
  type ViewOutcome,
} from "./mode-view.ts";
import { makeSingleLine, toLineKey } from "./single-line.ts";

interface Cell {
  id: string;
  key: string;
  element: HTMLElement;
  width: number;
}

/** After a tab has slept the line goes on from where it stood; it does not leap. */
const LONGEST_STEP_MS = 100;
const MOST_CELLS = 60;

/**
 * One line that moves at a constant speed. Cells leave at one side and are made again at the other, so nothing
 * restarts when the items change: what is new comes next, what was withdrawn leaves its place empty at once.
 */
export class CrawlView implements ModeView {
  readonly element: HTMLElement;
  readonly #track = make("div", { className: "track" });
  readonly #pause = make("button", {
    part: "pause",
    attributes: { type: "button", "aria-pressed": "false" },
  });
  readonly #window = make("div", { className: "window" }, this.#track);
  readonly #handlers: ViewHandlers;
  #cells: Cell[] = [];
  #input: ViewInput | undefined;
  #shown: readonly LineItem[] | undefined;
  /** Items that have come since, to be shown before the round goes on. */
  #fresh: string[] = [];
  #lastId = "";
  #offset = 0;
  #frame = 0;
  #movedAtMs = 0;
  #isPaused = false;

  constructor(handlers: ViewHandlers) {
    this.#handlers = handlers;
    this.element = make("div", { part: "crawl" }, this.#window, this.#pause);
    this.#pause.addEventListener("click", () => this.#togglePause());
  }

  get shownItems(): readonly LineItem[] {
    return this.#shown ?? [];
  }

  get isInUse(): boolean {
    return false;
  }

  update(input: ViewInput): ViewOutcome {
    const outcome = toOutcome(this.#shown, input.items);
    this.#input = input;
    if (input.isKnown) this.#shown = input.items;
    const fresh = outcome.added.filter((item) => item.backfill !== true);
    this.#fresh.push(...fresh.map((item) => item.id));
    setText(this.#pause, this.#isPaused ? input.words.play : input.words.pause);
    this.#refreshCells(input);
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => this.#move(now));
    return outcome;
  }

  openItem(): boolean {
    return false;
  }

  clear(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#cells = [];
    this.#track.replaceChildren();
    this.#shown = undefined;
    this.#fresh = [];
    this.#offset = 0;
  }

  #togglePause(): void {
    this.#isPaused = !this.#isPaused;
    this.#pause.setAttribute("aria-pressed", String(this.#isPaused));
    const words = this.#input?.words;
    if (words !== undefined) setText(this.#pause, this.#isPaused ? words.play : words.pause);
  }

  #refreshCells(input: ViewInput): void {
    const items = new Map(input.items.map((item) => [item.id, item]));
    for (const cell of this.#cells) {
      const item = items.get(cell.id);
      if (item === undefined) this.#blank(cell);
      else if (toLineKey(item, input) !== cell.key) this.#replace(cell, item, input);
    }
  }

  /** Gone at once, but its place stays, so that the words beside it do not jump. */
  #blank(cell: Cell): void {
    if (cell.key === "") return;
    cell.key = "";
    cell.element.style.setProperty("inline-size", `${cell.width}px`);
    cell.element.replaceChildren();
  }

  #replace(cell: Cell, item: LineItem, input: ViewInput): void {
    const made = makeSingleLine(item, input, this.#handlers.onOpen);
    setAttribute(made, "aria-hidden", cell.element.getAttribute("aria-hidden") ?? undefined);
    made.inert = cell.element.inert;
    cell.element.replaceWith(made);
    cell.element = made;
    cell.key = toLineKey(item, input);
    cell.width = made.getBoundingClientRect().width;
  }

  #move(now: number): void {
    this.#frame = requestAnimationFrame((next) => this.#move(next));
    const stepMs = Math.min(now - this.#movedAtMs, LONGEST_STEP_MS);
    this.#movedAtMs = now;
    const input = this.#input;
    if (input === undefined) return;
    const isHeld = this.#isPaused || this.element.matches(":hover, :focus-within");
    if (!isHeld) this.#offset += (input.speed * stepMs) / 1000;
    this.#drop();
    this.#fill(input);
    const sign = input.words.dir === "rtl" ? 1 : -1;
    this.#track.style.setProperty("transform", `translateX(${sign * this.#offset}px)`);
  }

  #drop(): void {
    for (
      let first = this.#cells[0];
      first !== undefined && this.#offset >= first.width;
      first = this.#cells[0]
    ) {
      this.#offset -= first.width;
      first.element.remove();
      this.#cells.shift();
      // A copy becomes the line itself when the one before it has left.
      const heir = this.#cells.find((cell) => cell.id === first.id);
      if (heir === undefined) continue;
      heir.element.inert = false;
      heir.element.removeAttribute("aria-hidden");
    }
  }

  #fill(input: ViewInput): void {
    const wanted = this.#window.clientWidth + this.#offset;
    let filled = this.#cells.reduce((sum, cell) => sum + cell.width, 0);
    while (filled < wanted && this.#cells.length < MOST_CELLS) {
      const item = this.#takeNext(input.items);
      if (item === undefined) return;
      const element = makeSingleLine(item, input, this.#handlers.onOpen);
      const isCopy = this.#cells.some((cell) => cell.id === item.id && cell.key !== "");
      element.inert = isCopy;
      if (isCopy) element.setAttribute("aria-hidden", "true");
      this.#track.append(element);
      const { width } = element.getBoundingClientRect();
      // Not laid out yet, or hidden: nothing to move.
      if (width === 0) return element.remove();
      this.#cells.push({ id: item.id, key: toLineKey(item, input), element, width });
      filled += width;
    }
  }

  #takeNext(items: readonly LineItem[]): LineItem | undefined {
    for (let id = this.#fresh.shift(); id !== undefined; id = this.#fresh.shift()) {
      const fresh = items.find((item) => item.id === id);
      if (fresh !== undefined) return fresh;
    }
    const index = items.findIndex((item) => item.id === this.#lastId);
    const item = items[index + 1] ?? items[0];
    this.#lastId = item?.id ?? "";
    return item;
  }
}
