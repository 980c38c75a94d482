import { type Fields, isFields } from "../feed/guards.ts";
import { make, setText } from "../ticker/dom.ts";
import { toDuration } from "../ticker/durations.ts";
import type { Times } from "../ticker/times.ts";
import { callDesk, type DeskDoor } from "./desk-calls.ts";
import { makeButton } from "./field.ts";
import { toRefusalWords } from "./refusal-words.ts";

interface TableOptions {
  door: DeskDoor;
  times: Times;
}

/** What could not be read, and why; it can be tried again. */
export async function showQuarantine(target: HTMLElement, options: TableOptions): Promise<void> {
  await show(target, async () => {
    const entries = toList(await callDesk(options.door, "GET", "v1/quarantine"), "entries");
    if (entries.length === 0)
      return make("p", { className: "empty", text: "Everything that came could be read." });
    const rows = entries.map((entry) => toQuarantineRow(entry, options));
    return makeTable(["Time", "Source", "Why", ""], rows);
  });
}

function toQuarantineRow(entry: Fields, { door, times }: TableOptions): HTMLElement {
  const id = toText(entry["id"]);
  const said = make("span", { className: "hint" });
  const retry = makeButton("Try again", () => {
    retry.disabled = true;
    callDesk(door, "POST", `v1/quarantine/${id}/retry`).then(
      () => setText(said, "Queued again"),
      (error: unknown) => {
        retry.disabled = false;
        setText(said, toRefusalWords(error));
      },
    );
  });
  const why = `${toText(entry["message"])} (${toText(entry["code"])})`;
  return makeRow([toTime(entry["at"], times), toText(entry["source"]), why, make("span", {}, retry, said)]);
}

/** Sources with their pulse. */
export async function showSources(target: HTMLElement, options: TableOptions): Promise<void> {
  await show(target, async () => {
    const sources = toList(await callDesk(options.door, "GET", "v1/sources"), "sources");
    if (sources.length === 0) return make("p", { className: "empty", text: "No source has been added yet." });
    const rows = sources.map((source) => toSourceRow(source, options.times));
    const heads = ["Source", "Kind", "Lines", "Last item", "Usual", "Late", "Items", "Failures", "State"];
    return makeTable(heads, rows);
  });
}

function toSourceRow(source: Fields, times: Times): HTMLElement {
  const profile = isFields(source["profile"]) ? source["profile"] : {};
  const health = isFields(source["health"]) ? source["health"] : {};
  const poll = isFields(health["poll"]) ? health["poll"] : {};
  const report = isFields(health["report"]) ? health["report"] : {};
  const lines = Array.isArray(profile["lines"]) ? profile["lines"].join(", ") : "";
  const state = profile["paused"] === true ? "paused" : toText(poll["state"]);
  const message = toText(poll["message"]);
  const polled = message === "" ? state : `${state}: ${message}`;
  const said = toList(report, "alarms").map(({ says }) => toText(says));
  return makeRow([
    toText(source["source"]),
    toText(profile["kind"]),
    lines,
    toTime(health["lastItemAt"], times),
    toUsual(report),
    toLate(report["lateness"]),
    toText(health["items"]),
    toText(health["failures"]),
    [polled, ...said].filter((words) => words !== "").join(" "),
  ]);
}

const HOUR_MS = 3_600_000;

/** How often something comes in this hour of the week. */
function toUsual({ usualPerHour }: Fields): string {
  if (typeof usualPerHour !== "number") return "";
  return usualPerHour > 0 ? `every ${toDuration(HOUR_MS / usualPerHour)}` : "quiet now";
}

function toLate(lateness: unknown): string {
  if (!isFields(lateness)) return "";
  const { medianMs, p95Ms } = lateness;
  if (typeof medianMs !== "number" || typeof p95Ms !== "number") return "";
  return `${toDuration(medianMs)}, 95 % within ${toDuration(p95Ms)}`;
}

async function show(target: HTMLElement, load: () => Promise<HTMLElement>): Promise<void> {
  try {
    target.replaceChildren(await load());
  } catch (error) {
    target.replaceChildren(make("p", { className: "message problem", text: toRefusalWords(error) }));
  }
}

function makeTable(heads: readonly string[], rows: readonly HTMLElement[]): HTMLElement {
  const head = make("tr", {}, ...heads.map((text) => make("th", { text, attributes: { scope: "col" } })));
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows));
}

function makeRow(cells: readonly (string | HTMLElement)[]): HTMLElement {
  return make(
    "tr",
    {},
    ...cells.map((cell) => (typeof cell === "string" ? make("td", { text: cell }) : make("td", {}, cell))),
  );
}

function toList(body: unknown, name: string): Fields[] {
  const list = isFields(body) ? body[name] : undefined;
  return Array.isArray(list) ? list.filter(isFields) : [];
}

function toText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function toTime(value: unknown, times: Times): string {
  return typeof value === "string" && value !== "" ? `${times.day(value)} ${times.clock(value)}` : "";
}
