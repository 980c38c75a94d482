import type { Note } from "../../src/contract/draft.ts";
import {
  at,
  attributeOf,
  childOf,
  childrenOf,
  descendantsOf,
  inherited,
  parseXmlDocuments,
  textOf,
  type XmlElement,
} from "../text/xml.ts";
import { toWords } from "../text/xml-html.ts";
import { bestHeadline, sharesLanguage, toRoleWord } from "./best-headline.ts";
import { type RawStory, readStatus } from "./compose.ts";
import { composeStories } from "./compose-stories.ts";
import { type FormatReader, type FormatReading, isInEnvelope, type WireDocument } from "./format.ts";
import { toGuidBase, toReferences, toUsableId } from "./guid.ts";
import { refuseMany, XML_LIMITS } from "./limits.ts";
import { type FoundBody, findG2Body, toG2Language } from "./newsml-g2-body.ts";
import { fillFromHead } from "./nitf-head.ts";
import { type Origins, withOrigins } from "./origins.ts";
import { toSignalChange } from "./signals.ts";

/** The items of NAR, the model below NewsML-G2; only a news item can be a story. */
const ITEMS = new Set(
  "newsItem packageItem conceptItem knowledgeItem planningItem catalogItem hyperItem".split(" "),
);
const MEDIA = new Set("animation audio graphic icon image photo picture video".split(" "));

const ORIGINS: Origins = {
  guid: "newsItem/@guid",
  guidBase: "newsItem/@guid without its version",
  sourceVersion: "newsItem/@version",
  supersedes: "itemMeta/link, revisions",
  status: "itemMeta/pubStatus",
  change: "itemMeta/signal",
  headline: "contentMeta/headline",
  slugline: "contentMeta/slugline",
  byline: "contentMeta/by",
  dateline: "contentMeta/dateline",
  summary: "contentMeta/description",
  body: "contentSet",
  subjects: "contentMeta/subject, keyword",
  subjectCodes: "contentMeta/subject/@qcode",
  language: "contentMeta/language",
  urgency: "contentMeta/urgency",
  edNotes: "itemMeta/edNote",
  correctionNote: "itemMeta/edNote marked public",
  firstCreated: "itemMeta/firstCreated",
  versionCreated: "itemMeta/versionCreated",
  embargoed: "itemMeta/embargoed",
  expires: "itemMeta/expires",
};

const IN_ENVELOPE = /<(?:[\w-]+:)?(?:newsMessage|newsItem)\s[^<>]*iptc\.org\/std\/nar\//u;

/** NewsML-G2: a message with items of all kinds, or one item alone; namespaces and prefixes are not asked for. */
export const newsmlG2: FormatReader = {
  format: "newsml-g2",
  limits: XML_LIMITS,
  sniff: (sniffed, document) =>
    sniffed.root === "newsMessage" ||
    ITEMS.has(sniffed.root ?? "") ||
    isInEnvelope(sniffed, document, IN_ENVELOPE),
  mediaTypes: [
    "application/vnd.iptc.g2.newsitem+xml",
    "application/vnd.iptc.g2.newsmessage+xml",
    "application/vnd.iptc.g2.packageitem+xml",
  ],
  read,
};

function read(document: WireDocument): FormatReading {
  const stories: RawStory[] = [];
  const notes: Note[] = [];
  const roots = parseXmlDocuments(document.text);
  const items = roots.flatMap(itemsOf);
  refuseMany(items);
  for (const item of items) {
    const found = findG2Body(item);
    const why = whyNoStory(item, found !== undefined);
    if (why === undefined) stories.push(withOrigins(tellItem(item, found, document), ORIGINS));
    else
      notes.push({ field: item.name, rule: `left out: ${why} (${attributeOf(item, "guid") ?? "no guid"})` });
  }
  if (stories.length === 0 && notes.length === 0) {
    notes.push({ field: "newsMessage", rule: "holds no item" });
  }
  return composeStories(stories, document, notes, { isAtomic: roots.some(isAtomic) });
}

/** The sender's word that the items of the message belong together. */
function isAtomic(root: XmlElement): boolean {
  return childrenIn(childOf(root, "header"), "signal").some(
    (signal) => toRoleWord(codeOf(signal)) === "atomic",
  );
}

/** Every item in document order, whatever it is wrapped in. */
function itemsOf(element: XmlElement): XmlElement[] {
  return ITEMS.has(element.name) ? [element] : childrenOf(element).flatMap(itemsOf);
}

function whyNoStory(item: XmlElement, hasText: boolean): string | undefined {
  if (item.name === "packageItem") return "a package of links";
  if (item.name !== "newsItem") return "no news item";
  const itemClass = at(item, "itemMeta", "itemClass");
  const word = toRoleWord(codeOf(itemClass));
  if (MEDIA.has(word)) return `of class ${word}`;
  // The version before may have had a text: a withdrawal needs no more than the id.
  if (isWithdrawn(item)) return undefined;
  if (word === "composite" && !hasText) return "a composite without a text";
  const remote = attributeOf(at(item, "contentSet", "remoteContent"), "contenttype") ?? "";
  if (word === "" && !hasText && /^(?:image|video|audio)\//iu.test(remote)) return `of type ${remote}`;
  return undefined;
}

function isWithdrawn(item: XmlElement): boolean {
  const status = readStatus(codeOf(at(item, "itemMeta", "pubStatus")));
  return status.pubStatus === "canceled" && toUsableId(attributeOf(item, "guid")) !== undefined;
}

function tellItem(item: XmlElement, found: FoundBody | undefined, document: WireDocument): RawStory {
  const meta = childOf(item, "itemMeta");
  const content = childOf(item, "contentMeta");
  const version = (attributeOf(item, "version") ?? "").trim();
  const guid = toUsableId(attributeOf(item, "guid"));
  const language = toG2Language(content, found?.element) ?? found?.head?.language;
  const edNotes = childrenIn(meta, "edNote").map((note) => ({
    text: textOf(note),
    isPublic: isPublic(attributeOf(note, "role")),
  }));
  const lines = tellLines(content, found, language);
  const times = tellTimes(meta, content);
  const signals = toSignalChange(childrenIn(meta, "signal").map(codeOf), version, document.profile);
  return {
    guid,
    guidBase: toGuidBase(guid, version),
    // The standard's default; a source that never writes it is told apart by time.
    sourceVersion: version || "1",
    supersedes: toReferences(supersededBy(item), { guid, guidBase: toGuidBase(guid, version) }),
    status: codeOf(childOf(meta, "pubStatus")),
    change: signals.change,
    ...lines,
    title: firstText(meta, "title"),
    body: found?.body,
    subjects: subjectsOf(content, language),
    subjectCodes: childrenIn(content, "subject").flatMap((subject) => codesOf(subject).slice(0, 1)),
    language,
    base: inherited(found?.element ?? item, "xml:base"),
    urgency: firstText(content, "urgency"),
    edNotes: [...edNotes.map(({ text }) => text), ...(found?.head?.notes ?? []), ...(found?.notes ?? [])],
    correctionNote: signals.change === "correction" ? edNotes.find((note) => note.isPublic)?.text : undefined,
    ...times,
    from: {
      ...lines.from,
      ...times.from,
      ...(version === "" && { sourceVersion: "the standard's default" }),
      ...(childOf(content ?? item, "language") === undefined &&
        language && { language: "the nearest xml:lang" }),
    },
    notes: signals.notes,
  };
}

/** Lines of a NITF body inside the item stand in for those that the item's own metadata lacks. */
function tellLines(
  content: XmlElement | undefined,
  found: FoundBody | undefined,
  language: string | undefined,
): Partial<RawStory> {
  const headlines = childrenIn(content, "headline").map((line) => ({
    text: textOf(line),
    role: attributeOf(line, "role"),
    language: inherited(line, "xml:lang"),
  }));
  const bylines = childrenIn(content, "by").map(toWords);
  const summaries = childrenIn(content, "description").filter((one) => !isCaption(one));
  const own: Partial<RawStory> = {
    headline: bestHeadline(headlines, language),
    byline: [...new Set(bylines)].filter((line) => line !== "").join(", ") || undefined,
    dateline: firstText(content, "dateline") || undefined,
    summary: inLanguage(summaries, language)[0],
  };
  return { ...fillFromHead(own, found?.head), slugline: firstText(content, "slugline") };
}

function isCaption(description: XmlElement): boolean {
  return toRoleWord(attributeOf(description, "role")).includes("caption");
}

/** Empty or missing ones fall back to the content's own times; no other time takes their place (TIM1). */
function tellTimes(meta: XmlElement | undefined, content: XmlElement | undefined): Partial<RawStory> {
  const version = firstText(meta, "versionCreated");
  const first = firstText(meta, "firstCreated");
  const modified = version ? undefined : firstText(content, "contentModified");
  const created = first ? undefined : firstText(content, "contentCreated");
  return {
    versionCreated: version || modified,
    firstCreated: first || created,
    embargoed: firstText(meta, "embargoed"),
    expires: firstText(meta, "expires"),
    from: {
      ...(modified && { versionCreated: "contentMeta/contentModified" }),
      ...(created && { firstCreated: "contentMeta/contentCreated" }),
    },
  };
}

function subjectsOf(content: XmlElement | undefined, language: string | undefined): string[] {
  const names = childrenIn(content, "subject").flatMap((subject) => {
    const written = childrenOf(subject, "name");
    return inLanguage(written, language).slice(0, 1);
  });
  return [...names, ...childrenIn(content, "keyword").map(textOf)];
}

/** Texts of the elements, those in the item's language first. */
function inLanguage(elements: readonly XmlElement[], language: string | undefined): string[] {
  const isOwn = (element: XmlElement) => sharesLanguage(inherited(element, "xml:lang"), language);
  return [...elements.filter(isOwn), ...elements.filter((element) => !isOwn(element))]
    .map(textOf)
    .filter((text) => text.trim() !== "");
}

const REPLACES = /^(?:supersedes|replaces|replacing|previousversion|evolvedfrom|updates|corrects)$/u;

/** Earlier items under other guids: links that say so, and private lists of revisions. */
function supersededBy(item: XmlElement): string[] {
  const links = childrenIn(childOf(item, "itemMeta"), "link").filter((link) =>
    REPLACES.test(toRoleWord(attributeOf(link, "rel"))),
  );
  const revisions = descendantsOf(item, "revisions").flatMap((list) => childrenOf(list));
  return [...links, ...revisions].map((element) => {
    const written = ["residref", "guid", "uri", "href", "id"].map((name) => attributeOf(element, name));
    return written.find((id) => id) ?? firstText(element, "uri") ?? textOf(element);
  });
}

/** A role may say that readers are meant; "not for publication" and "non-public" say the contrary. */
function isPublic(role: string | undefined): boolean {
  const word = toRoleWord(role);
  return /public(?!ation)/u.test(word) && !/no[nt]/u.test(word);
}

function codeOf(element: XmlElement | undefined): string {
  return codesOf(element)[0] ?? textOf(element).trim();
}

function codesOf(element: XmlElement | undefined): string[] {
  const written = ["qcode", "uri", "literal"].map((name) => (attributeOf(element, name) ?? "").trim());
  return written.filter((code) => code !== "");
}

function childrenIn(element: XmlElement | undefined, name?: string): XmlElement[] {
  return element === undefined ? [] : childrenOf(element, name);
}

/** The first of the elements that holds text; empty when all are empty, undefined when there is none. */
function firstText(element: XmlElement | undefined, name: string): string | undefined {
  const texts = childrenIn(element, name).map((child) => textOf(child).trim());
  return texts.find((text) => text !== "") ?? texts[0];
}
