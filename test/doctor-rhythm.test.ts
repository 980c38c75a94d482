import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  HOURS_PER_WEEK,
  judgeSilence,
  learnRhythm,
  MOST_HOURS,
  toSlot,
  toWallHour,
} from "../workers/doctor/rhythm.ts";

const WEEKS = MOST_HOURS / HOURS_PER_WEEK;
/** A Monday, 0:00. */
const MONDAY = 2_900 * HOURS_PER_WEEK;
const repeat = (week: readonly number[], weeks = WEEKS) => Array.from({ length: weeks }, () => week).flat();
const weekOf = (count: (hour: number, day: number) => number) =>
  Array.from({ length: HOURS_PER_WEEK }, (_, slot) => count(slot % 24, Math.floor(slot / 24)));

/** Ten times an hour, from eight to eight, Monday to Friday. */
const office = weekOf((hour, day) => (day < 5 && hour >= 8 && hour < 20 ? 10 : 0));

const isOdd = (counts: readonly number[], from: number, to: number) =>
  judgeSilence(learnRhythm(counts, MONDAY - counts.length), from, to).isOdd;

describe("WIR2 silence", () => {
  const rhythm = repeat(office);
  const friday = MONDAY + 4 * 24;

  test("at a busy hour is odd within the hour", () => {
    expect(isOdd(rhythm, MONDAY + 10, MONDAY + 10.25)).toBe(false);
    expect(isOdd(rhythm, MONDAY + 10, MONDAY + 11)).toBe(true);
  });

  test("overnight and at the weekend is usual", () => {
    expect(isOdd(rhythm, MONDAY + 19.9, MONDAY + 24 + 8.1)).toBe(false);
    expect(isOdd(rhythm, friday + 19.9, friday + 3 * 24 + 8.1)).toBe(false);
    expect(isOdd(rhythm, friday + 19.9, friday + 3 * 24 + 9)).toBe(true);
  });

  test("of a source that sends when it likes must be far longer than that of a regular one", () => {
    const fits = Array.from({ length: MOST_HOURS }, (_, hour) => (hour % 30 === 7 ? 8 : 0));
    const steady = Array.from({ length: MOST_HOURS }, (_, hour) => (hour % 4 === 0 ? 1 : 0));
    const untilOdd = (counts: readonly number[]) => {
      let hours = 1;
      while (!isOdd(counts, MONDAY, MONDAY + hours)) hours += 1;
      return hours;
    };
    expect(untilOdd(steady)).toBeLessThan(60);
    expect(untilOdd(fits)).toBeGreaterThan(60);
  });

  test("after a holiday the same weekday makes it less sure", () => {
    const holiday = [...repeat(office, 4), ...office.map((count, slot) => (slot < 24 ? 0 : count))];
    expect(learnRhythm(holiday, MONDAY - MOST_HOURS).spread).toBeGreaterThan(2);
    expect(learnRhythm(rhythm, MONDAY - MOST_HOURS).spread).toBe(1);
  });
});

const anyWeek = fc.array(fc.integer({ min: 0, max: 12 }), {
  minLength: HOURS_PER_WEEK,
  maxLength: HOURS_PER_WEEK,
});
const anyCounts = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: MOST_HOURS });

test("WIR3 nothing is odd before every hour of the week was seen twice and news came twenty times", () => {
  const young = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 2 * HOURS_PER_WEEK - 1 });
  const quiet = fc
    .uniqueArray(fc.nat({ max: MOST_HOURS - 1 }), { maxLength: 19 })
    .map((hours) => Array.from({ length: MOST_HOURS }, (_, hour) => Number(hours.includes(hour))));
  fc.assert(
    fc.property(fc.oneof(young, quiet), fc.nat({ max: 3_000 }), (counts, hours) => {
      expect(isOdd(counts, MONDAY, MONDAY + hours)).toBe(false);
    }),
  );
});

/** When news comes in each spell of a week: `count` spells of each hour, from its first or to its last. */
function toSpells(week: readonly number[], fromEnd: readonly boolean[]): number[] {
  return week.flatMap((count, slot) =>
    Array.from({ length: count }, (_, at) => slot + (fromEnd[slot % fromEnd.length] ? 12 - 1 - at : at) / 12),
  );
}

test("WIR2 a source whose weeks are all alike never cries wolf, however its hours are cut", () => {
  const sides = fc.array(fc.boolean(), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(anyWeek, sides, fc.nat({ max: 1 }), (week, fromEnd, late) => {
      const spells = toSpells(week, fromEnd).toSorted((a, b) => a - b);
      const [first = 0] = spells;
      const rhythm = learnRhythm(repeat(week), MONDAY - MOST_HOURS);
      spells.forEach((spell, index) => {
        const next = spells[index + 1] ?? first + HOURS_PER_WEEK;
        // From the start of one spell to the end of the next: they need not come at the same second.
        const to = MONDAY + next + late / 12;
        expect(judgeSilence(rhythm, MONDAY + spell, to).isOdd).toBe(false);
      });
    }),
    { numRuns: 40 },
  );
});

test("WIR2 a longer silence is never less odd, and what was due adds up", () => {
  const span = fc.double({ min: 0, max: 400, noNaN: true });
  fc.assert(
    fc.property(anyCounts, span, span, (counts, one, two) => {
      const rhythm = learnRhythm(counts, MONDAY - counts.length);
      const [a, b, c] = [MONDAY + 3.3, MONDAY + 3.3 + one, MONDAY + 3.3 + one + two] as const;
      const whole = judgeSilence(rhythm, a, c);
      const parts = [judgeSilence(rhythm, a, b), judgeSilence(rhythm, b, c)];
      expect(whole.due).toBeCloseTo(
        parts.reduce((sum, { due }) => sum + due, 0),
        6,
      );
      expect(whole.isOdd || parts.every((part) => !part.isOdd)).toBe(true);
      expect(judgeSilence(rhythm, a, a)).toEqual({ due: 0, isOdd: false });
    }),
  );
});

test("WIR2 a week brings what a week brings, wherever it begins", () => {
  fc.assert(
    fc.property(anyWeek, fc.nat({ max: 1_000 }), (week, hours) => {
      const rhythm = learnRhythm(repeat(week), MONDAY - MOST_HOURS);
      const from = MONDAY + hours + 0.7;
      const total = week.reduce((sum, count) => sum + count, 0);
      expect(judgeSilence(rhythm, from, from + HOURS_PER_WEEK).due).toBeCloseTo(total, 6);
    }),
  );
});

/** The same numbers on every run: mulberry32. */
function createChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("WIR2 sources that send by mere chance cry wolf in less than one year in ten", () => {
  let alarms = 0;
  let weeks = 0;
  for (const perSpell of [0.01, 0.03, 0.1, 0.3, 0.6, 0.9]) {
    const chance = createChance(perSpell * 1_000);
    const spells = Array.from({ length: 30 * HOURS_PER_WEEK * 12 }, () => chance() < perSpell);
    const counts = Array.from({ length: 30 * HOURS_PER_WEEK }, (_, hour) =>
      spells.slice(hour * 12, hour * 12 + 12).reduce((sum, has) => sum + Number(has), 0),
    );
    weeks += 25;
    let last = MOST_HOURS * 12;
    let rhythm = learnRhythm(counts.slice(0, MOST_HOURS), 0);
    spells.forEach((has, spell) => {
      if (!has || spell <= last) return;
      if (judgeSilence(rhythm, last / 12, spell / 12).isOdd) alarms += 1;
      if (Math.floor(spell / 12) > Math.floor(last / 12)) {
        const end = Math.floor(spell / 12);
        rhythm = learnRhythm(counts.slice(end - MOST_HOURS, end), end - MOST_HOURS);
      }
      last = spell;
    });
  }
  expect(alarms / weeks).toBeLessThan(1 / 520);
});

describe("WIR1 hours of the week", () => {
  test("are those of the source's own clock, in summer and winter", () => {
    const slotAt = (at: string, zone: string) => toSlot(toWallHour(Date.parse(at), zone)).slot;
    expect(slotAt("2026-07-13T00:30:00Z", "UTC")).toBe(0);
    expect(slotAt("2026-07-12T22:30:00Z", "Europe/Berlin")).toBe(0);
    expect(slotAt("2026-01-11T23:30:00Z", "Europe/Berlin")).toBe(0);
    expect(slotAt("2026-07-12T20:30:00Z", "Asia/Baku")).toBe(0);
    expect(slotAt("2026-07-12T18:45:00Z", "Asia/Kolkata")).toBe(0);
    expect(slotAt("2026-07-19T23:59:59Z", "UTC")).toBe(HOURS_PER_WEEK - 1);
  });

  test("follow each other from week to week", () => {
    const week = (at: string) => toSlot(toWallHour(Date.parse(at), "UTC")).week;
    expect(week("2026-07-20T00:00:00Z") - week("2026-07-19T23:59:59Z")).toBe(1);
    expect(toSlot(toWallHour(Date.parse("1969-12-29T00:00:00Z"), "UTC"))).toEqual({ week: 0, slot: 0 });
  });
});
