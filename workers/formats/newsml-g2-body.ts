import { attributeOf, childOf, childrenOf, inherited, textOf, type XmlElement } from "../text/xml.ts";
import { sharesLanguage } from "./best-headline.ts";
import type { RawBody } from "./compose.ts";
import { type NitfHead, readNitfHead } from "./nitf-head.ts";
import { nitfIn, privateNotesIn, toRawBody, toTextBody } from "./xml-body.ts";

export interface FoundBody {
  body: RawBody;
  element: XmlElement;
  head?: NitfHead;
  /** For editors, in the text. */
  notes: string[];
}

/**
 * The content sets hold the same text in several renditions, and perhaps in several languages: the first of the best
 * kind in the item's own language is taken.
 */
export function findG2Body(item: XmlElement): FoundBody | undefined {
  const sets = childrenOf(item, "contentSet");
  const data = sets.flatMap((set) => childrenOf(set, "inlineData")).filter(isReadable);
  const isHtml = (one: XmlElement) => /html/iu.test(typeOf(one));
  const all = [
    ...sets.flatMap((set) => childrenOf(set, "inlineXML")),
    ...data.filter(isHtml),
    ...data.filter((one) => !isHtml(one)),
  ];
  const language = writtenLanguage(childOf(item, "contentMeta"));
  const isOwn = (one: XmlElement) => sharesLanguage(languageAround(one), language);
  for (const element of [...all.filter(isOwn), ...all.filter((one) => !isOwn(one))]) {
    const found = readInline(element);
    if (found !== undefined) return found;
  }
  return undefined;
}

function readInline(element: XmlElement): FoundBody | undefined {
  const nitf = nitfIn(element);
  const isText = nitf === undefined && element.name === "inlineData" && childrenOf(element).length === 0;
  const body = isText ? toTextBody(textOf(element)) : toRawBody(nitf ?? element);
  if (body === undefined) return undefined;
  const notes = privateNotesIn(nitf ?? element);
  return { body, element, notes, ...(nitf !== undefined && { head: readNitfHead(nitf) }) };
}

/** What is encoded is no text, nor is data of another type. */
function isReadable(data: XmlElement): boolean {
  if (attributeOf(data, "encoding") !== undefined) return false;
  return /^(?:text\/.*|application\/(?:xhtml|xml|html|nitf).*|)$/iu.test(typeOf(data));
}

function typeOf(element: XmlElement): string {
  return (attributeOf(element, "contenttype") ?? "").trim();
}

/** The language element, else the nearest `xml:lang` around the text. */
export function toG2Language(
  content: XmlElement | undefined,
  body: XmlElement | undefined,
): string | undefined {
  return (
    writtenLanguage(content) ?? (body === undefined ? inherited(content, "xml:lang") : languageAround(body))
  );
}

function writtenLanguage(content: XmlElement | undefined): string | undefined {
  const languages = content === undefined ? [] : childrenOf(content, "language");
  const tags = languages.map((language) => (attributeOf(language, "tag") ?? textOf(language)).trim());
  return tags.find((tag) => tag !== "");
}

function languageAround(body: XmlElement): string | undefined {
  const inner = childrenOf(body)[0];
  const own = ["xml:lang", "lang", "baselang"].map((name) => inner?.attributes.get(name));
  return own.find((tag) => tag) ?? inherited(body, "xml:lang");
}
