import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBin, toBin, toQuantile } from "../workers/doctor/delays.ts";

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
