import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { afterEach, expect, test } from "vitest";
import { connectRedis } from "../src/redis/connect.ts";
import { probeSocket } from "../src/redis/server.ts";
import { startRedis, type TestRedis } from "./support/redis.ts";

let redis: TestRedis | undefined;
afterEach(() => redis?.stop());

test("SET1 a private Redis keeps its data over a kill by signal 9", async () => {
  redis = await startRedis({ appendfsync: "always" });
  const client = connectRedis(redis.target, "patient");
  await client.set("a", "1");
  await redis.kill9();
  expect(await probeSocket(redis.path)).toBe("dead");
  const waiting = client.get("a");
  await redis.restart();
  expect(await waiting).toBe("1");
  client.disconnect();
});

test("SET2 stop leaves neither a process nor a file", async () => {
  redis = await startRedis();
  await redis.stop();
  await redis.stop();
  expect(await probeSocket(redis.path)).toBe("dead");
  expect(existsSync(dirname(redis.path))).toBe(false);
});

test("SET3 a fail-fast connection answers at once while Redis is away, and works again when it is back", async () => {
  redis = await startRedis();
  const client = connectRedis(redis.target, "fail-fast");
  await expect.poll(() => client.status).toBe("ready");
  await client.set("a", "1");
  await redis.kill9();
  await expect.poll(() => client.status).toBe("reconnecting");
  await expect(client.get("a")).rejects.toThrow();
  await redis.restart();
  await expect.poll(() => client.status, { timeout: 5_000 }).toBe("ready");
  client.disconnect();
});

test("SET4 a blocked read fails with its connection and is not repeated unseen", async () => {
  redis = await startRedis();
  const client = connectRedis(redis.target, "blocking");
  const read = client.xread("BLOCK", 10_000, "STREAMS", "s", "0-0");
  const failed = expect(read).rejects.toThrow();
  await expect.poll(() => client.status).toBe("ready");
  await redis.kill9();
  await failed;
  client.disconnect();
});
