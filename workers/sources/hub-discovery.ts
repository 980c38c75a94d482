import { decodeEntities } from "../text/entities.ts";
import type { Fetched } from "./fetch.ts";

/** A hub that pushes what is new, and the name by which it knows the feed. */
export interface Hub {
  hub: string;
  topic: string;
}

/** A feed's own links stand in front of its items. */
const HEAD_BYTES = 32 * 1024;
const LONGEST_HEADER = 8 * 1024;
const LONGEST_ADDRESS = 2_000;
const MOST_JSON_BYTES = 2 ** 20;

/** Where a feed says that it is pushed: in Link headers, else in itself (WebSub 4). Its first hub counts. */
export function findHub({ headers, body, url }: Fetched): Hub | undefined {
  const told = readLinkHeader(headers.get("link") ?? "");
  const links = told.some(({ rel }) => rel === "hub") ? told : [...told, ...readLinks(body)];
  const hub = toAddress(links.find(({ rel }) => rel === "hub")?.href, url);
  const topic = toAddress(links.find(({ rel }) => rel === "self")?.href ?? url, url);
  return hub === undefined || topic === undefined ? undefined : { hub, topic };
}

interface Link {
  rel: string;
  href: string;
}

const LINK =
  /<([^<>]{1,2000})>((?:\s{0,9};\s{0,9}[\w*-]{1,40}\s{0,9}=\s{0,9}(?:"[^"]{0,500}"|[^\s";,]{0,500})){0,20})/gu;
const REL = /;\s{0,9}rel\s{0,9}=\s{0,9}"?([^";,]{1,200})/iu;

function readLinkHeader(header: string): Link[] {
  return [...header.slice(0, LONGEST_HEADER).matchAll(LINK)].flatMap(([, href = "", parameters = ""]) =>
    toRels(REL.exec(parameters)?.[1]).map((rel) => ({ rel, href })),
  );
}

/** One link may be several things: `rel="self hub"`. */
function toRels(text = ""): string[] {
  return text
    .toLowerCase()
    .split(/\s+/u)
    .filter((rel) => rel === "hub" || rel === "self");
}

function readLinks(body: Buffer): Link[] {
  const head = body.toString("utf8", 0, HEAD_BYTES);
  return /^\uFEFF?\s*\{/u.test(head) ? readJsonLinks(body, head) : readXmlLinks(head);
}

/** Links of the channel only: what an item links to is none of the feed's. */
function readXmlLinks(head: string): Link[] {
  const [own = ""] = head.replace(/<!--[\s\S]*?-->/gu, "").split(/<(?:item|entry)[\s>]/u, 1);
  return [...own.matchAll(/<(?:[\w.-]{1,20}:)?link\s([^<>]{1,2000})>/gu)].flatMap(([, attributes = ""]) => {
    const href = readAttribute(attributes, "href");
    return href === undefined ? [] : toRels(readAttribute(attributes, "rel")).map((rel) => ({ rel, href }));
  });
}

function readAttribute(attributes: string, name: string): string | undefined {
  const written = new RegExp(`(?:^|\\s)${name}\\s{0,9}=\\s{0,9}(?:"([^"]*)"|'([^']*)')`, "u").exec(
    attributes,
  );
  const text = written?.[1] ?? written?.[2];
  return text === undefined ? undefined : decodeEntities(text);
}

/** JSON Feed: `hubs: [{type: "WebSub", url}]`, `feed_url`. */
function readJsonLinks(body: Buffer, head: string): Link[] {
  if (!head.includes('"hubs"') || body.length > MOST_JSON_BYTES) return [];
  const feed = parseObject(body.toString("utf8"));
  const hubs = Array.isArray(feed["hubs"]) ? feed["hubs"].map(toObject) : [];
  const hub = hubs.find(({ type }) => /^(?:websub|pubsubhubbub)$/iu.test(String(type)))?.["url"];
  const self = feed["feed_url"];
  return [
    ...(typeof hub === "string" ? [{ rel: "hub", href: hub }] : []),
    ...(typeof self === "string" ? [{ rel: "self", href: self }] : []),
  ];
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return toObject(JSON.parse(text.replace(/^\uFEFF/u, "")));
  } catch {
    // It is read again, and refused with a reason, when it is ingested.
    return {};
  }
}

function toObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function toAddress(href: string | undefined, base: string): string | undefined {
  if (href === undefined || href.length > LONGEST_ADDRESS || !URL.canParse(href.trim(), base))
    return undefined;
  const url = new URL(href.trim(), base);
  return url.protocol === "http:" || url.protocol === "https:" ? url.href : undefined;
}
