import fc from "fast-check";
import { expect, test } from "vitest";
import { findHub } from "../workers/sources/hub-discovery.ts";

const URL_OF_FEED = "https://news.example/feeds/all.xml";
const HUB = "https://hub.example/";
const SELF = "https://news.example/all";
const FOUND = { hub: HUB, topic: SELF };

const find = (body: string, link?: string) =>
  findHub({
    status: 200,
    url: URL_OF_FEED,
    body: Buffer.from(body),
    headers: new Map(link === undefined ? [] : [["link", link]]),
  });

test.each([
  ["two links", `<${HUB}>; rel="hub", <${SELF}>; rel="self"`],
  ["no quotes and other order", `<${SELF}>;rel=self,<${HUB}>;rel=hub`],
  ["more parameters", `<${HUB}>; title="a, b; c"; rel="hub"; type=text/html, <${SELF}>; rel="self"`],
  ["one link of two kinds", `<${HUB}>; rel="preconnect HUB", <${SELF}>; rel="canonical self"`],
  [
    "several hubs, of which the first counts",
    `<${HUB}>; rel=hub, <https://b.example/>; rel=hub, <${SELF}>; rel=self`,
  ],
  ["a relative topic", `<${HUB}>; rel=hub, </all>; rel=self`],
])("PUS1 RSS10 a hub is found in Link headers: %s", (_title, link) => {
  expect(find("<rss><channel></channel></rss>", link)).toEqual(FOUND);
});

test.each([
  [
    "Atom",
    `<feed xmlns="http://www.w3.org/2005/Atom"><link rel="hub" href="${HUB}"/><link rel="self" href="${SELF}"/>`,
  ],
  [
    "RSS",
    `<rss><channel><link>https://news.example</link><atom:link href='${SELF}' rel='self'/><atom:link href='${HUB}' rel='hub' /><item>`,
  ],
  [
    "RSS with any prefix",
    `<rss><channel><a10:link rel="hub" href="${HUB}"/><a10:link rel="self" href="${SELF}"/>`,
  ],
  [
    "JSON Feed",
    `{"version":"https://jsonfeed.org/version/1.1","feed_url":"${SELF}","hubs":[{"type":"rssCloud","url":"x"},{"type":"WebSub","url":"${HUB}"}]}`,
  ],
])("PUS1 RSS10 a hub is found in the feed itself: %s", (_title, body) => {
  expect(find(body)).toEqual(FOUND);
});

test("PUS1 JSONF8 the headers' hub comes before the feed's, and the feed's topic serves both", () => {
  const feed = `<feed><link rel="hub" href="https://other.example/"/><link rel="self" href="${SELF}"/></feed>`;
  expect(find(feed, `<${HUB}>; rel=hub, <${SELF}>; rel=self`)).toEqual(FOUND);
  expect(find(feed, `<${SELF}?a>; rel=self`)).toEqual({ hub: "https://other.example/", topic: `${SELF}?a` });
});

test("PUS1 without a topic the feed's own address is it; entities are read", () => {
  const feed = `<feed><link rel="hub" href="https://hub.example/?a=1&amp;b=2"/></feed>`;
  expect(find(feed)).toEqual({ hub: "https://hub.example/?a=1&b=2", topic: URL_OF_FEED });
});

test.each([
  ["no link", "<rss><channel><title>T</title></channel></rss>"],
  ["only an item's", `<rss><channel><item><atom:link rel="hub" href="${HUB}"/></item></channel></rss>`],
  ["one in a comment", `<feed><!-- <link rel="hub" href="${HUB}"/> --></feed>`],
  ["one that is no web address", '<feed><link rel="hub" href="file:///etc/passwd"/></feed>'],
  ["one without an address", '<feed><link rel="hub"/></feed>'],
  ["JSON without WebSub", '{"hubs":[{"type":"rssCloud","url":"https://c.example/"}]}'],
  ["broken JSON", '{"hubs":['],
  ["nothing", ""],
])("PUS1 %s is no hub", (_title, body) => {
  expect(find(body)).toBeUndefined();
});

test("PUS1 no header and no body keeps it busy", () => {
  const part = fc.constantFrom(
    "<",
    ">",
    "link ",
    'rel="hub"',
    "rel=",
    '"',
    ";",
    ",",
    " ",
    "href='",
    "\\",
    "{",
    '"hubs"',
    "<!--",
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), fc.nat({ max: 2_000 }), (parts, times) => {
      const text = parts.join("").repeat(Math.min(times, 40));
      expect(() => find(text, text.slice(0, 8_000))).not.toThrow();
    }),
  );
  for (const text of [
    "<a>;a=".repeat(9_000),
    "<link ".repeat(9_000),
    `<link ${"a ".repeat(20_000)}>`,
    "<".repeat(50_000),
  ]) {
    expect(find(text, text)).toBeUndefined();
  }
});
