import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MissingNumbers, toMissing, toSettled } from "../workers/doctor/missing-numbers.ts";

const toRuns = (numbers: readonly number[]) => numbers.map((number) => ({ from: number, to: number }));
const missingOf = (numbers: readonly number[], end?: number) => toMissing(toRuns(numbers), end);
const flatten = (missing: readonly MissingNumbers[]) => missing.flatMap(({ from, to }) => range(from, to));
const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);

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

/** Each comes up to so many places later than it should, and now and then once more. */
function disturb(numbers: readonly number[], chance: () => number, most: number): number[] {
  const placed = numbers.map((number, at) => ({ number, at: at + chance() * most }));
  const again = placed
    .filter(() => chance() < 0.02)
    .map(({ number, at }) => ({ number, at: at + chance() * 30 }));
  return [...placed, ...again].toSorted((a, b) => a.at - b.at).map(({ number }) => number);
}

test("WIR6 exactly the numbers that were left out are missing, though some come out of turn or twice", () => {
  const start = fc.integer({ min: 30, max: 9_000 });
  const steps = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(start, steps, fc.integer(), (start, steps, seed) => {
      const came = [start];
      for (const step of steps) came.push((came.at(-1) ?? 0) + step);
      const left = flatten(missingOf(disturb(came, createChance(seed), 4)));
      expect([...left, ...came].toSorted((a, b) => a - b)).toEqual(range(start, came.at(-1) ?? 0));
    }),
  );
});

test("WIR6 in whatever order they come, none is called missing that came", () => {
  const numbers = fc.array(fc.integer({ min: 2, max: 1_500 }), { maxLength: 200 });
  fc.assert(
    fc.property(numbers, (numbers) => {
      const came = new Set(numbers);
      expect(flatten(missingOf(numbers)).filter((number) => came.has(number) && number > 20)).toEqual([]);
    }),
  );
});

describe("WIR6 a counter that begins anew", () => {
  test("at midnight, wherever the day is cut, lost nothing", () => {
    expect(missingOf([...range(200, 400), ...range(1, 50)])).toEqual([]);
    expect(missingOf([...range(1, 60), ...range(1, 60), 61, 62])).toEqual([]);
    expect(missingOf([700, 701, 1, 2])).toEqual([]);
    expect(missingOf([700, 701, 704, 705])).toEqual([{ from: 702, to: 703 }]);
  });

  test("is watched from its beginning on, though the same numbers came the day before", () => {
    expect(missingOf([...range(1, 60), ...range(1, 29), ...range(31, 50)])).toEqual([{ from: 30, to: 30 }]);
  });

  test("gets its stragglers where they belong", () => {
    expect(missingOf([...range(1, 298), 300, 1, 2, 299, 3, 4, 5])).toEqual([]);
    expect(missingOf([...range(1, 298), 1, 2, 299, 3, 4, 300, 5])).toEqual([]);
  });

  test("is none when something is sent once more", () => {
    expect(missingOf([...range(1, 800), 5, ...range(801, 900)])).toEqual([]);
    expect(missingOf([...range(600, 800), ...range(700, 790), ...range(801, 900)])).toEqual([]);
    expect(missingOf([...range(600, 800), 1, ...range(801, 900)])).toEqual([]);
  });
});

describe("WIR6 around the turn", () => {
  test("what was left out is missing once it is known where the counter turns", () => {
    const came = [...range(9_800, 9_996), ...range(3, 60)];
    expect(missingOf(came)).toEqual([]);
    expect(flatten(missingOf(came, 9_999))).toEqual([9_997, 9_998, 9_999, 1, 2]);
    expect(flatten(missingOf([...range(900, 998), ...range(1, 30)], 999))).toEqual([999]);
    expect(flatten(missingOf([...range(900, 999), ...range(2, 30)], 999))).toEqual([1]);
  });

  test("nothing is when all came, in whatever order", () => {
    expect(missingOf([...range(700, 999), ...range(1, 300)], 999)).toEqual([]);
    expect(missingOf([...range(700, 999), ...range(1, 300)])).toEqual([]);
    expect(missingOf([...range(9_990, 9_997), 1, 9_999, 2, 9_998, 3, 4, 5], 9_999)).toEqual([]);
    expect(missingOf([1, 9_999, 2, 3, 4, 5], 9_999)).toEqual([]);
    expect(missingOf([...range(9_990, 9_999), ...range(0, 20)], 9_999)).toEqual([]);
  });

  test("a counter that begins anew long before its end lost nothing", () => {
    expect(missingOf([...range(1, 700), ...range(1, 300)], 999)).toEqual([]);
  });
});

test("WIR6 seven counters over 95 weeks: no false alarm, and what is lost is found", () => {
  const kinds = [
    { end: 999, perDay: 180, daily: false },
    { end: 999, perDay: 450, daily: false },
    { end: 9_999, perDay: 700, daily: false },
    { end: 9_999, perDay: 90, daily: true },
    { end: 9_999, perDay: 400, daily: true },
    { end: 9_999, perDay: 1_000, daily: true },
    { end: 9_999, perDay: 12, daily: true },
  ];
  const told = kinds.map(({ end, perDay, daily }, kind) => {
    const chance = createChance(kind + 1);
    const [lost, found] = [new Set<string>(), new Set<string>()];
    let number = 1;
    let yesterday: number[] = [];
    let falseAlarms = 0;
    for (let day = 0; day < 95 * 7; day += 1) {
      const sent: number[] = [];
      const missed: number[] = [];
      const count = Math.round(perDay * (0.7 + 0.6 * chance()));
      // The day of the counter begins somewhere within ours.
      const midnight = Math.floor(count * 0.4);
      for (let at = 0; at < count; at += 1) {
        if (daily && at === midnight) number = 1;
        if (day % 10 === 3 && at > midnight + 40 && chance() < 0.01 && number > 1 && missed.length < 5)
          missed.push(number);
        else sent.push(number);
        number = number === end ? 1 : number + 1;
      }
      const today = disturb(sent, chance, 3);
      const missing = new Set(flatten(missingOf([...yesterday, ...today], daily ? undefined : end)));
      if (day > 0 && day % 10 === 3) {
        for (const one of missed) lost.add(`${day} ${one}`);
        for (const one of missed) if (missing.has(one)) found.add(`${day} ${one}`);
        for (const one of missing) if (!missed.includes(one)) falseAlarms += 1;
      } else if (day % 10 !== 4) falseAlarms += missing.size;
      yesterday = today;
    }
    return { falseAlarms, lost: lost.size, share: lost.size === 0 ? 1 : found.size / lost.size };
  });
  for (const { falseAlarms } of told) expect(falseAlarms).toBe(0);
  for (const { share } of told) expect(share).toBeGreaterThan(0.9);
});

test("WIR6 a number is missing only when it was so a while ago as well", () => {
  const now = [
    { from: 5, to: 9 },
    { from: 20, to: 21 },
  ];
  expect(toSettled(now, [])).toEqual([]);
  expect(toSettled(now, [{ from: 8, to: 20 }])).toEqual([
    { from: 8, to: 9 },
    { from: 20, to: 20 },
  ]);
});
