import { afterAll, beforeAll, expect, test } from "vitest";
import { readDelivery, readDeliveryBytes } from "../../src/store/deliveries.ts";
import { discardQuarantine, listQuarantine } from "../../src/store/quarantine.ts";
import { listRaw, trimRaw } from "../../src/store/raw-deliveries.ts";
import { TestEditor } from "../support/desk.ts";
import { IngestBench } from "../support/ingest.ts";

let bench: IngestBench;
beforeAll(async () => {
  bench = await IngestBench.start();
});
afterAll(() => bench.stop());

const DAY_MS = 86_400_000;
const story = (id: string, more = {}) => ({ uri: id, version: "1", headline: `Headline of ${id}`, ...more });
const sizeOf = (body: object) => Buffer.byteLength(JSON.stringify(body));
const isKept = async (id: string) => (await readDeliveryBytes(bench.store.edition, id)) !== undefined;
const keptOf = async (ids: string[]) => await Promise.all(ids.map(isKept));
const counted = async (source: string) =>
  Number(await bench.store.edition.redis.hget(bench.store.edition.keys.rawBytes, source));

async function deliver(source: string, bodies: object[]): Promise<string[]> {
  const ids: string[] = [];
  for (const body of bodies) {
    const id = await bench.accept(source, body);
    await bench.run(id);
    ids.push(id);
  }
  return ids;
}

test("RAW1 the oldest raw deliveries of a source go when it has more bytes than it may, its neighbours' stay", async () => {
  await bench.source("loud");
  await bench.source("calm");
  const bodies = [1, 2, 3, 4].map((n) => story(`urn:loud:${n}`));
  const loud = await deliver("loud", bodies);
  const calm = await deliver("calm", [story("urn:calm:1")]);
  const size = sizeOf(bodies[0] ?? {});
  expect(await counted("loud")).toBe(4 * size);
  expect(await trimRaw(bench.store.edition, { nowMs: Date.now(), mostBytes: 2 * size })).toBe(2);
  expect(await keptOf(loud)).toEqual([false, false, true, true]);
  expect(await keptOf(calm)).toEqual([true]);
  expect(await counted("loud")).toBe(2 * size);
  expect(await listRaw(bench.store.edition, "loud", 50)).toEqual([loud[3], loud[2]]);
  // What became of them is still known.
  expect((await readDelivery(bench.store.edition, loud[0] ?? ""))?.outcomes).toMatchObject([
    { outcome: "applied" },
  ]);
});

test("RAW1 after 7 days the bytes are gone, and not a day before", async () => {
  await bench.source("old");
  const ids = await deliver("old", [story("urn:old:1")]);
  await trimRaw(bench.store.edition, { nowMs: Date.now() + 6.9 * DAY_MS });
  expect(await keptOf(ids)).toEqual([true]);
  await trimRaw(bench.store.edition, { nowMs: Date.now() + 7.1 * DAY_MS });
  expect(await keptOf(ids)).toEqual([false]);
  expect(await counted("old")).toBe(0);
});

test("RAW1 what is still to be read is never taken away", async () => {
  await bench.source("waiting");
  const waiting = await bench.accept("waiting", story("urn:waiting:1"));
  const [done] = await deliver("waiting", [story("urn:waiting:2")]);
  await trimRaw(bench.store.edition, { nowMs: Date.now() + 30 * DAY_MS, mostBytes: 0 });
  expect(await keptOf([waiting, done ?? ""])).toEqual([true, false]);
  expect((await bench.run(waiting)).outcomes).toMatchObject([{ outcome: "applied" }]);
});

test("RAW1 what could not be read outlives 7 days, and goes last when there is too much", async () => {
  await bench.source("odd");
  const [quarantined] = await deliver("odd", [{ nothing: "that is known" }]);
  const [read] = await deliver("odd", [story("urn:odd:1")]);
  const ids = [quarantined ?? "", read ?? ""];
  await trimRaw(bench.store.edition, { nowMs: Date.now() + 8 * DAY_MS });
  expect(await keptOf(ids)).toEqual([true, false]);
  await trimRaw(bench.store.edition, { nowMs: Date.now(), mostBytes: 1 });
  expect(await keptOf(ids)).toEqual([false, false]);
});

test("RAW1 what is discarded from quarantine is counted no more", async () => {
  await bench.source("thrown");
  const [id] = await deliver("thrown", [{ nothing: "that is known" }]);
  const entries = await listQuarantine(bench.store.edition);
  const entry = entries.find(({ delivery }) => delivery === id);
  await discardQuarantine(bench.store.edition, entry?.id ?? "");
  expect(await isKept(id ?? "")).toBe(false);
  expect(await counted("thrown")).toBe(0);
});

test("RAW2 with a kill go the raw deliveries that brought the item's versions", async () => {
  await bench.source("agency");
  const ids = await deliver("agency", [
    story("urn:agency:1"),
    story("urn:agency:1", { version: "2", headline: "A second text" }),
    story("urn:agency:2"),
  ]);
  const item = (await bench.line("main")).find(({ headline }) => headline === "A second text");
  await new TestEditor(bench.store.edition).kill(item?.id ?? "");
  expect(await keptOf(ids)).toEqual([false, false, true]);
});

test("RAW2 a source's own kill takes the raw deliveries of its story along", async () => {
  await bench.source("wire");
  const [first] = await deliver("wire", [story("urn:wire:1")]);
  await deliver("wire", [story("urn:wire:1", { version: "2", pubstatus: "canceled" })]);
  expect(await isKept(first ?? "")).toBe(false);
});
