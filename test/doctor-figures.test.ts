import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBin, toBin, toQuantile } from "../workers/doctor/delays.ts";
import { toMissing, toSettled } from "../workers/doctor/missing-numbers.ts";

const toBins = (delays: readonly number[]) => {
  const bins = new Map<number, number>();
  for (const ms of delays) bins.set(toBin(ms), (bins.get(toBin(ms)) ?? 0) + 1);
  return bins;
};

test("WIR4 median and p95 are told within a fifth of their value, from a second to weeks", () => {
  const delay = fc.integer({ min: 1_000, max: 14 * 86_400_000 });
  const share = fc.constantFrom(0.5, 0.95);
  fc.assert(
    fc.property(fc.array(delay, { minLength: 1, maxLength: 200 }), share, (delays, share) => {
      const exact = delays.toSorted((a, b) => a - b)[Math.ceil(share * delays.length) - 1] ?? 0;
      const told = toQuantile(toBins(delays), share) ?? 0;
      expect(told / exact).toBeGreaterThan(0.8);
      expect(told / exact).toBeLessThan(1.25);
    }),
  );
});

test("WIR4 no delay has no median; a delay of less than a second, or of years, has one all the same", () => {
  expect(toQuantile(new Map(), 0.5)).toBeUndefined();
  expect(toQuantile(new Map([[3, 0]]), 0.5)).toBeUndefined();
  expect(toQuantile(toBins([0, 1, 999]), 0.95)).toBe(500);
  expect(toBin(99 * 365 * 86_400_000)).toBe(42);
  expect(fromBin(1)).toBeGreaterThan(1_000);
});

function toBits(numbers: readonly number[]): Buffer {
  const bits = Buffer.alloc(Math.floor(Math.max(0, ...numbers) / 8) + 1);
  for (const number of numbers) bits[number >> 3] = (bits[number >> 3] ?? 0) | (0x80 >> (number & 7));
  return bits;
}

test("WIR6 exactly the numbers that were left out are missing, in whatever order the others came", () => {
  const start = fc.integer({ min: 0, max: 9_000 });
  const steps = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(start, steps, (start, steps) => {
      const came = [start];
      for (const step of steps) came.push((came.at(-1) ?? 0) + step);
      const left = toMissing([toBits(came)]).flatMap(({ from, to }) =>
        Array.from({ length: to - from + 1 }, (_, at) => from + at),
      );
      const all = Array.from({ length: (came.at(-1) ?? 0) - start + 1 }, (_, at) => start + at);
      expect([...left, ...came].toSorted((a, b) => a - b)).toEqual(all);
    }),
  );
});

test("WIR6 a counter that goes on overnight is watched there as well, one that begins anew lost nothing", () => {
  expect(toMissing([toBits([700, 701]), toBits([704, 705])])).toEqual([{ from: 702, to: 703 }]);
  expect(toMissing([toBits([700, 701]), toBits([1, 2])])).toEqual([]);
  expect(toMissing([toBits([1, 2, 9_998, 9_999])])).toEqual([]);
  expect(toMissing([toBits([5]), Buffer.alloc(0), toBits([7])])).toEqual([{ from: 6, to: 6 }]);
  expect(toMissing([])).toEqual([]);
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
