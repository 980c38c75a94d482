import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Keeper, type Running } from "../src/cli/keeper.ts";
import { createLog } from "../src/log.ts";
import { makeDataFolder } from "./support/product.ts";

/** Ready at once; `end` ends it. */
function createFake(pid: number) {
  let end: () => void = () => undefined;
  const exited = new Promise<void>((resolve) => {
    end = resolve;
  });
  const running: Running<string> = {
    pid,
    ready: Promise.resolve("ready"),
    exited,
    stop: async () => end(),
  };
  return { running, end };
}

test("SUP12 what dies at once again and again is started ever more slowly, and stop ends the wait", async () => {
  const { dir, remove } = await makeDataFolder();
  const pauses: number[] = [];
  let launches = 0;
  const log = createLog("warn", "test", {
    write: (line) => pauses.push(Number(/"ms":(\d+)/.exec(line)?.[1])),
  });
  const keeper = new Keeper<string>({
    name: "fake",
    pidFile: join(dir, "fake.pid"),
    log,
    launch: () => {
      launches += 1;
      const fake = createFake(launches);
      setImmediate(fake.end);
      return fake.running;
    },
  });
  expect(await keeper.start()).toBe("ready");
  await expect.poll(() => pauses.length, { timeout: 5_000 }).toBe(4);
  expect(pauses).toEqual([100, 200, 400, 800]);
  await keeper.stop();
  expect(launches).toBe(4);
  await remove();
});

test("SUP13 the pid of what runs is noted, and the note goes with it", async () => {
  const { dir, remove } = await makeDataFolder();
  const pidFile = join(dir, "fake.pid");
  const keeper = new Keeper({
    name: "fake",
    pidFile,
    log: createLog("silent", "test"),
    launch: () => createFake(42).running,
  });
  await keeper.start();
  expect(readFileSync(pidFile, "utf8")).toBe("42\n");
  await keeper.stop();
  await keeper.stop();
  expect(existsSync(pidFile)).toBe(false);
  await remove();
});

test("SUP14 what ends before it is ready fails the start", async () => {
  const { dir, remove } = await makeDataFolder();
  const fake = createFake(42);
  const keeper = new Keeper({
    name: "fake",
    pidFile: join(dir, "fake.pid"),
    log: createLog("silent", "test"),
    launch: () => ({ ...fake.running, ready: new Promise<string>(() => undefined) }),
  });
  const starting = expect(keeper.start()).rejects.toThrow("The fake ended before it was ready.");
  fake.end();
  await starting;
  await keeper.stop();
  await remove();
});
