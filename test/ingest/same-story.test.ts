import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { IngestBench } from "../support/ingest.ts";

let bench: IngestBench;
beforeAll(async () => {
  bench = await IngestBench.start();
});
afterAll(() => bench.stop());

const TEXT =
  "The port of Selin opened its outer berth on Friday after repairs that had taken two weeks. Larger ships may enter again from Monday on.";

interface Entry {
  id?: string;
  title: string;
  content_text?: string;
  url?: string;
  date_published?: string;
}
const feed = (...items: Entry[]) => ({
  version: "https://jsonfeed.org/version/1.1",
  title: "Selin",
  items: items.map((one) => ({ content_text: TEXT, ...one })),
});
const anpa = (number: string, category: string, keyword = "bc-harbour", text = TEXT) =>
  `\u0016\u0016\u0001${number}\u001f\r\nr ${category} \u0013${keyword} 03-04 0100\r\n\u0002^BC-Harbour,100<\r\n^Selin port opens its berth<\r\n\t${text}\r\n\u0003\r\nXX-WF-03-04-26 1009GMT\r\n\u0004`;
const ninjs = (fields: object) => ({
  standard: { name: "ninjs", version: "3.0", schema: "" },
  versionCreated: "2026-03-04T10:00:00Z",
  headlines: [{ value: "Port opens" }],
  bodies: [{ contentType: "text/plain", value: TEXT }],
  ...fields,
});

const outcomes = (status: { outcomes: { outcome: string }[] }) =>
  status.outcomes.map(({ outcome }) => outcome);
const headlines = async (line: string) => (await bench.line(line)).map(({ headline }) => headline);

describe("one story under several names", () => {
  it("SRC2 ANPA7 a wire's story that comes again under another category and number is one item", async () => {
    await bench.source("anpa", { lines: ["anpa"] });
    await bench.deliver("anpa", anpa("a0123", "a"));
    expect(outcomes(await bench.deliver("anpa", anpa("f0077", "f")))).toEqual(["duplicate"]);
    expect(outcomes(await bench.deliver("anpa", anpa("s0412", "s", "bc-selin-port")))).toEqual(["duplicate"]);
    expect(await bench.line("anpa")).toMatchObject([{ revision: 1 }]);
  });

  it("SRC2 a feed's story that another category repeats under a new guid and a new link is one item", async () => {
    await bench.source("feeds", { lines: ["feeds"] });
    const title = "Port opens";
    await bench.deliver("feeds", feed({ id: "1", title, url: "http://e.org/economy/1" }));
    const again = await bench.deliver("feeds", feed({ id: "77", title, url: "http://e.org/sea/77" }));
    expect(outcomes(again)).toEqual(["duplicate"]);
    expect(await headlines("feeds")).toEqual([title]);
  });

  it("SRC2 a document that holds a story twice under two guids gives one item", async () => {
    await bench.source("twice", { lines: ["twice"] });
    const both = feed({ id: "1", title: "Port opens" }, { id: "2", title: "Port  opens" });
    expect(outcomes(await bench.deliver("twice", both))).toEqual(["applied", "duplicate"]);
    expect(outcomes(await bench.deliver("twice", both))).toEqual(["duplicate", "duplicate"]);
    expect(await bench.line("twice")).toHaveLength(1);
  });

  it("SRC2 the repeat follows its story: an update under the new name is the item's next revision", async () => {
    await bench.source("follow", { lines: ["follow"] });
    await bench.deliver("follow", feed({ id: "1", title: "Port opens" }));
    await bench.deliver("follow", feed({ id: "2", title: "Port opens" }));
    const update = feed({ id: "1", title: "Port opens", content_text: `${TEXT} The first ship is in.` });
    expect(outcomes(await bench.deliver("follow", update))).toEqual(["applied"]);
    expect(await bench.line("follow")).toMatchObject([{ revision: 2 }]);
  });

  it("SRC2 two deliveries of one text that are read at the same moment are one item", async () => {
    await bench.source("race", { lines: ["race"] });
    const deliveries = await Promise.all(
      Array.from({ length: 6 }, (_, i) => bench.accept("race", feed({ id: `r${i}`, title: "Port opens" }))),
    );
    await Promise.all(deliveries.map((id) => bench.run(id)));
    expect(await bench.line("race")).toHaveLength(1);
  });

  it("SRC1 the same text of two sources is two items", async () => {
    for (const source of ["first", "second"]) {
      await bench.source(source, { lines: ["both"] });
      await bench.deliver(source, feed({ id: source, title: "Port opens" }));
    }
    expect(await bench.line("both")).toHaveLength(2);
  });

  it("REV3 another text under the same headline, or a text too short to tell, joins nothing", async () => {
    await bench.source("short", { lines: ["short"] });
    const title = "Weather at sea";
    await bench.deliver(
      "short",
      feed({ id: "1", title, content_text: "Calm." }, { id: "2", title, content_text: "Calm." }),
    );
    await bench.deliver("short", feed({ id: "3", title }, { id: "4", title, content_text: `${TEXT} Wind.` }));
    expect(await bench.line("short")).toHaveLength(4);
  });

  it("REV3 the same text more than 24 hours later is a new item", async () => {
    await bench.source("daily", { lines: ["daily"] });
    for (const [id, received] of [
      ["1", "2026-03-04T10:00:00Z"],
      ["2", "2026-03-05T09:00:00Z"],
      ["3", "2026-03-06T10:00:00Z"],
    ] as const) {
      const delivery = await bench.accept("daily", feed({ id, title: "Port opens" }));
      const { redis, keys } = bench.store.edition;
      await redis.hset(keys.delivery(delivery), "receivedMs", Date.parse(received));
      await bench.run(delivery);
    }
    expect(await bench.line("daily")).toHaveLength(2);
  });

  it("KIL1 a killed story's text under another category is withheld", async () => {
    await bench.source("killed", { lines: ["killed"] });
    // A killed text is known again whoever sends it: this one stands in no other test.
    const bodies = [{ contentType: "text/plain", value: `${TEXT} A mistake.` }];
    await bench.deliver("killed", ninjs({ uri: "urn:k:1", version: "1", bodies }));
    await bench.deliver("killed", ninjs({ uri: "urn:k:1", version: "2", pubStatus: "canceled", bodies }));
    const again = await bench.deliver("killed", ninjs({ uri: "urn:k:2", version: "1", bodies }));
    expect(outcomes(again)).toEqual(["held"]);
    expect(await bench.line("killed")).toEqual([]);
  });
});

describe("versions of one story", () => {
  it("REV1 RSS11 each silent edit under the same guid and date is one revision, its repeat none", async () => {
    await bench.source("silent", { lines: ["silent"] });
    const at = (text: string) =>
      feed({ id: "s", title: "Port opens", content_text: text, date_published: "2026-03-04T10:00:00Z" });
    const told: string[] = [];
    for (const text of [
      TEXT,
      TEXT,
      `${TEXT} More.`,
      `${TEXT}  More.`,
      `${TEXT} Much more.`,
      `${TEXT} Much more.`,
    ])
      told.push(...outcomes(await bench.deliver("silent", at(text))));
    expect(told).toEqual(["applied", "duplicate", "applied", "duplicate", "applied", "duplicate"]);
    expect(await bench.line("silent")).toMatchObject([{ revision: 3 }]);
  });

  it("REV3 RSS21 a guid that all entries share is no id: each has its link, on every poll", async () => {
    await bench.source("shared", { lines: ["shared"] });
    const items = ["Port opens", "Ferry sails", "Council votes"].map((title, i) => ({
      id: "agency",
      title,
      content_text: `${title}. ${TEXT}`,
      url: `http://e.org/${i}`,
    }));
    await bench.deliver("shared", feed(...items));
    const again = await bench.deliver("shared", feed(...items));
    expect(new Set(outcomes(again))).toEqual(new Set(["duplicate"]));
    expect(await bench.line("shared")).toHaveLength(3);
  });

  it("REV3 WIRE26 what supersedes a story under a new guid is the item's next revision", async () => {
    await bench.source("supersedes", { lines: ["supersedes"] });
    await bench.deliver("supersedes", ninjs({ uri: "urn:s:1", version: "7" }));
    const next = ninjs({
      uri: "urn:s:2",
      version: "1",
      evolvedfrom: "urn:s:1",
      versionCreated: "2026-03-04T11:00:00Z",
      headlines: [{ value: "Port is open" }],
    });
    expect(outcomes(await bench.deliver("supersedes", next))).toEqual(["applied"]);
    expect(await bench.line("supersedes")).toMatchObject([{ revision: 2, headline: "Port is open" }]);
  });

  it("KIL1 what supersedes a killed story is withheld", async () => {
    await bench.source("successor", { lines: ["successor"] });
    const bodies = [{ contentType: "text/plain", value: `${TEXT} Another mistake.` }];
    await bench.deliver("successor", ninjs({ uri: "urn:d:1", version: "1", bodies }));
    await bench.deliver("successor", ninjs({ uri: "urn:d:1", version: "2", pubStatus: "canceled", bodies }));
    const successor = ninjs({
      uri: "urn:d:2",
      version: "1",
      evolvedfrom: "urn:d:1",
      headlines: [{ value: "Port is open" }],
      bodies: [{ contentType: "text/plain", value: "Quite another text of the port." }],
    });
    expect(outcomes(await bench.deliver("successor", successor))).toEqual(["held"]);
    expect(await bench.line("successor")).toEqual([]);
  });

  it("KIL2 NITF7 WIRE2 a notice that names another document withdraws that one, of its own source only", async () => {
    const story = (id: string) =>
      `<nitf><head><docdata><doc-id id-string="${id}"/><date.issue norm="20260304T100000Z"/></docdata></head><body><body.head><hedline><hl1>Port ${id}</hl1></hedline></body.head><body.content><p>Story ${id} of the port.</p></body.content></body></nitf>`;
    const notice = `<nitf><head><docdata management-doc-idref="x1" management-idref-status="canceled"><doc-id id-string="n1"/><date.issue norm="20260304T110000Z"/></docdata></head><body><body.head><hedline><hl1>Withdrawal</hl1></hedline></body.head><body.content><p>Withdrawn.</p></body.content></body></nitf>`;
    for (const source of ["nitf", "other"]) await bench.source(source, { lines: ["nitf"] });
    for (const id of ["x1", "x2"]) await bench.deliver("nitf", story(id));
    await bench.deliver("other", notice);
    expect(await bench.line("nitf")).toHaveLength(2);
    await bench.deliver("nitf", notice);
    expect(await headlines("nitf")).toEqual(["Port x2"]);
  });
});
