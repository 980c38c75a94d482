import { expect, test } from "vitest";
import { FAULTS } from "../../bench/checker/clients/faults.ts";
import { runChecker } from "../../bench/checker/run.ts";
import { runFaults } from "../../bench/checker/run-faults.ts";

test("CHK1 60 clients at every door see a line without a fault while gateways and Redis die and connections are cut", async () => {
  const outcome = await runChecker({
    seed: 20_260_304,
    clients: 60,
    ms: 40_000,
    gateways: 2,
    lines: ["main", "harbour"],
    rate: 8,
    harmEveryMs: 3_000,
    longestDueMs: 5_000,
    pace: { stayMs: 12_000, awayMs: 3_000, retryMs: 800, spreadMs: 2_000, pageMs: 800 },
  });
  expect(outcome.findings).toEqual([]);
  // Something happened, and somebody was there to see it.
  expect(outcome.unclear).toBe(0);
  expect(Object.values(outcome.harm).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3);
  expect(outcome.done).toMatchObject({ kill: expect.any(Number), hold: expect.any(Number) });
  for (const kind of ["snapshot", "catch-up", "delta", "page", "held"]) {
    expect(outcome.heard[kind]).toBeGreaterThan(0);
  }
}, 180_000);

test("CHK2 the same checker finds each of the eight faults that it seeds itself", async () => {
  const outcomes = await runFaults({ seed: 7, clients: 40, limitMs: 30_000, names: FAULTS });
  expect(outcomes.flatMap(({ before }) => before)).toEqual([]);
  const found = outcomes.map(({ fault, isRightLaw }) => ({ fault, isRightLaw }));
  expect(found).toEqual(FAULTS.map((fault) => ({ fault, isRightLaw: true })));
}, 300_000);
