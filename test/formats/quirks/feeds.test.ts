import { expect, test } from "vitest";
import { findHub } from "../../../workers/sources/hub-discovery.ts";
import { read } from "../profile.ts";
import { draftOf, draftsOf } from "../structured.ts";

const SPACES =
  'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"';
const rss = (item: string, channel = "") =>
  `<rss version="2.0" ${SPACES}><channel><title>N</title>${channel}<item>${item}</item></channel></rss>`;
const atom = (...entries: string[]) =>
  `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="az">${entries.map((one) => `<entry>${one}</entry>`).join("")}</feed>`;
const json = (items: object[], more: object = {}) =>
  JSON.stringify({ version: "https://jsonfeed.org/version/1.1", items, ...more });

test("TXT1 RSS3 a title or a description alone is enough", () => {
  expect(draftOf(rss("<title>Port opens</title>"))).toMatchObject({ headline: "Port opens" });
  expect(draftOf(rss("<description>Port opens. It rains.</description>"))).toMatchObject({
    headline: "Port opens.",
    bodyText: "Port opens. It rains.",
  });
});

test("EMB2 RSS6 a pubDate that lies ahead is no embargo", () => {
  const draft = draftOf(rss("<title>T</title><pubDate>Fri, 01 Jan 2094 10:00:00 GMT</pubDate>"));
  expect(draft.versionCreated).toBe("2094-01-01T10:00:00.000Z");
  expect([draft.embargoedUntil, draft.embargoOpen]).toEqual([undefined, undefined]);
});

test("TXT2 RSS7 content:encoded is the text, the description beside it the summary", () => {
  const item =
    "<title>T</title><description>Short.</description><content:encoded><![CDATA[<p>Long.</p>]]></content:encoded>";
  expect(draftOf(rss(item))).toMatchObject({ bodyText: "Long.", summary: "Short." });
});

test("TXT2 RSS9 ttl, skipHours, skipDays and lastBuildDate are the poller's and stand in no item", () => {
  const channel =
    "<ttl>60</ttl><skipHours><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays><lastBuildDate>Wed, 28 Sep 2016 10:34:24 GMT</lastBuildDate><pubDate>Wed, 28 Sep 2016 10:34:24 GMT</pubDate>";
  const draft = draftOf(rss("<title>T</title>", channel));
  expect([draft.firstCreated, draft.versionCreated]).toEqual([undefined, undefined]);
});

test("TXT1 RSS14 only direct children of an item count, whatever stands deeper", () => {
  const item =
    "<media:group><media:title>X</media:title><media:description>Y</media:description></media:group>" +
    "<image><title>X</title><link>https://news.example/x</link></image><title>T</title><description>D</description>";
  const draft = draftOf(rss(item));
  expect(draft).toMatchObject({ headline: "T", bodyText: "D" });
  expect(draft.link).toBeUndefined();
});

test("TIM1 RSS19 pubDate alone is both times; beside it dc:date is the version's", () => {
  expect(draftOf(rss("<title>T</title><pubDate>28 Sep 16 10:34 EST</pubDate>"))).toMatchObject({
    firstCreated: "2016-09-28T15:34:00.000Z",
    versionCreated: "2016-09-28T15:34:00.000Z",
  });
  const both =
    "<title>T</title><pubDate>28 Sep 2016 10:34 GMT</pubDate><dc:date>2016-09-28T12:00:00Z</dc:date>";
  expect(draftOf(rss(both))).toMatchObject({
    firstCreated: "2016-09-28T10:34:00.000Z",
    versionCreated: "2016-09-28T12:00:00.000Z",
  });
});

test("TXT3 RSS12 a link is kept as written, only trimmed", () => {
  expect(draftOf(rss("<title>T</title><link>\n HTTPS://News.Example/%7Ea?utm_source=x#b </link>")).link).toBe(
    "HTTPS://News.Example/%7Ea?utm_source=x#b",
  );
});

test("REV3 ATOM1 ids are compared character by character: case and a slash make another id", () => {
  const ids = [
    "tag:n,2016:A",
    "tag:n,2016:a",
    "http://n.example/a",
    "http://n.example/a/",
    "HTTP://n.example/a",
  ];
  const drafts = draftsOf(atom(...ids.map((id, i) => `<id>${id}</id><title>T${i}</title>`)));
  expect(drafts.map(({ guid }) => guid)).toEqual(ids);
});

test("TXT1 ATOM5 the language is the nearest xml:lang", () => {
  expect(draftOf(atom("<id>1</id><title>T</title>")).language).toBe("az");
  const own = atom("<id>1</id><title>T</title>").replace("<entry>", '<entry xml:lang="ru">');
  expect(draftOf(own).language).toBe("ru");
});

test("REV3 JSONF1 an id that is a number is its digits", () => {
  expect(draftOf(json([{ id: 4711, title: "T" }])).guid).toBe("4711");
  expect(draftOf(json([{ id: "4711", title: "T" }])).guid).toBe("4711");
});

test("TXT1 JSONF7 the language is the item's, else the feed's, else the profile's", () => {
  expect(draftOf(json([{ id: "1", title: "T", language: "az" }], { language: "en" })).language).toBe("az");
  expect(draftOf(json([{ id: "1", title: "T" }], { language: "en" })).language).toBe("en");
  expect(draftOf(json([{ id: "1", title: "T" }]), { profile: { language: "de" } }).language).toBe("de");
});

test("TIM1 JSONF9 date_published and date_modified are two times, an absent one stays absent", () => {
  const draft = draftOf(json([{ id: "1", title: "T", date_modified: "2016-09-28T10:34:24+04:00" }]));
  expect(draft.versionCreated).toBe("2016-09-28T06:34:24.000Z");
  expect(draft.firstCreated).toBeUndefined();
});

test("TXT2 JSONF6 content_html or content_text alone is enough, and HTML comes first", () => {
  expect(draftOf(json([{ id: "1", title: "T", content_text: "One." }])).bodyText).toBe("One.");
  expect(draftOf(json([{ id: "1", title: "T", content_html: "<p>One.</p>" }])).bodyText).toBe("One.");
  const both = { id: "1", title: "T", content_html: "<p>One.</p>", content_text: "Two." };
  expect(draftOf(json([both])).bodyText).toBe("One.");
});

test("URG1 RSS23 a feed without urgency or status has none: usable, not written", () => {
  for (const text of [
    rss("<title>T</title>"),
    atom("<id>1</id><title>T</title>"),
    json([{ id: "1", title: "T" }]),
  ]) {
    const [draft] = read(text).drafts;
    expect(draft?.pubStatus).toBe("usable");
    expect(draft).not.toHaveProperty("pubStatusWritten");
    expect(draft).not.toHaveProperty("urgency");
  }
});

test("PUS1 RSS25 an rssCloud is no hub, and the feed is read as any other", () => {
  const cloud =
    '<cloud domain="rpc.example" port="80" path="/RPC2" registerProcedure="ping" protocol="soap"/>';
  const text = rss("<title>T</title>", cloud);
  expect(draftOf(text).headline).toBe("T");
  expect(
    findHub({ status: 200, url: "https://news.example/rss", body: Buffer.from(text), headers: new Map() }),
  ).toBeUndefined();
});
