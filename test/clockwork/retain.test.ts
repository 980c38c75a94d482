import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lineSettings } from "../../src/contract/rest.ts";
import { retainAll } from "../../workers/retain.ts";
import { TestEditor } from "../support/desk.ts";
import { startStore, type TestStore } from "../support/store.ts";

let store: TestStore;
let archiveDir: string;
beforeAll(async () => {
  store = await startStore();
  archiveDir = await mkdtemp(join(tmpdir(), "nl-archive-"));
});
afterAll(async () => {
  await store.stop();
  await rm(archiveDir, { recursive: true });
});

describe("retention", () => {
  it("RET1 what is beyond a line's keep leaves it as retired, after it went to the archive", async () => {
    const { edition } = store;
    const editor = new TestEditor(edition);
    for (const hour of ["01", "02", "03", "04"]) {
      await editor.publish(`retire-${hour}`, {
        lines: ["old"],
        versionCreated: `2026-03-04T${hour}:00:00.000Z`,
      });
    }
    await editor.publish("elsewhere", {
      lines: ["old", "other"],
      versionCreated: "2026-03-04T00:00:00.000Z",
    });
    const lines = async () => new Map([["old", lineSettings.parse({ keep: { items: 2 } })]]);
    expect(await retainAll({ edition, archiveDir, lines })).toBe(3);

    const order = (channel: string) => edition.redis.zrevrange(edition.keys.order(channel), 0, -1);
    expect(await order("public:old")).toEqual(["retire-04", "retire-03"]);
    expect(await order("desk:old")).toEqual(["retire-04", "retire-03"]);
    expect(await order("public:other")).toEqual(["elsewhere"]);
    const [last] = await edition.redis.xrevrange(edition.keys.log("public:old"), "+", "-", "COUNT", 1);
    expect(last?.[1].join(" ")).toContain('"reason":"retired"');

    const [file] = await readdir(archiveDir);
    const rows = (await readFile(join(archiveDir, file ?? ""), "utf8"))
      .trim()
      .split("\n")
      .map((row) => JSON.parse(row));
    expect(new Set(rows.map((row) => row.item.id))).toEqual(new Set(["elsewhere", "retire-01", "retire-02"]));
    expect(rows[0]).toMatchObject({ line: "old", revisions: [{ revision: 1 }] });
  });

  it("REV4 the identity of an item that left its last line stays, its text does not", async () => {
    const editor = new TestEditor(store.edition);
    expect(await editor.record("retire-01")).toMatchObject({ lines: [], content: null, revision: 2 });
    const fields = await store.edition.redis.hgetall(store.edition.keys.item("retire-01"));
    expect(JSON.stringify(fields)).not.toContain("Headline of");
  });

  it("RET1 running again takes nothing more", async () => {
    const lines = async () => new Map([["old", lineSettings.parse({ keep: { items: 2 } })]]);
    expect(await retainAll({ edition: store.edition, archiveDir, lines })).toBe(0);
  });
});
