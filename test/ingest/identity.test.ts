import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAudit } from "../../src/store/audit.ts";
import { handleDesk } from "../../workers/desk.ts";
import { TestEditor } from "../support/desk.ts";
import { IngestBench } from "../support/ingest.ts";

let bench: IngestBench;
beforeAll(async () => {
  bench = await IngestBench.start();
});
afterAll(() => bench.stop());

interface Entry {
  id?: string;
  title: string;
  content_text?: string;
  url?: string;
  date_published?: string;
  date_modified?: string;
}
const feed = (...items: Entry[]) => ({
  version: "https://jsonfeed.org/version/1.1",
  title: "Selin",
  items: items.map((one) => ({ content_text: `Text of ${one.title}.`, ...one })),
});
const ninjs = (fields: object) => ({ standard: { name: "ninjs", version: "3.0", schema: "" }, ...fields });
const story = (fields: object) =>
  ninjs({
    uri: "urn:selin:1",
    version: "1",
    versionCreated: "2021-04-16T10:00:00Z",
    headlines: [{ value: "Port opens" }],
    bodies: [{ contentType: "text/plain", value: "The port opens." }],
    ...fields,
  });

const outcomes = (status: { outcomes: { outcome: string }[] }) =>
  status.outcomes.map(({ outcome }) => outcome);

describe("which item a delivery belongs to", () => {
  it("REV1 RSS21 a feed of items without ids, links or dates stays put on the second poll", async () => {
    await bench.source("bare", { lines: ["bare"] });
    const items = Array.from({ length: 60 }, (_, i) => ({ title: `Item ${i} of the harbour` }));
    await bench.deliver("bare", feed(...items));
    const before = await bench.line("bare");
    expect(before).toHaveLength(60);
    const again = await bench.deliver("bare", feed(...items));
    expect(new Set(outcomes(again))).toEqual(new Set(["duplicate"]));
    expect(await bench.line("bare")).toEqual(before);
  });

  it("SRC1 the same guid of two sources is two items", async () => {
    await bench.source("one", { lines: ["scoped"] });
    await bench.source("two", { lines: ["scoped"] });
    await bench.deliver("one", feed({ id: "same", title: "First" }));
    await bench.deliver("two", feed({ id: "same", title: "Second" }));
    expect(await bench.line("scoped")).toHaveLength(2);
  });

  it("REV3 a link that is its own in the document joins two guids whose headlines share half their words", async () => {
    await bench.source("relink", { lines: ["relink"] });
    const url = "https://selin.example/port";
    await bench.deliver(
      "relink",
      feed({ id: "a", url, title: "Port of Selin opens on Friday", date_published: "2021-04-16T10:00:00Z" }),
    );
    await bench.deliver(
      "relink",
      feed({
        id: "b",
        url,
        title: "Port of Selin opens on Saturday",
        date_published: "2021-04-16T11:00:00Z",
      }),
    );
    expect(await bench.line("relink")).toMatchObject([
      { revision: 2, headline: "Port of Selin opens on Saturday" },
    ]);
    await bench.deliver("relink", feed({ id: "c", url, title: "Wheat is cheap" }));
    expect(await bench.line("relink")).toHaveLength(2);
  });

  it("REV1 NINJS3 a higher version is an update, a lower one is stale, whatever order they come in", async () => {
    await bench.source("wire", { lines: ["wire"] });
    const versions = [
      story({ version: "9", headlines: [{ value: "Port opens, nine" }] }),
      story({
        version: "10",
        versionCreated: "2021-04-16T10:10:00Z",
        headlines: [{ value: "Port opens, ten" }],
      }),
    ];
    const late = await bench.deliver("wire", versions[1]);
    const early = await bench.deliver("wire", versions[0]);
    expect([outcomes(late), outcomes(early)]).toEqual([["applied"], ["stale"]]);
    expect(await bench.line("wire")).toMatchObject([{ headline: "Port opens, ten", revision: 1 }]);
  });

  it("REV1 WIRE16 a guid that ends in what looks like its version is the same item with the next version", async () => {
    await bench.source("suffix", { lines: ["suffix"] });
    await bench.deliver("suffix", story({ uri: "urn:selin:item:1", version: "1" }));
    await bench.deliver(
      "suffix",
      story({ uri: "urn:selin:item:1", version: "2", headlines: [{ value: "Two" }] }),
    );
    expect(await bench.line("suffix")).toMatchObject([{ revision: 2, headline: "Two" }]);
    await bench.deliver(
      "suffix",
      story({ uri: "urn:selin:other:2", version: "3", headlines: [{ value: "Three" }] }),
    );
    await bench.deliver(
      "suffix",
      story({ uri: "urn:selin:other:2", version: "2", headlines: [{ value: "Old" }] }),
    );
    expect(await bench.line("suffix")).toHaveLength(2);
  });

  it("REV1 a job that is run twice has no second effect", async () => {
    await bench.source("twice", { lines: ["twice"] });
    const delivery = await bench.accept("twice", feed({ id: "t-1", title: "Once" }));
    await bench.run(delivery);
    const again = await bench.run(delivery);
    expect(again.outcomes).toMatchObject([{ outcome: "applied", reason: "retried" }]);
    expect(await bench.line("twice")).toMatchObject([{ revision: 1 }]);
  });

  it("REV1 the arrival number decides between undated texts, not the order in which jobs ran", async () => {
    await bench.source("race", { lines: ["race"] });
    const first = await bench.accept("race", feed({ id: "r-1", title: "Older" }));
    const second = await bench.accept("race", feed({ id: "r-1", title: "Newer" }));
    await bench.run(second);
    await bench.run(first);
    expect(await bench.line("race")).toMatchObject([{ headline: "Newer", revision: 1 }]);
  });

  it("KIL1 what repeats a killed item's text under a new id is withheld", async () => {
    await bench.source("twins", { lines: ["twins"] });
    await bench.deliver(
      "twins",
      feed({ id: "k-1", title: "Tower falls", content_text: "The old tower of Selin has fallen." }),
    );
    const [item] = await bench.line("twins");
    const editor = new TestEditor(bench.store.edition);
    await editor.kill(item?.id ?? "");
    const told = await bench.deliver(
      "twins",
      feed({ id: "k-2", title: "Tower falls", content_text: "The old tower of Selin has fallen." }),
    );
    expect(told.outcomes).toMatchObject([{ outcome: "held", reason: "twin" }]);
    expect(await bench.line("twins")).toEqual([]);
    const again = await bench.deliver(
      "twins",
      feed({ id: "k-1", title: "Tower falls", content_text: "It stands." }),
    );
    expect(outcomes(again)).toEqual(["killed"]);
  });

  it("KIL2 WIRE3 a kill that arrives before its story: the story never shows", async () => {
    await bench.source("early", { lines: ["early"] });
    const kill = await bench.deliver(
      "early",
      story({ version: "3", pubStatus: "canceled", headlines: [], bodies: [] }),
    );
    expect(kill.state).toBe("done");
    const told = await bench.deliver("early", story({ version: "2" }));
    expect(outcomes(told)).toEqual(["killed"]);
    expect(await bench.line("early")).toEqual([]);
  });

  it("EMB3 a source that takes something off readers' screens is told to the desk", async () => {
    await bench.source("recall", { lines: ["recall"] });
    await bench.deliver("recall", story({}));
    const embargoedUntil = new Date(Date.now() + 3_600_000).toISOString();
    await bench.deliver(
      "recall",
      story({ version: "2", versionCreated: "2021-04-16T10:05:00Z", embargoedUntil }),
    );
    expect(await bench.line("recall")).toEqual([]);
    const [entry] = await readAudit(bench.store.edition, { limit: 1 });
    expect(entry).toMatchObject({
      by: "source recall",
      action: "removed_by_source",
      details: { reason: "embargoed" },
    });
  });

  it("OWN1 an editor's update makes later source versions proposals", async () => {
    await bench.source("owned", { lines: ["owned"] });
    await bench.deliver("owned", story({ uri: "urn:selin:own" }));
    const [item] = await bench.line("owned");
    const editor = new TestEditor(bench.store.edition);
    await editor.change(item?.id ?? "", { headline: "Ours" });
    const told = await bench.deliver(
      "owned",
      story({ uri: "urn:selin:own", version: "2", headlines: [{ value: "Theirs" }] }),
    );
    expect(told.outcomes).toMatchObject([{ outcome: "held", reason: "desk_owned" }]);
    expect(await bench.line("owned")).toMatchObject([{ headline: "Ours", revision: 2 }]);
  });

  it("P2 a command that runs again gives the same answer and no second item", async () => {
    const job = {
      command: "publish" as const,
      id: "publish-1",
      commandId: "c-x",
      by: "Ada",
      deadline: Date.now() + 60_000,
      fields: { headline: "Once", lines: ["cmd"] },
    };
    const first = await handleDesk(bench.store.edition, job);
    const second = await handleDesk(bench.store.edition, job);
    expect(second).toMatchObject({ ...first, replayed: true });
    expect(await bench.line("cmd")).toHaveLength(1);
  });

  it("ERR1 what cannot be read goes to quarantine with its reason and changes nothing", async () => {
    await bench.source("broken", { lines: ["broken"] });
    const told = await bench.deliver("broken", "<rss><channel><item><title>Cut off", {
      contentType: "application/rss+xml",
    });
    expect(told).toMatchObject({ state: "quarantined", quarantine: { code: "unreadable" } });
    const unknown = await bench.deliver("broken", "\u0001\u0002 ???", {
      contentType: "application/x-unknown",
    });
    expect(unknown).toMatchObject({ state: "quarantined", quarantine: { code: "unknown_format" } });
    expect(await bench.line("broken")).toEqual([]);
  });
});
