import { type Fields, isFields } from "../feed/guards.ts";
import { make } from "../ticker/dom.ts";
import type { Times } from "../ticker/times.ts";
import { callDesk, type DeskDoor } from "./desk-calls.ts";
import { makeButton } from "./field.ts";
import { makeRow, makeTable, toList, toText, toTime } from "./table.ts";

const LONGEST_VALUE = 240;

/** A value as one may read it: text as it is, lists and objects as JSON, long ones cut. */
export function toValueText(value: unknown): string {
  if (value === undefined || value === null) return "–";
  const isList = Array.isArray(value) && value.every((one) => typeof one === "string");
  const text = typeof value === "string" ? value : isList ? value.join(", ") : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)} …` : text;
}

/** Each field with its value and the rule that gave it; what was left out below. */
export function makeRules(draft: Fields, notes: readonly Fields[]): HTMLElement {
  const rulesOf = (field: string) =>
    notes.flatMap((note) => (note["field"] === field ? [toText(note["rule"])] : [])).join("; ");
  const fields = Object.keys(draft);
  const rows = fields.map((field) => {
    const value = make("span", { text: toValueText(draft[field]), attributes: { dir: "auto" } });
    return makeRow([field, value, rulesOf(field)]);
  });
  const others = notes.filter((note) => !fields.includes(toText(note["field"])));
  const table = makeTable(["Field", "Value", "Rule"], rows);
  table.className = "rules";
  return make(
    "div",
    { className: "explained" },
    table,
    others.length === 0 ? undefined : make("h4", { text: "Read, but no field of its own" }),
    ...others.map((note) => make("p", { text: `${toText(note["field"])}: ${toText(note["rule"])}` })),
  );
}

/** Why the item says what it says: its delivery read once more, field by field. */
export async function makeWhy(
  id: string,
  { door, times, onDone }: { door: DeskDoor; times: Times; onDone: () => void },
): Promise<HTMLElement> {
  const told = await callDesk(door, "GET", `v1/items/${id}/explain`);
  const fields = isFields(told) ? told : {};
  const draft = isFields(fields["draft"]) ? fields["draft"] : {};
  const from = `${toText(fields["format"])}, delivery ${toText(fields["delivery"])} of ${toTime(fields["receivedAt"], times)}`;
  return make(
    "div",
    { className: "form", attributes: { tabindex: "-1", role: "group", "aria-label": "Explanation" } },
    make("p", { className: "hint", text: `As the source sent it: ${from}` }),
    makeRules(draft, toList(fields, "notes")),
    make("div", { className: "row" }, makeButton("Close", onDone)),
  );
}

/** What would become of a document, item by item. */
export function makeExplanation(told: unknown): HTMLElement {
  const fields = isFields(told) ? told : {};
  const refused = isFields(fields["refused"]) ? fields["refused"] : undefined;
  const drafts = toList(fields, "drafts");
  const notes = toList(fields, "notes");
  const ofDraft = (index: number): Fields[] => {
    if (drafts.length === 1) return notes;
    const prefix = `drafts[${index}].`;
    return notes.flatMap((note) => {
      const field = toText(note["field"]);
      return field.startsWith(prefix) ? [{ ...note, field: field.slice(prefix.length) }] : [];
    });
  };
  const ofAll =
    drafts.length === 1 ? [] : notes.filter((note) => !toText(note["field"]).startsWith("drafts["));
  const count = drafts.length === 1 ? "1 item" : `${drafts.length} items`;
  return make(
    "div",
    {},
    refused === undefined
      ? make("p", { className: "hint", text: `Read as ${toText(fields["format"])}: ${count}.` })
      : make("p", {
          className: "problem",
          text: `${toText(refused["message"])} (${toText(refused["code"])})`,
        }),
    ...ofAll.map((note) => make("p", { text: `${toText(note["field"])}: ${toText(note["rule"])}` })),
    ...drafts.map((draft, index) => makeRules(draft, ofDraft(index))),
  );
}
