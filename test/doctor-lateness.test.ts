import { expect, test } from "vitest";
import { toBin } from "../workers/doctor/delays.ts";
import { judgeLateness, noteWorst, toRecent, type WorstByDay } from "../workers/doctor/lateness.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

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

/** Delays of one day, in the order the items came. */
type Day = (day: number, chance: () => number) => number[];
const times = (count: number, make: (at: number) => number) =>
  Array.from({ length: count }, (_, at) => make(at));
/** A few short, now and then a long one. */
const tail = (chance: () => number, middleMs: number) =>
  middleMs * Math.exp(2 * (chance() + chance() + chance() - 1.5));

const MONTHLY = "one that sends a dossier of old items once a month";
const SOURCES: Record<string, Day> = {
  "a wire that pushes": (_, chance) => times(300, () => tail(chance, 20_000)),
  "a polled feed": (_, chance) => times(60, () => chance() * 15 * MINUTE + 5_000),
  "a feed of which every tenth item is hours old": (_, chance) =>
    times(80, () => (chance() < 0.1 ? chance() * 9 * HOUR : chance() * 5 * MINUTE)),
  "one that sends the night's items in the morning": (_, chance) => [
    ...times(30, (at) => (9 - at / 4) * HOUR + chance() * HOUR),
    ...times(100, () => tail(chance, MINUTE)),
  ],
  "one that sends the weekend's items on Monday": (day, chance) => {
    if (day % 7 >= 5) return [];
    const late = day % 7 === 0 ? times(40, () => chance() * 60 * HOUR) : [];
    return [...late, ...times(50, () => tail(chance, MINUTE))];
  },
  "one whose times are whole hours": (_, chance) => times(40, () => chance() * HOUR),
  [MONTHLY]: (day, chance) => [
    ...times(60, () => tail(chance, 30_000)),
    ...(day % 30 === 11 ? times(25, () => 200 * HOUR * chance()) : []),
  ],
};

/** Days on which it rang, looked at after every item. */
function ringing(source: Day, days: number, seed: number): number[] {
  const chance = createChance(seed);
  let recent: number[] = [];
  let worst: WorstByDay = new Map();
  const rang = new Set<number>();
  for (let day = 0; day < days; day += 1) {
    for (const delayMs of source(day, chance)) {
      recent = [...recent.slice(-19), toBin(delayMs)];
      const now = toRecent(recent);
      if (now === undefined) continue;
      worst = noteWorst(worst, day, now);
      if (judgeLateness(now, worst, day)?.isOdd === true) rang.add(day);
    }
  }
  return [...rang];
}

test("WIR10 no source that is late as it always was rings in 95 weeks", () => {
  const rang = new Map(
    Object.entries(SOURCES).map(([name, source], at) => [name, ringing(source, 95 * 7, at + 1)]),
  );
  // The first dossier is news to the doctor.
  expect(Math.max(0, ...(rang.get(MONTHLY) ?? []))).toBeLessThan(60);
  rang.delete(MONTHLY);
  expect([...rang]).toEqual([...rang.keys()].map((name) => [name, []]));
});

test("WIR10 a source that becomes late rings until it is as before, or a week has made it usual", () => {
  const wire = SOURCES["a wire that pushes"];
  if (wire === undefined) throw new Error("no such source");
  const late =
    (from: number, to: number): Day =>
    (day, chance) =>
      wire(day, chance).map((ms) => (day >= from && day < to ? ms + HOUR : ms));
  expect(ringing(late(40, 43), 60, 1)).toEqual([40, 41, 42, 43]);
  expect(ringing(late(40, 99), 60, 1)).toEqual([40, 41, 42, 43, 44, 45, 46, 47]);
  const slow: Day = (day, chance) => wire(day, chance).map((ms) => (day >= 40 ? ms + 3 * MINUTE : ms));
  expect(ringing(slow, 60, 1)).toEqual([]);
});

test("WIR10 nothing is said of a source of which too little is known", () => {
  expect(toRecent(times(19, () => 30))).toBeUndefined();
  expect(toRecent(times(20, (at) => at))).toBe(10);
  const nine: WorstByDay = new Map(times(9, (day) => day).map((day) => [day, 2]));
  expect(judgeLateness(40, nine, 30)).toBeUndefined();
  expect(judgeLateness(40, noteWorst(nine, 9, 2), 30)).toMatchObject({ isOdd: true });
  expect(judgeLateness(40, noteWorst(nine, 9, 2), 16)).toBeUndefined();
});

test("WIR10 only the worst of six weeks are kept", () => {
  let worst: WorstByDay = new Map();
  for (let day = 0; day < 100; day += 1) worst = noteWorst(worst, day, 5);
  expect([...worst.keys()]).toEqual(times(42, (at) => 58 + at));
  expect(noteWorst(worst, 99, 4)).toBe(worst);
  expect(noteWorst(worst, 99, 6).get(99)).toBe(6);
});
