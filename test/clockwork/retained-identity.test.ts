import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lineSettings } from "../../src/contract/rest.ts";
import { retainAll } from "../../workers/retain.ts";
import { IngestBench } from "../support/ingest.ts";

let bench: IngestBench;
let archiveDir: string;
beforeAll(async () => {
  bench = await IngestBench.start();
  archiveDir = await mkdtemp(join(tmpdir(), "nl-archive-"));
});
afterAll(async () => {
  await bench.stop();
  await rm(archiveDir, { recursive: true });
});

interface Entry {
  id?: string | undefined;
  title: string;
  content_text: string;
  url?: string | undefined;
  date_published?: string;
}
const OLD = {
  id: "o-1",
  title: "Port of Selin opens its outer berth",
  content_text:
    "The port of Selin opened its outer berth on Friday after repairs that had taken two weeks, the harbour master said.",
  url: "https://selin.example/port",
  date_published: "2026-03-04T10:00:00Z",
} satisfies Entry;
const NEW = {
  id: "n-1",
  title: "Wheat harvest reaches record tonnage",
  content_text: "Farmers brought home more grain than ever.",
  url: "https://selin.example/wheat",
  date_published: "2026-03-05T10:00:00Z",
} satisfies Entry;
const feed = (...items: Entry[]) => ({
  version: "https://jsonfeed.org/version/1.1",
  title: "Selin",
  items,
});

describe("what has left the line for its age", () => {
  const resent: [string, Entry][] = [
    ["as it was", OLD],
    ["with a newer time", { ...OLD, date_published: "2026-03-06T10:00:00Z" }],
    ["under a new guid", { ...OLD, id: "o-2" }],
    ["under a new guid with a newer time", { ...OLD, id: "o-2", date_published: "2026-03-06T10:00:00Z" }],
    ["without its guid", { ...OLD, id: undefined }],
    ["under a new guid, with marks in its link", { ...OLD, id: "o-2", url: `${OLD.url}?utm_source=x` }],
  ];
  for (const [i, [what, again]] of resent.entries())
    it(`REV4 does not come back as new when a slow feed sends it again ${what}`, async () => {
      const line = `aged-${i}`;
      await bench.source(line, { lines: [line] });
      await bench.deliver(line, feed(OLD, NEW));
      const lines = async () => new Map([[line, lineSettings.parse({ keep: { items: 1 } })]]);
      expect(await retainAll({ edition: bench.store.edition, archiveDir, lines })).toBe(1);
      // Long after the day in which a text finds its story.
      const delivery = await bench.accept(line, feed(NEW, again));
      const { redis, keys } = bench.store.edition;
      await redis.hset(keys.delivery(delivery), "receivedMs", Date.now() + 5 * 86_400_000);
      const told = await bench.run(delivery);
      expect(told.outcomes.map(({ outcome }) => outcome)).toEqual(["duplicate", "duplicate"]);
      expect((await bench.line(line)).map(({ headline }) => headline)).toEqual([NEW.title]);
    });

  it("REV1 comes back when its source has changed it", async () => {
    await bench.source("aged", { lines: ["aged"] });
    await bench.deliver("aged", feed(OLD, NEW));
    const lines = async () => new Map([["aged", lineSettings.parse({ keep: { items: 1 } })]]);
    await retainAll({ edition: bench.store.edition, archiveDir, lines });
    const edited = { ...OLD, title: `${OLD.title} again`, date_published: "2026-03-06T10:00:00Z" };
    await bench.deliver("aged", feed(NEW, edited));
    expect((await bench.line("aged")).map(({ headline }) => headline)).toEqual([edited.title, NEW.title]);
  });
});
