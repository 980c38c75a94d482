// @ts-check
/**
 * `npm run check`: format, lint, types, then the quick tests (the laws about imports and sizes among them).
 * `--static` leaves the tests out.
 */
import { spawn } from "node:child_process";
import { root, setUp } from "./setup.mjs";
import { runScript } from "./setup-error.mjs";

/** @typedef {{ name: string, command: string[] }} Step */

const modules = "node_modules";

/** @type {Step[]} */
const STATIC_STEPS = [
  { name: "format", command: [`${modules}/@biomejs/biome/bin/biome`, "check", "."] },
  { name: "lint", command: [`${modules}/oxlint/bin/oxlint`, "--type-aware"] },
  { name: "types of the server", command: [`${modules}/typescript/bin/tsc`, "--noEmit", "-p", "."] },
  { name: "types of the client", command: [`${modules}/typescript/bin/tsc`, "--noEmit", "-p", "client"] },
  { name: "types of the scripts", command: [`${modules}/typescript/bin/tsc`, "--noEmit", "-p", "scripts"] },
  { name: "types of the tests", command: [`${modules}/typescript/bin/tsc`, "--noEmit", "-p", "test"] },
];
/** @type {Step[]} */
const TEST_STEPS = [
  { name: "build", command: ["scripts/build.mjs", "--if-stale"] },
  { name: "quick tests", command: [`${modules}/vitest/vitest.mjs`, "run", "--project", "quick"] },
];

await runScript(async () => {
  const isStatic = process.argv.includes("--static");
  await setUp({ redis: !isStatic });
  let failures = 0;
  for (const step of isStatic ? STATIC_STEPS : [...STATIC_STEPS, ...TEST_STEPS]) {
    if (!(await runStep(step))) failures += 1;
  }
  if (failures > 0) console.log(`\n${failures} of the steps failed.`);
  return failures === 0 ? 0 : 1;
});

/**
 * Shows a step's words only when it fails.
 * @param {Step} step
 * @returns {Promise<boolean>}
 */
function runStep({ name, command }) {
  const started = Date.now();
  const child = spawn(process.execPath, command, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? "1" : "0" },
  });
  /** @type {Buffer[]} */
  const said = [];
  child.stdout.on("data", (chunk) => said.push(chunk));
  child.stderr.on("data", (chunk) => said.push(chunk));
  return new Promise((resolve) => {
    child.on("close", (code) => {
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      console.log(`${code === 0 ? "✓" : "✗"} ${name.padEnd(20)} ${seconds.padStart(5)} s`);
      if (code !== 0) process.stdout.write(Buffer.concat(said));
      resolve(code === 0);
    });
  });
}
