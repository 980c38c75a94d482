import { hasTags } from "./html.ts";
import type { XmlElement } from "./xml.ts";

/** Elements that HTML closes by itself: a closing tag would be read as another line break. */
const VOID = new Set("area base br col embed hr img input link meta param source track wbr".split(" "));
/** HTML reads what stands in these as raw text, so they are not written as they are. */
const RAW = new Set("noembed noframes plaintext xmp".split(" "));
/** NITF's names for what HTML has under another name. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["block", "div"],
  ["bq", "blockquote"],
  ["hl1", "h2"],
  ["hl2", "h3"],
  ["lang", "span"],
  ["nitf-table", "div"],
  ["custom-table", "div"],
]);

/**
 * The children of an XML element as HTML, whatever prefixes and namespaces they had; of attributes only links are
 * kept. Tags that were escaped once too often come out as tags. Elements that `leaveOut` knows are not written.
 */
export function toHtml(
  element: XmlElement,
  leaveOut: (element: XmlElement) => boolean = () => false,
): string {
  let html = "";
  for (const child of element.children) {
    if (typeof child === "string") html += hasTags(child) ? child : escapeText(child);
    else if (!leaveOut(child)) html += toTag(child, toHtml(child, leaveOut));
  }
  return html;
}

function toTag(element: XmlElement, inner: string): string {
  const name = toName(element.name);
  if (name === undefined) return inner;
  if (VOID.has(name)) return `<${name}>${inner}`;
  const href = name === "a" ? element.attributes.get("href") : undefined;
  return `<${name}${href === undefined ? "" : ` href="${escapeText(href)}"`}>${inner}</${name}>`;
}

function toName(written: string): string | undefined {
  const name = written.toLowerCase();
  if (!/^[a-z][a-z0-9.-]*$/u.test(name)) return undefined;
  return RAW.has(name) ? "div" : (RENAMED.get(name) ?? name);
}

function escapeText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Text of a field made of several elements (`<person>`, `<location>`): they are words of their own. */
export function toWords(element: XmlElement | undefined): string {
  if (element === undefined) return "";
  const parts = element.children.map((child) => (typeof child === "string" ? child : ` ${toWords(child)} `));
  return parts
    .join("")
    .replace(/\s+/gu, " ")
    .replace(/ (?=[,.;:])/gu, "")
    .trim();
}
