import { once } from "node:events";
import { connect, type Socket as TcpSocket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { limitStalls } from "../src/rest/stalls.ts";
import { BURST_MS } from "../src/socket/bursts.ts";
import { write } from "./support/items.ts";
import { openRawSocket, toClientFrame } from "./support/raw-socket.ts";
import { type ReadingGateway, settle, startGateway } from "./support/reading-gateway.ts";
import { startStore, type TestStore } from "./support/store.ts";

const MOST_BYTES = 1024 * 1024;
const SUBSCRIBE = '420["subscribe",{"line":"main","limit":1}]';

let store: TestStore;
let gateway: ReadingGateway;
/** The server's ends. */
const tcpSockets = new Set<TcpSocket>();
/** The clients' ends: they do not end by themselves, and a gateway waits for them. */
const rawSockets: Duplex[] = [];

beforeAll(async () => {
  store = await startStore();
});
afterAll(() => store.stop());
beforeEach(async () => {
  gateway = await startGateway(store);
  tcpSockets.clear();
  gateway.server.on("connection", (socket) => {
    tcpSockets.add(socket);
    socket.on("close", () => tcpSockets.delete(socket));
  });
});
afterEach(async () => {
  for (const socket of rawSockets.splice(0)) socket.destroy();
  await gateway.close();
});

/** Two bytes a letter in UTF-8: what is counted in letters is half of what waits. */
const WIDE = "щ".repeat(8_000);
let written = 0;
async function publishWide(): Promise<void> {
  written += 1;
  // Changes of one item would leave as one.
  await write(store.edition, `wide-item-${written % 100}`, { lead: `${written} ${WIDE}` });
  await settle(store, gateway.views, "public:main");
}

/** All that waits for one client, wherever it waits. */
function waitingBytes(): number {
  const inTcp = [...tcpSockets].map(({ writableLength }) => writableLength);
  const sockets = [...gateway.sockets.io.of("/").sockets.values()];
  // There is one client in each test, so what Engine.IO holds back and what the TCP socket holds are the same one's.
  const inEngine = sockets.map(({ conn }) => toHeldBackBytes(conn));
  return Math.max(0, ...inTcp) + Math.max(0, ...inEngine);
}

/** Counted here anew, in bytes as they leave. */
function toHeldBackBytes(connection: object): number {
  const packets: unknown = Reflect.get(connection, "writeBuffer");
  if (!Array.isArray(packets)) throw new Error("Engine.IO has no buffer");
  return packets.reduce<number>((sum, { data }) => sum + Buffer.byteLength(String(data)), 0);
}

/** Publishes until the reader has been cut; gives the most that ever waited. */
async function publishUntil(isCut: () => boolean): Promise<number> {
  let most = 0;
  for (let n = 0; n < 1_500 && !isCut(); n += 1) {
    await publishWide();
    most = Math.max(most, waitingBytes());
  }
  expect(isCut()).toBe(true);
  return most;
}

const onSockets = () => gateway.sockets.readers()["main"] ?? 0;
/** Told to go, whether or not it has heard. */
const isLetGo = () =>
  [...gateway.sockets.io.of("/").sockets.values()].every(({ conn }) => conn.readyState !== "open");

function hear(socket: Duplex): { text: () => string } {
  let heard = "";
  socket.on("data", (bytes: Buffer) => (heard += bytes.toString("latin1")));
  return { text: () => heard };
}

async function followBySocket(): Promise<{ socket: Duplex; text: () => string }> {
  const socket = await openRawSocket(gateway.url);
  rawSockets.push(socket);
  const { text } = hear(socket);
  socket.write(toClientFrame("40"));
  await expect.poll(text).toContain('40{"sid"');
  socket.write(toClientFrame(SUBSCRIBE));
  await expect.poll(onSockets).toBe(1);
  return { socket, text };
}

/** A request whose answer is read only when told to. */
async function ask(path: string): Promise<TcpSocket> {
  const socket = connect({ port: Number(new URL(gateway.url).port), host: "127.0.0.1" });
  rawSockets.push(socket);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  return socket;
}

/** A Socket.IO client on long polls that follows the line; gives the address of its session. */
async function followByPolling(): Promise<string> {
  const url = `${gateway.url}/socket.io/?EIO=4&transport=polling`;
  const [, sid] = /"sid":"([^"]+)"/.exec(await (await fetch(url)).text()) ?? [];
  const session = `${url}&sid=${sid}`;
  for (const body of ["40", SUBSCRIBE]) {
    await fetch(session, { method: "POST", body });
    await (await fetch(session)).text();
  }
  await expect.poll(onSockets).toBe(1);
  return session;
}

test("P7 a WebSocket that is not read is cut below 1 MB, and told so if it reads on", async () => {
  const { socket, text } = await followBySocket();
  socket.pause();
  expect(await publishUntil(isLetGo)).toBeLessThan(MOST_BYTES);
  const end = once(socket, "end");
  socket.resume();
  await expect.poll(text).toContain('42["goodbye",{"code":"slow","temporary":true');
  await end;
});

test("P7 a polling client that does not read its answer is cut below 1 MB, answer included", async () => {
  const session = new URL(await followByPolling());
  for (let n = 0; n < 5; n += 1) await publishWide();
  const socket = await ask(session.pathname + session.search);
  socket.pause();
  expect(await publishUntil(isLetGo)).toBeLessThan(MOST_BYTES);
});

test("P7 a polling client that comes too seldom is cut below 1 MB, and told so when it comes", async () => {
  const session = await followByPolling();
  expect(await publishUntil(isLetGo)).toBeLessThan(MOST_BYTES);
  const answer = await (await fetch(session)).text();
  expect(answer).toContain('42["goodbye",{"code":"slow","temporary":true');
});

test("P7 an event stream that is not read is cut below 1 MB, and told so if it reads on", async () => {
  const socket = await ask("/v1/lines/main/events?limit=1");
  const { text } = hear(socket);
  await expect.poll(text).toContain("event: tick");
  socket.pause();
  const isGone = () => (gateway.door.readersByDoor()["main"]?.events ?? 0) === 0;
  expect(await publishUntil(isGone)).toBeLessThan(MOST_BYTES);
  socket.resume();
  await expect.poll(text).toContain('event: goodbye\ndata: {"code":"slow"');
});

/** Two of them are below the limit for what may wait, three are above all. */
async function publishLargeUntil(isCut: () => boolean): Promise<number> {
  const lead = "x".repeat(380_000);
  let most = 0;
  for (let n = 0; n < 100 && !isCut(); n += 1) {
    await write(store.edition, "large-item-1", { lead });
    await settle(store, gateway.views, "public:main");
    // Apart, or they would leave as one.
    await sleep(BURST_MS);
    most = Math.max(most, waitingBytes());
  }
  expect(isCut()).toBe(true);
  return most;
}

test("P7 an event stream is cut before a large delta that would take it past 1 MB", async () => {
  const socket = await ask("/v1/lines/main/events?limit=1");
  const { text } = hear(socket);
  await expect.poll(text).toContain("event: tick");
  socket.pause();
  const isGone = () => (gateway.door.readersByDoor()["main"]?.events ?? 0) === 0;
  expect(await publishLargeUntil(isGone)).toBeLessThan(MOST_BYTES);
});

test("P7 so is a WebSocket, before that delta waits with the others", async () => {
  const { socket } = await followBySocket();
  socket.pause();
  // Once it is cut, what waited for it is dropped: only while a packet is put to the others is it seen how many there are.
  let most = 0;
  for (const { conn } of gateway.sockets.io.of("/").sockets.values()) {
    conn.on("packetCreate", ({ data = "" }: { data?: unknown }) => {
      most = Math.max(most, waitingBytes() + Buffer.byteLength(String(data)));
    });
  }
  await publishLargeUntil(isLetGo);
  expect(most).toBeGreaterThan(700_000);
  expect(most).toBeLessThan(MOST_BYTES);
});

test("P7 an answer that nobody reads does not wait for ever", async () => {
  limitStalls(gateway.server, 300);
  for (let n = 0; n < 100; n += 1) await write(store.edition, `many-item-${n}`, { lead: WIDE.repeat(12) });
  await settle(store, gateway.views, "public:main");
  const socket = await ask("/v1/lines/main/deltas?limit=200");
  socket.pause();
  await expect.poll(waitingBytes).toBeGreaterThan(0);
  await expect.poll(() => tcpSockets.size).toBe(0);
  // What is read, however late, is not cut.
  const answer = await fetch(`${gateway.url}/v1/lines/main?limit=1`);
  expect(answer.status).toBe(200);
});

test("SOCK a client that vanished without a word is gone after the ping that it did not answer", async () => {
  Object.assign(gateway.sockets.io.engine.opts, { pingInterval: 100, pingTimeout: 200 });
  const { socket } = await followBySocket();
  // Its end stays open, as that of a phone that has lost its network.
  socket.pause();
  await expect.poll(onSockets).toBe(0);
  await expect.poll(() => tcpSockets.size).toBe(0);
  expect(gateway.sockets.io.engine.clientsCount).toBe(0);
});

test("SOCK the same for one on long polls that never asks again", async () => {
  Object.assign(gateway.sockets.io.engine.opts, { pingInterval: 100, pingTimeout: 200 });
  await followByPolling();
  await expect.poll(onSockets).toBe(0);
  expect(gateway.sockets.io.engine.clientsCount).toBe(0);
});
