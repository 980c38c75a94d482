import { parseInfo } from "../../src/redis/check.ts";
import type { RedisClient } from "../../src/redis/connect.ts";

/** Commands that Redis has carried out since it started, whoever sent them, those of scripts included. */
export async function countCommands(redis: RedisClient): Promise<number> {
  let calls = 0;
  for (const [, row] of parseInfo(await redis.info("commandstats"))) {
    calls += Number(/^calls=(\d+)/.exec(row)?.[1] ?? 0);
  }
  return calls;
}
