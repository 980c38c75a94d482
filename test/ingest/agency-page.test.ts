import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readHistory } from "../../src/store/history.ts";
import { readItem } from "../../src/store/items.ts";
import { IngestBench } from "../support/ingest.ts";

const UPDATED = `Ferry talks resume in Port Selin (UPDATED)

Owners and crews met again on Friday evening. "We are close," a mediator said.—0--

*\u00a0\u00a0 *\u00a0\u00a0 *

2021 April 16 (Friday) 11:20:05

Talks between ferry owners and crews resume on Friday, the port of Selin says.

Crews have been on strike since Monday. -02D-

Leave a review

Follow us on social networks

News Line`;

const ORIGINAL = `Ferry talks resume in Port Selin

2021 April 16 (Friday) 11:20:05

Talks between ferry owners and crews resume on Friday, the port of Selin says.

Crews have been on strike since Monday. -02D-

News Line`;

let bench: IngestBench;
beforeAll(async () => {
  bench = await IngestBench.start();
});
afterAll(() => bench.stop());

async function history(id: string) {
  const stored = await readItem(bench.store.edition, id);
  if (stored === undefined) throw new Error(`no item ${id}`);
  return await readHistory(bench.store.edition, stored.record);
}

describe("an agency page", () => {
  it("TXT1 ORD2 PAGE7 a page with an update is one item with two revisions in the original's place", async () => {
    await bench.source("turan", { format: "agency-page", zone: "Asia/Baku", lines: ["page-a"] });
    const told = await bench.deliver("turan", UPDATED);
    expect(told.state).toBe("done");
    const [item, ...others] = await bench.line("page-a");
    expect(others).toEqual([]);
    expect(item).toMatchObject({
      headline: "Ferry talks resume in Port Selin",
      revision: 2,
      change: "update",
      orderedAt: "2021-04-16T07:20:05.000Z",
      timeBasis: "source",
      signOff: "—0--",
    });
    expect(item).not.toHaveProperty("versionCreated");
    const [newest, oldest] = await history(item?.id ?? "");
    expect(newest).toMatchObject({ revision: 2, change: "update", timeBasis: "received", signOff: "—0--" });
    expect(oldest).toMatchObject({ revision: 1, change: "new", timeBasis: "source", signOff: "-02D-" });
    expect(newest?.bodyText).toBe(
      'Owners and crews met again on Friday evening. "We are close," a mediator said.',
    );
    expect(oldest?.bodyText).toContain("Crews have been on strike since Monday.");
    expect(JSON.stringify([newest, oldest])).not.toMatch(/Leave a review|social networks|News Line/u);
  });

  it("REV1 PAGE21 the same page again changes nothing", async () => {
    await bench.source("again", { format: "agency-page", zone: "Asia/Baku", lines: ["page-b"] });
    await bench.deliver("again", UPDATED);
    const told = await bench.deliver("again", UPDATED);
    expect(told.outcomes.map(({ outcome }) => outcome)).toEqual(["duplicate", "duplicate"]);
    expect((await bench.line("page-b")).map(({ revision }) => revision)).toEqual([2]);
  });

  it("REV1 PAGE21 the original first, then the page with its update, gives the same item a second revision", async () => {
    await bench.source("grows", { format: "agency-page", zone: "Asia/Baku", lines: ["page-c"] });
    await bench.deliver("grows", ORIGINAL);
    await bench.deliver("grows", UPDATED);
    expect(await bench.line("page-c")).toMatchObject([
      { revision: 2, change: "update", orderedAt: "2021-04-16T07:20:05.000Z" },
    ]);
  });

  it("REV1 PAGE21 the original after its update is known and changes nothing", async () => {
    await bench.source("back", { format: "agency-page", zone: "Asia/Baku", lines: ["page-d"] });
    await bench.deliver("back", UPDATED);
    const told = await bench.deliver("back", ORIGINAL);
    expect(told.outcomes).toMatchObject([{ outcome: "duplicate" }]);
    expect(await bench.line("page-d")).toMatchObject([{ revision: 2, change: "update" }]);
  });
});
