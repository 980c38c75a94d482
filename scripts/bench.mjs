// @ts-check
/** `npm run bench`: set up what is missing, then measure. What stands behind `--` names benches; none means all. */
import { spawnSync } from "node:child_process";
import { root, setUp } from "./setup.mjs";
import { runScript } from "./setup-error.mjs";

await runScript(async () => {
  await setUp({ redis: true, build: true });
  const bench = ["--import", "tsx", "bench/main.ts", ...process.argv.slice(2)];
  const done = spawnSync(process.execPath, bench, { cwd: root, stdio: "inherit" });
  return done.status ?? 1;
});
