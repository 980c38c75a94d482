import type { Note } from "../../src/contract/draft.ts";
import {
  attributeOf,
  childOf,
  childrenOf,
  inherited,
  parseXmlDocuments,
  textOf,
  type XmlElement,
} from "../text/xml.ts";
import { composeDraft, type RawBody, type RawStory } from "./compose.ts";
import {
  alternateOf,
  baseOf,
  type Candidate,
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
import { readUrgency, toOrigins } from "./rss.ts";
import { readTombstones } from "./tombstones.ts";
import { nitfIn, toRawBody } from "./xml-body.ts";

const CREATED: readonly Candidate[] = [
  ["published", "own"],
  ["issued", "any"],
  ["created", "own"],
];
const CHANGED: readonly Candidate[] = [
  ["updated", "own"],
  ["modified", "any"],
  ["date", NS.dc],
];
const HEADLINE: readonly Candidate[] = [
  ["title", "own"],
  ["title", NS.dc],
  ["title", NS.media],
];

const ORIGINS: Origins = {
  guid: "id",
  identity: "the headline, with the link or the text: there is no id that can be used",
  link: "link rel=alternate",
  status: "app:draft",
  summary: "summary",
  byline: "author/name",
  subjects: "category/@label, else @term",
  subjectCodes: "category/@term",
  language: "the nearest xml:lang",
  urgency: "the headline's first word, by the profile's urgencyMap",
};

const ROOTS: ReadonlySet<string> = new Set(["feed", "entry", "deleted-entry"]);

/** Atom 1.0 and 0.3, a feed or a single entry, with the withdrawals of RFC 6721. */
export const atom: FormatReader = {
  format: "atom",
  limits: XML_LIMITS,
  sniff: ({ root }) => ROOTS.has(root?.toLowerCase() ?? ""),
  mediaTypes: ["application/atom+xml"],
  read: readAtom,
};

function readAtom(document: WireDocument): FormatReading {
  refuseOther(document.text, "Atom");
  const readings = parseXmlDocuments(document.text, toFeedName).map((root) => readFeed(root, document));
  return {
    drafts: readings.flatMap(({ drafts }) => drafts),
    notes: readings.flatMap(({ notes }) => notes),
  };
}

function readFeed(root: XmlElement, document: WireDocument): FormatReading {
  if (!ROOTS.has(root.name)) {
    throw unreadable(`The document's root is <${root.name}>: it is no Atom feed.`);
  }
  const elements = root.name === "entry" ? [root] : childrenOf(root, "entry");
  refuseMany(elements);
  const selfLink = selfLinkOf(root);
  const notes: Note[] = [];
  const entries = settleIds(
    fitStories(
      elements.map((entry) => readEntry(entry, selfLink, document)),
      notes,
    ),
    root.name === "feed"
      ? [textOf(childOf(root, "id")), alternateOf(root, document, selfLink), selfLink, document.address]
      : [],
  );
  const stories = entries.filter(
    ({ headline, body }) => (headline ?? "").trim() !== "" || body !== undefined,
  );
  const empty = entries.length - stories.length;
  if (empty > 0) notes.push({ field: "entry", rule: `${empty} left out: neither headline nor text` });
  return {
    drafts: [
      ...stories.map((entry) => composeDraft(withOrigins(entry, ORIGINS), document)),
      ...readTombstones(root, document),
    ],
    notes,
  };
}

function readEntry(entry: XmlElement, selfLink: string | undefined, document: WireDocument): RawStory {
  const headline = findFirst(entry, HEADLINE);
  const content = findFirst(entry, [["content", "own"]]);
  const summary = findFirst(entry, [["summary", "own"]]);
  const contentBody = toTextBody(content?.element);
  const text = contentBody === undefined ? summary : content;
  const created = findTime(entry, CREATED, document.profile.zone);
  const changed = findTime(entry, CHANGED, document.profile.zone);
  return {
    guid: textOf(childOf(entry, "id")).trim() || undefined,
    link:
      alternateOf(entry, document, selfLink) ||
      linkTextOf(findFirst(entry, [["link", "own"]])?.element, document, selfLink),
    base: baseOf(text?.element ?? entry, document, selfLink),
    status: isDraft(entry) ? "withheld" : undefined,
    headline: toMarkup(headline?.element),
    body: contentBody ?? toTextBody(summary?.element),
    summary: contentBody === undefined ? undefined : toMarkup(summary?.element),
    byline: namesOf(entry, [["author", "any"]]),
    subjects: childrenOf(entry, "category").map(
      (one) => (attributeOf(one, "label") ?? "").trim() || attributeOf(one, "term") || textOf(one),
    ),
    subjectCodes: childrenOf(entry, "category").map((one) => attributeOf(one, "term") ?? ""),
    language: inherited(content?.element ?? headline?.element ?? entry, "xml:lang"),
    urgency: readUrgency(toMarkup(headline?.element) ?? "", document),
    firstCreated: created?.written,
    versionCreated: changed?.written,
    from: toOrigins({ headline, bodyText: text, firstCreated: created, versionCreated: changed }),
  };
}

/** Content that lies elsewhere or is no text (a picture, base64) is none. */
function toTextBody(element: XmlElement | undefined): RawBody | undefined {
  if (attributeOf(element, "mode")?.toLowerCase() === "base64") return undefined;
  const nitf = nitfIn(element);
  if (nitf !== undefined) return toRawBody(nitf);
  const type = element?.attributes.get("type")?.toLowerCase() ?? "text";
  if (/\//u.test(type) && !/^text\/|xhtml|html/u.test(type)) return undefined;
  const markup = toMarkup(element);
  if (/html/u.test(type) && markup !== undefined && markup.trim() !== "") return { html: markup };
  return toBody(markup);
}

/** RFC 5023: an entry that its author has not released. */
function isDraft(entry: XmlElement): boolean {
  return (
    textOf(childOf(childOf(entry, "control"), "draft"))
      .trim()
      .toLowerCase() === "yes"
  );
}
