import { io, type Socket } from "socket.io-client";
import { afterEach, expect, test } from "vitest";
import { EventReader } from "./support/event-stream.ts";
import { startTestGateway, type TestGateway } from "./support/gateway.ts";

let gate: TestGateway;
let sockets: Socket[] = [];
let closing: Promise<void> | undefined;

afterEach(async () => {
  for (const socket of sockets) socket.disconnect();
  sockets = [];
  await closing;
  closing = undefined;
  await gate.stop();
});

async function connect(options: Parameters<typeof io>[1] = {}): Promise<Socket> {
  const socket = io(gate.url, {
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    ...options,
  });
  sockets.push(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  return socket;
}

test("DRN1 readiness turns first; until the wait is over all goes on, for newcomers too", async () => {
  gate = await startTestGateway({ drainMs: 1_500 });
  const reader = await connect();
  await reader.emitWithAck("subscribe", { line: "main" });
  const order: string[] = [];
  reader.once("goodbye", () => order.push("goodbye"));
  closing = gate.gateway.close();
  const ready = await gate.http.get("/readyz");
  expect([ready.status, ready.body.waitingFor]).toEqual([503, "draining"]);
  expect(ready.headers["connection"]).toBe("close");
  order.push("unready");

  const newcomer = await connect();
  expect(await newcomer.emitWithAck("subscribe", { line: "main" })).toMatchObject({ kind: "snapshot" });
  const delta = new Promise((resolve) => newcomer.once("delta", resolve));
  await gate.desk.post("/v1/items").send({ headline: "Said while the gateway waits" }).expect(201);
  await delta;
  order.push("delta");
  expect(await new Promise((resolve) => newcomer.once("goodbye", resolve))).toMatchObject({
    code: "draining",
    temporary: true,
  });
  await closing;
  expect(order).toEqual(["unready", "delta", "goodbye"]);
});

test("DRN2 goodbyes are spread over the time, each with its own time to come back, and close the connection", async () => {
  gate = await startTestGateway({ drainMs: 800 });
  const readers = await Promise.all(Array.from({ length: 20 }, () => connect()));
  const ends = readers.map(async (socket) => {
    const ended = new Promise((resolve) => socket.once("disconnect", resolve));
    const goodbye: unknown = await new Promise((resolve) => socket.once("goodbye", resolve));
    const atMs = Date.now();
    return { goodbye, atMs, reason: await ended };
  });
  closing = gate.gateway.close();
  const told = await Promise.all(ends);
  const times = told.map(({ atMs }) => atMs);
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(400);
  // Neither a server's disconnect, after which a stock client stays away, nor a loss that it first has to notice.
  expect(new Set(told.map(({ reason }) => reason))).toEqual(new Set(["transport close"]));
  const hints = told.map(({ goodbye }) => Object(goodbye).retryAfterMs);
  expect(Math.min(...hints)).toBeGreaterThanOrEqual(500);
  expect(Math.max(...hints)).toBeLessThanOrEqual(1_500);
  expect(new Set(hints).size).toBeGreaterThan(10);
});

test("DRN3 streams, polls of a line and sessions over long polling end in good order", async () => {
  gate = await startTestGateway({ drainMs: 300 });
  const stream = new EventReader(`${gate.url}/v1/lines/main/events`);
  await expect.poll(() => stream.named("tick").length).toBe(1);
  const { position } = (await gate.http.get("/v1/lines/main")).body;
  const poll = fetch(`${gate.url}/v1/lines/main/deltas?since=${position}&wait=25`);
  const session = await connect({ transports: ["polling"] });
  const goodbye = new Promise((resolve) => session.once("goodbye", resolve));
  const disconnected = new Promise((resolve) => session.once("disconnect", resolve));
  closing = gate.gateway.close();

  await stream.ended;
  expect(stream.named("goodbye").map(({ data }) => data)).toEqual([
    { code: "draining", temporary: true, retryAfterMs: 1_000 },
  ]);
  const answer = await poll;
  expect([answer.status, await answer.json()]).toEqual([
    200,
    { kind: "catch-up", line: "main", position, deltas: [] },
  ]);
  expect(await goodbye).toMatchObject({ code: "draining" });
  expect(await disconnected).toBe("transport close");
});

test("DRN4 when the wait is over a newcomer gets a 503, at which a proxy asks the next gateway", async () => {
  gate = await startTestGateway({ drainMs: 800 });
  const readers = await Promise.all(Array.from({ length: 10 }, () => connect()));
  const first = Promise.race(
    readers.map((socket) => new Promise((resolve) => socket.once("goodbye", resolve))),
  );
  closing = gate.gateway.close();
  await first;
  const handshake = await fetch(`${gate.url}/socket.io/?EIO=4&transport=polling`);
  expect([handshake.status, handshake.headers.get("retry-after")]).toEqual([503, "1"]);
  const stream = await fetch(`${gate.url}/v1/lines/main/events`);
  expect(stream.status).toBe(503);
  await expect(connect()).rejects.toMatchObject({
    description: { message: "Unexpected server response: 503" },
  });
});
