import { once } from "node:events";
import { Manager } from "socket.io-client";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { parseInfo } from "../src/redis/check.ts";
import { toSharedRest } from "../src/socket/shared-answers.ts";
import { write } from "./support/items.ts";
import {
  type GatewayOverrides,
  type ReadingGateway,
  settle,
  startGateway,
  subscribe,
} from "./support/reading-gateway.ts";
import { startStore, type TestStore } from "./support/store.ts";

const ITEMS = 60;

let store: TestStore;
let gateway: ReadingGateway | undefined;
const raws: WebSocket[] = [];
beforeAll(async () => {
  store = await startStore();
  for (let n = 0; n < ITEMS; n += 1) {
    await write(store.edition, `connect-item-${String(n).padStart(3, "0")}`, { lead: "é – 東京 ".repeat(9) });
  }
});
afterAll(() => store.stop());
afterEach(async () => {
  for (const raw of raws.splice(0)) raw.terminate();
  await gateway?.close();
  gateway = undefined;
});

async function start(overrides: GatewayOverrides = {}): Promise<ReadingGateway> {
  gateway = await startGateway(store, {
    authenticate: () => Promise.resolve({ id: "id-editor", name: "editor", role: "editor" }),
    ...overrides,
  });
  await settle(store, gateway.views, "public:main");
  return gateway;
}

/** A client without any library of Socket.IO's: the messages as they come. */
async function openRaw(url: string): Promise<{ raw: WebSocket; messages: string[] }> {
  const raw = new WebSocket(`${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
  raws.push(raw);
  const messages: string[] = [];
  raw.on("message", (bytes: Buffer) => messages.push(bytes.toString()));
  await once(raw, "open");
  raw.send("40");
  await expect.poll(() => messages.some((text) => text.startsWith("40"))).toBe(true);
  messages.length = 0;
  return { raw, messages };
}

const AT = /"at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)",/;

test("MEM1 all who ask at one position get the same answer, each under its own number and at its own time", async () => {
  const { url } = await start();
  const requests = ['{"line":"main"}', '{"line":"main","limit":1}', '{"line":"main","since":"nonsense"}'];
  const clients = [await openRaw(url), await openRaw(url)];
  for (const [n, { raw, messages }] of clients.entries()) {
    for (const [index, request] of requests.entries()) {
      const number = n * 1_000 + index;
      raw.send(`42${number}["subscribe",${request}]`);
      await expect.poll(() => messages).toHaveLength(index + 1);
      expect(messages[index]?.startsWith(`43${number}[{"protocol":1,"at":"`)).toBe(true);
    }
  }
  const [ours, theirs] = clients.map(({ messages }) =>
    messages.map((text) => text.slice(text.indexOf("[")).replace(AT, "")),
  );
  expect(theirs).toEqual(ours);
  const sizes = (ours ?? []).map((text) => text.length);
  // One that is sent in two pieces, and one in one.
  expect([Math.max(...sizes) > 10_000, Math.min(...sizes) < 2_000]).toEqual([true, true]);
});

test("MEM1 the bytes of an answer are made once, until the line moves", async () => {
  const { views } = await start();
  const ask = (since?: string) =>
    views.answer({ audience: "public", line: "main", since, limit: 50 }, toSharedRest);
  const first = await ask();
  expect(await ask()).toBe(first);
  expect(first.bytes.toString()).toBe(first.text);
  await write(store.edition, "connect-item-000");
  await settle(store, views, "public:main");
  expect(await ask()).not.toBe(first);
});

test("MEM1 connects, subscribes and catch-ups ask Redis nothing", async () => {
  const { connect, views } = await start();
  const before = views.get("public:main")?.position;
  await write(store.edition, "connect-item-001");
  await settle(store, views, "public:main");
  const asked = await countReads();
  for (let n = 0; n < 20; n += 1) {
    const socket = await connect();
    expect(await subscribe(socket, { line: "main" })).toMatchObject({ kind: "snapshot" });
    expect(await subscribe(socket, { line: "main", since: String(before) })).toMatchObject({
      kind: "catch-up",
      deltas: [{ ops: [{ op: "put" }] }],
    });
  }
  expect(await countReads()).toBe(asked);
});

/** Without what the gateway follows the store by, and what this test asks. */
async function countReads(): Promise<number> {
  let calls = 0;
  for (const [name, row] of parseInfo(await store.client.info("commandstats"))) {
    if (/_(xread|info|ping)$/.test(name)) continue;
    calls += Number(/^calls=(\d+)/.exec(row)?.[1] ?? 0);
  }
  return calls;
}

test("SUB1 an answer comes before what is sent after it, also to one that subscribes again and again", async () => {
  const { url, views } = await start();
  const { raw, messages } = await openRaw(url);
  for (let n = 0; n < 20; n += 1) {
    raw.send(`42${n}["subscribe",{"line":"main","limit":${n % 2 === 0 ? 1 : 50}}]`);
    await write(store.edition, "connect-item-002");
  }
  const end = await settle(store, views, "public:main");
  const lead = (text: string) => /"position":"\w+:(\d+)"|"to":(\d+)/.exec(text)?.slice(1).find(Boolean);
  await expect.poll(() => Number(lead(messages.at(-1) ?? ""))).toBe(end.offset);
  let at: string | undefined;
  for (const text of messages) {
    if (text.startsWith("42")) expect(/"from":(\d+)/.exec(text)?.[1]).toBe(at);
    at = lead(text);
  }
});

test("MEM2 an open connection keeps no request, no made-up response and no room of its own", async () => {
  const { connect, sockets } = await start();
  await connect();
  await connect({ transports: ["polling", "websocket"] });
  await connect({ transports: ["polling"] });
  const { io } = sockets;
  const list = [...io.of("/").sockets.values()];
  await expect
    .poll(() => list.map(({ conn }) => conn.transport.name).sort())
    .toEqual(["polling", "websocket", "websocket"]);
  for (const { conn, rooms, request, handshake } of list) {
    expect([...rooms]).toEqual([]);
    expect(Object.keys(request)).toEqual(["headers", "connection"]);
    expect(handshake).toEqual({});
    if (conn.transport.name === "polling") continue;
    // These are private to Engine.IO and ws: an update that moves them makes this fail.
    const ws: unknown = Reflect.get(conn.transport, "socket");
    expect(ws).toBeInstanceOf(WebSocket);
    if (!(ws instanceof WebSocket)) return;
    const names = ws.listeners("error").map(({ name }) => name);
    expect(names).toHaveLength(1);
    expect(names).not.toContain("onUpgradeError");
    const tcp: unknown = Reflect.get(ws, "_socket");
    const listeners = Reflect.apply(Reflect.get(Object(tcp), "rawListeners"), tcp, ["close"]);
    expect(listeners).toHaveLength(1);
  }
});

test("MEM2 nothing is kept of a connection that has gone", async () => {
  const { connect, sockets } = await start();
  for (const transports of [["websocket"], ["polling", "websocket"], ["polling"]]) {
    const socket = await connect({ transports });
    await subscribe(socket, { line: "main" });
    socket.disconnect();
  }
  const { io } = sockets;
  const { sockets: left, adapter } = io.of("/");
  await expect
    .poll(() => [left.size, adapter.rooms.size, adapter.sids.size, io.engine.clientsCount])
    .toEqual([0, 0, 0, 0]);
});

test("PRV2 a connection that is a reader's already is looked at again at the desk's door", async () => {
  const { url } = await start();
  const enter = async (origin: string) => {
    const manager = new Manager(url, { transports: ["websocket"], extraHeaders: { origin } });
    const reader = manager.socket("/");
    await new Promise<void>((resolve) => void reader.once("connect", resolve));
    const desk = manager.socket("/desk", { auth: { token: "editor" } });
    const outcome = await new Promise<string>((resolve) => {
      desk.once("connect", () => resolve("in"));
      desk.once("connect_error", ({ message }) => resolve(message));
    });
    reader.disconnect();
    desk.disconnect();
    return outcome;
  };
  expect(await enter(url)).toBe("in");
  expect(await enter("https://other.example")).not.toBe("in");
});
