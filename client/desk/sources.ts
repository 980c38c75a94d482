import { type Fields, isFields } from "../feed/guards.ts";
import { make } from "../ticker/dom.ts";
import { toDuration } from "../ticker/durations.ts";
import type { Times } from "../ticker/times.ts";
import { callDesk } from "./desk-calls.ts";
import { makeButton } from "./field.ts";
import { makeSourceEditor } from "./source-editor.ts";
import { fill, makeRow, makeTable, makeTime, type TableOptions, toList, toText } from "./table.ts";

const HEADS = ["Source", "Kind", "Lines", "Last item", "Late", "Items", "Failures", "State", ""];

/** Sources with their pulse. */
export async function showSources(target: HTMLElement, options: TableOptions): Promise<void> {
  await fill(target, async () => {
    const sources = toList(await callDesk(options.door, "GET", "v1/sources"), "sources");
    if (sources.length === 0) return make("p", { className: "empty", text: "No source has been added yet." });
    const rows = sources.flatMap((source) =>
      toSourceRows(source, options.times, () => edit(target, toText(source["source"]), options)),
    );
    const table = makeTable(HEADS, rows);
    table.className = "stacked cards";
    return table;
  });
}

/** In the table's place; closed, the table is there again, with the focus where it was. */
function edit(target: HTMLElement, source: string, options: TableOptions): void {
  void fill(target, async () => {
    const told = await callDesk(options.door, "GET", `v1/sources/${encodeURIComponent(source)}`);
    const profile = isFields(told) ? told : {};
    return makeSourceEditor({ ...options, source, profile, onClose: () => void close() });
  }).then(() => target.querySelector("textarea")?.focus());
  const close = async () => {
    await showSources(target, options);
    target.querySelector<HTMLButtonElement>(`[data-source="${source}"]`)?.focus();
  };
}

/** What stands in the way of a source's news takes sentences, and a row of its own. */
function toSourceRows(source: Fields, times: Times, onEdit: () => void): HTMLElement[] {
  const profile = isFields(source["profile"]) ? source["profile"] : {};
  const health = isFields(source["health"]) ? source["health"] : {};
  const poll = isFields(health["poll"]) ? health["poll"] : {};
  const report = isFields(health["report"]) ? health["report"] : {};
  const lines = Array.isArray(profile["lines"]) ? profile["lines"].join(", ") : "";
  const alarms = toList(report, "alarms");
  const state = profile["paused"] === true ? "paused" : toText(poll["state"]);
  const states = [state, ...alarms.map(({ kind }) => toText(kind))].filter((word) => word !== "");
  const button = makeButton("Profile", onEdit);
  button.dataset["source"] = toText(source["source"]);
  button.setAttribute("aria-label", `Profile of ${toText(source["source"])}`);
  const row = makeRow([
    toText(source["source"]),
    toText(profile["kind"]),
    lines,
    make("div", {}, makeTime(health["lastItemAt"], times), toUsual(report)),
    toLate(report["lateness"]),
    toText(health["items"]),
    toText(health["failures"]),
    [...new Set(states)].join(", "),
    button,
  ]);
  // In a small window the heads are gone, and each value stands beside its name.
  for (const [index, cell] of [...row.cells].entries()) {
    const head = HEADS[index] ?? "";
    if (head !== "") cell.dataset["head"] = head;
  }
  const said = [toText(poll["message"]), ...alarms.map(({ says }) => toText(says))].filter(
    (words) => words !== "",
  );
  return said.length === 0 ? [row] : [row, makeProblemRow(said.join(" "))];
}

function makeProblemRow(words: string): HTMLElement {
  const attributes = { colspan: String(HEADS.length) };
  return make("tr", {}, make("td", { className: "problem", text: `▲ ${words}`, attributes }));
}

const HOUR_MS = 3_600_000;

/** How often something comes in this hour of the week. */
function toUsual({ usualPerHour }: Fields): HTMLElement {
  const often = typeof usualPerHour === "number" && usualPerHour > 0 ? HOUR_MS / usualPerHour : undefined;
  const text = often === undefined ? "" : `usually every ${toDuration(often)}`;
  return make("div", { className: "hint", text });
}

function toLate(lateness: unknown): string | HTMLElement {
  if (!isFields(lateness)) return "";
  const { medianMs, p95Ms } = lateness;
  if (typeof medianMs !== "number" || typeof p95Ms !== "number") return "";
  const title = `half of them within ${toDuration(medianMs)}, 95 % within ${toDuration(p95Ms)}`;
  return make("span", { text: toDuration(medianMs), attributes: { title } });
}
