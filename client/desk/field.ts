import { make } from "../ticker/dom.ts";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** A labelled control; the hint is read out with it. */
export function makeField(label: string, control: Control, hint?: string): HTMLElement {
  const name = make("span", { className: "name", text: label });
  const note = hint === undefined ? undefined : make("span", { className: "hint", text: hint });
  return make("label", { className: "field" }, name, control, note);
}

export function makeText(rows: number, value = ""): HTMLTextAreaElement {
  const area = make("textarea", { attributes: { rows: String(rows), dir: "auto" } });
  area.value = value;
  return area;
}

export function makeInput(type: string, value = ""): HTMLInputElement {
  const input = make("input", { attributes: { type, autocomplete: "off" } });
  input.value = value;
  return input;
}

export function makeButton(text: string, onPress: () => void, className = ""): HTMLButtonElement {
  const button = make("button", { text, className, attributes: { type: "button" } });
  button.addEventListener("click", onPress);
  return button;
}

const URGENCY_WORDS = ["Flash", "Bulletin", "Urgent", "Normal", "Routine", "Low", "Low", "Lowest", "Lowest"];

export function toUrgencyWord(urgency: number): string {
  return URGENCY_WORDS[urgency - 1] ?? "Routine";
}
