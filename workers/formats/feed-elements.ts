import { decodeEntities } from "../text/entities.ts";
import { hasTags, resolveLink } from "../text/html.ts";
import { parseWireTime } from "../text/times.ts";
import { attributeOf, childOf, childrenOf, rootName, textOf, type XmlElement } from "../text/xml.ts";
import { toHtml } from "../text/xml-html.ts";
import { LONGEST_MARKUP, type RawBody } from "./compose.ts";
import { unreadable, type WireDocument } from "./format.ts";

export const NS = {
  atom: "http://www.w3.org/2005/Atom",
  content: "http://purl.org/rss/1.0/modules/content/",
  dc: "http://purl.org/dc/elements/1.1/",
  dcterms: "http://purl.org/dc/terms/",
  itunes: "http://www.itunes.com/dtds/podcast-1.0.dtd",
  media: "http://search.yahoo.com/mrss/",
  rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
  tombstones: "http://purl.org/atompub/tombstones/1.0",
  xhtml: "http://www.w3.org/1999/xhtml",
} as const;
const EXTENSIONS: ReadonlySet<string> = new Set(Object.values(NS).filter((ns) => ns !== NS.atom));

/** Namespaces are often misspelt: another scheme or case, no slash at the end, the number of an older version. */
const NAMESPACES: ReadonlyMap<string, string> = new Map([
  ...Object.values(NS).flatMap((ns) => [[ns, ns] as const, [foldNamespace(ns), ns] as const]),
  ["purl.org/dc/elements/1.0", NS.dc],
  ["purl.org/atom/ns", NS.atom],
]);
const LONGEST_NAMESPACE = 100;

function foldNamespace(ns: string): string {
  return ns
    .toLowerCase()
    .replace(/^https?:\/\//u, "")
    .replace(/[/#]$/u, "");
}

function nsOf(element: XmlElement | undefined): string | undefined {
  const ns = element?.ns;
  if (ns === undefined || ns === "" || ns.length > LONGEST_NAMESPACE) return ns;
  return NAMESPACES.get(ns) ?? NAMESPACES.get(foldNamespace(ns)) ?? ns;
}

const NAMES: ReadonlyMap<string, string> = new Map(
  (
    "rss RDF channel feed entry item items title link guid id description summary content encoded body div category subject " +
    "author creator name language date pubDate publicationDate published issued created updated modified valid " +
    "expirationDate source control draft deleted-entry comment isPermaLink about href rel type label term ref when mode src"
  )
    .split(" ")
    .map((name) => [name.toLowerCase(), name]),
);

/** Some write the names of RSS in capitals, or as they please. */
export function toFeedName(written: string): string {
  return NAMES.get(written.toLowerCase()) ?? written;
}

/** What comes in a feed's place when its server is in trouble is told as what it is. */
export function refuseOther(text: string, format: "RSS" | "Atom"): void {
  const no = `so it is no ${format} feed. Its server may be in trouble, or the address may have changed.`;
  if (rootName(text)?.toLowerCase() === "html") throw unreadable(`What came is an HTML page, ${no}`);
  if (!text.includes("<")) throw unreadable(`What came is no XML, ${no}`);
}

/** One of a list of fallbacks: a local name, and a namespace, `own` for the feed's own format, or `any`. */
export type Candidate = readonly [name: string, ns: string];

/** What one field was read from, for the notes. */
export interface Found {
  element: XmlElement;
  where: string;
}

/** Feeds declare their own format's namespace, none, or one of the many that RSS once had. */
function isOwn(element: XmlElement): boolean {
  const ns = nsOf(element) ?? "";
  return ns === nsOf(element.parent) || !(EXTENSIONS.has(ns) || ns === NS.atom);
}

/** The first element that has text in it. Only direct children count: a channel's image has a title, too. */
export function findFirst(parent: XmlElement, candidates: readonly Candidate[]): Found | undefined {
  for (const candidate of candidates) {
    const [element] = findAll(parent, candidate);
    if (element !== undefined) return { element, where: toWhere(candidate[0], element) };
  }
  return undefined;
}

/** Every element of one kind that has text in it. */
function findAll(parent: XmlElement, [name, ns]: Candidate): XmlElement[] {
  const filled = childrenOf(parent, name).filter((one) => textOf(one).trim() !== "");
  if (ns === "any") return filled;
  if (ns !== "own") return filled.filter((one) => nsOf(one) === ns);
  const same = filled.filter((one) => one.ns === parent.ns);
  return same.length > 0 ? same : filled.filter(isOwn);
}

function toWhere(name: string, element: XmlElement): string {
  const own = nsOf(element);
  const prefix = Object.entries(NS).find(([, ns]) => ns === own && !isOwn(element))?.[0];
  return prefix === undefined ? name : `${prefix}:${name}`;
}

/** Text, or markup that stands in the element unescaped, whatever prefix its elements have. */
export function toMarkup(element: XmlElement | undefined): string | undefined {
  if (element === undefined) return undefined;
  if (childrenOf(element).length > 0) return toHtml(element);
  const text = textOf(element);
  // A CDATA section that was escaped as a whole.
  return /^\s*<!\[CDATA\[([^]*)\]\]>\s*$/u.exec(text)?.[1] ?? text;
}

/** Feeds put HTML, text or HTML that was escaped once more into the same elements. */
export function toBody(markup: string | undefined): RawBody | undefined {
  if (markup === undefined || markup.trim() === "") return undefined;
  // Refused for its length later on; there is no need to look into it.
  if (markup.length > LONGEST_MARKUP || hasTags(markup)) return { html: markup };
  const text = decodeEntities(markup);
  return hasTags(text) ? { html: text } : { text };
}

/** The first time that can be read; else the first that was written, so that a note tells of it. */
export function findTime(
  parent: XmlElement,
  candidates: readonly Candidate[],
  zone: string,
): { written: string; where: string } | undefined {
  let first: { written: string; where: string } | undefined;
  for (const candidate of candidates) {
    const found = findFirst(parent, [candidate]);
    if (found === undefined) continue;
    const time = { written: textOf(found.element), where: found.where };
    if (parseWireTime(time.written, zone).instant !== undefined) return time;
    first ??= time;
  }
  return first;
}

/** Where relative links of an element lead: its xml:base, layer by layer, on the feed's own address. */
export function baseOf(element: XmlElement, document: WireDocument, selfLink?: string): string | undefined {
  const layers: string[] = [];
  for (let here: XmlElement | undefined = element; here !== undefined; here = here.parent) {
    const layer = here.attributes.get("xml:base");
    if (layer !== undefined) layers.unshift(layer.trim());
  }
  const feed = document.address ?? document.profile.url ?? selfLink;
  return layers.reduce<string | undefined>((base, layer) => {
    if (base === undefined) return URL.canParse(layer) ? layer : undefined;
    return URL.canParse(layer, base) ? new URL(layer, base).href : base;
  }, feed);
}

/** The feed's own address, as it tells it: `atom:link rel="self"`. */
export function selfLinkOf(channel: XmlElement): string | undefined {
  return childrenOf(channel, "link")
    .find((link) => attributeOf(link, "rel") === "self")
    ?.attributes.get("href");
}

/** Kept as written when absolute, else made absolute where it stands (TXT3). */
function toAbsolute(written: string, element: XmlElement, document: WireDocument, selfLink?: string): string {
  return resolveLink(written, baseOf(element, document, selfLink)) ?? written.trim();
}

/** What an RSS `link` says. */
export function linkTextOf(
  element: XmlElement | undefined,
  document: WireDocument,
  selfLink?: string,
): string {
  const written = textOf(element).trim();
  return element === undefined || written === "" ? "" : toAbsolute(written, element, document, selfLink);
}

/** What a link without a relation, or with an empty one, is; a relation may be written as the address of its name. */
function relOf(link: XmlElement): string {
  const written = (attributeOf(link, "rel") ?? "").trim().toLowerCase();
  return written.replace(/^.*\//u, "") || "alternate";
}

/** The link to the story itself among Atom links; a page outranks other media. */
export function alternateOf(entry: XmlElement, document: WireDocument, selfLink?: string): string {
  const links = childrenOf(entry, "link").filter(
    (link) => relOf(link) === "alternate" && (attributeOf(link, "href") ?? "").trim() !== "",
  );
  const link = links.find((one) => /html/iu.test(attributeOf(one, "type") ?? "html")) ?? links[0];
  return link === undefined ? "" : toAbsolute(attributeOf(link, "href") ?? "", link, document, selfLink);
}

/** Everybody whom the first kind that names anybody names. */
export function namesOf(parent: XmlElement, candidates: readonly Candidate[]): string {
  for (const candidate of candidates) {
    const people = findAll(parent, candidate).map((person) =>
      toName(textOf(childOf(person, "name") ?? person)),
    );
    const names = [...new Set(people)].filter((name) => name !== "");
    if (names.length > 0) return names.join(", ");
  }
  return "";
}

/** `name@example.org (Name)` and `Name <name@example.org>` are names; a bare address is nobody's byline. */
export function toName(written: string): string {
  if (written.length > 500) return "";
  const bracketed = /^\s*\S+@\S+\s*\((.+)\)\s*$/u.exec(written)?.[1];
  return (bracketed ?? written.replace(/[<(]?\S+@\S+[>)]?/gu, "")).trim();
}
