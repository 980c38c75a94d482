import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyChange, applyChanges } from "../../src/store/apply.ts";
import type { ItemChange } from "../../src/store/change.ts";
import { readHistory, toPublicHistory } from "../../src/store/history.ts";
import { readItem } from "../../src/store/items.ts";
import type { Edition } from "../../src/store/keys.ts";
import type { ItemRecord } from "../../src/store/record.ts";
import { toRecord } from "../support/records.ts";
import { startStore, type TestStore } from "../support/store.ts";

const NOW = Date.parse("2026-03-04T12:00:00.000Z");
let store: TestStore;
let edition: Edition;
beforeAll(async () => {
  store = await startStore();
  edition = store.edition;
});
afterAll(() => store.stop());

function apply(
  after: ItemRecord,
  before?: { record: ItemRecord; write: number },
  more: Partial<ItemChange> = {},
) {
  return applyChange(
    edition,
    { expected: before?.write ?? 0, before: before?.record, after: [after], ...more },
    NOW,
  );
}

async function stored(id: string) {
  const found = await readItem(edition, id);
  if (found === undefined) throw new Error(`no item ${id}`);
  return found;
}

async function readLog(channel: string): Promise<unknown[]> {
  const entries = await edition.redis.xrange(edition.keys.log(channel), "-", "+");
  return entries.map(([, fields]) => JSON.parse(fields[fields.indexOf("j") + 1] ?? ""));
}

const order = (channel: string) => edition.redis.zrevrange(edition.keys.order(channel), 0, -1);

describe("apply", () => {
  it("P3 a put stands in item, order and log of both channels, at the next offset of each", async () => {
    const applied = await apply(toRecord({ id: "apply-0001", lines: ["one"] }));
    expect(applied).toMatchObject({
      kind: "ok",
      write: 1,
      places: [
        { channel: "public:one", offset: 1 },
        { channel: "desk:one", offset: 1 },
      ],
    });
    expect(await order("public:one")).toEqual(["apply-0001"]);
    expect(await readLog("public:one")).toMatchObject([
      { op: "put", item: { id: "apply-0001", revision: 1 } },
    ]);
    expect(await edition.redis.hexists(edition.keys.lines, "one")).toBe(1);
  });

  it("P3 of two writers that read the same state one is refused and nothing of it remains", async () => {
    await apply(toRecord({ id: "race-00001", lines: ["race"] }));
    const before = await stored("race-00001");
    const next = { ...before.record, revision: 2 };
    const answers = await Promise.all([apply(next, before), apply(next, before)]);
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(["conflict", "ok"]);
    expect(await readLog("public:race")).toHaveLength(2);
  });

  it("ORD1 equal times are ordered by id, descending in byte order", async () => {
    for (const id of ["aaaa-0001", "Zzzz-0001", "aaaa-0002", "_aaa-0001"])
      await apply(toRecord({ id, lines: ["ties"] }));
    expect(await order("public:ties")).toEqual(["aaaa-0002", "aaaa-0001", "_aaa-0001", "Zzzz-0001"]);
  });

  it("PRV2 a withheld item and an editor's note never stand in a public channel", async () => {
    const content = { headline: "Quiet", urgency: 5, edNote: "between us" };
    await apply(
      toRecord({ id: "held-00001", lines: ["prv"], pubStatus: "withheld", publicLines: [], content }),
    );
    await apply(toRecord({ id: "noted-0001", lines: ["prv"], content }));
    expect(JSON.stringify(await readLog("public:prv"))).not.toContain("between us");
    expect(await order("public:prv")).toEqual(["noted-0001"]);
    expect(await order("desk:prv")).toEqual(["noted-0001", "held-00001"]);
    expect(JSON.stringify(await readLog("desk:prv"))).toContain("between us");
  });

  it("KIL3 a kill leaves every line, public and desk, in one step and takes history and text along", async () => {
    await apply(toRecord({ id: "kill-00001", lines: ["k-a", "k-b"] }));
    const first = await stored("kill-00001");
    await apply({ ...first.record, revision: 2, content: { headline: "Second", urgency: 5 } }, first);
    const second = await stored("kill-00001");
    const dead = {
      ...second.record,
      revision: 3,
      pubStatus: "canceled" as const,
      content: null,
      publicLines: [],
    };
    const applied = await apply(dead, second);
    expect(applied).toMatchObject({ kind: "ok" });
    expect(applied.kind === "ok" && applied.places.map(({ channel }) => channel).toSorted()).toEqual([
      "desk:k-a",
      "desk:k-b",
      "public:k-a",
      "public:k-b",
    ]);
    for (const channel of ["public:k-a", "desk:k-b"]) {
      expect(await order(channel)).toEqual([]);
      expect((await readLog(channel)).at(-1)).toEqual({
        op: "remove",
        id: "kill-00001",
        revision: 3,
        reason: "killed",
      });
    }
    const fields = await edition.redis.hgetall(edition.keys.item("kill-00001"));
    expect(JSON.stringify(fields)).not.toContain("Second");
    expect(await edition.redis.exists(edition.keys.history("kill-00001"))).toBe(0);
  });

  it("RSN1 a move is a remove there and a put here", async () => {
    await apply(toRecord({ id: "move-00001", lines: ["from"] }));
    const before = await stored("move-00001");
    await apply({ ...before.record, revision: 2, lines: ["to"], publicLines: ["to"] }, before);
    expect((await readLog("public:from")).at(-1)).toMatchObject({
      op: "remove",
      reason: "moved",
      revision: 2,
    });
    expect(await order("public:from")).toEqual([]);
    expect(await order("public:to")).toEqual(["move-00001"]);
  });

  it("P3 PAGE20 a page of two versions is one entry of the log with the last revision, and both are kept", async () => {
    const old = toRecord({ id: "page-00001", lines: ["page"], headline: "Old" });
    const next = { ...old, revision: 2, content: { headline: "New", urgency: 5 }, change: "update" as const };
    await applyChange(edition, { expected: 0, before: undefined, after: [old, next] }, NOW);
    expect(await readLog("public:page")).toMatchObject([
      { op: "put", item: { revision: 2, headline: "New" } },
    ]);
    const { record } = await stored("page-00001");
    expect((await readHistory(edition, record)).map(({ headline }) => headline)).toEqual(["New", "Old"]);
  });

  it("COR1 hidden earlier revisions leave the public history", async () => {
    const old = toRecord({ id: "hide-00001", lines: ["hide"], headline: "Old" });
    const next = { ...old, revision: 2, content: { headline: "New", urgency: 5 }, hideBefore: 2 };
    await applyChange(edition, { expected: 0, before: undefined, after: [old, next] }, NOW);
    const { record } = await stored("hide-00001");
    const history = await readHistory(edition, record);
    expect(history).toHaveLength(2);
    expect(toPublicHistory(history, record).map(({ headline }) => headline)).toEqual(["New"]);
  });

  it("P1 a command whose deadline has passed changes nothing", async () => {
    const command = { id: "late-1", seconds: 60, deadline: 1 };
    expect(await apply(toRecord({ id: "late-00001", lines: ["late"] }), undefined, { command })).toEqual({
      kind: "late",
    });
    expect(await readItem(edition, "late-00001")).toBeUndefined();
  });

  it("P2 a command that runs again answers what it did the first time", async () => {
    const command = { id: "again-1", seconds: 60, deadline: 0 };
    const change: ItemChange = {
      expected: 0,
      before: undefined,
      after: [toRecord({ id: "again-0001", lines: ["again"] })],
      command,
    };
    const [first, second] = await applyChanges(edition, [change, change], NOW);
    expect(first?.kind).toBe("ok");
    expect(second).toMatchObject({ kind: "done", result: { id: "again-0001", revision: 1 } });
    expect(await readLog("public:again")).toHaveLength(1);
  });

  it("REV4 a name that was claimed by another item is not given away again", async () => {
    const alias = (id: string) => ({ aliases: [{ field: "wire guid:x", id, mode: "claim" as const }] });
    await apply(toRecord({ id: "name-00001", lines: ["names"] }), undefined, alias("name-00001"));
    const answer = await apply(
      toRecord({ id: "name-00002", lines: ["names"] }),
      undefined,
      alias("name-00002"),
    );
    expect(answer).toEqual({ kind: "alias", field: "wire guid:x", id: "name-00001" });
    expect(await readItem(edition, "name-00002")).toBeUndefined();
  });

  it("the log of a channel is bounded by 10,000 entries and 8 MB", async () => {
    const record = toRecord({
      id: "long-00001",
      lines: ["long"],
      content: { headline: "x", lead: "y".repeat(10_000), urgency: 5 },
    });
    let before: { record: ItemRecord; write: number } | undefined;
    for (let revision = 1; revision <= 900; revision += 1) {
      const after = { ...record, revision };
      await apply(after, before);
      before = { record: after, write: revision };
    }
    const bytes = Number(await edition.redis.hget(edition.keys.meta, "b:public:long"));
    const entries = await edition.redis.xlen(edition.keys.log("public:long"));
    expect(bytes).toBeLessThanOrEqual(8 * 1024 * 1024);
    expect(entries).toBeLessThan(900);
    expect((await readLog("public:long")).at(-1)).toMatchObject({ item: { revision: 900 } });
  });
});
