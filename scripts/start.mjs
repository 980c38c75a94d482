// @ts-check
/**
 * `npm start`: set up what is missing, then be `newsline start`. The same process goes on, so that a signal to npm
 * or a Ctrl-C reaches the one that has to act on it.
 */
import { setUp } from "./setup.mjs";
import { runScript } from "./setup-error.mjs";

endWithNpm();
await runScript(async () => {
  const hasOutsideRedis = (process.env.REDIS_URL ?? "").trim() !== "";
  await setUp({ redis: !hasOutsideRedis, build: true });
  const main = new URL("../dist/src/cli/main.js", import.meta.url);
  process.argv.splice(1, 1, main.pathname, "start");
  await import(main.href);
  return Number(process.exitCode ?? 0);
});

/** npm passes signals on, but not its own death by signal 9; nobody would be left to stop what we started. */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, 500);
  watch.unref();
}
