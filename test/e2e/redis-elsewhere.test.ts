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

async function startServices(): Promise<void> {
  const config = readConfig({
    PORT: "0",
    REDIS_URL: group.url,
    NEWSLINE_DATA: dir,
    NEWSLINE_ADMIN_TOKEN: "token",
    LOG_LEVEL: "silent",
  });
  const worker = await createWorker(config);
  const gateway = createGateway(config, { drainMs: 10 });
  services.push(gateway, worker);
  const [{ port }] = await Promise.all([gateway.start(), worker.start()]);
  url = `http://127.0.0.1:${port}`;
}

async function publish(headline: string): Promise<number> {
  const answer = await fetch(`${url}/v1/items`, {
    method: "POST",
    headers: { authorization: "Bearer token", "content-type": "application/json" },
    body: JSON.stringify({ headline }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function readHeadlines(): Promise<string[]> {
  const answer = await fetch(`${url}/v1/lines/main`);
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
