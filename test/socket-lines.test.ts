import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Delta, delta } from "../src/contract/delta.ts";
import { parsePosition } from "../src/contract/position.ts";
import { catchUpAck, snapshotAck } from "../src/contract/socket.ts";
import { hold, kill, write } from "./support/items.ts";
import {
  type Client,
  type ReadingGateway,
  settle,
  startGateway,
  subscribe,
} from "./support/reading-gateway.ts";
import { startStore, type TestStore } from "./support/store.ts";

let store: TestStore;
let gateway: ReadingGateway;
beforeAll(async () => {
  store = await startStore();
});
afterAll(() => store.stop());
beforeEach(async () => {
  gateway = await startGateway(store);
});
afterEach(() => gateway.close());

interface Untyped {
  emit(event: string, ...args: unknown[]): unknown;
  timeout(ms: number): { emitWithAck(event: string, ...args: unknown[]): Promise<unknown> };
}

function collect(socket: Client): Delta[] {
  const deltas: Delta[] = [];
  socket.on("delta", (raw) => deltas.push(delta.parse(raw)));
  return deltas;
}

test("SUB1 deltas continue the acknowledged position without a gap, even while changes pour in", async () => {
  const socket = await gateway.connect();
  const deltas = collect(socket);
  const writing = Promise.all(
    Array.from({ length: 100 }, (_, n) => write(store.edition, `sub1-item-${String(n).padStart(4, "0")}`)),
  );
  const ack = snapshotAck.parse(await subscribe(socket, { line: "main" }));
  await writing;
  const end = await settle(store, gateway.views, "public:main");
  await expect.poll(() => deltas.at(-1)?.to ?? parsePosition(ack.position)?.offset).toBe(end.offset);
  let at = parsePosition(ack.position)?.offset;
  for (const one of deltas) {
    expect(one.from).toBe(at);
    expect(one.to).toBeGreaterThan(one.from);
    at = one.to;
  }
});

test("SUB1 whoever subscribes in the middle of a burst goes on from its own acknowledgement, at every door and time", async () => {
  const sockets = [
    ...(await Promise.all(Array.from({ length: 6 }, () => gateway.connect()))),
    await gateway.connect({ transports: ["polling"] }),
  ];
  const places = sockets.map((socket) => {
    const place = { at: "", breaks: 0 };
    socket.on("delta", ({ epoch, from, to }) => {
      if (`${epoch}:${from}` !== place.at) place.breaks += 1;
      place.at = `${epoch}:${to}`;
    });
    return place;
  });
  const written = new AbortController();
  const follow = async (socket: Client, place: { at: string }) => {
    do {
      socket.emit("subscribe", { line: "main", limit: 1 }, (ack) => {
        if ("position" in ack) place.at = ack.position;
      });
      // Within the 100 events that a client may send at once.
      await sleep(60);
    } while (!written.signal.aborted);
  };
  const following = Promise.all(sockets.map((socket, n) => follow(socket, places[n] ?? { at: "" })));
  for (let n = 0; n < 150; n += 1) await write(store.edition, `burst-item-${n % 20}`);
  written.abort();
  await following;
  const { epoch, offset } = await settle(store, gateway.views, "public:main");
  for (const place of places) {
    await expect.poll(() => place.at).toBe(`${epoch}:${offset}`);
    expect(place.breaks).toBe(0);
  }
});

test("SUB1 subscribing again replaces the subscription: each delta comes once", async () => {
  const socket = await gateway.connect();
  const deltas = collect(socket);
  await subscribe(socket, { line: "main" });
  const ack = snapshotAck.parse(await subscribe(socket, { line: "main", limit: 1 }));
  await write(store.edition, "twice-0001");
  await expect.poll(() => deltas.length).toBe(1);
  await sleep(100);
  expect(deltas).toHaveLength(1);
  expect(`${deltas[0]?.epoch}:${deltas[0]?.from}`).toBe(ack.position);
});

test("SUB1 nothing comes before a subscription or after its end", async () => {
  const socket = await gateway.connect();
  const deltas = collect(socket);
  await write(store.edition, "early-0001");
  await settle(store, gateway.views, "public:main");
  await subscribe(socket, { line: "main" });
  expect(await socket.emitWithAck("unsubscribe", { line: "main" })).toEqual({});
  await write(store.edition, "early-0002");
  await settle(store, gateway.views, "public:main");
  await sleep(100);
  expect(deltas).toEqual([]);
});

test("SNP1 a snapshot has the limit that was asked for, the whole count and the way on", async () => {
  for (const n of [1, 2, 3]) {
    await write(store.edition, `snap-item-${n}`, { lines: ["snap"], publicLines: ["snap"] });
  }
  await settle(store, gateway.views, "public:snap");
  const socket = await gateway.connect();
  const ack = snapshotAck.parse(await subscribe(socket, { line: "snap", limit: 2 }));
  expect(ack.items.map(({ id }) => id)).toEqual(["snap-item-3", "snap-item-2"]);
  expect([ack.count, typeof ack.next]).toEqual([3, "string"]);
});

test("CAT1 who comes back with a position gets exactly the changes since, the last of each item", async () => {
  const socket = await gateway.connect();
  const { position } = snapshotAck.parse(await subscribe(socket, { line: "main" }));
  socket.disconnect();
  await write(store.edition, "away-0001");
  await write(store.edition, "away-0002");
  await write(store.edition, "away-0001", { headline: "Second words" });
  await kill(store.edition, "away-0002");
  const end = await settle(store, gateway.views, "public:main");
  const back = await gateway.connect();
  const ack = catchUpAck.parse(await subscribe(back, { line: "main", since: position }));
  expect(ack.position).toBe(`${end.epoch}:${end.offset}`);
  expect(ack.deltas.flatMap(({ ops }) => ops)).toEqual([
    { op: "put", item: expect.objectContaining({ id: "away-0001", revision: 2, headline: "Second words" }) },
    { op: "remove", id: "away-0002", revision: 2, reason: "killed" },
  ]);
  const same = await subscribe(back, { line: "main", since: ack.position });
  expect(catchUpAck.parse(same).deltas).toEqual([]);
});

test("CAT2 a cursor ahead of this gateway is waited for, and answered from the store when need be", async () => {
  const socket = await gateway.connect();
  const { position } = snapshotAck.parse(await subscribe(socket, { line: "main" }));
  const { epoch, offset } = parsePosition(position) ?? { epoch: "", offset: 0 };
  const waiting = subscribe(socket, { line: "main", since: `${epoch}:${offset + 1}` });
  await sleep(50);
  await write(store.edition, "ahead-0001");
  expect(catchUpAck.parse(await waiting).position).toBe(`${epoch}:${offset + 1}`);
  // Nobody has got that far: the store itself is behind, and says where the line is.
  const ack = snapshotAck.parse(await subscribe(socket, { line: "main", since: `${epoch}:${offset + 9}` }));
  expect(ack.position).toBe(`${epoch}:${offset + 1}`);
});

test("CAT3 a killed item is in no answer, whatever position the client holds", async () => {
  const socket = await gateway.connect();
  const { position } = snapshotAck.parse(await subscribe(socket, { line: "main" }));
  await write(store.edition, "gone-0001", { headline: "Words that must go" });
  await kill(store.edition, "gone-0001");
  await settle(store, gateway.views, "public:main");
  for (const since of [position, undefined, "unknown00:3"]) {
    const ack = await subscribe(socket, { line: "main", ...(since !== undefined && { since }) });
    expect(JSON.stringify(ack)).not.toContain("Words that must go");
  }
});

test("RSN1 HLD1 a hold leaves the readers' line with its reason and stays on the desk's", async () => {
  const socket = await gateway.connect();
  await write(store.edition, "held-0001");
  await settle(store, gateway.views, "public:main");
  const deltas = collect(socket);
  await subscribe(socket, { line: "main" });
  await hold(store.edition, "held-0001");
  await expect
    .poll(() => deltas[0]?.ops)
    .toEqual([{ op: "remove", id: "held-0001", revision: 2, reason: "held" }]);
  const desk = gateway.views.get("desk:main")?.answer(undefined, 200);
  expect(desk?.members).toContain("held-0001");
});

test("KIL3 a kill leaves every line of the item at once", async () => {
  const lines = ["main", "kills"];
  await write(store.edition, "killed-0001", { lines, publicLines: lines });
  const socket = await gateway.connect();
  const deltas = collect(socket);
  await settle(store, gateway.views, "public:kills");
  for (const line of lines) await subscribe(socket, { line });
  await kill(store.edition, "killed-0001");
  await expect.poll(() => deltas.length).toBe(2);
  expect(deltas.map(({ line }) => line).sort()).toEqual(["kills", "main"]);
});

test("PRV2 what only the desk may know is in no public message", async () => {
  const socket = await gateway.connect();
  const messages: string[] = [];
  socket.onAny((...args) => messages.push(JSON.stringify(args)));
  await subscribe(socket, { line: "main" });
  await write(store.edition, "note-0001", { edNote: "For the desk alone", guid: "wire-guid-77" });
  await expect.poll(() => messages.length).toBeGreaterThan(0);
  messages.push(JSON.stringify(await subscribe(socket, { line: "main" })));
  expect(messages.join()).toContain("note-0001");
  expect(messages.join()).not.toMatch(/For the desk alone|wire-guid-77|edNote|receivedAt/);
});

test("SUB1 a request that cannot be read is refused in words and harms nothing", async () => {
  const socket = await gateway.connect();
  // As a client without types would send it.
  const untyped: Untyped = socket;
  const bad: unknown[] = [undefined, 7, "main", {}, { line: "No Such" }, { line: "main", limit: 0 }, []];
  for (const request of bad) {
    const answer: unknown = await untyped.timeout(2_000).emitWithAck("subscribe", request);
    expect(answer).toMatchObject({ error: { code: "invalid", temporary: false } });
  }
  expect(await subscribe(socket, { line: "nowhere" })).toMatchObject({ error: { code: "unknown_line" } });
  untyped.emit("subscribe", { line: "main" });
  expect(await subscribe(socket, { line: "main" })).toMatchObject({ kind: "snapshot" });
});

test("LINE a line that an item names can be followed at once, at the desk too", async () => {
  await write(store.edition, "first-0001", { lines: ["fresh"], publicLines: [], pubStatus: "withheld" });
  const socket = await gateway.connect();
  await expect
    .poll(() => subscribe(socket, { line: "fresh" }))
    .toMatchObject({ kind: "snapshot", count: 0, items: [], position: expect.stringMatching(/:0$/) });
  expect(gateway.views.get("desk:fresh")?.count).toBe(1);
});

test("SUB1 HTTP long-polling serves the same line", async () => {
  const socket = await gateway.connect({ transports: ["polling"], upgrade: false });
  const deltas = collect(socket);
  await subscribe(socket, { line: "main" });
  await write(store.edition, "poll-0001");
  await expect.poll(() => deltas.length).toBe(1);
});

test("SUB1 readers are counted by line", async () => {
  const [one, two] = [await gateway.connect(), await gateway.connect()];
  for (const socket of [one, two]) await subscribe(socket, { line: "main" });
  expect(gateway.sockets.readers()["main"]).toBe(2);
  one.disconnect();
  await expect.poll(() => gateway.sockets.readers()["main"]).toBe(1);
});
