import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sourceProfile } from "../src/contract/profile.ts";
import { type Habit, learnGap, toLearnedMs } from "../workers/sources/learned-pace.ts";
import { toNetPace, toNextMs, toPace } from "../workers/sources/poll-pace.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse("2026-07-15T10:30:00.000Z");
const profile = { kind: "poll", url: "https://feeds.example/a", lines: ["main"] };
const paceOf = (fields: object) => toPace(sourceProfile.parse({ ...profile, ...fields }));

/** A feed that changed after each of these gaps, the last time at `NOW`. */
function toHabit(gaps: readonly number[]): Habit {
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  let atMs = NOW - total;
  let habit = learnGap({}, atMs);
  for (const gap of gaps) {
    atMs += gap;
    habit = learnGap(habit, atMs);
  }
  return habit;
}

const waitAfter = (habit: Habit, quietMs: number, pace = paceOf({})) => {
  const nowMs = NOW + quietMs;
  const learnedMs = toLearnedMs(habit, nowMs, 0.5);
  return toNextMs({ ...pace, ...(learnedMs !== undefined && { learnedMs }) }, nowMs, 0, {}) - nowMs;
};

describe("PAC1 the pace follows the feed", () => {
  const slow = toHabit(Array.from({ length: 30 }, () => 2 * HOUR));

  test("a feed that has not changed yet is asked at the fastest pace", () => {
    expect(toLearnedMs({}, NOW)).toBeUndefined();
    expect(waitAfter({}, 0)).toBe(MINUTE);
  });

  test("one that changes every two hours is asked every twelve minutes or so, one that changes often at once", () => {
    expect(waitAfter(slow, 0) / (12 * MINUTE)).toBeCloseTo(1, 1);
    expect(waitAfter(toHabit(Array.from({ length: 30 }, () => 3 * MINUTE)), 0)).toBe(MINUTE);
  });

  test("a breaking burst speeds it up with its second change", () => {
    const burst = learnGap(slow, NOW + 4 * MINUTE);
    expect(toLearnedMs(burst, NOW + 4 * MINUTE, 0.5)).toBeLessThan(MINUTE);
    expect(waitAfter(burst, 4 * MINUTE)).toBe(MINUTE);
  });

  test("a feed that falls asleep slows down the longer it sleeps, to the slowest pace", () => {
    const lively = toHabit(Array.from({ length: 30 }, () => 5 * MINUTE));
    const waits = [0, 20, 60, 120, 600].map((minutes) => waitAfter(lively, minutes * MINUTE));
    expect(waits).toEqual([1, 2, 6, 12, 15].map((minutes) => minutes * MINUTE));
    expect(waitAfter(lively, 30 * 24 * HOUR)).toBe(15 * MINUTE);
  });

  test("a night does not make it forget the day", () => {
    const day = Array.from({ length: 40 }, () => 10 * MINUTE);
    const morning = toHabit([...day, 10 * HOUR]);
    expect(waitAfter(morning, 0)).toBeLessThan(4 * MINUTE);
    expect(waitAfter(toHabit([...day, 10 * HOUR, 10 * MINUTE]), 0)).toBeLessThan(1.1 * MINUTE);
  });

  test("no two feeds with the same habit are asked at the same moment for ever", () => {
    expect(toLearnedMs(slow, NOW, 0)).toBeLessThan(toLearnedMs(slow, NOW, 1) ?? 0);
  });
});

test("PAC2 a named pace is kept as it is, unless the profile names a slowest one as well", () => {
  const asleep = toHabit([24 * HOUR, 24 * HOUR]);
  expect(waitAfter(asleep, 24 * HOUR, paceOf({ every: 30 }))).toBe(30_000);
  expect(waitAfter(asleep, 24 * HOUR, paceOf({ every: 30, slowest: 600 }))).toBe(600_000);
  expect(waitAfter(asleep, 24 * HOUR, paceOf({ slowest: 3_600 }))).toBe(HOUR);
  expect(waitAfter(asleep, 24 * HOUR, paceOf({ every: 300, slowest: 60 }))).toBe(5 * MINUTE);
});

test("PAC3 never faster than the publisher's minimum, never slower than the slowest pace", () => {
  const gap = fc.integer({ min: 0, max: 100 * 24 * HOUR });
  fc.assert(
    fc.property(
      fc.array(gap, { maxLength: 40 }),
      gap,
      fc.record({ every: fc.integer({ min: 5, max: 86_400 }), slowest: fc.integer({ min: 5, max: 86_400 }) }),
      fc.record({
        freshMs: fc.nat({ max: 2 * HOUR }),
        ttlSeconds: fc.nat({ max: 7_200 }),
        random: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      (gaps, quietMs, { every, slowest }, { freshMs, ttlSeconds, random }) => {
        const learnedMs = toLearnedMs(toHabit(gaps), NOW + quietMs, random) ?? 0;
        const unnamed = paceOf({ slowest });
        const wait = toNextMs({ ...unnamed, learnedMs }, NOW, freshMs, { ttlSeconds }) - NOW;
        const least = Math.max(MINUTE, Math.min(HOUR, Math.max(freshMs, ttlSeconds * 1_000)));
        expect(wait).toBeGreaterThanOrEqual(least);
        expect(wait).toBeLessThanOrEqual(Math.max(least, slowest * 1_000));
        const named = paceOf({ every, slowest });
        const namedWait = toNextMs({ ...named, learnedMs }, NOW, 0, {}) - NOW;
        expect(namedWait).toBeGreaterThanOrEqual(every * 1_000);
        expect(namedWait).toBeLessThanOrEqual(Math.max(every, slowest) * 1_000);
      },
    ),
  );
});

test("PAC4 what is learned stays between the shortest and the longest gap that was, and time that goes back teaches nothing", () => {
  const gap = fc.integer({ min: 1_000, max: 24 * HOUR });
  fc.assert(
    fc.property(fc.array(gap, { minLength: 1, maxLength: 50 }), (gaps) => {
      const { gapMs = 0, lastGapMs } = toHabit(gaps);
      const all = [...gaps, 10 * MINUTE];
      expect(gapMs).toBeGreaterThanOrEqual(Math.min(...all) - 1);
      expect(gapMs).toBeLessThanOrEqual(Math.max(...all) + 1);
      expect(lastGapMs).toBe(gaps.at(-1));
      const habit = toHabit(gaps);
      expect(learnGap(habit, NOW)).toEqual(habit);
      expect(learnGap(habit, NOW - 1)).toEqual(habit);
      expect(learnGap(habit, undefined)).toEqual(habit);
    }),
  );
});

test("PUS5 while a hub pushes, a feed is asked every half hour, or as rarely as the profile says", () => {
  expect(toNextMs(toNetPace(paceOf({})), NOW, 0, {})).toBe(NOW + 30 * MINUTE);
  expect(toNextMs(toNetPace(paceOf({ every: 10 })), NOW, 0, {})).toBe(NOW + 30 * MINUTE);
  expect(toNextMs(toNetPace(paceOf({ every: 7_200 })), NOW, 0, {})).toBe(NOW + 2 * HOUR);
});
