import { once } from "node:events";
import { io, type Socket } from "socket.io-client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startCommand } from "../support/command-line.ts";
import { EventReader } from "../support/event-stream.ts";
import { isAlive, readPid } from "../support/product.ts";
import { findPort } from "../support/proxies.ts";
import { readByEvents, readByPoll, readBySocket } from "../support/readers.ts";
import { type RunningProduct, runProduct } from "../support/running-product.ts";

const PATIENCE = { timeout: 20_000 };
const NAMES = ["web-1", "web-2", "web-3"];

let product: RunningProduct;
let sockets: Socket[] = [];

beforeEach(async () => {
  product = await runProduct({ NEWSLINE_GATEWAY: "web" }, ["--gateways", "3"]);
});
afterEach(async () => {
  for (const socket of sockets) socket.disconnect();
  sockets = [];
  await product.stop();
});

async function connect(options: Parameters<typeof io>[1] = {}): Promise<Socket> {
  const socket = io(product.url, { forceNew: true, reconnectionDelay: 100, ...options });
  sockets.push(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  return socket;
}

/** The gateway that a session lives in. */
function homeOf(socket: Socket): string {
  const { id } = Object(socket.io.engine);
  return String(id).split(".")[0] ?? "";
}

async function publish(headline: string): Promise<void> {
  const post = () => product.call("POST", "/v1/items", { headline });
  // A kept connection may be one to the gateway that was killed just now.
  const answer = await post().catch(post);
  expect(answer.status).toBe(201);
}

function gatewayPids(): (number | undefined)[] {
  return [1, 2, 3].map((place) => readPid(product.dataDir, `gateway-${place}`));
}

test("GWY1 gateways that share a port take turns, and a session over long polling finds its home", async () => {
  const deltas: string[] = [];
  const follow = async () => {
    const socket = await connect({ transports: ["polling"] });
    expect(await socket.emitWithAck("subscribe", { line: "main" })).toMatchObject({ kind: "snapshot" });
    socket.on("disconnect", (reason) => deltas.push(reason));
    socket.on("delta", ({ ops }) => deltas.push(ops[0].item.headline));
  };
  await Promise.all(Array.from({ length: 9 }, follow));
  expect(new Set(sockets.map(homeOf)).size).toBeGreaterThan(1);
  for (let round = 1; round <= 5; round += 1) {
    await publish(`Round ${round}`);
    await expect.poll(() => deltas.filter((one) => one === `Round ${round}`).length, PATIENCE).toBe(9);
  }
  expect(deltas).toHaveLength(45);
});

test("GWY2 a session that began by long polling moves to WebSocket, wherever its connection was dealt to", async () => {
  const follow = async () => {
    const socket = await connect();
    await expect.poll(() => socket.io.engine.transport.name, PATIENCE).toBe("websocket");
    expect(await socket.emitWithAck("subscribe", { line: "main" })).toMatchObject({ kind: "snapshot" });
  };
  await Promise.all(Array.from({ length: 9 }, follow));
  expect(new Set(sockets.map(homeOf)).size).toBeGreaterThan(1);
  const heard = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once("delta", resolve))));
  await publish("To every socket");
  expect(await heard).toHaveLength(9);
});

test("GWY3 a gateway that is killed comes back by itself; the others carry on, and its readers miss nothing", async () => {
  const readers = await Promise.all(
    [1, 2, 3].flatMap(() => [
      readBySocket(product.url, "main"),
      readByEvents(product.url, "main"),
      readByPoll(product.url, "main"),
    ]),
  );
  await publish("Before");
  const before = gatewayPids();
  product.kill9("gateway-2");
  await publish("While one is away");
  await expect.poll(() => gatewayPids()[1] !== before[1] && isAlive(gatewayPids()[1]), PATIENCE).toBe(true);
  expect([gatewayPids()[0], gatewayPids()[2]]).toEqual([before[0], before[2]]);
  await publish("After");
  for (const { held } of readers) await expect.poll(() => held.ids.length, PATIENCE).toBe(3);
  expect(readers.flatMap(({ held }) => held.faults)).toEqual([]);
  const state: unknown = await (await product.call("GET", "/v1/lines/main/state")).json();
  for (const { held } of readers) expect(state).toMatchObject({ sha256: held.sha256 });
  for (const reader of readers) reader.close();
});

test("GWY4 a gateway that is asked to end is given no more callers and sends its readers to the others", async () => {
  const readers = await Promise.all([1, 2, 3].map(() => connect({ transports: ["websocket"] })));
  const leaving = readers.find((socket) => homeOf(socket) === "web-2");
  const goodbye = new Promise((resolve) => leaving?.once("goodbye", resolve));
  process.kill(gatewayPids()[1] ?? 0, "SIGTERM");
  expect(await goodbye).toMatchObject({ code: "draining", temporary: true });
  await expect.poll(() => leaving?.connected, PATIENCE).toBe(true);
  const ready = await Promise.all([1, 2, 3, 4, 5, 6].map(() => product.call("GET", "/readyz")));
  expect(ready.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  expect(readers.filter((socket) => socket !== leaving).every((socket) => socket.connected)).toBe(true);
});

test("GWY6 a gateway that runs by itself on another port serves the same lines at the same positions", async () => {
  const port = await findPort();
  const beside = startCommand(["gateway"], {
    PORT: String(port),
    NEWSLINE_DATA: product.dataDir,
    LOG_LEVEL: "error",
  });
  const exited = once(beside, "exit");
  const url = `http://127.0.0.1:${port}`;
  const isReady = () =>
    fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
  await expect.poll(isReady, PATIENCE).toBe(true);
  const here = await readBySocket(product.url, "main");
  const there = await readBySocket(url, "main");
  await publish("At every gateway");
  for (const { held } of [here, there]) await expect.poll(() => held.ids.length, PATIENCE).toBe(1);
  expect(there.held.position).toBe(here.held.position);
  const asked = await fetch(`${url}/v1/lines/main/deltas?since=${here.held.position}`);
  expect(await asked.json()).toMatchObject({ kind: "catch-up", deltas: [] });
  for (const reader of [here, there]) reader.close();
  beside.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
});

test("GWY5 /metrics is one page of all gateways, each sample with its gateway's name", async () => {
  const stream = new EventReader(`${product.url}/v1/lines/main/events`);
  await expect.poll(() => stream.named("tick").length, PATIENCE).toBe(1);
  const page = await (await product.call("GET", "/metrics")).text();
  for (const name of NAMES) {
    expect(page).toMatch(new RegExp(`^newsline_gateway_up\\{gateway="${name}"\\} 1$`, "m"));
    expect(page).toMatch(new RegExp(`^process_resident_memory_bytes\\{gateway="${name}"\\} \\d+$`, "m"));
  }
  const readers = [...page.matchAll(/^newsline_readers\{gateway="web-\d",line="main"\} (\d)$/gm)];
  expect(readers.map(([, count]) => Number(count)).toSorted((a, b) => a - b)).toEqual([0, 0, 1]);
  expect(page.match(/^# TYPE process_cpu_seconds_total /gm)).toHaveLength(1);
  const samples = page.split("\n").filter((row) => row !== "" && !row.startsWith("#"));
  const names = samples.map((row) => row.slice(0, row.lastIndexOf(" ")));
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !name.includes('gateway="web-'))).toEqual([]);

  const own = await (await product.call("GET", "/metrics?gateway=web-3")).text();
  expect(own).toMatch(/^process_resident_memory_bytes \d+$/m);
  expect((await product.call("GET", "/metrics?gateway=web-9")).status).toBe(404);
  stream.close();
});
