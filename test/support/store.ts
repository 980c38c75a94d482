import { connectRedis, type RedisClient } from "../../src/redis/connect.ts";
import { defineApply } from "../../src/store/apply.ts";
import { openEdition } from "../../src/store/edition.ts";
import type { Edition } from "../../src/store/keys.ts";
import { startRedis, type TestRedis } from "./redis.ts";

export interface TestStore {
  redis: TestRedis;
  client: RedisClient;
  edition: Edition;
  stop(): Promise<void>;
}

/** A store of the test's own in a real Redis. */
export async function startStore(): Promise<TestStore> {
  const redis = await startRedis();
  const client = connectRedis(redis.target, "patient");
  defineApply(client);
  const edition = await openEdition(client, "test");
  return {
    redis,
    client,
    edition,
    stop: async () => {
      client.disconnect();
      await redis.stop();
    },
  };
}
