import type { Item } from "../../src/contract/item.ts";
import { make, setText } from "../ticker/dom.ts";
import type { Times } from "../ticker/times.ts";
import { type KeyAction, parseComposition, toKeyAction } from "./composing.ts";
import { type DeskDoor, isOutcomeOpen, type NewItemFields, publish, toCommandKey } from "./desk-calls.ts";
import { makeButton, makeField, makeInput, makeText, toUrgencyWord } from "./field.ts";
import { toRefusalWords } from "./refusal-words.ts";
import { EMPTY_DRAFT, keepDraft, readDraft, type StoredDraft } from "./session.ts";

interface ComposerOptions {
  door: DeskDoor;
  times: Times;
  /** Names of lines that `#` finds. */
  lines: () => readonly string[];
  /** Where it goes when no line is typed. */
  currentLine: () => string;
  onSent: (item: Item) => void;
}

const REFUSALS = {
  urgent: "Urgency 1 and 2 go out with Ctrl+Enter.",
  pasted: "The text was pasted with line breaks. Check it, then press Ctrl+Enter.",
} as const;

const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** As people count: a letter with its accents is one. */
function countCharacters(text: string): number {
  return Array.from(characters.segment(text)).length;
}

/** A headline, Enter: on the line. What is typed is kept until the server has said that it is stored. */
export class Composer {
  readonly element: HTMLElement;
  readonly #options: ComposerOptions;
  readonly #headline = makeText(3);
  readonly #lead = makeText(2);
  readonly #body = makeText(6);
  readonly #link = makeInput("url");
  readonly #embargo = makeInput("datetime-local");
  readonly #edNote = makeText(2);
  readonly #urgencies: HTMLButtonElement[];
  readonly #send = makeButton("Send", () => void this.#publish(), "primary");
  readonly #message = make("p", { className: "message", attributes: { role: "status" } });
  readonly #preview = make("div", { className: "preview", attributes: { "aria-label": "Preview" } });
  readonly #count = make("span", { className: "count" });
  #urgency = 5;
  #hasPastedBreak = false;
  #isSending = false;
  /** Stays the same while the same text is sent again, so that it cannot come twice. */
  #attempt: { key: string; body: string } | undefined;

  constructor(options: ComposerOptions) {
    this.#options = options;
    this.#urgencies = [1, 2, 3, 4, 5].map((urgency) => this.#makeUrgency(urgency));
    this.#headline.className = "headline";
    this.#headline.placeholder = "Headline, Enter sends it";
    const more = make(
      "details",
      {},
      make("summary", { text: "Text, link, embargo, note" }),
      makeField("Lead", this.#lead),
      makeField("Text", this.#body, "Paragraphs are divided by a blank line."),
      makeField("Link", this.#link),
      makeField("Embargo until", this.#embargo, "Not on any line before this time, in your own zone."),
      makeField("Note to the desk", this.#edNote, "Readers never see it."),
    );
    this.element = make(
      "section",
      { className: "composer", attributes: { "aria-label": "New item" } },
      makeField("New item", this.#headline),
      make("div", { className: "row" }, make("div", { className: "urgencies" }, ...this.#urgencies)),
      this.#preview,
      more,
      make(
        "div",
        { className: "row" },
        this.#send,
        make("span", { className: "hint", text: "#line chooses a line · Ctrl+1 to 5 urgency" }),
        this.#count,
      ),
      this.#message,
    );
    this.element.addEventListener("input", () => this.#handleInput());
    this.#headline.addEventListener("paste", (event) => this.#handlePaste(event));
    this.element.addEventListener("keydown", (event) => this.#handleKey(event));
    this.#restore(readDraft());
  }

  focus(): void {
    this.#headline.focus();
  }

  /** The chosen line or the list of lines has changed. */
  update(): void {
    const { headline, lines, unknown } = this.#parse();
    const embargo = this.#embargo.value;
    setText(
      this.#send,
      embargo === "" ? `Send to ${lines.join(", ")}` : `Hold for ${lines.join(", ")} until then`,
    );
    setText(this.#count, headline === "" ? "" : `${countCharacters(headline)} characters`);
    for (const [index, button] of this.#urgencies.entries()) {
      button.setAttribute("aria-pressed", String(index + 1 === this.#urgency));
    }
    const time = make("time", { text: this.#options.times.clock(new Date().toISOString()) });
    const mark =
      this.#urgency <= 2 ? make("span", { className: "state breaking", text: "BREAKING" }) : undefined;
    const shown = make("span", { className: "headline", text: headline, attributes: { dir: "auto" } });
    const line = make("p", {}, ...(mark === undefined ? [] : [mark, document.createTextNode(" ")]), shown);
    this.#preview.hidden = headline === "";
    this.#preview.replaceChildren(time, line);
    const first = unknown[0];
    if (first !== undefined) this.#say(`There is no line called ${first}; it stays in the headline.`);
  }

  #makeUrgency(urgency: number): HTMLButtonElement {
    const press = () => {
      this.#urgency = urgency;
      this.#handleInput();
      this.focus();
    };
    const button = makeButton(`${urgency} ${toUrgencyWord(urgency)}`, press, `urgency-${urgency}`);
    button.setAttribute("aria-keyshortcuts", `Control+${urgency}`);
    return button;
  }

  #parse() {
    return parseComposition(this.#headline.value, this.#options.lines(), this.#options.currentLine());
  }

  #handleInput(): void {
    this.#say("");
    keepDraft(this.#toDraft());
    this.update();
  }

  #handlePaste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (/[\r\n]/u.test(text.trim())) this.#hasPastedBreak = true;
  }

  #handleKey(event: KeyboardEvent): void {
    const action = toKeyAction(event, { urgency: this.#urgency, hasPastedBreak: this.#hasPastedBreak });
    // In the long fields Enter is a line break; only Ctrl+Enter sends from there.
    const isElsewhere = event.target !== this.#headline && !event.ctrlKey && !event.metaKey;
    if (action.do === "nothing" || isElsewhere) return;
    event.preventDefault();
    this.#carryOut(action);
  }

  #carryOut(action: KeyAction): void {
    switch (action.do) {
      case "publish":
        void this.#publish();
        return;
      case "refuse":
        this.#say(REFUSALS[action.why]);
        return;
      case "urgency":
        this.#urgency = action.urgency;
        this.#handleInput();
        return;
      case "nothing":
    }
  }

  async #publish(): Promise<void> {
    const fields = this.#toFields();
    if (this.#isSending || fields.headline === "") return;
    const body = JSON.stringify(fields);
    if (this.#attempt?.body !== body) this.#attempt = { key: toCommandKey(), body };
    this.#setSending(true);
    this.#say("Sending");
    const text = this.#headline.value;
    try {
      const item = await publish(this.#options.door, fields, this.#attempt.key);
      this.#attempt = undefined;
      this.#say("");
      // What was typed on while it was sent is the next item already.
      const isSame = this.#headline.value === text;
      this.#restore(isSame ? EMPTY_DRAFT : { ...EMPTY_DRAFT, text: this.#headline.value });
      this.#options.onSent(item);
    } catch (error) {
      // The server has said that it did nothing: the next try is a new command.
      if (!isOutcomeOpen(error)) this.#attempt = undefined;
      this.#say(toRefusalWords(error), "problem");
    } finally {
      this.#setSending(false);
      this.focus();
    }
  }

  #setSending(isSending: boolean): void {
    this.#isSending = isSending;
    this.#send.disabled = isSending;
  }

  #toFields(): NewItemFields {
    const { headline, lines } = this.#parse();
    const embargo = this.#embargo.value;
    const optional = {
      lead: this.#lead.value.trim(),
      body: this.#body.value.trim(),
      link: this.#link.value.trim(),
      edNote: this.#edNote.value.trim(),
      embargoedUntil: embargo === "" ? "" : new Date(embargo).toISOString(),
    };
    const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== ""));
    return { headline, lines, urgency: this.#urgency, ...given };
  }

  #toDraft(): StoredDraft {
    return {
      text: this.#headline.value,
      urgency: this.#urgency,
      lead: this.#lead.value,
      body: this.#body.value,
      link: this.#link.value,
      embargo: this.#embargo.value,
      edNote: this.#edNote.value,
    };
  }

  #restore(draft: StoredDraft): void {
    this.#headline.value = draft.text;
    this.#lead.value = draft.lead;
    this.#body.value = draft.body;
    this.#link.value = draft.link;
    this.#embargo.value = draft.embargo;
    this.#edNote.value = draft.edNote;
    this.#urgency = draft.urgency;
    this.#hasPastedBreak = false;
    keepDraft(draft);
    this.update();
  }

  #say(text: string, kind = ""): void {
    setText(this.#message, text);
    this.#message.classList.toggle("problem", kind === "problem");
  }
}
