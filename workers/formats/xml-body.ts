import { NewsLineError } from "../../src/contract/errors.ts";
import { decodeEntities } from "../text/entities.ts";
import { hasTags, isNoText } from "../text/html.ts";
import { toPlainParagraphs } from "../text/paragraphs.ts";
import { childOf, childrenOf, descendantsOf, parseXml, textOf, type XmlElement } from "../text/xml.ts";
import { toHtml, toWords } from "../text/xml-html.ts";
import { LONGEST_MARKUP, type RawBody } from "./compose.ts";
import { refuseMany } from "./limits.ts";

const BLOCK = /<(?:p|div|br|h[1-6]|ul|ol|dl|li|table|tr|blockquote|pre|section|article)(?:\s[^<>]*)?>/iu;
const CAPTION = /(?:^|[\s_-])(?:caption|figcaption|bildtext)(?:$|[\s_-])/iu;
const PRIVATE = /(?:^|\s)(?:non[-_]?public|not[-_]for[-_]publication|private[-_]notes?)(?:$|\s)/iu;
/** NITF lets a block, or the body itself, begin with lines of its own: they are fields, not story text (TXT2). */
const OWN_LINES = new Set(
  "body.head hedline byline dateline abstract copyrite distributor datasource rights".split(" "),
);
const NO_STORY = new Set("key-list classifier tobject nitf-table-metadata nitf-col nitf-colgroup".split(" "));

/** Bodies of one story. */
const MOST_PARTS = 200;

/** What the element holds as story text; undefined when that is nothing (TXT2). */
export function toRawBody(element: XmlElement | undefined): RawBody | undefined {
  if (element === undefined) return undefined;
  const contents = toNitfContents(element);
  refuseMany(contents, MOST_PARTS);
  if (contents.length > 0) return joinBodies(contents.map((content) => toBody(content, isLeftOutOfNitf)));
  return toBody(element, isLeftOut);
}

/** The parts one after the other. Plain parts beside HTML become paragraphs. */
export function joinBodies(parts: readonly (RawBody | undefined)[], joinWraps = true): RawBody | undefined {
  const given = parts.filter((part) => part !== undefined);
  const [first] = given;
  if (given.length < 2) return first;
  if (given.some((part) => "html" in part)) {
    return {
      html: given.map((part) => ("html" in part ? part.html : toHtmlBlocks(part, joinWraps))).join("\n"),
    };
  }
  return { paragraphs: given.flatMap((part) => toParts(part, joinWraps)) };
}

function toParts(part: RawBody, joinWraps: boolean): readonly string[] {
  if ("paragraphs" in part) return part.paragraphs;
  return "text" in part ? toPlainParagraphs(part.text, joinWraps) : [];
}

function toHtmlBlocks(part: RawBody, joinWraps: boolean): string {
  return toParts(part, joinWraps)
    .map((paragraph) => `<p>${paragraph.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</p>`)
    .join("");
}

/** A text that stands in a field as a whole: HTML, escaped or not, or plain text. */
export function toTextBody(text: string): RawBody | undefined {
  if (text.trim() === "") return undefined;
  // Refused for its length later on; there is no need to look into it.
  if (text.length > LONGEST_MARKUP || hasTags(text)) return { html: text };
  const decoded = decodeEntities(text);
  return hasTags(decoded) ? { html: decoded } : { text: decoded };
}

function toBody(element: XmlElement, leaveOut: (element: XmlElement) => boolean): RawBody | undefined {
  const text = toPlain(element, leaveOut);
  if (text.trim() === "") return undefined;
  if (text.length > LONGEST_MARKUP) return { text };
  if (hasTags(text) && childrenOf(element).length === 0) return { html: text };
  const html = toHtml(element, leaveOut);
  // Without blocks line breaks are all that divides paragraphs, and one `pre` is a wire text as it was typed.
  return BLOCK.test(html) && !isOnePre(element, text) ? { html } : { text };
}

function isOnePre(element: XmlElement, text: string): boolean {
  const pres = descendantsOf(element, "pre");
  const [pre] = pres;
  return pre !== undefined && pres.length === 1 && textOf(pre).trim() === text.trim();
}

function toPlain(element: XmlElement, leaveOut: (element: XmlElement) => boolean): string {
  return element.children
    .map((child) => {
      if (typeof child === "string") return child;
      return leaveOut(child) ? "" : toPlain(child, leaveOut);
    })
    .join("");
}

/** Captions, media and notes are no story text, whatever body they stand in. */
function isLeftOut(element: XmlElement): boolean {
  const kind = element.attributes.get("class") ?? "";
  return isNoText(element.name.toLowerCase()) || CAPTION.test(kind) || PRIVATE.test(kind);
}

/** What a body marks as not for the public by its class (PRV1). */
export function privateNotesIn(element: XmlElement): string[] {
  return childrenOf(element).flatMap((child) =>
    PRIVATE.test(child.attributes.get("class") ?? "") ? [toWords(child)] : privateNotesIn(child),
  );
}

function isLeftOutOfNitf(element: XmlElement): boolean {
  return OWN_LINES.has(element.name) || NO_STORY.has(element.name) || isLeftOut(element);
}

/** NITF's story text stands in `body.content`; some agencies write it straight into `body`. */
function toNitfContents(element: XmlElement): XmlElement[] {
  const contents = contentsIn(element);
  if (contents.length > 0) return contents;
  const nitf = element.name === "nitf" ? element : descendantsOf(element, "nitf")[0];
  const body = childOf(nitf, "body");
  return body === undefined ? [] : [body];
}

/** A note has a `body.content` of its own, and is no text (PRV1). */
function contentsIn(element: XmlElement): XmlElement[] {
  if (element.name === "body.content") return [element];
  return childrenOf(element).flatMap((child) => (isLeftOutOfNitf(child) ? [] : contentsIn(child)));
}

/** How far a document that stands in an element as text is looked through for its root. */
const ROOT_REACH = 2000;

/** The NITF document inside an element, also one that stands there as text, in CDATA or escaped. */
export function nitfIn(element: XmlElement | undefined): XmlElement | undefined {
  if (element === undefined) return undefined;
  const [written] = descendantsOf(element, "nitf");
  if (written !== undefined || childrenOf(element).length > 0) return written;
  const text = textOf(element);
  if (text.length > LONGEST_MARKUP || !/<(?:\w+:)?nitf[\s>]/u.test(text.slice(0, ROOT_REACH)))
    return undefined;
  try {
    const root = parseXml(text);
    return root.name === "nitf" ? root : descendantsOf(root, "nitf")[0];
  } catch (error) {
    // Broken, it is read as the HTML that it looks like.
    if (error instanceof NewsLineError) return undefined;
    throw error;
  }
}
