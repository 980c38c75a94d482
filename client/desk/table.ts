import { type Fields, isFields } from "../feed/guards.ts";
import { make } from "../ticker/dom.ts";
import type { Times } from "../ticker/times.ts";
import type { DeskDoor } from "./desk-calls.ts";
import { toRefusalWords } from "./refusal-words.ts";

export interface TableOptions {
  door: DeskDoor;
  times: Times;
}

/** Fills the panel with what is loaded, or with why it could not be. */
export async function fill(target: HTMLElement, load: () => Promise<HTMLElement>): Promise<void> {
  try {
    target.replaceChildren(await load());
  } catch (error) {
    target.replaceChildren(make("p", { className: "message problem", text: toRefusalWords(error) }));
  }
}

export function makeTable(heads: readonly string[], rows: readonly HTMLElement[]): HTMLTableElement {
  const head = make("tr", {}, ...heads.map((text) => make("th", { text, attributes: { scope: "col" } })));
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows));
}

export function makeRow(cells: readonly (string | HTMLElement)[]): HTMLTableRowElement {
  return make(
    "tr",
    {},
    ...cells.map((cell) => (typeof cell === "string" ? make("td", { text: cell }) : make("td", {}, cell))),
  );
}

export function toList(body: unknown, name: string): Fields[] {
  const list = isFields(body) ? body[name] : undefined;
  return Array.isArray(list) ? list.filter(isFields) : [];
}

export function toText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function toTime(value: unknown, times: Times): string {
  return typeof value === "string" && value !== "" ? `${times.day(value)} ${times.clock(value)}` : "";
}

/** The clock alone today, with everything in its title. */
export function makeTime(value: unknown, times: Times): HTMLElement {
  if (typeof value !== "string" || value === "") return make("span");
  const isToday = times.dayKey(value) === times.dayKey(new Date().toISOString());
  const text = isToday ? times.clock(value) : toTime(value, times);
  return make("time", { text, attributes: { datetime: value, title: times.full(value) } });
}
