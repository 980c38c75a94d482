// @ts-check
/**
 * `npm run bench`: set up what is missing, then measure. What stands behind `--` names benches; none means all. A first
 * word that is a program's path runs that program instead (`npm run bench:fanout`).
 */
import { spawnSync } from "node:child_process";
import { root, setUp } from "./setup.mjs";
import { runScript } from "./setup-error.mjs";

await runScript(async () => {
  await setUp({ redis: true, build: true });
  const given = process.argv.slice(2);
  const program = given[0]?.endsWith(".ts") ? given : ["bench/main.ts", ...given];
  const bench = ["--import", "tsx", ...program];
  const done = spawnSync(process.execPath, bench, { cwd: root, stdio: "inherit" });
  return done.status ?? 1;
});
