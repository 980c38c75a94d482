import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { checkRedis, judgeRedis, parseInfo } from "../src/redis/check.ts";
import { connectRedis, type RedisClient } from "../src/redis/connect.ts";
import { choosePrivateSocket, findPrivateSocket } from "../src/redis/private-socket.ts";
import { resolveRedis } from "../src/redis/resolve.ts";
import { startRedis, type TestRedis } from "./support/redis.ts";

let redis: TestRedis;
let client: RedisClient;
beforeAll(async () => {
  redis = await startRedis();
  client = connectRedis(redis.target, "patient");
});
beforeEach(async () => {
  await client.config("SET", "maxmemory-policy", "noeviction", "appendfsync", "always");
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});

test("SET5 a Redis that writes before it answers is used without a word", async () => {
  expect(await checkRedis(client)).toMatchObject({ durability: "always", warnings: [] });
});

test("SET6 a Redis on everysec is used with a warning", async () => {
  await client.config("SET", "appendfsync", "everysec");
  expect(await checkRedis(client)).toMatchObject({
    durability: "everysec",
    warnings: [expect.stringContaining("up to 2 s")],
  });
});

test("SET8 a Redis that may evict is refused in one sentence", async () => {
  await client.config("SET", "maxmemory-policy", "allkeys-lru");
  await expect(checkRedis(client)).rejects.toThrow(/noeviction \(it is allkeys-lru\)\.$/);
});

test("SET7 a Redis without an append-only file is used with a clear warning", async () => {
  await client.config("SET", "appendonly", "no");
  expect(await checkRedis(client)).toMatchObject({
    durability: "none",
    warnings: [expect.stringContaining("appendonly yes")],
  });
});

test("SET9 a Redis that is too old, or a replica, is refused in one sentence", () => {
  const info = (text: string) => parseInfo(`# Server\r\n${text}\r\n`);
  expect(() => judgeRedis(info("redis_version:6.0.16"), "always")).toThrow(/6\.0\.16 is too old.*6\.2/);
  expect(() => judgeRedis(info("redis_version:5.0.0"), "always")).toThrow("too old");
  expect(() => judgeRedis(info("redis_version:7.2.1\r\nrole:slave"), "always")).toThrow("replica");
  expect(judgeRedis(info("redis_version:10.0.0\r\naof_enabled:1"), undefined).durability).toBe("everysec");
});

test("SET10 without REDIS_URL the private Redis of the data folder is found, also by its noted short path", async () => {
  const dataDir = join(await mkdtemp(join(tmpdir(), "nl-")), "x".repeat(120));
  const missing = resolveRedis({ redis: undefined, dataDir }, 0);
  await expect(missing).rejects.toThrow(/^No Redis: REDIS_URL is not set .*newsline start/);
  const path = await choosePrivateSocket(dataDir);
  expect(Buffer.byteLength(path)).toBeLessThan(104);
  expect(await choosePrivateSocket(dataDir)).toBe(path);
  expect(await findPrivateSocket(dataDir)).toBe(path);
  await rm(join(dataDir, ".."), { recursive: true });
  await rm(join(path, ".."), { recursive: true });
});

test("SET11 REDIS_URL wins over a private Redis", async () => {
  expect(await resolveRedis({ redis: redis.target, dataDir: "/nowhere" })).toBe(redis.target);
});

test("SET21 a Redis that is not there yet is waited for; one that stays away is told in one sentence", async () => {
  const late = await startRedis();
  await late.kill9();
  const waiting = connectRedis(late.target, "patient");
  const found = checkRedis(waiting);
  await late.restart();
  expect(await found).toMatchObject({ durability: "everysec" });
  await late.kill9();
  await expect.poll(() => waiting.status).toBe("reconnecting");
  await expect(checkRedis(waiting, 100)).rejects.toThrow(/^Redis does not answer.*: start it, or correct/);
  waiting.disconnect();
  await late.stop();
});
