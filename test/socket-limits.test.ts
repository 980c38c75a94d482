import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Goodbye } from "../src/contract/socket.ts";
import { createOriginCheck } from "../src/socket/origin.ts";
import { toBacklogBytes } from "../src/socket/slow-readers.ts";
import { appendMessage } from "../src/store/message.ts";
import { hold, write } from "./support/items.ts";
import { openRawSocket, toClientFrame } from "./support/raw-socket.ts";
import {
  type Client,
  type GatewayOverrides,
  type ReadingGateway,
  settle,
  startGateway,
  subscribe,
} from "./support/reading-gateway.ts";
import { startStore, type TestStore } from "./support/store.ts";

let store: TestStore;
let gateway: ReadingGateway | undefined;
/** It does not end by itself, and a gateway waits for it. */
let rawSocket: Duplex | undefined;
beforeAll(async () => {
  store = await startStore();
});
afterAll(() => store.stop());
afterEach(async () => {
  rawSocket?.destroy();
  await gateway?.close();
  gateway = undefined;
});

async function start(overrides: GatewayOverrides = {}): Promise<ReadingGateway> {
  gateway = await startGateway(store, {
    authenticate: (token) => {
      const role = token === "editor" || token === "machine" ? token : undefined;
      return Promise.resolve(role && { id: `id-${role}`, name: role, role });
    },
    ...overrides,
  });
  return gateway;
}

const goodbyeOf = (socket: Client) => new Promise<Goodbye>((resolve) => socket.once("goodbye", resolve));
const endOf = (socket: Client) => new Promise<string>((resolve) => socket.once("disconnect", resolve));

test("PRV2 the desk's namespace takes an editor's token and nothing less", async () => {
  const { connect } = await start();
  const refused = [
    [{}, "unauthorized"],
    [{ token: "nonsense" }, "unauthorized"],
    [{ token: { $ne: 1 } }, "unauthorized"],
    [{ token: "machine" }, "forbidden"],
  ] as const;
  for (const [auth, code] of refused) {
    await expect(connect({ auth }, "/desk")).rejects.toMatchObject({ data: { error: { code } } });
  }
  const desk = await connect({ auth: { token: "editor" } }, "/desk");
  await write(store.edition, "desk-item-1", {
    edNote: "For the desk",
    pubStatus: "withheld",
    publicLines: [],
  });
  await expect
    .poll(() => subscribe(desk, { line: "main" }))
    .toMatchObject({ items: [{ id: "desk-item-1", edNote: "For the desk", pubStatus: "withheld" }] });
  const deltas: unknown[] = [];
  desk.on("delta", (delta) => deltas.push(delta));
  await hold(store.edition, "desk-item-1");
  await expect.poll(() => deltas.length).toBe(1);
});

test("PRV2 the desk takes pages of its own origin or a listed one; the public door any, unless there is a list", async () => {
  const open = await start();
  const auth = { token: "editor" };
  const from = (origin: string) => ({ extraHeaders: { origin } });
  await open.connect(from("https://elsewhere.example"));
  await open.connect({ ...from(open.url), auth }, "/desk");
  const refused = open.connect({ ...from("https://elsewhere.example"), auth }, "/desk");
  await expect(refused).rejects.toMatchObject({ data: { error: { code: "origin_refused" } } });
  await open.close();
  const listed = await start({ allowOrigin: createOriginCheck(["https://news.example"]) });
  await listed.connect({ ...from("https://news.example"), auth }, "/desk");
  for (const transports of [["websocket"], ["polling"]]) {
    const evil = listed.connect({ ...from("https://elsewhere.example"), transports });
    await expect(evil).rejects.toThrow();
  }
});

test("SOCK a revoked token ends its sockets for good, and no others", async () => {
  const { connect } = await start();
  const desk = await connect({ auth: { token: "editor" } }, "/desk");
  const reader = await connect();
  const goodbye = goodbyeOf(desk);
  const end = endOf(desk);
  await appendMessage(store.edition, { type: "token-revoked", id: "id-editor" });
  expect(await goodbye).toEqual({ code: "revoked", temporary: false, retryAfterMs: 0 });
  expect(await end).toBe("io server disconnect");
  await sleep(300);
  expect([desk.connected, reader.connected]).toEqual([false, true]);
});

test("SOCK a flood of events ends the connection, and the client may come back", async () => {
  const { connect } = await start();
  const socket = await connect();
  const goodbye = goodbyeOf(socket);
  const end = endOf(socket);
  for (let n = 0; n < 500; n += 1) socket.emit("seen", { line: "main", position: "nonsense1:0" });
  expect(await goodbye).toMatchObject({ code: "rate", temporary: true });
  expect(await end).toBe("transport close");
  await expect.poll(() => socket.connected).toBe(true);
});

test("SOCK too many connections of one address are turned away at the door", async () => {
  let left = 2;
  const { connect } = await start({ mayConnect: () => Promise.resolve((left -= 1) >= 0) });
  await connect();
  await connect();
  await expect(connect()).rejects.toThrow();
});

test("SOCK draining lets everybody go with a time to come back, and takes nobody in", async () => {
  const { connect, sockets } = await start();
  const clients = await Promise.all(Array.from({ length: 10 }, () => connect({ reconnection: false })));
  const goodbyes = Promise.all(clients.map(goodbyeOf));
  const ends = Promise.all(clients.map(endOf));
  await sockets.drain(200);
  for (const goodbye of await goodbyes) expect(goodbye).toMatchObject({ code: "draining", temporary: true });
  expect(new Set(await ends)).toEqual(new Set(["transport close"]));
  await expect(connect({ reconnection: false })).rejects.toThrow();
});

test("SOCK a request of more than 16 KB ends the connection", async () => {
  const { connect } = await start();
  const socket = await connect({ reconnection: false });
  const end = endOf(socket);
  socket.emit("seen", { line: "main", position: "x".repeat(20_000) });
  expect(await end).toBe("transport close");
});

test("P7 a reader that does not read is cut before it holds 1 MB; the others get everything", async () => {
  const { connect, url, sockets, views } = await start();
  const slow = await openRawSocket(url);
  rawSocket = slow;
  slow.write(toClientFrame("40"));
  const connected = new Promise((resolve) => {
    slow.on("data", (bytes: Buffer) => bytes.includes('40{"sid"') && resolve(bytes));
  });
  await connected;
  slow.write(toClientFrame('420["subscribe",{"line":"main"}]'));
  await expect.poll(() => sockets.readers()["main"]).toBe(1);
  slow.pause();
  const quick = await connect();
  let got = 0;
  quick.on("delta", ({ ops }) => (got += ops.length));
  await subscribe(quick, { line: "main" });
  const lead = "x".repeat(200_000);
  let written = 0;
  while (sockets.readers()["main"] === 2 && written < 300) {
    await write(store.edition, `slow-item-${written}`, { lead });
    await settle(store, views, "public:main");
    for (const connection of connectionsOf(sockets.io)) expect(connection).toBeLessThan(1024 * 1024);
    written += 1;
  }
  expect(sockets.readers()["main"]).toBe(1);
  await expect.poll(() => got).toBe(written);
});

/** What Engine.IO and the WebSocket hold back for each connection. */
function connectionsOf(io: ReadingGateway["sockets"]["io"]): number[] {
  return [...io.of("/").sockets.values()].map(({ conn }) => toBacklogBytes(conn));
}
