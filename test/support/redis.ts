import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchRedisServer } from "../../src/redis/server.ts";
import type { RedisTarget } from "../../src/redis/target.ts";

export interface TestRedis {
  readonly target: RedisTarget;
  /** Path of its unix socket. */
  readonly path: string;
  /** As a power cut does it, then nothing until `restart`. */
  kill9(): Promise<void>;
  /** On the same files; stops it first if it still runs. */
  restart(): Promise<void>;
  /** Stops it and removes its files. */
  stop(): Promise<void>;
}

/** A Redis of the test's own, on a unix socket in a new folder; it ends with the test process, however that ends. */
export async function startRedis(options: { appendfsync?: "always" | "everysec" } = {}): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), "nl-redis-"));
  const removeFiles = () => rmSync(dir, { recursive: true, force: true });
  process.once("exit", removeFiles);
  const path = join(dir, "redis.sock");
  const start = async () => {
    const server = launchRedisServer({ dir, socket: path, appendfsync: options.appendfsync ?? "everysec" });
    await server.ready;
    return server;
  };
  let server = await start();
  return {
    target: { kind: "socket", path },
    path,
    async kill9() {
      process.kill(server.pid, "SIGKILL");
      await server.exited;
    },
    async restart() {
      await server.stop();
      server = await start();
    },
    async stop() {
      await server.stop();
      process.off("exit", removeFiles);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
