import { Parser } from "htmlparser2";
import sanitize from "sanitize-html";
import { toParagraphs, toPlainLine, toPlainText } from "../../src/contract/text.ts";
import { decodeEntities } from "./entities.ts";

/** Elements whose content is no story text (TXT2); those of NITF and of G2 bodies are among them. */
const DROPPED = new Set(
  (
    "head title style script noscript template header nav footer figure figcaption caption iframe object embed " +
    "applet svg math canvas audio video button select textarea datalist " +
    "media media-reference media-metadata media-caption media-producer note body.end"
  ).split(" "),
);

/** True for elements whose content is no story text, by lower-case name. */
export function isNoText(name: string): boolean {
  return DROPPED.has(name);
}

/** Elements that begin and end a paragraph. */
const BLOCKS = new Set(
  (
    "address article aside blockquote body center dd details div dl dt fieldset h1 h2 h3 h4 h5 h6 hr html li main ol " +
    "p pre section summary table tbody tfoot thead tr ul " +
    "block body.content body.head byline dateline hedline hl1 hl2 hr nitf-table"
  ).split(" "),
);
const CELLS = new Set(["td", "th"]);

/** Blanks that HTML shows as one. A single one stays as it is: writing each anew would be half of the work. */
const FOLDED = /[\t\n\f\r][\t\n\f\r ]*| [\t\n\f\r ]+/gu;

/** Deeper than any editor nests; the parser's own stack gets slow far above it. */
const MAX_DEPTH = 250;

/** The tags that stand in fields that should be text, as they are or escaped. Other words in angle brackets are the author's. */
const TAG_NAMES =
  "a|abbr|acronym|address|area|article|aside|audio|b|bdi|bdo|big|blink|blockquote|body|br|button|canvas|caption|center|cite|" +
  "code|col|colgroup|dd|del|details|dfn|div|dl|dt|em|embed|fieldset|figcaption|figure|font|footer|form|frame|frameset|" +
  "h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|link|main|mark|marquee|meta|nav|nobr|noscript|" +
  "o:p|object|ol|optgroup|option|p|param|picture|pre|q|rp|rt|ruby|s|samp|script|section|select|small|source|span|st1:\\w+|" +
  "strike|strong|style|sub|summary|sup|svg|table|tbody|td|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul|var|video|wbr";
/** A comment and an instruction of an office program are no text either. */
const KNOWN_TAG = new RegExp(`<(?:/?(?:${TAG_NAMES})(?:[\\s/][^<>]*)?>|!--|\\?xml:)`, "iu");

class TooDeep extends Error {}

/** HTML, or the body elements of an XML format, to paragraphs divided by blank lines (TXT2, TXT3). */
export function htmlToText(html: string): string {
  const text = readHtml(html);
  // Tags that were escaped once too often have become text: read them once more.
  return toParagraphs(KNOWN_TAG.test(text) ? readHtml(text) : text);
}

/** A field that should be one line of text but may hold tags and entities, escaped or not (TXT1). */
export function htmlToLine(html: string): string {
  const text = KNOWN_TAG.test(html) ? htmlToText(html) : decodeEntities(html);
  return toPlainLine(KNOWN_TAG.test(text) ? htmlToText(text) : text);
}

/** True when a text field holds tags, so that it is to be read as HTML. */
export function hasTags(text: string): boolean {
  return KNOWN_TAG.test(text);
}

function readHtml(html: string): string {
  try {
    return new TextWriter().read(html);
  } catch (error) {
    if (error instanceof TooDeep) return decodeEntities(html.replace(/<[^<>]*>/gu, "\n\n"));
    throw error;
  }
}

/** One pass over the tags; what it writes is shaped by `toParagraphs`. */
class TextWriter {
  #out = "";
  #depth = 0;
  /** Depth at which dropping began; 0 while nothing is dropped. */
  #dropFrom = 0;
  #preformatted = 0;

  read(html: string): string {
    const parser = new Parser(
      {
        onopentag: (name) => this.#open(toLocalName(name)),
        onclosetag: (name) => this.#close(toLocalName(name)),
        ontext: (text) => this.#text(text),
      },
      { decodeEntities: true, recognizeCDATA: true, recognizeSelfClosing: isXhtml(html) },
    );
    parser.write(html);
    parser.end();
    return this.#out;
  }

  #open(name: string): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new TooDeep();
    if (this.#dropFrom > 0) return;
    if (DROPPED.has(name)) this.#dropFrom = this.#depth;
    else if (BLOCKS.has(name)) this.#out += "\n\n";
    else if (name === "br") this.#out += "\n";
    else if (CELLS.has(name)) this.#out += " ";
    if (name === "pre") this.#preformatted += 1;
  }

  #close(name: string): void {
    if (this.#dropFrom === this.#depth) this.#dropFrom = 0;
    else if (this.#dropFrom === 0 && BLOCKS.has(name)) this.#out += "\n\n";
    if (this.#dropFrom === 0 && name === "pre" && this.#preformatted > 0) this.#preformatted -= 1;
    this.#depth -= 1;
  }

  #text(text: string): void {
    if (this.#dropFrom > 0) return;
    this.#out += this.#preformatted > 0 ? text : text.replace(FOLDED, " ");
  }
}

/** `<title/>` closes itself in XHTML only; in HTML it would swallow the rest of the text. */
function isXhtml(html: string): boolean {
  return /\sxmlns(?::\w+)?=|<\w+:|^\s*<\?xml/u.test(html.slice(0, 2000));
}

function toLocalName(name: string): string {
  const colon = name.indexOf(":");
  return colon < 0 ? name : name.slice(colon + 1);
}

const ALLOWED_TAGS =
  "p br b strong i em u s sub sup q blockquote ul ol li h2 h3 h4 a table thead tbody tr th td pre code".split(
    " ",
  );

/** Blocks that may not be shown as such: what they hold is a paragraph, or it would run into the one before it. */
const OTHER_BLOCKS =
  /<(\/?)(?:address|article|aside|center|dd|details|div|dl|dt|fieldset|main|section|summary)(?=[\s/>])[^<>]*>/giu;
/** Known tags that were escaped once too often, with what stands in them; the text has none of them either (TXT2). */
const ESCAPED_TAG = new RegExp(
  `&lt;/?(?:${TAG_NAMES})(?:[\\s/](?:[^<>&]|&(?:quot|apos|amp|#\\d{1,7});)*)?&gt;`,
  "giu",
);
const EMPTY_PARAGRAPH = /<p>\s*<\/p>/gu;

/** htmlparser2 reads the inside of these as raw text, so their tags must not come out as text. */
const NO_MARKUP = [...DROPPED, "option", "xmp", "plaintext"];

/** The markup that may be shown: a small allow-list, links absolute http(s) only (TXT3). Empty when none is left. */
export function sanitizeHtml(html: string, base?: string): string {
  let depth = 0;
  try {
    const clean = sanitize(toAllowedBlocks(toPlainText(html)), {
      allowedTags: ALLOWED_TAGS,
      allowedAttributes: { a: ["href", "rel"] },
      allowedSchemes: ["http", "https"],
      nonTextTags: NO_MARKUP,
      transformTags: {
        h1: "h2",
        h5: "h4",
        h6: "h4",
        a: (_name, attributes) => toLink(attributes["href"], base),
      },
      onOpenTag: () => {
        depth += 1;
        if (depth > MAX_DEPTH) throw new TooDeep();
      },
      onCloseTag: () => {
        depth -= 1;
      },
    });
    // What stood as a character reference is a character only now.
    return toPlainText(clean).replace(EMPTY_PARAGRAPH, "").trim();
  } catch (error) {
    if (error instanceof TooDeep) return "";
    throw error;
  }
}

function toTag(escaped: string): string {
  return `<${escaped.slice("&lt;".length, -"&gt;".length).replaceAll("&quot;", '"')}>`;
}

function toAllowedBlocks(html: string): string {
  const unescaped = html.includes("&lt;") ? html.replace(ESCAPED_TAG, toTag) : html;
  return unescaped.replace(OTHER_BLOCKS, "<$1p>");
}

function toLink(href: string | undefined, base: string | undefined): sanitize.Tag {
  const link = resolveLink(href, base);
  if (link === undefined) return { tagName: "a", attribs: {} };
  return { tagName: "a", attribs: { href: link, rel: "noopener noreferrer nofollow" } };
}

/** Kept as written, trimmed; a relative one is made absolute. Undefined unless it is http(s) (TXT3). */
export function resolveLink(href: string | undefined, base?: string): string | undefined {
  const written = (href ?? "").trim();
  if (written === "" || written.length > 2000 || /[\s\p{Cc}\p{Surrogate}]/u.test(written)) return undefined;
  if (/^[a-z][a-z0-9+.-]*:/iu.test(written)) {
    return /^https?:\/\//iu.test(written) && URL.canParse(written) ? written : undefined;
  }
  if (base === undefined || !/^https?:\/\//iu.test(base) || !URL.canParse(written, base)) return undefined;
  return new URL(written, base).href;
}
