import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readClockMs } from "../../src/store/clock.ts";
import type { Edition } from "../../src/store/keys.ts";
import { releaseDue } from "../../workers/release.ts";
import { TestEditor } from "../support/desk.ts";
import { startStore, type TestStore } from "../support/store.ts";

let store: TestStore;
let edition: Edition;
let editor: TestEditor;
beforeAll(async () => {
  store = await startStore();
  edition = store.edition;
  editor = new TestEditor(edition);
});
afterAll(() => store.stop());

const inMs = async (ms: number) => new Date((await readClockMs(edition)) + ms).toISOString();
const publicIds = (line: string) => edition.redis.zrevrange(edition.keys.order(`public:${line}`), 0, -1);

async function publicOps(line: string): Promise<{ op: string; id: string; reason?: string }[]> {
  const entries = await edition.redis.xrange(edition.keys.log(`public:${line}`), "-", "+");
  return entries.map(([, fields]) => {
    const op = JSON.parse(fields[fields.indexOf("j") + 1] ?? "");
    return { op: op.op, id: op.id ?? op.item.id, ...(op.reason && { reason: op.reason }) };
  });
}

describe("the passing of time", () => {
  it("EMB4 nothing of an embargoed item stands in the public channel before its time, then it is put", async () => {
    const until = await inMs(300);
    await editor.publish("embargo-1", { lines: ["emb"], embargoedUntil: until, headline: "Not yet" });
    expect(await publicOps("emb")).toEqual([]);
    expect(await edition.redis.zrevrange(edition.keys.order("desk:emb"), 0, -1)).toEqual(["embargo-1"]);
    const next = await releaseDue(edition);
    expect(next).toBe(Date.parse(until));
    expect(await publicOps("emb")).toEqual([]);
    await sleep(320);
    await releaseDue(edition);
    expect(await publicOps("emb")).toEqual([{ op: "put", id: "embargo-1" }]);
    expect(await editor.record("embargo-1")).toMatchObject({
      orderedAt: until,
      embargoedUntil: until,
      revision: 2,
    });
    expect(await releaseDue(edition)).toBeUndefined();
    expect(await publicOps("emb")).toHaveLength(1);
  });

  it("ORD4 items released together enter the log in ascending embargo and id", async () => {
    const [early, later] = [await inMs(150), await inMs(200)];
    await editor.publish("order-bbb", { lines: ["tog"], embargoedUntil: later });
    await editor.publish("order-aaa", { lines: ["tog"], embargoedUntil: later });
    await editor.publish("order-zzz", { lines: ["tog"], embargoedUntil: early });
    await sleep(250);
    await releaseDue(edition);
    expect((await publicOps("tog")).map(({ id }) => id)).toEqual(["order-zzz", "order-aaa", "order-bbb"]);
  });

  it("EXP1 an item leaves its line at its expiry with the reason expired", async () => {
    await editor.publish("expire-01", { lines: ["exp"], expires: await inMs(100) });
    expect(await publicIds("exp")).toEqual(["expire-01"]);
    await sleep(120);
    await releaseDue(edition);
    expect(await publicIds("exp")).toEqual([]);
    expect((await publicOps("exp")).at(-1)).toEqual({ op: "remove", id: "expire-01", reason: "expired" });
  });

  it("EMB1 an editor who clears the embargo puts the item on the line at once", async () => {
    await editor.publish("clear-001", { lines: ["clr"], embargoedUntil: await inMs(60_000) });
    await editor.change("clear-001", { embargoedUntil: null });
    expect(await publicIds("clr")).toEqual(["clear-001"]);
  });

  it("EMB3 an editor's embargo on a public item removes it with the reason embargoed", async () => {
    await editor.publish("recall-01", { lines: ["rec"] });
    await editor.change("recall-01", { embargoedUntil: await inMs(60_000) });
    expect((await publicOps("rec")).at(-1)).toEqual({ op: "remove", id: "recall-01", reason: "embargoed" });
  });

  it("KIL1 a killed item is not released by the end of its embargo", async () => {
    await editor.publish("dead-0001", { lines: ["dead"], embargoedUntil: await inMs(80) });
    await editor.kill("dead-0001");
    await sleep(100);
    await releaseDue(edition);
    expect(await publicOps("dead")).toEqual([]);
  });
});
