import { IANAZone } from "luxon";

const HOUR_MS = 3_600_000;
/** News that comes within one spell counts once: a source sends in bursts, and a burst is one sign of life. */
export const SPELL_MS = 300_000;
const SPELLS_PER_HOUR = HOUR_MS / SPELL_MS;

export const HOURS_PER_WEEK = 168;
/** The weeks that are remembered: enough to know an hour of the week, short enough to forget a former habit. */
export const WEEKS = 5;
export const MOST_HOURS = WEEKS * HOURS_PER_WEEK;
/** 1970 began on a Thursday, a week begins on Monday. */
const HOURS_TO_MONDAY = 72;

/** Every hour of the week was seen twice … */
const LEAST_HOURS = 2 * HOURS_PER_WEEK;
/** … and news came often enough for its absence to mean something. */
const LEAST_SPELLS = 20;
/** A silence is odd when chance would bring it once in e^12 ≈ 160,000 times. */
const ODD_SURPRISE = 12;
const DOUBT = 6;

/** Hours on the source's own clock: newsrooms keep hours, and clocks are changed in summer. */
export function toWallHour(ms: number, zone: string): number {
  return (ms + IANAZone.create(zone).offset(ms) * 60_000) / HOUR_MS + HOURS_TO_MONDAY;
}

/** Monday, 0:00 to 1:00, is slot 0. */
export function toSlot(wallHour: number): { week: number; slot: number } {
  const hour = Math.floor(wallHour);
  return { week: Math.floor(hour / HOURS_PER_WEEK), slot: modulo(hour, HOURS_PER_WEEK) };
}

export interface Rhythm {
  /** Spells with news in a usual week, by hour, Monday 0:00 first. */
  perHour: readonly number[];
  /** For each hour: what every spell without news adds to the surprise. */
  surprise: readonly number[];
  /** How far the weeks differ: 1 as chance has it, more when the source sends in fits. */
  spread: number;
  isLearned: boolean;
}

/** `counts`: spells with news in each hour, one hour after the other without a gap, the first at `firstHour`. */
export function learnRhythm(counts: readonly number[], firstHour: number): Rhythm {
  const hours = new Groups(HOURS_PER_WEEK);
  counts.forEach((count, index) => hours.add(firstHour + index, count));
  const days = new Groups(7);
  const firstDay = Math.ceil(firstHour / 24);
  for (let day = firstDay; (day + 1) * 24 <= firstHour + counts.length; day += 1) {
    const from = day * 24 - firstHour;
    days.add(day, sum(counts.slice(from, from + 24)));
  }
  return {
    perHour: hours.means(),
    surprise: hours.sums.map((count, slot) => toSurprise(count, hours.sizes[slot] ?? 0)),
    spread: Math.max(1, hours.dispersion(), days.dispersion()),
    isLearned: counts.length >= LEAST_HOURS && sum(counts) >= LEAST_SPELLS,
  };
}

/**
 * As if `DOUBT` more spells had brought nothing: what was always there in a few weeks may be missing for once, and
 * without doubt a busy source would cry wolf after minutes.
 */
function toSurprise(count: number, hours: number): number {
  const spells = hours * SPELLS_PER_HOUR;
  return -Math.log(1 - Math.min(count, spells) / (spells + DOUBT));
}

export interface Silence {
  /** Spells with news that a usual week would have brought meanwhile. */
  due: number;
  /** Longer than it ever is by chance at these hours of the week. */
  isOdd: boolean;
}

/** `from` is when the last news came, both by `toWallHour`. */
export function judgeSilence(rhythm: Rhythm, from: number, to: number): Silence {
  let due = 0;
  let surprise = 0;
  for (let hour = Math.floor(from); hour < to; hour += 1) {
    const part = Math.min(hour + 1, to) - Math.max(hour, from);
    const slot = modulo(hour, HOURS_PER_WEEK);
    due += part * (rhythm.perHour[slot] ?? 0);
    surprise += part * SPELLS_PER_HOUR * (rhythm.surprise[slot] ?? 0);
  }
  return { due, isOdd: rhythm.isLearned && surprise >= ODD_SURPRISE * rhythm.spread };
}

/** What repeats every `period` steps, side by side. */
class Groups {
  readonly sums: number[];
  readonly sizes: number[];
  readonly #squares: number[];

  constructor(period: number) {
    this.sums = Array.from({ length: period }, () => 0);
    this.sizes = [...this.sums];
    this.#squares = [...this.sums];
  }

  add(step: number, count: number): void {
    const at = modulo(step, this.sums.length);
    this.sums[at] = (this.sums[at] ?? 0) + count;
    this.sizes[at] = (this.sizes[at] ?? 0) + 1;
    this.#squares[at] = (this.#squares[at] ?? 0) + count * count;
  }

  means(): number[] {
    return this.sums.map((total, at) => total / Math.max(1, this.sizes[at] ?? 0));
  }

  /** Variance by mean over all groups: 1 for what comes by chance, 0 for what is always the same. */
  dispersion(): number {
    let variance = 0;
    let mean = 0;
    this.sums.forEach((total, at) => {
      const size = this.sizes[at] ?? 0;
      if (size < 2) return;
      variance += ((this.#squares[at] ?? 0) - (total * total) / size) / (size - 1);
      mean += total / size;
    });
    return mean === 0 ? 0 : variance / mean;
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
