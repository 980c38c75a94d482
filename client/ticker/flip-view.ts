import type { LineItem } from "../../src/contract/item.ts";
import { make, setText } from "./dom.ts";
import { isBreaking } from "./item-marks.ts";
import {
  type ModeView,
  toOutcome,
  type ViewHandlers,
  type ViewInput,
  type ViewOutcome,
} from "./mode-view.ts";
import { makeSingleLine, toLineKey } from "./single-line.ts";

/** Long enough to read two lines aloud. */
const STAY_MS = 7000;

/** One item at a time. It goes on by itself unless somebody points at it, has the focus in it, or paused it. */
export class FlipView implements ModeView {
  readonly element: HTMLElement;
  readonly #stage = make("div", { className: "stage" });
  readonly #previous = make("button", { attributes: { type: "button" } });
  readonly #pause = make("button", { attributes: { type: "button", "aria-pressed": "false" } });
  readonly #next = make("button", { attributes: { type: "button" } });
  readonly #handlers: ViewHandlers;
  #input: ViewInput | undefined;
  #shown: readonly LineItem[] | undefined;
  #id = "";
  #key = "";
  #timer: ReturnType<typeof setInterval> | undefined;
  #isPaused = matchMedia("(prefers-reduced-motion: reduce)").matches;

  constructor(handlers: ViewHandlers) {
    this.#handlers = handlers;
    const buttons = make("div", { part: "controls" }, this.#previous, this.#pause, this.#next);
    this.element = make("div", { part: "flip" }, this.#stage, buttons);
    this.#previous.addEventListener("click", () => this.#step(-1));
    this.#next.addEventListener("click", () => this.#step(1));
    this.#pause.addEventListener("click", () => {
      this.#isPaused = !this.#isPaused;
      this.#updateButtons();
    });
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
    const breaking = outcome.added.find((item) => isBreaking(item, input.nowMs));
    if (breaking !== undefined) this.#id = breaking.id;
    this.#timer ??= setInterval(() => this.#goOn(), STAY_MS);
    this.#updateButtons();
    this.#paint();
    return outcome;
  }

  openItem(id: string): boolean {
    if (!this.shownItems.some((item) => item.id === id)) return false;
    this.#id = id;
    this.#paint();
    return true;
  }

  clear(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#shown = undefined;
    this.#id = "";
    this.#key = "";
    this.#stage.replaceChildren();
  }

  #goOn(): void {
    if (!this.#isPaused && !this.element.matches(":hover, :focus-within")) this.#step(1);
  }

  #step(by: number): void {
    const items = this.shownItems;
    const index = items.findIndex((item) => item.id === this.#id);
    this.#id = items.at((Math.max(index, 0) + by) % Math.max(items.length, 1))?.id ?? "";
    this.#paint();
  }

  /** An item that has left makes room for the newest at once. */
  #paint(): void {
    const input = this.#input;
    const items = this.shownItems;
    const item = items.find((one) => one.id === this.#id) ?? items[0];
    this.#id = item?.id ?? "";
    const key = item === undefined || input === undefined ? "" : item.id + toLineKey(item, input);
    if (key === this.#key) return;
    this.#key = key;
    this.#stage.replaceChildren();
    if (item === undefined || input === undefined) return;
    const line = makeSingleLine(item, input, this.#handlers.onOpen);
    line.classList.add("entering");
    this.#stage.append(line);
  }

  #updateButtons(): void {
    const words = this.#input?.words;
    if (words === undefined) return;
    const name = this.#isPaused ? words.play : words.pause;
    for (const [button, sign, label] of [
      [this.#previous, "‹", words.previous],
      [this.#pause, this.#isPaused ? "▶" : "❚❚", name],
      [this.#next, "›", words.next],
    ] as const) {
      setText(button, sign);
      button.setAttribute("aria-label", label);
    }
    this.#pause.setAttribute("aria-pressed", String(this.#isPaused));
  }
}
