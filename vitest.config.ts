import { defineConfig } from "vitest/config";

/** Whole processes and real browsers. */
const WHOLE = ["test/e2e/**/*.test.ts", "test/browser/**/*.test.ts"];

/** They wait: for a pause to end, a lock to run out, a Redis to come back, a command to start as a process. */
const PATIENT = [
  "cli/*",
  "desk-commands",
  "folder",
  "health",
  "poll-schedule",
  "presence",
  "public-cut-off",
  "slow-and-dead",
  "stream-tail",
].map((name) => `test/${name}.test.ts`);

/** `npm run check` runs the quick ones; `npm test` runs all, one kind after the other. */
export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    // Files share a process: loading the same packages for each of them took longer than the tests.
    isolate: false,
    testTimeout: 20_000,
    // A busy machine is no failure: what a test waits for may take its time.
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    projects: [
      {
        extends: true,
        test: {
          name: "quick",
          include: ["test/**/*.test.ts"],
          exclude: [...WHOLE, ...PATIENT],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: "patient", include: PATIENT, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: {
          name: "whole",
          include: WHOLE,
          // One at a time: they measure themselves against a machine that does nothing else.
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
