import { fromBin } from "./delays.ts";

/**
 * How long after its time an item of a source comes now, beside the worst that is usual. A day's worst is that of any
 * twenty items in a row, so a batch that comes late each night or each Monday is usual.
 */
export interface Lateness {
  /** Of the last twenty items, the one in the middle; in ms. */
  nowMs: number;
  usualMs: number;
  isOdd: boolean;
}

/** Day → the bin of its worst lateness. */
export type WorstByDay = ReadonlyMap<number, number>;

const LEAST_ITEMS = 20;
/** What is late for longer than that is taken for usual then: somebody has seen it, or nobody cares. */
const DOUBTED_DAYS = 7;
/** A month and some days: what comes once a month has been seen. */
const REMEMBERED_DAYS = 42;
/** So many days with items must have been seen. */
const LEAST_DAYS = 10;
/** Bins are √2 apart: nearly three times as late as ever … */
const ODD_BINS = 3;
/** … and by so much that somebody would care. */
const ODD_MS = 10 * 60_000;

/** The bin in the middle of the last items; undefined before there are enough. */
export function toRecent(bins: readonly number[]): number | undefined {
  return bins.length < LEAST_ITEMS ? undefined : bins.toSorted((a, b) => a - b)[LEAST_ITEMS / 2];
}

export function judgeLateness(recent: number, worst: WorstByDay, today: number): Lateness | undefined {
  const usual = [...worst].filter(([day]) => day < today - DOUBTED_DAYS).map(([, bin]) => bin);
  if (usual.length < LEAST_DAYS) return undefined;
  const usualBin = Math.max(...usual);
  const [nowMs, usualMs] = [fromBin(recent), fromBin(usualBin)];
  return { nowMs, usualMs, isOdd: recent >= usualBin + ODD_BINS && nowMs - usualMs >= ODD_MS };
}

/** With today's, without what is too old. The same map when nothing has changed. */
export function noteWorst(worst: WorstByDay, today: number, recent: number): WorstByDay {
  if ((worst.get(today) ?? -1) >= recent) return worst;
  const kept = [...worst].filter(([day]) => day > today - REMEMBERED_DAYS);
  return new Map([...kept, [today, recent]]);
}
