import type { LineItem } from "../../src/contract/item.ts";
import { make, setAttribute, setChildren, setText } from "../ticker/dom.ts";
import type { Times } from "../ticker/times.ts";
import { act, type DeskAction, type DeskDoor } from "./desk-calls.ts";
import { type DeskState, isDeskItem, toDue, toStates } from "./desk-item.ts";
import { makeWhy } from "./explain-view.ts";
import { makeButton, toUrgencyWord } from "./field.ts";
import { makeChangeForm, makeHistory, makeKillForm } from "./item-forms.ts";
import { toRefusalWords } from "./refusal-words.ts";
import type { Deed, ScreensStrip } from "./screens-strip.ts";

type RowAction = "update" | "correct" | "hold" | "pin" | "kill" | "history" | "explain";
const KEYS: Readonly<Record<string, RowAction>> = {
  u: "update",
  c: "correct",
  h: "hold",
  p: "pin",
  k: "kill",
  y: "history",
  e: "explain",
};

interface ListOptions {
  door: DeskDoor;
  times: Times;
  screens: ScreensStrip;
}

/** One item as the desk sees it, with what can be done to it. */
class DeskRow {
  readonly element: HTMLElement;
  readonly #options: ListOptions;
  readonly #day = make("p", { className: "day" });
  readonly #time = make("time");
  readonly #line = make("p", { className: "line" });
  readonly #about = make("p", { className: "about" });
  readonly #note = make("p", { className: "note" });
  readonly #buttons = new Map<RowAction, HTMLButtonElement>();
  readonly #slot = make("div", { className: "slot" });
  readonly #problem = make("p", { className: "message problem", attributes: { role: "alert" } });
  #item: LineItem;
  #key = "";

  readonly #onClosed: () => void;

  constructor(item: LineItem, options: ListOptions, onClosed: () => void) {
    this.#item = item;
    this.#options = options;
    this.#onClosed = onClosed;
    const actions = make(
      "div",
      { className: "actions" },
      ...Object.entries(KEYS).map((entry) => this.#makeAction(entry)),
    );
    const more = makeMoreButton(actions);
    const main = make(
      "div",
      { className: "main" },
      this.#line,
      this.#note,
      make("div", { className: "meta" }, this.#about, more, actions),
      this.#problem,
    );
    const attributes = { tabindex: "0" };
    const parts = [this.#day, this.#time, main, this.#slot];
    this.element = make("li", { className: "item", attributes }, ...parts);
    this.element.dataset["id"] = item.id;
    this.element.addEventListener("keydown", (event) => this.#handleKey(event));
  }

  get isBusy(): boolean {
    return this.#slot.childElementCount > 0;
  }

  update(item: LineItem, nowMs: number, hasDay: boolean): void {
    const { times } = this.#options;
    setText(this.#day, hasDay ? times.day(item.orderedAt) : "");
    this.#day.hidden = !hasDay;
    this.#item = item;
    const states = toStates(item, times, nowMs);
    const key = JSON.stringify([item, states]);
    if (key === this.#key) return;
    this.#key = key;
    setAttribute(this.#time, "datetime", item.orderedAt);
    setAttribute(this.#time, "title", times.full(item.orderedAt));
    setText(this.#time, times.clock(item.orderedAt));
    const [before, after] = [false, true].map((isAfter) =>
      states.filter(({ kind }) => (kind === "changed") === isAfter).map(makeState),
    );
    const headline = make("span", {
      className: "headline",
      text: item.headline,
      attributes: { dir: "auto" },
    });
    this.#line.replaceChildren(
      ...[...(before ?? []), headline, ...(after ?? [])].flatMap((part) => [part, " "]),
    );
    const by = isDeskItem(item) && item.by !== undefined ? ` · ${item.by}` : "";
    const urgency = `${item.urgency} ${toUrgencyWord(item.urgency)}`;
    setText(
      this.#about,
      `${urgency} · ${item.lines.join(", ")} · ${item.credit ?? item.source}${by} · revision ${item.revision}`,
    );
    const note = isDeskItem(item) ? (item.edNote ?? "") : "";
    setText(this.#note, note);
    this.#note.hidden = note === "";
    const isHeld = isDeskItem(item) && item.pubStatus === "withheld";
    const isEmbargoed = toDue(item, nowMs)?.kind === "embargo";
    // Striped: no reader sees it.
    this.element.classList.toggle("is-held", isHeld || isEmbargoed);
    this.#label("hold", isHeld ? "Release" : "Hold");
    this.#label("pin", item.pinned === true ? "Unpin" : "Pin");
  }

  /** The item has left while somebody writes: what they wrote stays, what stood on the line does not. */
  withdraw(): void {
    if (this.#key === "") return;
    this.#key = "";
    this.#line.replaceChildren(
      make("span", { className: "state held", text: "This item has left the line." }),
    );
    setText(this.#about, "");
    setText(this.#note, "");
    this.#note.hidden = true;
  }

  #makeAction([key, action]: [string, RowAction]): HTMLButtonElement {
    const name = action === "kill" ? "Withdraw" : action[0]?.toUpperCase() + action.slice(1);
    const button = makeButton(name, () => this.#run(action), action === "kill" ? "quiet danger" : "quiet");
    button.title = `Key ${key.toUpperCase()}`;
    button.setAttribute("aria-keyshortcuts", key);
    this.#buttons.set(action, button);
    return button;
  }

  #label(action: RowAction, text: string): void {
    const button = this.#buttons.get(action);
    if (button !== undefined) setText(button, text);
  }

  #handleKey(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.isBusy) {
      this.#closeForm();
      return;
    }
    const action = KEYS[event.key.toLowerCase()];
    // Only on the row itself: in a form these are letters.
    if (
      event.target !== this.element ||
      action === undefined ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    this.#run(action);
  }

  #run(action: RowAction): void {
    setText(this.#problem, "");
    const { door, times, screens } = this.#options;
    const item = this.#item;
    const onSent = (deed: Deed) => screens.follow(deed, item);
    const options = { door, onDone: () => this.#closeForm(), onSent };
    switch (action) {
      case "update":
        return void this.#openForm(makeChangeForm(this.#item, "update", options));
      case "correct":
        return void this.#openForm(makeChangeForm(this.#item, "correction", options));
      case "history":
        return void this.#openForm(makeHistory(this.#item, times, options));
      case "explain":
        return void this.#openForm(makeWhy(this.#item.id, { ...options, times }));
      case "kill":
        return void this.#openForm(makeKillForm(this.#item, options));
      case "hold": {
        const isHeld = isDeskItem(this.#item) && this.#item.pubStatus === "withheld";
        return void this.#act(isHeld ? "release" : "hold");
      }
      case "pin":
        return void this.#act(this.#item.pinned === true ? "unpin" : "pin");
    }
  }

  async #openForm(form: HTMLElement | Promise<HTMLElement>): Promise<void> {
    try {
      this.#slot.replaceChildren(await form);
      // What is there to be read begins at its top; its only button is at its end.
      const first = this.#slot.querySelector("textarea, input") ?? this.#slot.firstElementChild;
      if (first instanceof HTMLElement) first.focus();
    } catch (error) {
      setText(this.#problem, toRefusalWords(error));
    }
  }

  #closeForm(): void {
    this.#slot.replaceChildren();
    this.element.focus();
    this.#onClosed();
  }

  async #act(action: DeskAction): Promise<void> {
    try {
      const item = this.#item;
      await act(this.#options.door, item.id, action);
      if (action === "hold") this.#options.screens.follow("Held", item);
    } catch (error) {
      setText(this.#problem, toRefusalWords(error));
    }
  }
}

function makeState({ kind, text, words }: DeskState): HTMLElement {
  const note = words === undefined ? undefined : make("span", { className: "words", text: words });
  return make("span", { className: `state ${kind}`, text: note === undefined ? text : `${text} ` }, note);
}

/** In a small window the actions come when they are asked for: seven buttons a row would hide the line. */
function makeMoreButton(actions: HTMLElement): HTMLButtonElement {
  const more = makeButton(
    "Actions",
    () => {
      more.setAttribute("aria-expanded", String(more.getAttribute("aria-expanded") !== "true"));
    },
    "quiet more-actions",
  );
  more.setAttribute("aria-expanded", "false");
  actions.setAttribute("role", "group");
  return more;
}

/** The live line in the desk's projection: held and embargoed items stand in it too. */
export class DeskList {
  readonly element = make("ol", { className: "desk-list" });
  readonly #options: ListOptions;
  readonly #rows = new Map<string, DeskRow>();
  #items: readonly LineItem[] = [];
  #nowMs = 0;

  constructor(options: ListOptions) {
    this.#options = options;
  }

  update(items: readonly LineItem[], nowMs: number): void {
    this.#items = items;
    this.#nowMs = nowMs;
    const wanted = new Set(items.map((item) => item.id));
    for (const [id, row] of this.#rows) if (!wanted.has(id) && !row.isBusy) this.#rows.delete(id);
    const { dayKey } = this.#options.times;
    const elements = items.map((item, index) => {
      const before = items[index - 1];
      const row = this.#rows.get(item.id) ?? this.#makeRow(item);
      this.#rows.set(item.id, row);
      row.update(item, nowMs, before === undefined || dayKey(before.orderedAt) !== dayKey(item.orderedAt));
      return row.element;
    });
    // A form that somebody is filling in outlives its item's place on the line: its text is not lost.
    const orphans = [...this.#rows].filter(([id]) => !wanted.has(id)).map(([, row]) => row);
    for (const row of orphans) row.withdraw();
    setChildren(this.element, [...orphans.map((row) => row.element), ...elements]);
  }

  #makeRow(item: LineItem): DeskRow {
    return new DeskRow(item, this.#options, () => this.update(this.#items, this.#nowMs));
  }

  clear(): void {
    this.#rows.clear();
    this.#items = [];
    this.element.replaceChildren();
  }
}
