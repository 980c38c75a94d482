import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import request from "supertest";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { delta } from "../src/contract/delta.ts";
import { EventReader } from "./support/event-stream.ts";
import { kill, write } from "./support/items.ts";
import { type ReadingGateway, settle, startGateway, subscribe } from "./support/reading-gateway.ts";
import { startStore, type TestStore } from "./support/store.ts";

let store: TestStore;
let gateway: ReadingGateway;
const readers: EventReader[] = [];
beforeAll(async () => {
  store = await startStore();
});
afterAll(() => store.stop());
beforeEach(async () => {
  gateway = await startGateway(store);
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await gateway.close();
});

function open(query = "", lastEventId?: string): EventReader {
  const url = `${gateway.url}/v1/lines/main/events${query}`;
  const reader = new EventReader(url, lastEventId === undefined ? {} : { lastEventId });
  readers.push(reader);
  return reader;
}
const poll = (query = "") => request(gateway.url).get(`/v1/lines/main/deltas${query}`);
const position = async () => (await poll()).body.position;

test("SNP1 an event stream begins with the line and a tick, and goes on with the socket's own deltas", async () => {
  await write(store.edition, "event-0001");
  await settle(store, gateway.views, "public:main");
  const reader = open("?limit=1");
  const { headers } = await reader.response;
  expect(headers["content-type"]).toBe("text/event-stream; charset=utf-8");
  expect(headers["cache-control"]).toMatch(/no-store/);
  await expect.poll(() => reader.events.map(({ event }) => event)).toEqual(["snapshot", "tick"]);
  const [snapshot, tick] = reader.events;
  expect(snapshot?.data).toMatchObject({
    line: "main",
    position: snapshot?.id,
    items: [{ id: "event-0001" }],
  });
  expect(tick).toMatchObject({ id: undefined, data: { line: "main", live: true } });
  const socket = await gateway.connect();
  const deltas: unknown[] = [];
  socket.on("delta", (one) => deltas.push(one));
  await subscribe(socket, { line: "main" });
  await write(store.edition, "event-0002");
  await expect.poll(() => deltas.length).toBe(1);
  await expect.poll(() => reader.named("delta").map(({ data }) => data)).toEqual(deltas);
  const last = delta.parse(reader.named("delta")[0]?.data);
  expect(reader.named("delta")[0]?.id).toBe(`${last.epoch}:${last.to}`);
  expect(gateway.door.readers()).toEqual({ main: 1 });
  reader.close();
  await expect.poll(() => gateway.door.readers()).toEqual({});
});

test("CAT1 an event stream goes on from Last-Event-ID, which wins over the address", async () => {
  const before = await position();
  await write(store.edition, "event-0003");
  await write(store.edition, "event-0003");
  await settle(store, gateway.views, "public:main");
  const reader = open("?since=unknown00:7", before);
  await expect.poll(() => reader.events.map(({ event }) => event)).toEqual(["delta", "tick"]);
  const { ops, from } = delta.parse(reader.events[0]?.data);
  expect([before.endsWith(`:${from}`), ops.length]).toEqual([true, 1]);
  const there = open(`?since=${await position()}`);
  await expect.poll(() => there.events.map(({ event }) => event)).toEqual(["tick"]);
  const unknown = open("?since=unknown00:7");
  await expect.poll(() => unknown.events.map(({ event }) => event)).toEqual(["snapshot", "tick"]);
});

test("P4 an event stream goes on by itself when the logs begin anew", async () => {
  const reader = open();
  await expect.poll(() => reader.events.length).toBe(2);
  await store.client.flushall();
  await expect.poll(() => reader.named("snapshot").length, { timeout: 8_000 }).toBe(2);
  const [first, second] = reader.named("snapshot").map(({ id }) => id);
  expect(second).not.toBe(first);
  await write(store.edition, "event-0004");
  await expect.poll(() => reader.named("delta").length).toBe(1);
});

test("P7 an event stream that is not read is cut", async () => {
  const reader = open();
  const response = await reader.response;
  await expect.poll(() => gateway.door.readers()["main"]).toBe(1);
  response.pause();
  response.socket.pause();
  for (let n = 0; n < 300 && gateway.door.readers()["main"] === 1; n += 1) {
    await write(store.edition, "event-wide", { lead: "x".repeat(200_000) });
    await settle(store, gateway.views, "public:main");
  }
  expect(gateway.door.readers()).toEqual({});
});

test("SOCK a gateway that ends says goodbye on event streams and answers those who wait", async () => {
  const reader = open();
  await expect.poll(() => reader.events.length).toBe(2);
  const waiting = poll(`?since=${await position()}&wait=30`).then((answer) => answer);
  await sleep(100);
  gateway.door.close();
  await reader.ended;
  expect(reader.events.at(-1)).toMatchObject({
    event: "goodbye",
    data: { code: "draining", temporary: true },
  });
  expect((await waiting).body).toMatchObject({ kind: "catch-up", deltas: [] });
  // Who comes now is not kept.
  const again = await poll(`?since=${await position()}&wait=30`);
  expect(again.body).toMatchObject({ kind: "catch-up", deltas: [] });
  const refused = await request(gateway.url).get("/v1/lines/main/events").expect(503);
  expect(refused.body.error).toMatchObject({ code: "draining", temporary: true });
});

test("CAT1 a long poll answers at once with what is new, waits when nothing is, and ends empty", async () => {
  const first = await poll().expect(200);
  expect(first.headers["cache-control"]).toBe("no-store");
  expect(first.body).toMatchObject({ kind: "snapshot", count: expect.any(Number), next: null });
  const since = first.body.position;
  expect((await poll(`?since=${since}`)).body).toMatchObject({
    kind: "catch-up",
    position: since,
    deltas: [],
  });
  expect((await poll(`?since=${since}&wait=0.2`)).body).toMatchObject({ position: since, deltas: [] });
  const waiting = poll(`?since=${since}&wait=30`).then((answer) => answer);
  await sleep(100);
  await write(store.edition, "polled-001");
  const answer = await waiting;
  expect(answer.body.deltas[0].ops).toMatchObject([{ op: "put", item: { id: "polled-001" } }]);
  await kill(store.edition, "polled-001");
  await settle(store, gateway.views, "public:main");
  const after = await poll(`?since=${since}&wait=30`);
  expect(after.body.deltas).toMatchObject([{ ops: [{ op: "remove", id: "polled-001", reason: "killed" }] }]);
});

test("CAT2 any text is answered as a cursor", async () => {
  for (const since of ["", "x", "0", "unknown00:1", "%00", encodeURIComponent("<>&'\""), "a:b:c"]) {
    expect((await poll(`?since=${since}&wait=5`).expect(200)).body.kind).toBe("snapshot");
  }
  expect((await poll("?since=a&since=b").expect(200)).body.kind).toBe("snapshot");
});

test("SOCK a client that goes while it waits leaves nothing behind", async () => {
  const since = await position();
  const count = () => new Promise((done) => gateway.server.getConnections((_error, n) => done(n)));
  // The one that the question for the position keeps alive.
  const idle = await count();
  const waiting = get(`${gateway.url}/v1/lines/main/deltas?since=${since}&wait=30`, { agent: false });
  waiting.on("error", () => undefined);
  await expect.poll(count).not.toBe(idle);
  waiting.destroy();
  await expect.poll(count).toBe(idle);
});
