// @ts-check
/**
 * `npm test`: set up what is missing, then run every test. What stands behind `--` goes to vitest, so
 * `npm test -- test/config.test.ts` runs one file.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, setUp } from "./setup.mjs";
import { runScript } from "./setup-error.mjs";

await runScript(async () => {
  await setUp({ redis: true, chromium: true, python: true, proxies: true, build: true });
  return runTests(process.argv.slice(2));
});

/**
 * Closes with the plain line that any machine can read, which vitest's own last lines are not.
 * @param {string[]} args
 */
function runTests(args) {
  const folder = mkdtempSync(join(tmpdir(), "newsline-test-"));
  const report = join(folder, "report.json");
  try {
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const done = spawnSync(process.execPath, [vitest, "run", ...reporters, ...args], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const { passed, failed, skipped } = readCounts(report);
    console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
    if (passed + failed === 0) console.error("No test ran.");
    return done.status === 0 && failed === 0 && passed > 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} report */
function readCounts(report) {
  try {
    const result = JSON.parse(readFileSync(report, "utf8"));
    /** @type {{ status: string, assertionResults: unknown[] }[]} */
    const files = result.testResults;
    // A file that cannot even be loaded has no test that could fail.
    const unloaded = files.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
    return {
      passed: Number(result.numPassedTests),
      failed: Number(result.numFailedTests) + unloaded.length,
      skipped: Number(result.numPendingTests) + Number(result.numTodoTests),
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
