import { afterAll, beforeAll, expect, test } from "vitest";
import { readHistory } from "../../src/store/history.ts";
import { readItem } from "../../src/store/items.ts";
import { IngestBench } from "../support/ingest.ts";

let bench: IngestBench;
beforeAll(async () => {
  bench = await IngestBench.start();
});
afterAll(() => bench.stop());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const OLD = "Talks between ferry owners and crews resume on Friday, the port of Selin says.";
const NEW = 'Owners and crews met again on Friday evening. "We are close," a mediator said.';
const STAMP = "2021 April 16 (Friday) 11:20:05";
const AT = "2021-04-16T07:20:05.000Z";

const page = (...parts: string[]): string => parts.join("\n\n");
const outcomes = (status: { outcomes: { outcome: string }[] }) =>
  status.outcomes.map(({ outcome }) => outcome);

async function pages(name: string): Promise<void> {
  await bench.source(name, { format: "agency-page", zone: "Asia/Baku", lines: [name] });
}

async function entriesOf(line: string): Promise<number> {
  const { redis, keys } = bench.store.edition;
  return await redis.xlen(keys.log(`public:${line}`));
}

async function history(id = "") {
  const stored = await readItem(bench.store.edition, id);
  if (stored === undefined) throw new Error(`no item ${id}`);
  return await readHistory(bench.store.edition, stored.record);
}

const ninjs = (fields: object) => ({
  standard: { name: "ninjs", version: "3.0" },
  uri: "urn:selin:1",
  version: "1",
  versionCreated: "2021-04-16T10:00:00Z",
  headlines: [{ value: "Port opens" }],
  bodies: [{ contentType: "text/plain", value: "The port opens." }],
  ...fields,
});

test("ORD2 PAGE7 an undated update has no time of its own, says received, and stays where the original stands", async () => {
  await pages("p7");
  await bench.deliver(
    "p7",
    page("Ferry talks resume (UPDATED)", `${NEW}—0--`, "* * *", STAMP, `${OLD} -02D-`),
  );
  const [item] = await bench.line("p7");
  expect(item).toMatchObject({ revision: 2, orderedAt: AT, timeBasis: "source", change: "update" });
  expect(item).not.toHaveProperty("versionCreated");
  expect((await history(item?.id)).map(({ timeBasis, signOff }) => [timeBasis, signOff])).toEqual([
    ["received", "—0--"],
    ["source", "-02D-"],
  ]);
});

test("ORD2 PAGE8 a page without any stamp is ordered by when it came and says so", async () => {
  await pages("p8");
  const before = Date.now() - MINUTE;
  await bench.deliver("p8", page("Ferry talks resume in Selin", `${OLD} It rains. -02D-`));
  const [item] = await bench.line("p8");
  expect(item?.timeBasis).toBe("received");
  expect(Date.parse(item?.orderedAt ?? "")).toBeGreaterThanOrEqual(before);
});

test("P3 PAGE20 all versions of a page go out as one change, with the last revision only", async () => {
  await pages("p20");
  const versions = page(
    "Ferry talks end (UPDATED)",
    `${NEW} They signed.`,
    "* * *",
    "2021 April 16 (Friday) 12:00:00",
    `${NEW} They eat.`,
    "* * *",
    STAMP,
    `${OLD} They talk.`,
  );
  await bench.deliver("p20", versions);
  expect(await entriesOf("p20")).toBe(1);
  const [item] = await bench.line("p20");
  expect(item?.revision).toBe(3);
  expect(await history(item?.id)).toHaveLength(3);
});

test("REV3 PAGE21 a page is the stored item with its address, or that shares a version's text with it; else it is new", async () => {
  await pages("p21");
  const address = "https://selin.example/ferry";
  const first = page("Ferry talks resume at noon", STAMP, `${OLD} Noon it is.`);
  const rewritten = page(
    "Ferry strike is over",
    "2021 April 16 (Friday) 12:00:00",
    "The crews are back at work.",
  );
  const sharing = page(
    "Ferries sail (UPDATED)",
    NEW,
    "* * *",
    "2021 April 16 (Friday) 12:00:00",
    "The crews are  back at work.",
  );
  const other = page("Wheat is cheap", STAMP, "The price of wheat fell on Friday in Selin.");
  await bench.deliver("p21", first, { address });
  await bench.deliver("p21", rewritten, { address });
  expect((await bench.line("p21")).map(({ headline }) => headline)).toEqual(["Ferry strike is over"]);
  await bench.deliver("p21", sharing, { address: "https://selin.example/other" });
  expect((await bench.line("p21")).map(({ headline }) => headline)).toEqual(["Ferries sail"]);
  await bench.deliver("p21", other, { address: "https://selin.example/wheat" });
  expect(await bench.line("p21")).toHaveLength(2);
});

test("ORD2 PAGE22 a time learned later for a version that is stored is noted and moves nothing", async () => {
  await pages("p22");
  const text = `${OLD} The mayor listens.`;
  await bench.deliver("p22", page("Ferry talks resume, mayor listens", text));
  const [before] = await bench.line("p22");
  const told = await bench.deliver("p22", page("Ferry talks resume, mayor listens", STAMP, text));
  expect(outcomes(told)).toEqual(["duplicate"]);
  expect(await bench.line("p22")).toEqual([before]);
});

test("KIL2 WIRE3 a withdrawal that comes before the story it withdraws: the story never shows", async () => {
  await bench.source("w3", { lines: ["w3"] });
  const kill = ninjs({ uri: "urn:w3:1", version: "3", pubStatus: "canceled", headlines: [], bodies: [] });
  await bench.deliver("w3", kill);
  expect(outcomes(await bench.deliver("w3", ninjs({ uri: "urn:w3:1", version: "2" })))).toEqual(["killed"]);
  expect(await bench.line("w3")).toEqual([]);
  expect(await entriesOf("w3")).toBe(0);
});

test("EMB1 WIRE5 a usable story under an embargo is on no line, and a version without the field does not lift it", async () => {
  await bench.source("w5", { lines: ["w5"] });
  const embargoedUntil = new Date(Date.now() + HOUR).toISOString();
  await bench.deliver("w5", ninjs({ uri: "urn:w5:1", pubStatus: "usable", embargoedUntil }));
  const next = ninjs({
    uri: "urn:w5:1",
    version: "2",
    versionCreated: "2021-04-16T10:05:00Z",
    headlines: [{ value: "Two" }],
  });
  await bench.deliver("w5", next);
  expect(await bench.line("w5")).toEqual([]);
});

test("EMB2 WIRE7 a template where an embargo should stand does not hold the story", async () => {
  await bench.source("w7", { lines: ["w7"] });
  await bench.deliver("w7", ninjs({ uri: "urn:w7:1", embargoedUntil: "YYYYMMDD000000-HHMM" }));
  expect(await bench.line("w7")).toMatchObject([{ headline: "Port opens", revision: 1 }]);
});

test.each([
  ["9", "10"],
  ["0", "1"],
  ["009", "10"],
  ["9007199254740993", "9007199254740994"],
  ["90071992547409930000000001", "90071992547409930000000002"],
])(
  "REV1 WIRE17 versions are compared as whole numbers of any length: %s is older than %s",
  async (older, newer) => {
    const source = `w17-${older}`;
    await bench.source(source, { lines: [source] });
    // The same time on both: only the versions tell.
    const version = (sourceVersion: string) =>
      ninjs({
        uri: `urn:w17:${older}`,
        version: sourceVersion,
        headlines: [{ value: `Version ${sourceVersion}` }],
      });
    expect(outcomes(await bench.deliver(source, version(newer)))).toEqual(["applied"]);
    expect(outcomes(await bench.deliver(source, version(older)))).toEqual(["stale"]);
    expect(await bench.line(source)).toMatchObject([{ headline: `Version ${newer}`, revision: 1 }]);
  },
);

test("TXT2 WIRE15 a package of links alone gives no line and no quarantine", async () => {
  await bench.source("w15", { lines: ["w15"] });
  const pack =
    '<packageItem guid="urn:p:1" version="1"><groupSet><group><itemRef residref="urn:x:1"/></group></groupSet></packageItem>';
  const told = await bench.deliver("w15", pack, { contentType: "application/xml" });
  expect([told.state, told.outcomes]).toEqual(["done", []]);
  expect(await bench.line("w15")).toEqual([]);
});

test("REV3 NITF5 the same story key under another id joins nothing by itself", async () => {
  await bench.source("n5", { lines: ["n5"] });
  const nitf = (id: string, headline: string, text: string) =>
    `<nitf><head><docdata><doc-id id-string="${id}"/><du-key key="weather" version="1"/><date.issue norm="20210416T100000Z"/></docdata></head><body><body.head><hedline><hl1>${headline}</hl1></hedline></body.head><body.content><p>${text}</p></body.content></body></nitf>`;
  await bench.deliver("n5", nitf("a1", "Rain in Selin", "It rains in Selin."), {
    contentType: "application/xml",
  });
  await bench.deliver("n5", nitf("a2", "Snow in Easton", "It snows in Easton."), {
    contentType: "application/xml",
  });
  expect(await bench.line("n5")).toHaveLength(2);
});

test("REV3 RSS13 a link's normal form is for comparing only: it finds the item, the link stays as written", async () => {
  await bench.source("r13", { lines: ["r13"] });
  const feed = (link: string, title: string) =>
    `<rss version="2.0"><channel><item><title>${title}</title><link>${link}</link><description>${title} today.</description></item></channel></rss>`;
  const type = { contentType: "application/rss+xml" };
  await bench.deliver(
    "r13",
    feed("HTTPS://Selin.Example:443/%7Eport", "Port of Selin opens on Friday"),
    type,
  );
  await bench.deliver("r13", feed("https://selin.example/~port", "Port of Selin opens on Saturday"), type);
  expect(await bench.line("r13")).toMatchObject([
    { revision: 2, link: "https://selin.example/~port", headline: "Port of Selin opens on Saturday" },
  ]);
});

test("REV1 RSS11 an edit under the same id and the same date is found by its text, once", async () => {
  await bench.source("r11", { lines: ["r11"] });
  const feed = (text: string) =>
    `<rss version="2.0"><channel><item><guid>1</guid><title>Port opens</title><pubDate>Fri, 16 Apr 2021 10:00:00 GMT</pubDate><description>${text}</description></item></channel></rss>`;
  const told: string[] = [];
  for (const text of ["One.", "One.", "Two.", "Two."])
    told.push(...outcomes(await bench.deliver("r11", feed(text), { contentType: "application/rss+xml" })));
  expect(told).toEqual(["applied", "duplicate", "applied", "duplicate"]);
  expect(await bench.line("r11")).toMatchObject([{ revision: 2 }]);
});

test("KIL1 ATOM3 a deleted-entry takes its entry off the line", async () => {
  await bench.source("a3", { lines: ["a3"] });
  const feed = (inner: string) =>
    `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">${inner}</feed>`;
  const type = { contentType: "application/atom+xml" };
  await bench.deliver(
    "a3",
    feed("<entry><id>tag:a3:1</id><title>Port opens</title><updated>2021-04-16T10:00:00Z</updated></entry>"),
    type,
  );
  expect(await bench.line("a3")).toHaveLength(1);
  await bench.deliver("a3", feed('<at:deleted-entry ref="tag:a3:1" when="2021-04-16T11:00:00Z"/>'), type);
  expect(await bench.line("a3")).toEqual([]);
});

test("KIL4 JSONF3 `expired` ends the feed and withdraws nothing", async () => {
  await bench.source("j3", { lines: ["j3"] });
  const feed = {
    version: "https://jsonfeed.org/version/1.1",
    items: [{ id: "1", title: "Port opens", content_text: "It opens." }],
  };
  await bench.deliver("j3", feed);
  await bench.deliver("j3", { ...feed, expired: true });
  expect(await bench.line("j3")).toHaveLength(1);
});

test("REV3 JSONF2 an id that stays on an update is the same item", async () => {
  await bench.source("j2", { lines: ["j2"] });
  const item = (title: string, content_text: string) => ({
    version: "https://jsonfeed.org/version/1.1",
    items: [{ id: "1", title, content_text }],
  });
  await bench.deliver("j2", item("Port of Selin opens", "The port of Selin opens."));
  await bench.deliver("j2", item("Port of Selin opens", "The port of Selin opens at noon."));
  const [updated, ...others] = await bench.line("j2");
  expect([updated?.revision, others]).toEqual([2, []]);
  expect((await history(updated?.id))[0]?.bodyText).toBe("The port of Selin opens at noon.");
});

test("URG1 WIRE27 an item whose source says nothing of urgency has 5, and is never breaking", async () => {
  await bench.source("w27", { lines: ["w27"], trust: "flash" });
  await bench.deliver("w27", ninjs({ uri: "urn:w27:1" }));
  const [item] = await bench.line("w27");
  expect(item?.urgency).toBe(5);
  expect(item).not.toHaveProperty("breakingUntil");
});

test.each([
  ["Fri, 16 Apr 21 11:20:05 EST", "2021-04-16T16:20:05.000Z", "source"],
  ["Thu, 16 Apr 2021 11:20:05 +0400", "2021-04-16T07:20:05.000Z", "source"],
  ["2021-04-16 24:00", "2021-04-16T20:00:00.000Z", "source"],
  ["16. Dez. 2020, 11.20 Uhr", "2020-12-16T07:20:00.000Z", "source"],
  ["161120 GMT Oktyabr 20", "2020-10-16T11:20:00.000Z", "source"],
  ["1970-01-01T00:00:00Z", undefined, "received"],
  ["0", undefined, "received"],
  ["1618557605", undefined, "received"],
  ["0000-00-00 00:00:00", undefined, "received"],
  ["31 Apr 2021 10:00", undefined, "received"],
  ["yesterday", undefined, "received"],
  ["", undefined, "received"],
  ["3013-01-01T00:00:00Z", undefined, "future"],
])(
  "ORD3 WIRE21 an item whose pubDate is %j stands at %s and says %s",
  async (written, orderedAt, timeBasis) => {
    const source = `w21-${written.length}-${timeBasis}-${orderedAt ?? written.slice(0, 4)}`
      .replace(/\W/gu, "-")
      .toLowerCase();
    await bench.source(source, { lines: [source], zone: "Asia/Baku" });
    const before = Date.now() - MINUTE;
    const feed = `<rss version="2.0"><channel><item><guid>1</guid><title>Dated ${written.length}</title><pubDate>${written}</pubDate><description>Text.</description></item></channel></rss>`;
    await bench.deliver(source, feed, { contentType: "application/rss+xml" });
    const [item] = await bench.line(source);
    expect(item?.timeBasis).toBe(timeBasis);
    if (orderedAt === undefined) expect(Date.parse(item?.orderedAt ?? "")).toBeGreaterThanOrEqual(before);
    else expect(item?.orderedAt).toBe(orderedAt);
  },
);

test("ORD2 PAGE19 (UPDATED) on a page with one text is one revision, new, in its stamp's place, with the mark cut", async () => {
  await pages("p19");
  await bench.deliver("p19", page("Ferry talks resume at once(UPDATED)", STAMP, `${OLD} At once. -02D-`));
  expect(await bench.line("p19")).toMatchObject([
    {
      headline: "Ferry talks resume at once",
      revision: 1,
      change: "new",
      orderedAt: AT,
      timeBasis: "source",
    },
  ]);
});
