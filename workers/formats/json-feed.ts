import { z } from "zod";
import type { Note } from "../../src/contract/draft.ts";
import { composeDraft, type RawStory } from "./compose.ts";
import { toBody, toName } from "./feed-elements.ts";
import { settleIds } from "./feed-ids.ts";
import { fitStories } from "./fit-stories.ts";
import {
  type FormatReader,
  type FormatReading,
  isRecord,
  parseJson,
  unreadable,
  type WireDocument,
} from "./format.ts";
import { JSON_LIMITS, refuseMany } from "./limits.ts";
import { type Origins, withOrigins } from "./origins.ts";
import { readUrgency } from "./rss.ts";

/** A field of the wrong type is read as absent: one bad field must not cost the entry. */
const text = z.string().optional().catch(undefined);
const author = z.looseObject({ name: text });
const feedItem = z.looseObject({
  // Numbers stand where strings are required, often enough to be read.
  id: z
    .union([z.string(), z.number().transform(String)])
    .optional()
    .catch(undefined),
  url: text,
  external_url: text,
  title: text,
  content_html: text,
  content_text: text,
  summary: text,
  date_published: text,
  date_modified: text,
  author: author.optional().catch(undefined),
  authors: z
    .array(
      author
        .or(z.string().transform((name) => ({ name })))
        .nullable()
        .catch(null),
    )
    .optional()
    .catch(undefined),
  tags: z.array(z.string().nullable().catch(null)).optional().catch(undefined),
  language: text,
  _newsline: z
    .looseObject({ urgency: z.union([z.number(), z.string()]).optional().catch(undefined) })
    .optional()
    .catch(undefined),
});
type FeedItem = z.infer<typeof feedItem>;
const feed = z.looseObject({
  feed_url: text,
  home_page_url: text,
  language: text,
  expired: z.boolean().optional().catch(undefined),
  items: z.array(z.unknown()),
});

const ORIGINS: Origins = {
  guid: "id",
  identity: "the headline, with the link or the text: there is no id that can be used",
  link: "url, else external_url",
  headline: "title",
  body: "content_html, else content_text, else summary",
  summary: "summary",
  byline: "authors, else author",
  subjects: "tags",
  language: "language of the item, else of the feed",
  urgency: "_newsline.urgency, else the title's first word by the profile's urgencyMap",
  firstCreated: "date_published",
  versionCreated: "date_modified",
};

/** JSON Feed 1.0 and 1.1. */
export const jsonFeed: FormatReader = {
  format: "json-feed",
  limits: JSON_LIMITS,
  sniff: ({ json }) =>
    isRecord(json) && typeof json["version"] === "string" && json["version"].includes("jsonfeed.org/version"),
  mediaTypes: ["application/feed+json"],
  read: readJsonFeed,
};

function readJsonFeed(document: WireDocument): FormatReading {
  const parsed = feed.safeParse(document.json ?? parseJson(document.text));
  if (!parsed.success) throw unreadable("The JSON is no JSON Feed: it has no array `items`.");
  const { items, language, feed_url: self, expired } = parsed.data;
  refuseMany(items);
  const base = document.address ?? document.profile.url ?? self;
  const read = items.map((item) => feedItem.safeParse(item));
  const entries = read.flatMap(({ data }) => (data === undefined ? [] : [readItem(data, document)]));
  const notes: Note[] = [];
  const fitting = settleIds(fitStories(entries, notes), [parsed.data.home_page_url, self, document.address]);
  const stories = fitting.filter(({ headline, body }) => headline !== undefined || body !== undefined);
  const left = items.length - stories.length - notes.length;
  if (left > 0) notes.push({ field: "items", rule: `${left} left out: neither headline nor text` });
  if (expired === true)
    notes.push({ field: "expired", rule: "the feed says that it has ended; its items stay" });
  return {
    drafts: stories.map((story) =>
      composeDraft(withOrigins({ ...story, language: story.language ?? language, base }, ORIGINS), document),
    ),
    notes,
  };
}

function readItem(item: FeedItem, document: WireDocument): RawStory {
  const { content_html: html, content_text: plain, summary, title, _newsline: own } = item;
  const content = html?.trim() ? { html } : toBody(plain);
  const listed = item.authors ?? (item.author === undefined ? [] : [item.author]);
  const authors = listed.filter((one) => one !== null);
  return {
    guid: item.id,
    link: item.url?.trim() || item.external_url,
    headline: title?.trim() ? title : undefined,
    body: content ?? toBody(summary),
    summary: content === undefined ? undefined : summary,
    byline: authors
      .map(({ name }) => toName(name ?? ""))
      .filter(Boolean)
      .join(", "),
    subjects: item.tags?.filter((tag) => tag !== null),
    language: item.language,
    urgency: own?.urgency === undefined ? readUrgency(title ?? "", document) : String(own.urgency),
    firstCreated: item.date_published,
    versionCreated: item.date_modified,
  };
}
