import { createHash } from "node:crypto";
import { type Request, Router } from "express";
import { generateAtomFeed, generateRssFeed } from "feedsmith";
import type { LineItem } from "../../contract/item.ts";
import { DEFAULT_LIMIT } from "../../contract/protocol.ts";
import type { Edition } from "../../store/keys.ts";
import type { LogStep } from "../../stream/entry.ts";
import type { LineViews } from "../../stream/line-views.ts";
import { paramOf } from "../parse.ts";
import { setCaching } from "./callers.ts";
import { type Body, ReadyBodies } from "./ready-bodies.ts";

/** A line's newest items, and what a feed says about the line. */
interface LineFeed {
  edition: string;
  line: string;
  title: string;
  language: string | undefined;
  position: string;
  /** Where this server is reached, without a slash at the end. */
  base: string;
  items: FeedItem[];
  removed: LogStep[];
}

interface FeedItem extends LineItem {
  updatedAt: string;
}

const MOST_REMOVED = 100;

const FORMATS = {
  rss: { type: "application/rss+xml; charset=utf-8", toText: toRss },
  atom: { type: "application/atom+xml; charset=utf-8", toText: toAtom },
  json: { type: "application/feed+json; charset=utf-8", toText: toJsonFeed },
} as const satisfies Record<string, { type: string; toText: (feed: LineFeed) => string }>;
type Format = keyof typeof FORMATS;

/** The line for feed readers, from the same view and at the same position as every other door. */
export function createFeedDoors({ views, edition }: { views: LineViews; edition: Edition }): Router {
  const router = Router();
  const feeds = new Feeds(views, edition.keys.edition);
  for (const format of ["rss", "atom", "json"] as const) {
    router.get(`/lines/:line.${format}`, async (request, response) => {
      const line = paramOf(request, "line");
      const { tag, bytes } = await feeds.read({ format, line, base: toBase(request) });
      setCaching(response, "public");
      response.set({ "Content-Type": FORMATS[format].type, ETag: tag }).send(bytes);
    });
  }
  return router;
}

interface FeedQuery {
  format: Format;
  line: string;
  base: string;
}

/** Feeds as they go out, made once for each position. */
export class Feeds {
  readonly #views: LineViews;
  readonly #edition: string;
  readonly #ready = new ReadyBodies();

  constructor(views: LineViews, edition: string) {
    this.#views = views;
    this.#edition = edition;
  }

  async read({ format, line, base }: FeedQuery): Promise<Body & { tag: string }> {
    const settings = this.#views.lines().find((one) => one.line === line);
    const { title = line, language } = settings ?? {};
    const key = JSON.stringify([format, line, base, title, language]);
    // Items and removes of one step: a feed must not tell an item that has left, beside its own end.
    return await this.#views.answer({ audience: "public", line, limit: DEFAULT_LIMIT }, (answer, view) => {
      const body = this.#ready.make(key, answer.position, () => {
        const { items } = parseSnapshot(answer.members);
        const changedAtMs = view.putTimes(new Set(items.map(({ id }) => id)));
        return FORMATS[format].toText({
          edition: this.#edition,
          line,
          title,
          language,
          position: answer.position,
          base,
          items: items.map((item) => ({ ...item, updatedAt: toUpdatedAt(item, changedAtMs.get(item.id)) })),
          removed: view.recentRemoves(MOST_REMOVED),
        });
      });
      return { ...body, tag: toTag(body.position, title, language) };
    });
  }
}

function parseSnapshot(members: string): { items: LineItem[] } {
  return JSON.parse(`{${members}}`);
}

/**
 * Readers take an entry anew when its time has grown. The source's time does not tell of an editor's correction, so a
 * changed item has the time at which the change was put on the line, while the log still knows it.
 */
function toUpdatedAt(item: LineItem, putAtMs: number | undefined): string {
  const own = item.versionCreated ?? item.orderedAt;
  if (item.change === "new" || putAtMs === undefined) return own;
  const putAt = new Date(putAtMs).toISOString();
  return putAt > own ? putAt : own;
}

/** The position; a line's title is in its feeds and not in its log. */
function toTag(position: string, title: string, language: string | undefined): string {
  const settings = createHash("sha256")
    .update(JSON.stringify([title, language]))
    .digest("hex");
  return `"${position}.${settings.slice(0, 8)}"`;
}

function toBase(request: Request): string {
  return `${request.protocol}://${request.get("host") ?? "localhost"}`;
}

function toId({ edition }: LineFeed, id: string): string {
  return `urn:newsline:${edition}:${id}`;
}

function toLink({ base, line }: LineFeed, item: FeedItem): string {
  return item.link ?? `${base}/?line=${line}#${item.id}`;
}

function toRss(feed: LineFeed): string {
  const { base, line, title, language, items } = feed;
  const xml = generateRssFeed({
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
      ...(item.lead !== undefined && { description: toHtml(item.lead) }),
      guid: { value: toId(feed, item.id), isPermaLink: false },
      pubDate: item.orderedAt,
      dc: { creators: [item.credit ?? item.source] },
    })),
  });
  return toLegalXml(xml);
}

/** The description of RSS is HTML, and ours is text. */
function toHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** One character that XML does not allow would cost a strict reader the whole feed. */
function toLegalXml(xml: string): string {
  return xml.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
}

function toAtom(feed: LineFeed): string {
  const { base, line, title, items, removed } = feed;
  const newest = [...items.map(({ updatedAt }) => updatedAt), ...removed.map(toWhen)].sort().at(-1);
  const xml = generateAtomFeed({
    id: toId(feed, `line:${line}`),
    title: { value: title },
    updated: newest ?? new Date(0).toISOString(),
    links: [
      { href: `${base}/lines/${line}.atom`, rel: "self", type: "application/atom+xml" },
      { href: `${base}/?line=${line}`, rel: "alternate", type: "text/html" },
    ],
    generator: { text: "News Line" },
    entries: items.map((item) => ({
      id: toId(feed, item.id),
      title: { value: item.headline },
      updated: item.updatedAt,
      published: item.firstCreated ?? item.publishedAt ?? item.orderedAt,
      links: [{ href: toLink(feed, item), rel: "alternate" }],
      authors: [{ name: item.credit ?? item.source }],
      ...(item.lead !== undefined && { summary: { value: item.lead } }),
    })),
  });
  return toLegalXml(withDeletions(xml, feed));
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
      date_modified: item.updatedAt,
      authors: [{ name: item.credit ?? item.source }],
      ...(item.language !== undefined && { language: item.language }),
      _newsline: { id: item.id, revision: item.revision, change: item.change, urgency: item.urgency },
    })),
  });
}
