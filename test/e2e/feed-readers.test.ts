import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kill, write } from "../support/items.ts";
import { type ReadingGateway, settle, startGateway } from "../support/reading-gateway.ts";
import { startStore, type TestStore } from "../support/store.ts";

let store: TestStore;
let gateway: ReadingGateway;
beforeAll(async () => {
  store = await startStore();
  gateway = await startGateway(store);
});
afterAll(async () => {
  await gateway.close();
  await store.stop();
});

/** What a common feed reader's parser makes of it; strict XML first, since that parser forgives much. */
const PROGRAM = `
import feedparser, json, sys, urllib.request
from xml.etree import ElementTree
body = urllib.request.urlopen(sys.argv[1]).read()
root = ElementTree.fromstring(body)
gone = [(one.get("ref"), one.get("when")) for one in root.iter("{http://purl.org/atompub/tombstones/1.0}deleted-entry")]
feed = feedparser.parse(body)
entries = [{name: one.get(name) for name in ("id", "title", "summary", "link", "author", "updated", "published")} for one in feed.entries]
print(json.dumps({"bozo": bool(feed.bozo), "version": feed.version, "title": feed.feed.title, "entries": entries, "gone": gone}))
`;

interface Parsed {
  bozo: boolean;
  version: string;
  title: string;
  entries: Record<string, string>[];
  gone: [ref: string, when: string][];
}

async function parse(path: string): Promise<Parsed> {
  const python = process.env["PYTHON_PATH"] ?? "/usr/bin/python3";
  const { stdout } = await promisify(execFile)(python, ["-c", PROGRAM, `${gateway.url}${path}`]);
  return JSON.parse(stdout);
}

async function put(n: number, fields: object): Promise<void> {
  await write(store.edition, `reader-${n}`, { lines: ["reader"], publicLines: ["reader"], ...fields });
}
const toUrn = (n: number) => `urn:newsline:test:reader-${n}`;

test("FEED a strict XML parser and a feed reader read RSS and Atom, text as text, whatever stands in it", async () => {
  const hostile = "5 < 6 & ]]> <b>bold</b> &amp; \ufffe\uffff \u{1f4f0} žluťoučký";
  await put(1, {
    headline: hostile,
    lead: hostile,
    link: "https://news.example/a?b=1&c='2'",
    orderedAt: "2026-03-04T11:00:00.000Z",
  });
  await put(2, { headline: "Plain", lead: "The lead", orderedAt: "2026-03-04T12:00:00.000Z" });
  await put(3, { headline: "Words that go", orderedAt: "2026-03-04T13:00:00.000Z" });
  await kill(store.edition, "reader-3");
  await settle(store, gateway.views, "public:reader");
  const readable = hostile.replaceAll(/[\ufffe\uffff]/g, "\ufffd");
  for (const [format, version] of [
    ["rss", "rss20"],
    ["atom", "atom10"],
  ] as const) {
    const feed = await parse(`/lines/reader.${format}`);
    expect(feed).toMatchObject({ bozo: false, version, title: "reader" });
    expect(feed.entries.map(({ id }) => id)).toEqual([toUrn(2), toUrn(1)]);
    const [plain, odd] = feed.entries;
    expect(plain).toMatchObject({ title: "Plain", summary: "The lead", published: expect.any(String) });
    expect(plain?.["link"]).toBe(`${gateway.url}/?line=reader#reader-2`);
    expect(odd?.["link"]).toBe("https://news.example/a?b=1&c='2'");
    // RSS says HTML of its description and nothing of its title, Atom says text of both.
    const asHtml = readable.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    expect(odd?.["summary"]).toBe(format === "rss" ? asHtml : readable);
    if (format === "atom") expect(odd?.["title"]).toBe(readable);
    expect(feed.gone).toEqual(format === "atom" ? [[toUrn(3), expect.stringMatching(/^20.*Z$/)]] : []);
  }
});

test("COR1 an entry's time grows with a correction, so that a reader takes it anew", async () => {
  await put(4, { headline: "Frist words", orderedAt: "2026-03-04T14:00:00.000Z" });
  await settle(store, gateway.views, "public:reader");
  const find = async () => (await parse("/lines/reader.atom")).entries.find(({ id }) => id === toUrn(4));
  expect(await find()).toMatchObject({ title: "Frist words", updated: "2026-03-04T14:00:00.000Z" });
  await put(4, { headline: "First words" });
  await settle(store, gateway.views, "public:reader");
  const corrected = await find();
  expect(corrected).toMatchObject({ title: "First words", published: "2026-03-04T12:00:00.000Z" });
  expect(Number(new Date(corrected?.["updated"] ?? 0))).toBeGreaterThan(
    Date.parse("2026-03-04T14:00:00.000Z"),
  );
  const json = await (await fetch(`${gateway.url}/lines/reader.json`)).json();
  expect(json.items[0]).toMatchObject({ id: toUrn(4), date_modified: corrected?.["updated"] });
});
