import { at, childOf, childrenOf, descendantsOf, inherited, textOf, type XmlElement } from "../text/xml.ts";
import { toWords } from "../text/xml-html.ts";
import { bestHeadline } from "./best-headline.ts";
import type { RawStory } from "./compose.ts";

/** The lines that stand in front of the text, as fields. */
export interface NitfHead {
  headline?: string | undefined;
  /** Where it stood, if in another place than hl1. */
  headlineFrom?: string | undefined;
  byline?: string | undefined;
  dateline?: string | undefined;
  summary?: string | undefined;
  /** For editors, wherever in the text they stand. */
  notes: string[];
  language?: string | undefined;
}

/** NITF's `body.head`, also of a NITF body inside another format. */
export function readNitfHead(nitf: XmlElement): NitfHead {
  const body = nitf.name === "body" ? nitf : childOf(nitf, "body");
  const language = toNitfLanguage(childOf(body, "body.content") ?? body ?? nitf);
  // Some agencies leave `body.head` out and begin the text with its elements.
  const places = [...childrenOf(body ?? nitf, "body.head"), ...toTops(body)];
  const all = (name: string) =>
    places.map((place) => childrenOf(place, name)).find((found) => found.length > 0) ?? [];
  const hedlines = all("hedline");
  const headline = bestHeadline(hedlines.flatMap(toHeadlines), language);
  const isMain = hedlines.some((hedline) => mainLinesOf(hedline).length > 0);
  return {
    headline,
    headlineFrom: headline === undefined || isMain ? undefined : "body.head/hedline, without hl1",
    byline: joinLines(all("byline").map(toByline)),
    dateline: joinLines(all("dateline").map(toWords).slice(0, 1)),
    summary: joinLines(all("abstract").map(toWords)),
    notes: descendantsOf(nitf, "note").map(toWords),
    language,
  };
}

/** Lines of a NITF body stand in for those that the format around it leaves out. */
export function fillFromHead(own: Partial<RawStory>, head: NitfHead | undefined): Partial<RawStory> {
  const from: Record<string, string> = {};
  const filled: Partial<RawStory> = { ...own };
  for (const field of ["headline", "byline", "dateline", "summary"] as const) {
    const line = head?.[field];
    if (own[field] !== undefined || line === undefined) continue;
    filled[field] = line;
    from[field] = "body.head of the NITF inside";
  }
  return { ...filled, from };
}

/** `xml:lang` or `baselang`, the nearest one going up. */
export function toNitfLanguage(element: XmlElement): string | undefined {
  for (let here: XmlElement | undefined = element; here !== undefined; here = here.parent) {
    const written = ["xml:lang", "baselang", "lang"].map((name) => here?.attributes.get(name)?.trim());
    const found = written.find((tag) => tag !== undefined && tag !== "");
    if (found !== undefined) return found;
  }
  return undefined;
}

function toTops(body: XmlElement | undefined): XmlElement[] {
  if (body === undefined) return [];
  const contents = childrenOf(body, "body.content");
  return [body, ...contents, ...contents.flatMap((content) => childrenOf(content, "block").slice(0, 1))];
}

function mainLinesOf(hedline: XmlElement): XmlElement[] {
  return childrenOf(hedline, "hl1").filter((line) => textOf(line).trim() !== "");
}

function toHeadlines(hedline: XmlElement): { text: string; language: string | undefined }[] {
  const [subheadline] = childrenOf(hedline, "hl2");
  const lines = mainLinesOf(hedline);
  const found = lines.length > 0 ? lines : [subheadline ?? hedline];
  return found.map((line) => ({ text: toWordsAsWritten(line), language: inherited(line, "xml:lang") }));
}

/** Markup inside a headline marks words, it does not divide them: `<em>4</em>th`. */
function toWordsAsWritten(element: XmlElement): string {
  return element.children
    .map((child) => {
      if (typeof child === "string") return child;
      return child.name === "br" ? " " : toWordsAsWritten(child);
    })
    .join("");
}

/** The writer's title or agency stands on a line of its own. */
function toByline(byline: XmlElement): string {
  const titles = childrenOf(byline, "byttl").map(toWords);
  const names = toWords({
    ...byline,
    children: byline.children.filter((child) => typeof child === "string" || child.name !== "byttl"),
  });
  return [names, ...titles].filter((part) => part !== "").join(", ");
}

function joinLines(lines: readonly string[]): string | undefined {
  const written = [...new Set(lines.filter((line) => line !== ""))];
  return written.length > 0 ? written.join(", ") : undefined;
}

/** The document's own title, for a story without a headline. */
export function toNitfTitle(nitf: XmlElement): string | undefined {
  return toWords(at(nitf, "head", "title")) || undefined;
}
