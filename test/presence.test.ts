import { Redis } from "ioredis";
import { io, type Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { createGateway, type Gateway } from "../src/gateway.ts";
import { RecentMost } from "../src/rest/public/recent-most.ts";
import { leavePresence, PRESENCE_LIFETIME_MS, tellPresence } from "../src/store/presence.ts";
import { EventReader } from "./support/event-stream.ts";
import { ADMIN_TOKEN, startTestGateway, type TestGateway } from "./support/gateway.ts";

const TELL_MS = 200;

let gate: TestGateway;
const endings: (() => unknown)[] = [];
beforeAll(async () => {
  gate = await startTestGateway({ env: { NEWSLINE_GATEWAY: "one" }, presenceMs: TELL_MS });
});
afterAll(() => gate.stop());
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

async function follow(
  url: string,
  options: { transport?: "websocket" | "polling"; namespace?: string } = {},
): Promise<Socket> {
  const { transport = "websocket", namespace = "/" } = options;
  const auth = { token: ADMIN_TOKEN };
  const socket = io(`${url}${namespace}`, { transports: [transport], forceNew: true, auth });
  endings.push(() => socket.disconnect());
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  await socket.timeout(5_000).emitWithAck("subscribe", { line: "main" });
  return socket;
}

/** A second gateway of the same edition, in this process. */
async function startSecond(name: string): Promise<{ gateway: Gateway; url: string }> {
  const config = readConfig({
    PORT: "0",
    REDIS_URL: `unix://${gate.redis.path}`,
    NEWSLINE_DATA: gate.dataDir,
    NEWSLINE_ADMIN_TOKEN: ADMIN_TOKEN,
    NEWSLINE_GATEWAY: name,
    LOG_LEVEL: "silent",
  });
  const gateway = createGateway(config, { drainMs: 50, presenceMs: TELL_MS });
  endings.push(() => gateway.close());
  const { port } = await gateway.start();
  return { gateway, url: `http://127.0.0.1:${port}` };
}

const readersAt = async (url: string) => (await (await fetch(`${url}/v1/status`)).json()).readers;
const metricsAt = async (url: string) => (await fetch(`${url}/metrics`)).text();
const patient = { timeout: 15_000 };

test("PRS1 readers are counted at every door, editors at their desks at none", async () => {
  await follow(gate.url);
  await follow(gate.url, { transport: "polling" });
  await follow(gate.url, { namespace: "/desk" });
  const events = new EventReader(`${gate.url}/v1/lines/main/events`);
  endings.push(() => events.close());
  await expect.poll(() => events.events.length).toBeGreaterThan(0);
  const { body } = await gate.http.get("/v1/lines/main/deltas");
  const ending = new AbortController();
  endings.push(() => ending.abort());
  const ask = `${gate.url}/v1/lines/main/deltas?since=${body.position}`;
  fetch(`${ask}&wait=25`, { signal: ending.signal }).catch(() => undefined);
  // One that does not wait may be a script that looks once.
  await fetch(ask);
  await expect.poll(() => readersAt(gate.url), patient).toEqual({ main: 4 });
  const text = await metricsAt(gate.url);
  for (const door of ["websocket", "polling", "events", "poll"]) {
    expect(text).toContain(`newsline_gateway_readers{gateway="one",line="main",door="${door}"} 1\n`);
  }
  expect(text).toContain('newsline_readers{line="main"} 4\n');
});

test("PRS1 a long poll still counts in the moment between two questions", async () => {
  const { body } = await gate.http.get("/v1/lines/main/deltas");
  const ask = (wait: number) => fetch(`${gate.url}/v1/lines/main/deltas?since=${body.position}&wait=${wait}`);
  const waiting = Promise.all([ask(25), ask(25), ask(25)]);
  await expect.poll(() => readersAt(gate.url), patient).toEqual({ main: 3 });
  await gate.desk.post("/v1/items").send({ headline: "Everybody is answered" }).expect(201);
  await waiting;
  expect(await readersAt(gate.url)).toEqual({ main: 3 });
});

test("PRS1 the most of the last seconds counts, and no longer than that", () => {
  const most = new RecentMost();
  const nowMs = Date.now();
  const leave = [most.enter(), most.enter(), most.enter()];
  for (const one of leave) one();
  expect(most.count(nowMs)).toBe(3);
  most.enter();
  expect(most.count(nowMs + 30_000)).toBe(1);
});

test("PRS2 every gateway tells the readers of all, each counted once, and who leaves is gone at once", async () => {
  const second = await startSecond("two");
  await follow(gate.url);
  await follow(second.url);
  await follow(second.url);
  for (const url of [gate.url, second.url]) {
    await expect.poll(() => readersAt(url), patient).toEqual({ main: 3 });
    const text = await metricsAt(url);
    expect(text).toContain('newsline_gateway_readers{gateway="one",line="main",door="websocket"} 1\n');
    expect(text).toContain('newsline_gateway_readers{gateway="two",line="main",door="websocket"} 2\n');
    expect(text).toContain('newsline_edition_readers{line="main"} 3\n');
  }
  expect(await metricsAt(second.url)).toContain('newsline_readers{line="main"} 2\n');
  expect((await gate.http.get("/v1/status")).body.gateways).toBe(2);
  await second.gateway.close();
  await expect.poll(async () => (await gate.http.get("/v1/status")).body.gateways, patient).toBe(1);
  expect(await gate.client.hkeys(gate.edition.keys.presence)).toEqual(["one"]);
});

test("PRS2 a gateway that dies without a word is taken off the list, and its count with it", async () => {
  const ghost = { fromMs: 1, readers: { main: { websocket: 50 } }, screens: {} };
  await tellPresence(gate.edition, "ghost", ghost);
  await expect.poll(() => readersAt(gate.url), patient).toEqual({ main: 50 });
  const [seconds = 0] = (await gate.client.time()).map(Number);
  const old = seconds * 1_000 - PRESENCE_LIFETIME_MS - 1_000;
  await gate.client.hset(gate.edition.keys.presence, "ghost", `${old} ${JSON.stringify(ghost)}`);
  await expect.poll(() => readersAt(gate.url), patient).toEqual({ main: 0 });
  expect(await gate.client.hkeys(gate.edition.keys.presence)).toEqual(["one"]);
  // When the last gateway has gone, the list goes by itself.
  const left = await gate.client.pttl(gate.edition.keys.presence);
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(PRESENCE_LIFETIME_MS);
});

test("PRS2 what a newer program tells is passed over, not stumbled over", async () => {
  await gate.client.hset(gate.edition.keys.presence, "newer", `${Date.now()} {"readers":[1]}`, "odd", "?");
  const { gateways } = await tellPresence(gate.edition, "probe", { fromMs: 1, readers: {}, screens: {} });
  expect([...gateways.keys()].sort()).toEqual(["one", "probe"]);
  await leavePresence(gate.edition, "probe");
});

test("PRS3 the store gets one command for some seconds, however many come and however often it is asked", async () => {
  const monitor = await new Redis(gate.redis.path).monitor();
  endings.push(() => monitor.disconnect());
  let told = 0;
  monitor.on("monitor", (_time: string, args: string[]) => {
    if (args[0]?.toLowerCase() === "eval" && args.includes(gate.edition.keys.presence)) told += 1;
  });
  const startMs = performance.now();
  for (let n = 0; n < 20; n += 1) {
    await follow(gate.url);
    await Promise.all([readersAt(gate.url), metricsAt(gate.url)]);
  }
  await expect.poll(() => told).toBeGreaterThan(0);
  const most = Math.floor((performance.now() - startMs) / TELL_MS) + 1;
  expect(told).toBeLessThanOrEqual(most);
});
