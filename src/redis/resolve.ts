import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../config.ts";
import { ConfigError } from "../config-error.ts";
import { findPrivateSocket } from "./private-socket.ts";
import { probeSocket } from "./server.ts";
import type { RedisTarget } from "./target.ts";

/**
 * The Redis to use: the one that is set, else the private one of the data folder, which only `newsline start` owns.
 * It is waited for, as it may be on its way back while we start.
 */
export async function resolveRedis(
  config: Pick<Config, "redis" | "dataDir">,
  patienceMs = 3_000,
): Promise<RedisTarget> {
  if (config.redis !== undefined) return config.redis;
  const path = await findPrivateSocket(config.dataDir);
  const deadline = Date.now() + patienceMs;
  while ((await probeSocket(path)) === "dead") {
    if (Date.now() >= deadline) {
      throw new ConfigError(
        "REDIS_URL",
        `No Redis: REDIS_URL is not set and no News Line is running in ${config.dataDir}; run \`newsline start\` there first.`,
      );
    }
    await sleep(100);
  }
  return { kind: "socket", path };
}
