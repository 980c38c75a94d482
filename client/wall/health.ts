import { type Fields, isFields } from "../feed/guards.ts";
import { toDuration } from "../ticker/durations.ts";
import type { Times } from "../ticker/times.ts";

/** One figure of the strip. What is out of the usual stands out, the rest is quiet. */
export interface Figure {
  name: string;
  value: string;
  isOdd: boolean;
}

const ODD_WAITING = 200;
const ODD_OLDEST_MS = 10_000;
const ODD_P99_MS = 1000;
/** Of the lines with the most readers. */
const MOST_LINES = 3;
const HOUR_MS = 3_600_000;

/** What `/v1/status` says, in words; it is read leniently, since it may grow. */
export function toFigures(status: unknown, times: Times): Figure[] {
  const fields = isFields(status) ? status : {};
  const queue = isFields(fields["queue"]) ? fields["queue"] : {};
  const latency = isFields(fields["latency"]) ? fields["latency"] : {};
  const waiting = toNumber(queue["waiting"]) ?? 0;
  const oldestMs = toNumber(queue["oldestMs"]) ?? 0;
  const p99 = toNumber(latency["p99"]);
  const since = typeof fields["since"] === "string" ? ` since ${times.short(fields["since"])}` : "";
  return [
    {
      name: "Store",
      value: fields["live"] === false ? `away${since}` : "ok",
      isOdd: fields["live"] === false,
    },
    { name: "Worker", value: fields["worker"] === false ? "none" : "ok", isOdd: fields["worker"] === false },
    {
      name: "Queue",
      value: waiting === 0 ? "empty" : `${waiting} waiting, oldest ${toDuration(oldestMs)}`,
      isOdd: waiting > ODD_WAITING || oldestMs > ODD_OLDEST_MS,
    },
    {
      name: "To screen",
      value: `p50 ${toMs(toNumber(latency["p50"]))} · p99 ${toMs(p99)}`,
      isOdd: p99 !== undefined && p99 > ODD_P99_MS,
    },
    { name: "Readers", value: toReaders(fields["readers"]), isOdd: false },
  ];
}

/** All, and where most of them read. */
function toReaders(readers: unknown): string {
  const lines = Object.entries(isFields(readers) ? readers : {})
    .map(([line, count]) => ({ line, count: toNumber(count) ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const all = lines.reduce((sum, { count }) => sum + count, 0).toLocaleString("en");
  if (lines.length < 2) return all;
  const most = lines.slice(0, MOST_LINES).map(({ line, count }) => `${line} ${count.toLocaleString("en")}`);
  return [all, ...most].join(" · ");
}

/** One figure a source: when its last item came, and whether something is wrong with it. */
export function toSourceFigures(body: unknown, nowMs: number): Figure[] {
  const sources = isFields(body) && Array.isArray(body["sources"]) ? body["sources"].filter(isFields) : [];
  // The desk is no wire: that it is quiet means nothing.
  const isWire = ({ profile }: Fields) => !isFields(profile) || profile["kind"] !== "desk";
  return sources.filter(isWire).map((source) => toSourceFigure(source, nowMs));
}

function toSourceFigure(source: Fields, nowMs: number): Figure {
  const name = String(source["source"]);
  const profile = isFields(source["profile"]) ? source["profile"] : {};
  const health = isFields(source["health"]) ? source["health"] : {};
  const poll = isFields(health["poll"]) ? health["poll"] : {};
  const lastAt = typeof health["lastItemAt"] === "string" ? Date.parse(health["lastItemAt"]) : Number.NaN;
  const silentMs = nowMs - lastAt;
  const last = Number.isNaN(lastAt) ? "no item yet" : `${toDuration(silentMs)} ago`;
  if (profile["paused"] === true) return { name, value: "paused", isOdd: true };
  if (poll["state"] === "failing")
    return { name, value: `failing, ${Number.isNaN(lastAt) ? last : `last item ${last}`}`, isOdd: true };
  if (poll["state"] === "gone") return { name, value: "gone for good", isOdd: true };
  const report = isFields(health["report"]) ? health["report"] : {};
  const odd = toOdds(report, silentMs);
  if (odd.length > 0) return { name, value: odd.join(" · "), isOdd: true };
  const usual = toNumber(report["usualPerHour"]) ?? 0;
  const often = usual > 0 ? ` · usually every ${toDuration(HOUR_MS / usual)}` : "";
  return { name, value: last + often, isOdd: false };
}

/** What the doctor finds odd, in as few words as can be read from three metres. */
function toOdds(report: Fields, silentMs: number): string[] {
  const alarms = Array.isArray(report["alarms"]) ? report["alarms"].filter(isFields) : [];
  const clock = isFields(report["clock"]) ? report["clock"] : {};
  const lateness = isFields(report["lateness"]) ? report["lateness"] : {};
  const missing = Array.isArray(report["missing"]) ? report["missing"].filter(isFields) : [];
  const lost = missing.reduce((sum, { count }) => sum + (toNumber(count) ?? 0), 0);
  const words: Record<string, string> = {
    silent: `silent for ${toDuration(silentMs)}`,
    clock: `clock ${toDuration(toNumber(clock["medianMs"]) ?? 0)} ahead`,
    missing: `${lost} numbers missing`,
    late: `late by ${toDuration(toNumber(lateness["nowMs"]) ?? 0)}`,
    unreadable: `${toNumber(report["unreadable"]) ?? 0} unreadable`,
  };
  return [...new Set(alarms.map(({ kind }) => words[String(kind)] ?? String(kind)))];
}

function toMs(value: number | undefined): string {
  return value === undefined ? "–" : `${Math.round(value)} ms`;
}

function toNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
