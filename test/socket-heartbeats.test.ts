import { afterEach, beforeEach, expect, test } from "vitest";
import { snapshotAck } from "../src/contract/socket.ts";
import { type ReadingGateway, startGateway, subscribe } from "./support/reading-gateway.ts";
import { startStore, type TestStore } from "./support/store.ts";

let store: TestStore;
let gateway: ReadingGateway;
beforeEach(async () => {
  store = await startStore();
  gateway = await startGateway(store);
});
afterEach(async () => {
  await gateway.close();
  await store.stop();
});

function setPings(pingInterval: number, pingTimeout: number): void {
  Object.assign(gateway.sockets.io.engine.opts, { pingInterval, pingTimeout });
}

/** How often each client was pinged. */
function countPings(socket: Awaited<ReturnType<ReadingGateway["connect"]>>): () => number {
  let pings = 0;
  socket.io.engine.on("ping", () => {
    pings += 1;
  });
  return () => pings;
}

test.for(["websocket", "polling"] as const)(
  "PNG1 a client on %s is pinged again and again, answers, and stays",
  async (transport) => {
    setPings(200, 6_000);
    const socket = await gateway.connect({ transports: [transport] });
    const pings = countPings(socket);
    await expect.poll(pings, { timeout: 10_000 }).toBeGreaterThan(3);
    const answer = snapshotAck.parse(await subscribe(socket, { line: "main" }));
    expect([answer.count, socket.connected]).toEqual([0, true]);
  },
);

test("PNG1 one that begins with long polls and goes over to a WebSocket is pinged on both", async () => {
  setPings(200, 6_000);
  const socket = await gateway.connect({ transports: ["polling", "websocket"] });
  const pings = countPings(socket);
  await expect.poll(() => socket.io.engine.transport.name, { timeout: 10_000 }).toBe("websocket");
  const before = pings();
  await expect.poll(pings, { timeout: 10_000 }).toBeGreaterThan(before + 2);
  expect(socket.connected).toBe(true);
});

test("PNG2 Engine.IO has no timer of its own for a connection, and the pinging ends when nobody is left", async () => {
  setPings(200, 6_000);
  const socket = await gateway.connect({ transports: ["websocket"] });
  const [connection] = [...gateway.sockets.io.sockets.sockets.values()].map(({ conn }) => conn);
  const pings = countPings(socket);
  await expect.poll(pings, { timeout: 10_000 }).toBeGreaterThan(1);
  expect(Reflect.get(connection ?? {}, "pingIntervalTimer")).toBeUndefined();
  expect(Reflect.get(connection ?? {}, "pingTimeoutTimer")).toBeNull();
  socket.disconnect();
  await expect.poll(() => gateway.sockets.io.engine.clientsCount).toBe(0);
});

test("PNG3 one that does not answer is closed for its silence, and nobody else is", async () => {
  setPings(100, 2_500);
  const silent = await gateway.connect({ transports: ["websocket"], reconnection: false });
  const talking = await gateway.connect({ transports: ["websocket"] });
  const reasons: string[] = [];
  for (const socket of gateway.sockets.io.sockets.sockets.values()) {
    socket.on("disconnect", (reason) => reasons.push(reason));
  }
  const pings = countPings(talking);
  // Its pongs do not leave.
  Reflect.set(silent.io.engine, "_sendPacket", () => undefined);
  Reflect.set(silent.io.engine, "sendPacket", () => undefined);
  await expect.poll(() => reasons, { timeout: 10_000 }).toEqual(["ping timeout"]);
  const before = pings();
  await expect.poll(pings, { timeout: 10_000 }).toBeGreaterThan(before + 3);
  expect(talking.connected).toBe(true);
});
