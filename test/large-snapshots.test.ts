import { once } from "node:events";
import { connect, type Socket as TcpSocket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { write } from "./support/items.ts";
import { openRawSocket, toClientFrame } from "./support/raw-socket.ts";
import { type ReadingGateway, settle, startGateway } from "./support/reading-gateway.ts";
import { startStore, type TestStore } from "./support/store.ts";

/** A line whose newest 200 items are far more than what may wait for a reader (P7). */
const ITEMS = 200;
const LEAD = "x".repeat(20_000);
/** A step of a slow link. */
const STEP_BYTES = 64 * 1024;
const STEP_MS = 25;

let store: TestStore;
let gateway: ReadingGateway;
const rawSockets: Duplex[] = [];
/** The server's ends. */
const tcpSockets = new Set<TcpSocket>();

beforeAll(async () => {
  store = await startStore();
  gateway = await startGateway(store);
  gateway.server.on("connection", (socket) => {
    tcpSockets.add(socket);
    socket.on("close", () => tcpSockets.delete(socket));
  });
  for (let n = 0; n < ITEMS; n += 1)
    await write(store.edition, `item-${1_000 + n}`, { lead: `${n} ${LEAD}` });
  await settle(store, gateway.views, "public:main");
});
afterAll(async () => {
  for (const socket of rawSockets) socket.destroy();
  await gateway.close();
  await store.stop();
});

function hear(socket: Duplex): { text: () => string } {
  let heard = "";
  socket.on("data", (bytes: Buffer) => (heard += bytes.toString("latin1")));
  return { text: () => heard };
}

async function openStream(): Promise<{ socket: TcpSocket; text: () => string }> {
  const socket = connect({ port: Number(new URL(gateway.url).port), host: "127.0.0.1" });
  rawSockets.push(socket);
  await once(socket, "connect");
  socket.write("GET /v1/lines/main/events?limit=200 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  return { socket, ...hear(socket) };
}

/** Reads as a slow link does, until it has read what it waits for or its connection has ended. */
async function readSlowly(socket: Duplex, isThere: (heard: string) => boolean): Promise<string> {
  socket.removeAllListeners("data");
  socket.pause();
  let heard = "";
  while (!isThere(heard) && !socket.readableEnded && !socket.destroyed) {
    const bytes: unknown = socket.read(Math.min(STEP_BYTES, Math.max(1, socket.readableLength)));
    if (Buffer.isBuffer(bytes)) heard += bytes.toString("latin1");
    await sleep(STEP_MS);
  }
  return heard;
}

const isFollowed = () => (gateway.sockets.readers()["main"] ?? 0) > 0;

async function openSocket(): Promise<Duplex> {
  const socket = await openRawSocket(gateway.url);
  rawSockets.push(socket);
  const { text } = hear(socket);
  socket.write(toClientFrame("40"));
  await expect.poll(text).toContain('40{"sid"');
  return socket;
}

test("P7 an event stream that reads gets a snapshot of megabytes, its tick and what follows", async () => {
  const { text } = await openStream();
  await expect.poll(text).toContain("event: tick");
  await write(store.edition, "item-1000", { lead: "after the snapshot" });
  await expect.poll(text).toContain("after the snapshot");
  expect(text()).not.toContain("goodbye");
});

test("P7 an event stream on a slow link ends its snapshot, then gets what happened meanwhile", async () => {
  const { socket } = await openStream();
  socket.pause();
  await expect.poll(() => gateway.door.readersByDoor()["main"]?.events ?? 0).toBeGreaterThan(0);
  await write(store.edition, "item-1001", { lead: "meanwhile, on the stream" });
  await settle(store, gateway.views, "public:main");
  const heard = await readSlowly(socket, (text) => text.includes("meanwhile, on the stream"));
  expect(heard).not.toContain("goodbye");
  expect(heard.match(/event: \w+/g)?.slice(0, 4)).toEqual([
    "event: snapshot",
    "event: tick",
    "event: delta",
    "event: tick",
  ]);
});

test("P7 SUB1 a WebSocket on a slow link ends its snapshot, then gets what happened meanwhile as one delta", async () => {
  const socket = await openSocket();
  socket.pause();
  socket.write(toClientFrame('420["subscribe",{"line":"main","limit":200}]'));
  await expect
    .poll(() => [...gateway.sockets.io.of("/").sockets.values()].some(({ conn }) => isBusy(conn)))
    .toBe(true);
  for (const words of ["one thing, meanwhile", "another thing, meanwhile"]) {
    await write(store.edition, "item-1002", { lead: words });
    await settle(store, gateway.views, "public:main");
  }
  const heard = await readSlowly(socket, (text) => text.includes("another thing, meanwhile"));
  expect(heard).not.toContain("goodbye");
  const [, position] = /"kind":"snapshot","line":"main","position":"\w+:(\d+)"/.exec(heard) ?? [];
  const [, from, to] = /42\["delta",\{"line":"main","epoch":"\w+","from":(\d+),"to":(\d+)/.exec(heard) ?? [];
  expect(from).toBe(position);
  expect(Number(to)).toBe(Number(from) + 2);
  expect(heard).not.toContain("one thing, meanwhile");
  // From then on it follows as everybody does.
  await expect.poll(isFollowed).toBe(true);
  await write(store.edition, "item-1003", { lead: "long after" });
  expect(await readSlowly(socket, (text) => text.includes("long after"))).toContain(`"from":${to}`);
});

test("P7 one that reads nothing of it and asks again and again is cut", async () => {
  const socket = await openSocket();
  socket.pause();
  const isThere = () => gateway.sockets.io.of("/").sockets.size > before;
  const before = gateway.sockets.io.of("/").sockets.size - 1;
  for (let n = 0; n < 20 && isThere(); n += 1) {
    socket.write(toClientFrame(`42${n}["subscribe",{"line":"main","limit":200}]`));
    await sleep(STEP_MS);
  }
  await expect.poll(isThere).toBe(false);
});

/** What Engine.IO or its WebSocket has not handed over yet. */
function isBusy(connection: object): boolean {
  const transport: unknown = Reflect.get(connection, "transport");
  return typeof transport === "object" && transport !== null && Reflect.get(transport, "writable") === false;
}
