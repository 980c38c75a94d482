import { z } from "zod";
import { sourceHealth, sourceReport, sourceWeek } from "../contract/screens.ts";
import { openApi, type ServerOptions } from "./api.ts";
import { print, style, toTable } from "./output.ts";

const listedSource = z.looseObject({
  source: z.string(),
  profile: z.looseObject({ kind: z.string(), paused: z.boolean().optional() }),
  health: sourceHealth,
});
type ListedSource = z.infer<typeof listedSource>;
const listed = z.object({ sources: z.array(listedSource) });

/** What stands in the way of a source's news, in sentences. */
export interface SourceFinding {
  source: string;
  problems: string[];
  row: string[];
  health: ListedSource["health"];
}

export async function readSourceFindings(options: ServerOptions): Promise<SourceFinding[]> {
  const api = await openApi(options);
  const { sources } = listed.parse(await api.call("GET", "/v1/sources"));
  return sources
    .filter(({ profile }) => profile.kind !== "desk")
    .map((one) => ({ source: one.source, problems: toProblems(one), row: toRow(one), health: one.health }));
}

function toProblems({ profile, health: { poll, report } }: ListedSource): string[] {
  if (profile.paused === true) return [];
  const isPolled = poll !== undefined && poll.state !== "ok";
  return [
    ...(isPolled ? [poll.message ?? poll.state] : []),
    ...(report?.alarms ?? []).map(({ says }) => says),
  ];
}

const HEADS = [
  "SOURCE",
  "LAST ITEM",
  "USUAL/H",
  "LATE P50",
  "LATE P95",
  "AHEAD",
  "MISSING",
  "UNREADABLE",
  "STATE",
];

function toRow({ source, profile, health: { lastItemAt, poll, report } }: ListedSource): string[] {
  const { lateness, clock, missing = [] } = report ?? {};
  const state = [
    ...(profile.paused === true ? ["paused"] : []),
    ...(poll === undefined || poll.state === "ok" ? [] : [poll.state]),
    ...(report?.alarms ?? []).map(({ kind }) => kind),
  ];
  return [
    source,
    lastItemAt?.slice(0, 19).replace("T", " ") ?? "-",
    report?.usualPerHour === undefined ? "learning" : String(report.usualPerHour),
    lateness === undefined ? "-" : toWords(lateness.medianMs),
    lateness === undefined ? "-" : toWords(lateness.p95Ms),
    String(clock?.ahead ?? 0),
    String(missing.reduce((sum, { count }) => sum + count, 0)),
    report === undefined ? "-" : `${report.unreadable}/${report.deliveries}`,
    [...new Set(state)].join(", ") || "ok",
  ];
}

/** Problems below the table, since a sentence fits in no column. */
export function toSourceTable(findings: readonly SourceFinding[]): string {
  if (findings.length === 0) return "";
  const table = toTable([HEADS, ...findings.map(({ row }) => row)]);
  const said = findings.flatMap(({ source, problems }) =>
    problems.map((why) => `${style("red", source)}: ${why}`),
  );
  return ["", table, ...(said.length === 0 ? [] : ["", ...said])].join("\n");
}

const told = z.object({
  source: z.string(),
  zone: z.string(),
  report: sourceReport.optional(),
  week: sourceWeek.optional(),
});

/** One source with its usual week. */
export async function showSource(source: string, options: ServerOptions): Promise<void> {
  const api = await openApi(options);
  const { zone, report, week } = told.parse(
    await api.call("GET", `/v1/sources/${encodeURIComponent(source)}/report`),
  );
  const words = [
    report === undefined ? `${source} has sent nothing yet.` : `${source}, looked at ${report.at}`,
    ...(report?.alarms ?? []).map(({ says }) => style("red", says)),
    ...(week === undefined
      ? ["Its usual week is not known yet: that takes two weeks and twenty times of news."]
      : ["", toWeek(week), `hours in ${zone}; the fuller, the more often it sends`]),
  ];
  print(options.json, { source, zone, report, week }, words.join("\n"));
  if (report !== undefined && report.alarms.length > 0) process.exitCode = 1;
}

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const LEVELS = " ▁▂▃▄▅▆▇█";
const MOST_PER_HOUR = 12;

/** A row a day, a sign an hour. */
export function toWeek(week: readonly number[]): string {
  const hours = "     0     6     12    18";
  const rows = DAYS.map((day, index) => {
    const signs = week.slice(index * 24, index * 24 + 24).map(toLevel);
    return `${day}  ${signs.join("")}`;
  });
  return [hours, ...rows].join("\n");
}

function toLevel(count: number): string {
  if (count <= 0) return LEVELS.charAt(0);
  return LEVELS.charAt(Math.min(8, 1 + Math.floor((count / MOST_PER_HOUR) * 8)));
}

export function toWords(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return `${minutes} min`;
  return `${Math.round(minutes / 60)} h`;
}
