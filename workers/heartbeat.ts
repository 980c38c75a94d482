import { randomUUID } from "node:crypto";
import { readClockMs } from "../src/store/clock.ts";
import type { Edition } from "../src/store/keys.ts";

/** A worker that has been silent for longer is taken off the list. */
const FORGET_MS = 60_000;
export const BEAT_MS = 2_000;

/** Says that this worker lives; gateways report it in `/readyz`. */
export function createHeartbeat(edition: Edition): {
  beat: () => Promise<number>;
  stop: () => Promise<void>;
} {
  const { redis, keys } = edition;
  const name = randomUUID();
  return {
    beat: async () => {
      const nowMs = await readClockMs(edition);
      await redis.hset(keys.worker, name, nowMs);
      const others = await redis.hgetall(keys.worker);
      const silent = Object.entries(others).filter(([, at]) => Number(at) < nowMs - FORGET_MS);
      if (silent.length > 0) await redis.hdel(keys.worker, ...silent.map(([other]) => other));
      return BEAT_MS;
    },
    stop: async () => {
      await redis.hdel(keys.worker, name);
    },
  };
}
