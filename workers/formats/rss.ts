import type { Note } from "../../src/contract/draft.ts";
import { htmlToLine } from "../text/html.ts";
import {
  attributeOf,
  childOf,
  childrenOf,
  inherited,
  parseXmlDocuments,
  textOf,
  type XmlElement,
} from "../text/xml.ts";
import { composeDraft, type RawStory } from "./compose.ts";
import {
  alternateOf,
  baseOf,
  type Candidate,
  type Found,
  findFirst,
  findTime,
  linkTextOf,
  NS,
  namesOf,
  refuseOther,
  selfLinkOf,
  toBody,
  toFeedName,
  toMarkup,
} from "./feed-elements.ts";
import { settleIds } from "./feed-ids.ts";
import { fitStories } from "./fit-stories.ts";
import { type FormatReader, type FormatReading, unreadable, type WireDocument } from "./format.ts";
import { refuseMany, XML_LIMITS } from "./limits.ts";
import { type Origins, withOrigins } from "./origins.ts";
import { readTombstones } from "./tombstones.ts";

const HEADLINE: readonly Candidate[] = [
  ["title", "own"],
  ["title", NS.dc],
  ["title", NS.media],
];
const DESCRIPTION: readonly Candidate[] = [
  ["description", "own"],
  ["description", NS.dc],
  ["summary", NS.itunes],
];
const CONTENT: readonly Candidate[] = [
  ["encoded", NS.content],
  ["body", NS.xhtml],
  ["div", NS.xhtml],
  ["content", NS.atom],
];
const CREATED: readonly Candidate[] = [
  ["pubDate", "own"],
  ["published", "any"],
  ["issued", "any"],
  ["issued", NS.dcterms],
  ["publicationDate", "any"],
  ["created", NS.dcterms],
];
const CHANGED: readonly Candidate[] = [
  ["updated", "any"],
  ["modified", "own"],
  ["date", NS.dc],
  ["date", "own"],
  ["modified", NS.dcterms],
];
const BYLINE: readonly Candidate[] = [
  ["creator", NS.dc],
  ["author", "own"],
  ["author", NS.itunes],
  ["author", NS.atom],
];
const LANGUAGE: readonly Candidate[] = [
  ["language", NS.dc],
  ["language", "own"],
];

/** How far RDF is looked through for a sign of RSS. */
const SNIFFED = 100_000;

const ORIGINS: Origins = {
  guid: "guid, else rdf:about",
  identity: "the headline, with the link or the text: there is no id that can be used",
  link: "link, else atom:link, else a guid that is a permalink",
  summary: "description",
  byline: "dc:creator, else author",
  subjects: "category, dc:subject",
  language: "dc:language, language or xml:lang of the item, else of the channel",
  urgency: "the headline's first word, by the profile's urgencyMap",
  expires: "expirationDate",
};

/** RSS 0.9x and 2.0, and RSS 1.0, whose items stand beside the channel. */
export const rss: FormatReader = {
  format: "rss",
  limits: XML_LIMITS,
  sniff: ({ root }, { text }) =>
    root?.toLowerCase() === "rss" ||
    (root === "RDF" &&
      /purl\.org\/rss\/|netscape\.com\/rdf\/simple|<(?:\w+:)?item\b/u.test(text.slice(0, SNIFFED))),
  mediaTypes: ["application/rss+xml", "application/rdf+xml"],
  read: readRss,
};

function readRss(document: WireDocument): FormatReading {
  refuseOther(document.text, "RSS");
  const readings = parseXmlDocuments(document.text, toFeedName).map((root) => readFeed(root, document));
  return {
    drafts: readings.flatMap(({ drafts }) => drafts),
    notes: readings.flatMap(({ notes }) => notes),
  };
}

function readFeed(root: XmlElement, document: WireDocument): FormatReading {
  const channels = childrenOf(root, "channel");
  const channel = channels[0] ?? root;
  if (!["rss", "RDF", "channel"].includes(root.name)) {
    throw unreadable(`The document's root is <${root.name}>: it is no RSS feed.`);
  }
  const items = [root, ...channels].flatMap(itemsIn);
  refuseMany(items);
  const feed: Feed = { document, selfLink: selfLinkOf(channel), language: readChannelLanguage(channel) };
  const notes: Note[] = [];
  const entries = settleIds(
    fitStories(
      items.map((item) => readItem(item, feed)),
      notes,
    ),
    [textOf(childOf(channel, "link")), feed.selfLink, document.address],
  );
  const stories = entries.filter(isStory);
  const empty = entries.length - stories.length;
  if (empty > 0) notes.push({ field: "item", rule: `${empty} left out: neither headline nor text` });
  return {
    drafts: [
      ...stories.map((entry) => composeDraft(withOrigins(entry, ORIGINS), document)),
      ...[...channels, ...(channels.includes(channel) ? [] : [channel])].flatMap((one) =>
        readTombstones(one, document),
      ),
    ],
    notes,
  };
}

/** RSS 1.0 has them beside the channel; some wrap them once more. */
function itemsIn(parent: XmlElement): XmlElement[] {
  return childrenOf(parent).flatMap((child) => {
    if (child.name === "item") return [child];
    return child.name === "items" ? childrenOf(child, "item") : [];
  });
}

/** Title or description is enough. */
function isStory({ headline, body }: RawStory): boolean {
  return (headline ?? "").trim() !== "" || body !== undefined;
}

/** What is the same for all items of a feed, looked for once. */
interface Feed {
  document: WireDocument;
  selfLink: string | undefined;
  language: string | undefined;
}

function readItem(item: XmlElement, feed: Feed): RawStory {
  const { document, selfLink } = feed;
  const headline = findFirst(item, HEADLINE);
  const description = findFirst(item, DESCRIPTION);
  const content = findFirst(item, CONTENT);
  const text = content ?? description;
  const times = readTimes(item, document);
  return {
    ...readIdAndLink(item, feed),
    base: baseOf(text?.element ?? item, document, selfLink),
    headline: toMarkup(headline?.element),
    body: toBody(toMarkup(text?.element)),
    // With a text of its own beside it, the description is the abstract.
    summary: content === undefined ? undefined : toMarkup(description?.element),
    byline: namesOf(item, BYLINE),
    subjects: [...childrenOf(item, "category"), ...childrenOf(item, "subject")].map(textOf),
    language: readLanguage(item, [text?.element, headline?.element]) || feed.language,
    urgency: readUrgency(toMarkup(headline?.element) ?? "", document),
    expires: textOf(findFirst(item, [["expirationDate", "any"]])?.element) || undefined,
    firstCreated: times.created?.written,
    versionCreated: times.version?.written,
    from: toOrigins({ headline, bodyText: text, firstCreated: times.created, versionCreated: times.version }),
  };
}

function readTimes(item: XmlElement, { profile }: WireDocument) {
  const created = findTime(item, CREATED, profile.zone);
  const changed = findTime(item, CHANGED, profile.zone);
  // An item with one time has it as both (TIM1).
  return { created, version: changed ?? created };
}

export function toOrigins(found: Record<string, Pick<Found, "where"> | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(found).flatMap(([field, origin]) => (origin === undefined ? [] : [[field, origin.where]])),
  );
}

function readIdAndLink(item: XmlElement, { document, selfLink }: Feed): Pick<RawStory, "guid" | "link"> {
  const element = childOf(item, "guid");
  const written = textOf(element).trim();
  const guid = written || attributeOf(item, "about")?.trim();
  const isPermaLink = attributeOf(element, "isPermaLink")?.trim().toLowerCase() !== "false";
  // A guid such as `4711` is a permalink by RSS's default, but leads nowhere.
  const permaLink = isPermaLink && /^https?:/iu.test(written) ? written : "";
  const own = findFirst(item, [["link", "own"]]);
  const link =
    linkTextOf(own?.element, document, selfLink) || alternateOf(item, document, selfLink) || permaLink;
  return { guid, link };
}

function readLanguage(item: XmlElement, texts: readonly (XmlElement | undefined)[]): string | undefined {
  const tags = [...texts, item].map((element) => element?.attributes.get("xml:lang"));
  return textOf(findFirst(item, LANGUAGE)?.element) || tags.find((tag) => tag);
}

function readChannelLanguage(channel: XmlElement): string | undefined {
  return textOf(findFirst(channel, LANGUAGE)?.element) || inherited(channel, "xml:lang");
}

/** The first word stands in it, whatever markup is around it. */
const HEADLINE_REACH = 500;

/** Feeds have no urgency; a profile may map a first word such as BREAKING (URG1). */
export function readUrgency(headline: string, { profile }: WireDocument): string | undefined {
  const line = htmlToLine(headline.slice(0, HEADLINE_REACH));
  const word = /^\W*(\p{Lu}{3,})(?!\p{L})/u.exec(line)?.[1];
  return word !== undefined && Object.hasOwn(profile.urgencyMap ?? {}, word) ? word : undefined;
}
