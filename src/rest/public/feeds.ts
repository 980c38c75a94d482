import { type Request, Router } from "express";
import { generateAtomFeed, generateRssFeed } from "feedsmith";
import type { LineItem } from "../../contract/item.ts";
import { DEFAULT_LIMIT } from "../../contract/protocol.ts";
import type { Edition } from "../../store/keys.ts";
import type { LogStep } from "../../stream/entry.ts";
import type { LineViews } from "../../stream/line-views.ts";
import { paramOf } from "../parse.ts";
import { setCaching } from "./callers.ts";
import { readPage } from "./line-page.ts";

/** A line's newest items, and what a feed says about the line. */
interface LineFeed {
  edition: string;
  line: string;
  title: string;
  language: string | undefined;
  position: string;
  /** Where this server is reached, without a slash at the end. */
  base: string;
  items: LineItem[];
  removed: LogStep[];
}

const MOST_REMOVED = 100;
const MOST_READY = 200;

const FORMATS = {
  rss: { type: "application/rss+xml; charset=utf-8", toText: toRss },
  atom: { type: "application/atom+xml; charset=utf-8", toText: toAtom },
  json: { type: "application/feed+json; charset=utf-8", toText: toJsonFeed },
} as const satisfies Record<string, { type: string; toText: (feed: LineFeed) => string }>;
type Format = keyof typeof FORMATS;

/** The line for feed readers, from the same view and at the same position as every other door. */
export function createFeedDoors({ views, edition }: { views: LineViews; edition: Edition }): Router {
  const router = Router();
  /** Made once for each position; what is left of earlier ones goes when there are too many. */
  const ready = new Map<string, { position: string; text: string }>();

  async function readFeed(line: string, format: Format, base: string) {
    const key = `${format} ${line} ${base}`;
    const made = ready.get(key);
    if (made !== undefined && made.position === views.find("public", line).position) return made;
    const page = await readPage(views, edition, { audience: "public", line, limit: DEFAULT_LIMIT });
    const { title = line, language } = views.lines().find((one) => one.line === line) ?? {};
    const text = FORMATS[format].toText({
      edition: edition.keys.edition,
      line,
      title,
      language,
      position: page.position,
      base,
      items: page.items.map(parseItem),
      removed: views.find("public", line).recentRemoves(MOST_REMOVED),
    });
    if (ready.size >= MOST_READY) ready.clear();
    const next = { position: page.position, text };
    ready.set(key, next);
    return next;
  }

  for (const format of ["rss", "atom", "json"] as const) {
    router.get(`/lines/:line.${format}`, async (request, response) => {
      const { position, text } = await readFeed(paramOf(request, "line"), format, toBase(request));
      setCaching(response, "public");
      response.set({ "Content-Type": FORMATS[format].type, ETag: `"${position}"` }).send(text);
    });
  }
  return router;
}

function parseItem(json: string): LineItem {
  return JSON.parse(json);
}

function toBase(request: Request): string {
  return `${request.protocol}://${request.get("host") ?? "localhost"}`;
}

function toId({ edition }: LineFeed, id: string): string {
  return `urn:newsline:${edition}:${id}`;
}

function toLink({ base, line }: LineFeed, item: LineItem): string {
  return item.link ?? `${base}/?line=${line}#${item.id}`;
}

function toRss(feed: LineFeed): string {
  const { base, line, title, language, items } = feed;
  return generateRssFeed({
    title,
    link: `${base}/?line=${line}`,
    description: `The newest of the line ${title}`,
    ...(language !== undefined && { language }),
    generator: "News Line",
    ttl: 1,
    atom: { links: [{ href: `${base}/lines/${line}.rss`, rel: "self", type: "application/rss+xml" }] },
    items: items.map((item) => ({
      title: item.headline,
      link: toLink(feed, item),
      ...(item.lead !== undefined && { description: item.lead }),
      guid: { value: toId(feed, item.id), isPermaLink: false },
      pubDate: item.orderedAt,
      dc: { creators: [item.credit ?? item.source] },
    })),
  });
}

function toAtom(feed: LineFeed): string {
  const { base, line, title, items, removed } = feed;
  const newest = [items[0]?.orderedAt ?? "", ...removed.map(toWhen)].sort().at(-1);
  const xml = generateAtomFeed({
    id: toId(feed, `line:${line}`),
    title: { value: title },
    updated: newest || new Date(0).toISOString(),
    links: [
      { href: `${base}/lines/${line}.atom`, rel: "self", type: "application/atom+xml" },
      { href: `${base}/?line=${line}`, rel: "alternate", type: "text/html" },
    ],
    generator: { text: "News Line" },
    entries: items.map((item) => ({
      id: toId(feed, item.id),
      title: { value: item.headline },
      updated: item.versionCreated ?? item.orderedAt,
      published: item.firstCreated ?? item.publishedAt ?? item.orderedAt,
      links: [{ href: toLink(feed, item), rel: "alternate" }],
      authors: [{ name: item.credit ?? item.source }],
      ...(item.lead !== undefined && { summary: { value: item.lead } }),
    })),
  });
  return withDeletions(xml, feed);
}

/** RFC 6721: readers of the feed take away what has left the line. The library does not know it. */
function withDeletions(xml: string, feed: LineFeed): string {
  const entries = feed.removed.map((step) => {
    return `  <at:deleted-entry ref="${toId(feed, step.id)}" when="${toWhen(step)}"/>\n`;
  });
  return xml
    .replace("<feed ", '<feed xmlns:at="http://purl.org/atompub/tombstones/1.0" ')
    .replace(/<\/feed>\s*$/, `${entries.join("")}</feed>\n`);
}

function toWhen({ atMs }: LogStep): string {
  return new Date(atMs).toISOString();
}

function toJsonFeed(feed: LineFeed): string {
  const { base, line, title, language, position, items, removed } = feed;
  return JSON.stringify({
    version: "https://jsonfeed.org/version/1.1",
    title,
    home_page_url: `${base}/?line=${line}`,
    feed_url: `${base}/lines/${line}.json`,
    ...(language !== undefined && { language }),
    _newsline: {
      line,
      position,
      removed: removed.map(({ id, revision, op }) => ({
        id,
        revision,
        ...(op.kind === "remove" && { reason: op.reason }),
      })),
    },
    items: items.map((item) => ({
      id: toId(feed, item.id),
      url: toLink(feed, item),
      title: item.headline,
      content_text: item.lead ?? item.headline,
      date_published: item.orderedAt,
      ...(item.versionCreated !== undefined && { date_modified: item.versionCreated }),
      authors: [{ name: item.credit ?? item.source }],
      ...(item.language !== undefined && { language: item.language }),
      _newsline: { id: item.id, revision: item.revision, change: item.change, urgency: item.urgency },
    })),
  });
}
