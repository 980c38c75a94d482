import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startRedis, type TestRedis } from "../support/redis.ts";
import { openSourceRoom } from "../support/source-room.ts";

const WORKER = fileURLToPath(new URL("../support/folder-worker.ts", import.meta.url));
const FILES = 300;
const KILLS = 4;

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

test("DRP15 workers that are killed in the middle of their work lose no file and take none twice", async () => {
  const room = await openSourceRoom(redis);
  const wireDir = await mkdtemp(join(tmpdir(), "nl-wire-"));
  const dir = join(wireDir, "wire");
  await room.add("wire", { kind: "folder" });
  await mkdir(dir);
  const work = () =>
    spawn(process.execPath, ["--import", "tsx", WORKER, redis.path, room.edition.keys.edition, wireDir], {
      stdio: "ignore",
    });
  const done = async () => (await readdir(join(dir, "done")).catch(() => [])).length;
  const workers: ChildProcess[] = [];
  try {
    const names = Array.from({ length: FILES }, (_, index) => `story-${String(index).padStart(3, "0")}.txt`);
    for (const name of names) {
      await writeFile(join(dir, `${name}.part`), name);
      await rename(join(dir, `${name}.part`), join(dir, name));
    }
    for (let kills = 0; kills < KILLS; kills += 1) {
      const worker = work();
      workers.push(worker);
      // Killed while it takes files, each time a little further.
      const enough = Math.min(FILES - 20, (await done()) + 20);
      await vi.waitFor(async () => expect(await done()).toBeGreaterThanOrEqual(enough), {
        timeout: 60_000,
        interval: 2,
      });
      worker.kill("SIGKILL");
      await once(worker, "exit");
      // Nobody has to wait until the dead worker's turn runs out.
      await room.edition.redis.del(room.edition.keys.lease("folder:wire"));
    }
    workers.push(work());
    await vi.waitFor(async () => expect(await done()).toBe(FILES), { timeout: 60_000, interval: 50 });
    expect((await room.deliveries()).map(({ text }) => text)).toEqual(names);
    expect(await readdir(join(dir, ".work"))).toEqual([]);
  } finally {
    for (const worker of workers) worker.kill("SIGKILL");
    await room.close();
    await rm(wireDir, { recursive: true });
  }
}, 120_000);
