import { attributeOf, childOf, childrenOf, inherited, textOf, type XmlElement } from "../text/xml.ts";
import { sharesLanguage } from "./best-headline.ts";
import type { RawBody } from "./compose.ts";
import { type NitfHead, readNitfHead } from "./nitf-head.ts";
import { joinBodies, nitfIn, toRawBody } from "./xml-body.ts";

/** One story inside a NewsItem: the component that it is, and what its parts say. */
export interface Piece {
  component: XmlElement;
  body?: RawBody | undefined;
  /** Of a part of its own; it stands in the body as well. */
  lead?: string | undefined;
  /** From parts of these roles, or from a NITF body. */
  title?: string | undefined;
  summary?: string | undefined;
  nitf?: NitfHead | undefined;
}

export interface Pieces {
  stories: Piece[];
  /** What was left out, as phrases. */
  left: string[];
}

const MEDIA =
  /^(?:photo|picture|image|graphic|infographic|video|audio|animation|logo|thumbnail|icon|still|moving|illustration)/u;
const MEDIA_TYPE = /^(?:image|video|audio)\/|jpe?g|\bgif\b|\bpng\b|\bmpe?g/iu;
const LEAD = /^(?:lead|lede|intro|introduction)$/u;
const TITLE = /^(?:title|headline|head)$/u;
const SUMMARY = /^(?:abstract|summary)$/u;
const BODY = /^(?:body|text|main|story|content|)$/u;
const PART =
  /^(?:lead|lede|intro|introduction|title|headline|head|abstract|summary|body|caption|byline|dateline|credit)$/u;

/**
 * The stories of a component, in document order. Components nest in every way: parts of one story (title, lead,
 * body), pictures beside a text, the same story in several languages, several stories.
 */
export function findPieces(component: XmlElement): Pieces {
  const role = roleOf(component);
  if (MEDIA.test(role)) return { stories: [], left: [`of role ${role}`] };
  const contents = childrenOf(component, "ContentItem");
  const media = contents.filter(isMedia);
  const subs = childrenOf(component, "NewsComponent");
  const parts = subs.filter((sub) => PART.test(roleOf(sub)) && !hasHeadline(sub));
  const isPart = new Set(parts);
  if (
    media.length > 0 &&
    media.length === contents.length &&
    !parts.some((part) => BODY.test(roleOf(part)))
  ) {
    return { stories: [], left: [`of type ${typeOf(media[0])}`] };
  }
  const inner = subs.filter((sub) => !isPart.has(sub)).map(findPieces);
  const left = [...media.map((item) => `of type ${typeOf(item)}`), ...inner.flatMap((one) => one.left)];
  const within = inner.flatMap((one) => one.stories);
  const own = toPiece(component, contents, parts);
  if (own.body === undefined && attributeOf(component, "EquivalentsList") === "yes") {
    const stories = pickEquivalent(component, within);
    return { stories, left: [...left, ...others(within.length - stories.length, "equivalent")] };
  }
  return { stories: mergeInner(own, within), left };
}

/** Texts without a headline of their own belong to the story around them; those with one are stories. */
function mergeInner(own: Piece, within: readonly Piece[]): Piece[] {
  const apart = within.filter(({ component }) => hasHeadline(component));
  const loose = within.filter(({ component }) => !hasHeadline(component));
  const isHolder = own.body !== undefined || (hasHeadline(own.component) && loose.length > 0);
  if (!isHolder) return [...within];
  const told = new Set(loose.map(ownLanguage)).size > 1 ? pickEquivalent(own.component, loose) : loose;
  const body = joinBodies([own.body, ...told.map((piece) => piece.body)]);
  const [first] = told;
  const merged: Piece = { ...first, ...dropAbsent(own), component: own.component, body };
  return [merged, ...apart];
}

/** Texts in several languages are one text, whether or not they are marked as equivalent. */
function ownLanguage({ component }: Piece): string {
  const named = nameOf(childOf(childOf(component, "DescriptiveMetadata"), "Language"));
  return named === "" ? (inherited(component, "xml:lang") ?? "") : named;
}

function dropAbsent(piece: Piece): Partial<Piece> {
  return Object.fromEntries(Object.entries(piece).filter(([, value]) => value !== undefined));
}

function toPiece(
  component: XmlElement,
  contents: readonly XmlElement[],
  parts: readonly XmlElement[],
): Piece {
  const ofRole = (pattern: RegExp) =>
    parts
      .filter((part) => pattern.test(roleOf(part)))
      .map((part) => bodyOfContents(part, childrenOf(part, "ContentItem")));
  const leads = ofRole(LEAD);
  const body = joinBodies([...leads, bodyOfContents(component, contents), ...ofRole(/^body$/u)]);
  const nitf = [component, ...parts]
    .flatMap((one) => childrenOf(one, "ContentItem"))
    .map((item) => nitfIn(dataOf(item)))
    .find((found) => found !== undefined);
  return {
    component,
    body,
    lead: toMarkup(leads.find((lead) => lead !== undefined)),
    title: toMarkup(ofRole(TITLE)[0]),
    summary: toMarkup(ofRole(SUMMARY)[0]),
    nitf: nitf === undefined ? undefined : readNitfHead(nitf),
  };
}

function toMarkup(body: RawBody | undefined): string | undefined {
  if (body === undefined) return undefined;
  if ("html" in body) return body.html;
  return "text" in body ? body.text : body.paragraphs.join("\n\n");
}

/** Several content items are one text in several formats, unless they are all of one format: then its parts. */
function bodyOfContents(component: XmlElement, contents: readonly XmlElement[]): RawBody | undefined {
  const texts = contents.flatMap((item) => {
    const data = isMedia(item) ? undefined : dataOf(item);
    const body = toRawBody(nitfIn(data) ?? data);
    return body === undefined ? [] : [{ body, type: formatOf(item) }];
  });
  const isOneOf =
    attributeOf(component, "EquivalentsList") === "yes" || new Set(texts.map(({ type }) => type)).size > 1;
  if (!isOneOf) return joinBodies(texts.map(({ body }) => body));
  return (texts.find(({ body }) => "html" in body) ?? texts[0])?.body;
}

/** What is encoded is no text: pictures, mostly. */
function dataOf(item: XmlElement): XmlElement | undefined {
  const encoding = childOf(item, "Encoding");
  if (encoding === undefined) return childOf(item, "DataContent");
  return /base64/iu.test(attributeOf(encoding, "Notation") ?? "base64")
    ? undefined
    : childOf(encoding, "DataContent");
}

function isMedia(item: XmlElement): boolean {
  const type = nameOf(childOf(item, "MediaType")).toLowerCase();
  return (
    MEDIA.test(type) ||
    MEDIA_TYPE.test(nameOf(childOf(item, "MimeType"))) ||
    MEDIA_TYPE.test(nameOf(childOf(item, "Format")))
  );
}

function typeOf(item: XmlElement | undefined): string {
  const types = ["MediaType", "MimeType", "Format"].map((name) => nameOf(childOf(item, name)));
  return types.find((type) => type !== "") ?? "unknown";
}

function formatOf(item: XmlElement): string {
  return nameOf(childOf(item, "MimeType")) || nameOf(childOf(item, "Format"));
}

/** The one in the language of what is around, else the first. */
function pickEquivalent(component: XmlElement, pieces: readonly Piece[]): Piece[] {
  const language = inherited(component, "xml:lang");
  const own = pieces.find((piece) => sharesLanguage(ownLanguage(piece), language));
  return [own ?? pieces[0]].filter((piece) => piece !== undefined);
}

function others(count: number, what: string): string[] {
  return count > 0 ? [`${count} ${what}`] : [];
}

export function hasHeadline(component: XmlElement): boolean {
  return childrenOf(component, "NewsLines").some((lines) =>
    childrenOf(lines, "HeadLine").some((line) => textOf(line).trim() !== ""),
  );
}

/** In NewsML 1 names stand in an attribute; some write them as text. */
export function nameOf(element: XmlElement | undefined): string {
  return (attributeOf(element, "FormalName") ?? textOf(element)).trim();
}

function roleOf(component: XmlElement): string {
  return nameOf(childOf(component, "Role")).toLowerCase();
}
