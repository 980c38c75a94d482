import { afterEach, beforeEach, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { createGateway } from "../../src/gateway.ts";
import { createWorker } from "../../workers/main.ts";
import { makeDataFolder } from "../support/product.ts";
import { type RedisGroup, startCluster, startSentinelGroup } from "../support/redis-groups.ts";

interface Service {
  close(): Promise<void>;
}

let group: RedisGroup;
let services: Service[];
let dir: string;
let remove: () => Promise<void>;
let url: string;

beforeEach(async () => {
  services = [];
  ({ dir, remove } = await makeDataFolder());
});
afterEach(async () => {
  for (const service of services) await service.close();
  await group.stop();
  await remove();
});

async function startServices(edition = "main"): Promise<string> {
  const config = readConfig({
    PORT: "0",
    REDIS_URL: group.url,
    NEWSLINE_DATA: dir,
    NEWSLINE_ADMIN_TOKEN: "token",
    NEWSLINE_EDITION: edition,
    LOG_LEVEL: "silent",
  });
  const worker = await createWorker(config);
  const gateway = createGateway(config, { drainMs: 10 });
  services.push(gateway, worker);
  const [{ port }] = await Promise.all([gateway.start(), worker.start()]);
  url = `http://127.0.0.1:${port}`;
  return url;
}

async function publish(headline: string, at = url): Promise<number> {
  const answer = await fetch(`${at}/v1/items`, {
    method: "POST",
    headers: { authorization: "Bearer token", "content-type": "application/json" },
    body: JSON.stringify({ headline }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function readHeadlines(at = url): Promise<string[]> {
  const answer = await fetch(`${at}/v1/lines/main`);
  const { items }: { items: { headline: string }[] } = JSON.parse(await answer.text());
  return items.map((item) => item.headline);
}

test("SET20 a cluster holds queue, store and stream: what an editor publishes is on the line", async () => {
  group = await startCluster();
  await startServices();
  expect(await publish("First")).toBe(201);
  expect(await publish("Second")).toBe(201);
  expect(await readHeadlines()).toEqual(["Second", "First"]);
});

test("SET21 several editions on one cluster land on several shards, each with all that is its own in one slot", async () => {
  group = await startCluster();
  const urls = { main: await startServices("main"), az: await startServices("az") };
  for (const [edition, at] of Object.entries(urls)) expect(await publish(`Of ${edition}`, at)).toBe(201);
  expect(await readHeadlines(urls.main)).toEqual(["Of main"]);
  expect(await readHeadlines(urls.az)).toEqual(["Of az"]);

  const held = await group.keysByServer();
  const serversOf = (tag: string) =>
    held.flatMap((keys, server) => (keys.some((key) => key.includes(`{${tag}}`)) ? [server] : []));
  expect([serversOf("main"), serversOf("az")]).toEqual([[expect.any(Number)], [expect.any(Number)]]);
  expect(serversOf("main")).not.toEqual(serversOf("az"));
  expect([serversOf("nlq-main").length, serversOf("nlq-az").length]).toEqual([1, 1]);
  // One tag is one slot; nothing stands outside of the four.
  const tags = held.flat().map((key) => /\{([^}]+)\}/.exec(key)?.[1]);
  expect(new Set(tags)).toEqual(new Set(["main", "az", "nlq-main", "nlq-az"]));
});

test("SET22 gateway and worker leave no connection to a cluster open when they close", async () => {
  group = await startCluster();
  await startServices();
  expect(await publish("Before the end")).toBe(201);
  expect(await group.countCallers()).toBeGreaterThan(0);
  for (const service of services.splice(0)) await service.close();
  await expect.poll(() => group.countCallers(), { timeout: 10_000 }).toBe(0);
});

test("P6 a failover by sentinels: writes are refused until it is over, and nothing confirmed is lost", async () => {
  group = await startSentinelGroup();
  await startServices();
  expect(await publish("Before")).toBe(201);
  await group.killPrimary();
  expect(await readHeadlines()).toEqual(["Before"]);
  await expect.poll(() => publish("After"), { timeout: 30_000, interval: 500 }).toBe(201);
  const headlines = await readHeadlines();
  expect(headlines.at(-1)).toBe("Before");
  expect(new Set(headlines)).toEqual(new Set(["Before", "After"]));
});
