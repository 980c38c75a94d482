import { type Fields, isFields } from "../feed/guards.ts";
import { make } from "../ticker/dom.ts";
import { toDuration } from "../ticker/durations.ts";
import type { Times } from "../ticker/times.ts";
import { callDesk } from "./desk-calls.ts";
import { makeButton } from "./field.ts";
import { makeSourceEditor } from "./source-editor.ts";
import { fill, makeRow, makeTable, type TableOptions, toList, toText, toTime } from "./table.ts";

/** Sources with their pulse. */
export async function showSources(target: HTMLElement, options: TableOptions): Promise<void> {
  await fill(target, async () => {
    const sources = toList(await callDesk(options.door, "GET", "v1/sources"), "sources");
    if (sources.length === 0) return make("p", { className: "empty", text: "No source has been added yet." });
    const rows = sources.map((source) =>
      toSourceRow(source, options.times, () => edit(target, toText(source["source"]), options)),
    );
    const heads = ["Source", "Kind", "Lines", "Last item", "Usual", "Late", "Items", "Failures", "State", ""];
    return makeTable(heads, rows);
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

function toSourceRow(source: Fields, times: Times, onEdit: () => void): HTMLElement {
  const profile = isFields(source["profile"]) ? source["profile"] : {};
  const health = isFields(source["health"]) ? source["health"] : {};
  const poll = isFields(health["poll"]) ? health["poll"] : {};
  const report = isFields(health["report"]) ? health["report"] : {};
  const lines = Array.isArray(profile["lines"]) ? profile["lines"].join(", ") : "";
  const state = profile["paused"] === true ? "paused" : toText(poll["state"]);
  const message = toText(poll["message"]);
  const polled = message === "" ? state : `${state}: ${message}`;
  const said = toList(report, "alarms").map(({ says }) => toText(says));
  const button = makeButton("Profile", onEdit);
  button.dataset["source"] = toText(source["source"]);
  button.setAttribute("aria-label", `Profile of ${toText(source["source"])}`);
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
    button,
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
