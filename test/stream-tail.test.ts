import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parsePosition } from "../src/contract/position.ts";
import { catchUpAck, snapshotAck } from "../src/contract/socket.ts";
import { connectRedis } from "../src/redis/connect.ts";
import { openEdition } from "../src/store/edition.ts";
import { readLines, writeLine } from "../src/store/lines.ts";
import { readEpochs, renewEpochs } from "../src/store/renew.ts";
import { markCleanStop } from "../src/store/run.ts";
import { createLineViews } from "../src/stream/line-views.ts";
import { kill, write } from "./support/items.ts";
import { type ReadingGateway, settle, startGateway, subscribe } from "./support/reading-gateway.ts";
import { startStore, type TestStore } from "./support/store.ts";

let store: TestStore;
let gateway: ReadingGateway | undefined;
beforeEach(async () => {
  store = await startStore();
});
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
  await store.stop();
});

/** What the views hold, and what the store holds, in the same form. */
async function compareWithStore(started: ReadingGateway, line: string): Promise<void> {
  const { client, edition } = store;
  await settle(store, started.views, `public:${line}`);
  const ids = await client.zrevrange(edition.keys.order(`public:${line}`), 0, -1);
  const view = started.views.get(`public:${line}`);
  expect([...(view?.order ?? [])].map(({ id }) => id)).toEqual(ids);
  const newest = JSON.parse(`{${view?.answer(undefined, 200)?.members}}`);
  expect(newest.items.map((item: { id: string }) => item.id)).toEqual(ids.slice(0, 200));
}

test("P3 views that are filled while changes go on are exact at their position", async () => {
  for (let n = 0; n < 50; n += 1) await write(store.edition, `before-${String(n).padStart(3, "0")}`);
  const writing = (async () => {
    for (let n = 0; n < 150; n += 1) {
      const id = `before-${String(n % 60).padStart(3, "0")}`;
      if (n % 7 === 3 && n < 50) await kill(store.edition, id);
      else
        await write(store.edition, `during-${n % 40}`, {
          orderedAt: `2026-03-04T10:00:${10 + (n % 50)}.000Z`,
        });
    }
  })();
  gateway = await startGateway(store);
  await writing;
  await compareWithStore(gateway, "main");
});

test("P4 a view answers from the log of before its start", async () => {
  const epoch = (await readEpochs(store.edition)).get("public:main");
  for (let n = 0; n < 30; n += 1) await write(store.edition, `logged-${String(n).padStart(3, "0")}`);
  gateway = await startGateway(store);
  const answer = gateway.views.get("public:main")?.answer(`${epoch}:20`, 50);
  const { deltas } = JSON.parse(`{${answer?.members}}`);
  expect([deltas[0].from, deltas[0].to, deltas[0].ops.length]).toEqual([20, 30, 10]);
});

test("P4 FLUSHALL is noticed within seconds: new epochs, a reset, and the line goes on", async () => {
  gateway = await startGateway(store);
  await writeLine(store.edition, "politics", { title: "Politics" });
  await write(store.edition, "flushed-01");
  await settle(store, gateway.views, "public:main");
  const socket = await gateway.connect();
  const resets: string[] = [];
  socket.on("reset", ({ line }) => resets.push(line));
  const before = snapshotAck.parse(await subscribe(socket, { line: "main" }));
  await subscribe(socket, { line: "politics" });
  await store.client.flushall();
  await expect.poll(() => resets.sort(), { timeout: 8_000 }).toEqual(["main", "politics"]);
  const after = snapshotAck.parse(await subscribe(socket, { line: "main", since: before.position }));
  expect(after.count).toBe(0);
  expect(parsePosition(after.position)?.epoch).not.toBe(parsePosition(before.position)?.epoch);
  await write(store.edition, "flushed-02");
  await compareWithStore(gateway, "main");
  expect([...(await readLines(store.edition)).keys()].sort()).toEqual(["main", "politics"]);
});

test("P4 a store that lost its end and grew again is not mistaken for the old one", async () => {
  gateway = await startGateway(store);
  const { client, edition } = store;
  for (const n of [1, 2, 3]) await write(edition, `lost-end-0${n}`);
  const old = await settle(store, gateway.views, "public:main");
  const socket = await gateway.connect();
  const resets: string[] = [];
  socket.on("reset", ({ line }) => resets.push(line));
  await subscribe(socket, { line: "main" });
  // As a failover does that lost the last entry, after which another was written in its place.
  const { stream } = edition.keys;
  const entries = await client.xrange(stream, "-", "+");
  const [seq = ""] = entries.pop() ?? [];
  const rebuild = client.multi().del(stream);
  for (const [id, fields] of entries) rebuild.xadd(stream, id, ...fields);
  rebuild.xadd(stream, seq, "at", "1", "i", "other-item", "v", "1", "s", "1", "p", "", "d", "", "c", "[]");
  await rebuild.exec();
  await expect.poll(() => resets, { timeout: 8_000 }).toEqual(["main"]);
  const now = await settle(store, gateway.views, "public:main");
  expect(now.epoch).not.toBe(old.epoch);
  expect(now.offset).toBe(0);
  await compareWithStore(gateway, "main");
});

test("P4 a gateway whose place was trimmed reads its views again and keeps the epoch", async () => {
  gateway = await startGateway(store);
  const { client, edition } = store;
  await write(edition, "trimmed-01");
  const old = await settle(store, gateway.views, "public:main");
  const socket = await gateway.connect();
  const resets: string[] = [];
  socket.on("reset", ({ line }) => resets.push(line));
  await subscribe(socket, { line: "main" });
  // Its connection is lost, and before it is back more was written than the stream keeps.
  await client.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
  await write(edition, "trimmed-02");
  await write(edition, "trimmed-03");
  await client.xtrim(edition.keys.stream, "MAXLEN", 1);
  await expect.poll(() => resets, { timeout: 8_000 }).toEqual(["main"]);
  await compareWithStore(gateway, "main");
  const ack = await subscribe(socket, { line: "main", since: `${old.epoch}:${old.offset}` });
  expect(catchUpAck.parse(ack).deltas.flatMap(({ ops }) => ops)).toHaveLength(2);
});

test("P4 a hole in the stream is found, also when no line shows it", async () => {
  gateway = await startGateway(store);
  const socket = await gateway.connect();
  const resets: string[] = [];
  socket.on("reset", ({ line }) => resets.push(line));
  await subscribe(socket, { line: "main" });
  await store.client.hincrby(store.edition.keys.meta, "seq", 3);
  await write(store.edition, "hole-00001");
  await expect.poll(() => resets).toEqual(["main"]);
  await compareWithStore(gateway, "main");
});

test("P6 while Redis is gone readers are told and keep what they have; after a kill -9 they go on", async () => {
  gateway = await startGateway(store);
  await write(store.edition, "kept-00001");
  await settle(store, gateway.views, "public:main");
  const socket = await gateway.connect();
  const ticks: boolean[] = [];
  socket.on("tick", ({ live, since }) => {
    ticks.push(live);
    if (!live) expect(since).toMatch(/Z$/);
  });
  await subscribe(socket, { line: "main" });
  await store.redis.kill9();
  await expect.poll(() => ticks, { timeout: 5_000 }).toEqual([false]);
  expect(snapshotAck.parse(await subscribe(socket, { line: "main" })).items[0]?.id).toBe("kept-00001");
  const reset = new Promise((resolve) => socket.once("reset", resolve));
  await store.redis.restart();
  // Its end may be lost, and nobody can tell: the logs begin anew.
  await reset;
  await expect.poll(() => ticks.at(-1), { timeout: 5_000 }).toBe(true);
  await write(store.edition, "kept-00002");
  await compareWithStore(gateway, "main");
});

test("P4 after a clean stop of Redis positions stay good and nobody is reset", async () => {
  gateway = await startGateway(store);
  const socket = await gateway.connect();
  let resets = 0;
  socket.on("reset", () => (resets += 1));
  const { position } = snapshotAck.parse(await subscribe(socket, { line: "main" }));
  await markCleanStop(store.edition);
  await store.redis.restart();
  await write(store.edition, "clean-0001");
  await settle(store, gateway.views, "public:main");
  const back = await gateway.connect();
  expect(catchUpAck.parse(await subscribe(back, { line: "main", since: position })).deltas).toHaveLength(1);
  expect(resets).toBe(0);
});

test("P4 of two gateways that find the logs lost only one renews them", async () => {
  const epochs = await readEpochs(store.edition);
  const outcomes = [
    await renewEpochs(store.edition, { epochs, seq: 10 }),
    await renewEpochs(store.edition, { epochs, seq: 12 }),
  ];
  expect(outcomes).toEqual(["renewed", "already"]);
  const after = await readEpochs(store.edition);
  for (const [channel, epoch] of after) expect(epoch).not.toBe(epochs.get(channel));
  expect(await store.client.hget(store.edition.keys.meta, "seq")).toBe("11");
});

test("LINE settings reach every gateway without an item", async () => {
  gateway = await startGateway(store);
  await writeLine(store.edition, "sports", { title: "Sports", language: "en" });
  await expect
    .poll(() => gateway?.views.lines())
    .toEqual([
      expect.objectContaining({ line: "main", count: 0 }),
      { line: "sports", title: "Sports", language: "en", count: 0, position: expect.stringMatching(/:0$/) },
    ]);
});

test("CFG a store of a newer program stops the start with a sentence", async () => {
  await store.client.set(store.edition.keys.schema, 99);
  await expect(openEdition(store.client, "test")).rejects.toThrow(/has schema 99/);
});

test("P3 what a gateway waits for ends with it", async () => {
  const views = createLineViews(store.edition, { target: store.redis.target });
  views.start();
  await views.ready;
  const waiting = views.whenAt("public:main", "neverthere1:5", 60_000);
  await views.close();
  await views.close();
  expect(await waiting).toBe(false);
});

test("P3 a gateway that starts before Redis is ready once Redis is there", async () => {
  await store.redis.kill9();
  const client = connectRedis(store.redis.target, "fail-fast");
  const views = createLineViews({ ...store.edition, redis: client }, { target: store.redis.target });
  views.start();
  await sleep(300);
  expect([views.isReady, views.live.live]).toEqual([false, false]);
  expect(() => views.find("public", "main")).toThrow(/starting or stopping/);
  await store.redis.restart();
  await views.ready;
  await expect.poll(() => views.live).toEqual({ live: true });
  await views.close();
  client.disconnect();
});
