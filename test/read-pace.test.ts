import { expect, test } from "vitest";
import { ReadPace } from "../src/stream/read-pace.ts";

/** One change a reading, at a pace, and how often the stream was left alone after one. */
function readOneByOne(pace: ReadPace, everyMs: number, changes: number, fromMs = 0): number {
  let rests = 0;
  for (let n = 0; n < changes; n += 1) {
    const nowMs = fromMs + n * everyMs;
    pace.note({ count: 1, letters: 900, isWoken: false }, nowMs);
    if (pace.restMs(nowMs) > 0) rests += 1;
  }
  return rests;
}

/** A stream that is busy, last read at 1,000 ms. */
function createBusy(): ReadPace {
  const pace = new ReadPace();
  pace.note({ count: 30, letters: 27_000, isWoken: false }, 1_000);
  return pace;
}

test("BUR2 up to fifty changes a second each is read as it comes", () => {
  expect(readOneByOne(new ReadPace(), 20, 500)).toBe(0);
});

test("BUR2 beyond a hundred changes a second the stream is left to gather for 200 ms", () => {
  expect(readOneByOne(new ReadPace(), 5, 25)).toBeGreaterThan(0);
  const pace = createBusy();
  expect([pace.restMs(1_000), pace.restMs(1_150), pace.restMs(5_000)]).toEqual([200, 50, 1]);
});

test("BUR2 it is left alone for as long as much comes, and read as it comes from the moment that little does", () => {
  const pace = createBusy();
  pace.note({ count: 40, letters: 36_000, isWoken: false }, 1_200);
  expect(pace.restMs(1_200)).toBe(200);
  pace.note({ count: 3, letters: 2_700, isWoken: false }, 1_400);
  expect(pace.restMs(1_400)).toBe(0);
});

test("BUR2 what must not wait ends the rest, not the pace, while much else comes", () => {
  const pace = createBusy();
  pace.note({ count: 4, letters: 3_600, isWoken: true }, 1_030);
  expect(pace.restMs(1_030)).toBe(200);
});

test("BUR2 where nothing may wait the stream is not left alone", () => {
  const pace = createBusy();
  pace.note({ count: 1, letters: 900, isWoken: true }, 1_005);
  expect(pace.restMs(1_005)).toBe(0);
});

test("BUR2 what would be too much for one delta is not gathered", () => {
  const pace = createBusy();
  pace.note({ count: 40, letters: 300_000, isWoken: false }, 1_200);
  expect(pace.restMs(1_200)).toBe(0);
});
