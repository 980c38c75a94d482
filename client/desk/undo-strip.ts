import type { Item } from "../../src/contract/item.ts";
import { make, setText } from "../ticker/dom.ts";
import { type DeskDoor, kill } from "./desk-calls.ts";
import { makeButton } from "./field.ts";
import { toRefusalWords } from "./refusal-words.ts";
import type { ScreensStrip } from "./screens-strip.ts";

const UNDO_MS = 5000;

/** The honest kind of undo: what was sent is on screens already, so undoing withdraws it for good. */
export class UndoStrip {
  readonly element = make("div", { className: "undo", attributes: { role: "status" } });
  readonly #door: DeskDoor;
  readonly #screens: ScreensStrip;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(door: DeskDoor, screens: ScreensStrip) {
    this.#door = door;
    this.#screens = screens;
    this.element.hidden = true;
  }

  show(item: Item): void {
    clearTimeout(this.#timer);
    const text = make("span", { text: `Sent to ${item.lines.join(", ")}.` });
    const undo = makeButton("Undo", () => void this.#undo(item, text, undo));
    undo.title = "Withdraws the item from every screen, for good";
    // A new bar each time, so that its shrinking begins again.
    this.element.replaceChildren(text, undo, make("span", { className: "bar" }));
    this.element.hidden = false;
    this.#timer = setTimeout(() => this.#hide(), UNDO_MS);
  }

  async #undo(item: Item, text: HTMLElement, button: HTMLButtonElement): Promise<void> {
    clearTimeout(this.#timer);
    button.disabled = true;
    setText(text, "Withdrawing");
    try {
      await kill(this.#door, item.id, "undone by the editor within 5 seconds");
      this.#screens.follow("Withdrawn", item);
      this.element.replaceChildren(make("span", { text: `Withdrawn from ${item.lines.join(", ")}.` }));
      this.#timer = setTimeout(() => this.#hide(), UNDO_MS);
    } catch (error) {
      // It stays until it has worked: the item is still on screens.
      setText(text, `${toRefusalWords(error)} It is still on the line.`);
      button.disabled = false;
    }
  }

  #hide(): void {
    this.element.hidden = true;
    this.element.replaceChildren();
  }
}
