import { decodeEntities } from "../text/entities.ts";
import { hasTags, resolveLink } from "../text/html.ts";
import { parseWireTime } from "../text/times.ts";
import { attributeOf, childrenOf, textOf, type XmlElement } from "../text/xml.ts";
import { LONGEST_MARKUP, type RawBody } from "./compose.ts";
import type { WireDocument } from "./format.ts";

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

/** One of a list of fallbacks: a local name, and a namespace, `own` for the feed's own format, or `any`. */
export type Candidate = readonly [name: string, ns: string];

/** What one field was read from, for the notes. */
export interface Found {
  element: XmlElement;
  where: string;
}

/** Feeds declare their own format's namespace, none, or one of the many that RSS once had. */
function isOwn(element: XmlElement): boolean {
  return element.ns === element.parent?.ns || !(EXTENSIONS.has(element.ns) || element.ns === NS.atom);
}

/** The first element that has text or markup in it. Only direct children count: a channel's image has a title, too. */
export function findFirst(parent: XmlElement, candidates: readonly Candidate[]): Found | undefined {
  for (const [name, ns] of candidates) {
    const filled = childrenOf(parent, name).filter(({ inner }) => inner.trim() !== "");
    const element =
      ns === "own"
        ? (filled.find((one) => one.ns === parent.ns) ?? filled.find(isOwn))
        : filled.find((one) => ns === "any" || one.ns === ns);
    if (element !== undefined) return { element, where: toWhere(name, element) };
  }
  return undefined;
}

function toWhere(name: string, element: XmlElement): string {
  const prefix = Object.entries(NS).find(([, ns]) => ns === element.ns && !isOwn(element))?.[0];
  return prefix === undefined ? name : `${prefix}:${name}`;
}

/** Text, or markup that stands in the element unescaped. */
export function toMarkup(element: XmlElement | undefined): string | undefined {
  if (element === undefined) return undefined;
  return childrenOf(element).length > 0 ? element.inner : textOf(element);
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

/** The link to the story itself among Atom links; a page outranks other media. */
export function alternateOf(entry: XmlElement, document: WireDocument, selfLink?: string): string {
  const links = childrenOf(entry, "link").filter((link) => {
    const rel = attributeOf(link, "rel")?.toLowerCase() ?? "alternate";
    return rel === "alternate" && (attributeOf(link, "href") ?? "").trim() !== "";
  });
  const link = links.find((one) => /html/iu.test(attributeOf(one, "type") ?? "html")) ?? links[0];
  return link === undefined ? "" : toAbsolute(attributeOf(link, "href") ?? "", link, document, selfLink);
}

/** `name@example.org (Name)` and `Name <name@example.org>` are names; a bare address is nobody's byline. */
export function toName(written: string): string {
  if (written.length > 500) return "";
  const bracketed = /^\s*\S+@\S+\s*\((.+)\)\s*$/u.exec(written)?.[1];
  return (bracketed ?? written.replace(/[<(]?\S+@\S+[>)]?/gu, "")).trim();
}
