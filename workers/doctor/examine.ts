import type { SourceProfile } from "../../src/contract/profile.ts";
import type { SourceReport } from "../../src/contract/screens.ts";
import { type DayCounts, type Observed, toDay } from "../../src/store/observations.ts";
import { toQuantile } from "./delays.ts";
import { judgeLateness, type Lateness, toRecent } from "./lateness.ts";
import { type MissingNumbers, toMissing } from "./missing-numbers.ts";
import { judgeSilence, type Rhythm, toSlot, toWallHour } from "./rhythm.ts";

export interface Patient {
  profile: SourceProfile;
  observed: Observed;
  rhythm: Rhythm;
  /** By service: what was missing already when it was looked at last. */
  settled: ReadonlyMap<string, readonly MissingNumbers[]>;
}

/** So many in a row of figures are listed, the rest is counted. */
const MOST_RANGES = 5;

/** A share of times in the future, or of deliveries that cannot be read, that is no single slip any more. */
const LEAST_ODD = 3;
const ODD_AHEAD = 0.2;
const ODD_UNREADABLE = 0.1;

/** What can be said of a source now (WIR2 to WIR7). Pure. */
export function examine(patient: Patient, nowMs: number): SourceReport {
  const { observed, rhythm, profile } = patient;
  const wallHour = toWallHour(nowMs, profile.zone);
  const counts = addUp(observed.days);
  const report: SourceReport = {
    at: toInstant(nowMs),
    since: toInstant(observed.sinceMs),
    isLearned: rhythm.isLearned,
    ...(rhythm.isLearned && { usualPerHour: toTenths(rhythm.perHour[toSlot(wallHour).slot] ?? 0) }),
    ...toSilence(patient, wallHour),
    ...toDelays(counts, toLateness(observed, nowMs)),
    ...toMissed(patient.settled),
    deliveries: (counts.get("read") ?? 0) + (counts.get("unreadable") ?? 0),
    unreadable: counts.get("unreadable") ?? 0,
    alarms: [],
  };
  return { ...report, alarms: [...toAlarms(report, patient, wallHour), ...toLateAlarm(observed, nowMs)] };
}

/** What is missing by service, found or not found before. */
export function findMissing(
  { numbers }: Observed,
  { sequenceEnd }: SourceProfile,
): Map<string, MissingNumbers[]> {
  return new Map(
    [...numbers].map(([service, { runs, end }]) => [service, toMissing(runs, sequenceEnd ?? end)]),
  );
}

function toSilence({ observed, rhythm, profile }: Patient, wallHour: number): Pick<SourceReport, "silence"> {
  if (observed.itemMs === undefined) return {};
  const { due } = judgeSilence(rhythm, toWallHour(observed.itemMs, profile.zone), wallHour);
  return { silence: { since: toInstant(observed.itemMs), due: toTenths(due) } };
}

function addUp(days: readonly DayCounts[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of days.flatMap((day) => [...day])) sums.set(name, (sums.get(name) ?? 0) + count);
  return sums;
}

function toLateness({ delays, worst, itemMs }: Observed, nowMs: number): Lateness | undefined {
  const recent = toRecent(delays);
  // What came days ago says nothing of now.
  if (recent === undefined || itemMs === undefined || toDay(itemMs) < toDay(nowMs) - 1) return undefined;
  return judgeLateness(recent, worst, toDay(nowMs));
}

function toLateAlarm(observed: Observed, nowMs: number): SourceReport["alarms"] {
  const lateness = toLateness(observed, nowMs);
  if (lateness?.isOdd !== true) return [];
  const [now, usual] = [toWords(lateness.nowMs), toWords(lateness.usualMs)];
  return [
    { kind: "late", says: `Items come about ${now} after their time; ${usual} was the most until now.` },
  ];
}

function toDelays(counts: DayCounts, now: Lateness | undefined): Pick<SourceReport, "lateness" | "clock"> {
  const late = pickBins(counts, "late:");
  const ahead = pickBins(counts, "ahead:");
  const [inTime, early] = [total(late), total(ahead)];
  const items = inTime + early;
  if (items === 0) return {};
  const medianAhead = toQuantile(ahead, 0.5);
  // What claims to come from the future was not late.
  const all = new Map(late).set(0, (late.get(0) ?? 0) + early);
  return {
    lateness: {
      items,
      medianMs: toQuantile(all, 0.5) ?? 0,
      p95Ms: toQuantile(all, 0.95) ?? 0,
      ...(now !== undefined && { nowMs: now.nowMs, usualMs: now.usualMs }),
    },
    ...(medianAhead !== undefined && { clock: { ahead: early, items, medianMs: medianAhead } }),
  };
}

function pickBins(counts: DayCounts, prefix: string): Map<number, number> {
  return new Map(
    [...counts].flatMap(([name, count]): [number, number][] =>
      name.startsWith(prefix) ? [[Number(name.slice(prefix.length)), count]] : [],
    ),
  );
}

function total(bins: ReadonlyMap<number, number>): number {
  return [...bins.values()].reduce((sum, count) => sum + count, 0);
}

function toMissed(settled: Patient["settled"]): Pick<SourceReport, "missing"> {
  const missing = [...settled].flatMap(([service, ranges]) => {
    const count = ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    return count === 0 ? [] : [{ service, count, ranges: ranges.slice(-MOST_RANGES) }];
  });
  return missing.length === 0 ? {} : { missing };
}

function toAlarms(report: SourceReport, patient: Patient, wallHour: number): SourceReport["alarms"] {
  const { observed, rhythm, profile } = patient;
  const { silence, clock, missing = [], deliveries, unreadable } = report;
  const alarms: SourceReport["alarms"] = [];
  // Nothing is fetched from a paused source: its silence is ours.
  if (silence !== undefined && observed.itemMs !== undefined && profile.paused !== true) {
    const { due, isOdd } = judgeSilence(rhythm, toWallHour(observed.itemMs, profile.zone), wallHour);
    const says = `Nothing since ${silence.since.slice(0, 16)}Z; news was due about ${Math.round(due)} times.`;
    if (isOdd) alarms.push({ kind: "silent", says });
  }
  if (clock !== undefined && clock.ahead >= LEAST_ODD && clock.ahead >= ODD_AHEAD * clock.items) {
    const far = toWords(clock.medianMs);
    const says = `${clock.ahead} of ${clock.items} items came with a time about ${far} ahead: a wrong clock or zone.`;
    alarms.push({ kind: "clock", says });
  }
  for (const { service, count, ranges } of missing) {
    const listed = ranges.map(({ from, to }) => (from === to ? from : `${from}–${to}`)).join(", ");
    const name = service === "" ? "its numbers" : service;
    alarms.push({ kind: "missing", says: `${count} missing of ${name}: ${listed}.` });
  }
  if (unreadable >= LEAST_ODD && unreadable >= ODD_UNREADABLE * deliveries) {
    alarms.push({
      kind: "unreadable",
      says: `${unreadable} of ${deliveries} deliveries could not be read; see the quarantine.`,
    });
  }
  return alarms;
}

function toWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

function toTenths(value: number): number {
  return Math.round(value * 10) / 10;
}

function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}
