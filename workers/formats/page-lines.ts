import { isFound, parsePattern } from "../../src/contract/pattern.ts";
import type { SourceProfile } from "../../src/contract/profile.ts";
import { toPlainLine } from "../../src/contract/text.ts";
import { hasHabit } from "../text/habits.ts";

/** What one line of an agency's page is. */
export type PageLine =
  | { kind: "blank" }
  | { kind: "text"; text: string }
  | { kind: "separator" }
  | { kind: "stamp"; text: string }
  /** `cut`: it and all below it; `line`: itself only. */
  | { kind: "furniture"; text: string; reach: "cut" | "line" };

/** Exactly three: four asterisks are another agency's mark for private text. */
const SEPARATOR = /^\*\s*\*\s*\*$/u;
/** A separator is a short line, whatever a profile says of it. */
const LONGEST_SEPARATOR = 300;
/** `2016 September 28 (Wednesday) 10:34:24`, alone on its line: other dates on a page are not the story's. */
const STAMP = /^\d{4} \p{L}{3,}\.? \d{1,2} ?(?:\( ?\p{L}[\p{L}-]+ ?\))? ?\d{1,2}:\d{2}(?::\d{2})?$/u;

/** What stands around the text on such pages. After the first row nothing belongs to the story any more. */
const FURNITURE_BELOW =
  /^(?:leave a (?:review|comment|reply)|follow us(?: on .{1,40})?|(?:please )?(?:login|log in|sign in) or subscribe.*|subscribe to read more|related (?:news|articles|stories)|read (?:also|more)|see also|most read|latest news|in focus|news line|share(?: this| on .{1,30})?|comments?(?: \(\d+\))?|tags:.{0,80}|print(?: version)?|back to top|©.{0,80}|all rights reserved.{0,80})$/iu;
const FURNITURE_ABOVE =
  /^(?:news line|in focus|home|menu|search|latest news|politics|economy|economics|finance|energy|society|social|sports?|culture|world|region|incidents?|interviews?|analytics|(?:en|az|ru|рус|eng|aze)(?: ?[|/] ?\p{L}{2,3})+)$/iu;
/** A teaser of another story ends in its date: `Port opens - 9 August 2021 12:55`. */
const TEASER = /^.{0,200}?[-–—|] ?\d{1,2} \p{L}{3,} \d{4}(?:,? \d{1,2}:\d{2}(?::\d{2})?)?$/u;
const CAPTION =
  /^\(?(?:photo|image|picture|foto|illustration|file photo)s?(?:\s*[:©(–—-]|\s+(?:by|courtesy|from)\b).{0,200}$/iu;
const FIRST_VERSION =
  /^\(?(?:first (?:version )?published|published first|last updated|updated)(?: at| on)?:? .{0,40}\d{1,2}[:.]\d{2}.{0,30}$/iu;

/** Sorts the lines of a page. */
export function toPageLines(text: string, profile: SourceProfile): PageLine[] {
  const isSeparator = toSeparatorTest(profile.separatorPattern);
  const withFurniture = hasHabit(profile, "furniture");
  return text.split(/\r\n|\r|\n|\f/u).map((raw): PageLine => {
    const line = toPlainLine(raw);
    if (line === "") return { kind: "blank" };
    if (isSeparator(line)) return { kind: "separator" };
    if (STAMP.test(line)) return { kind: "stamp", text: line };
    const reach = withFurniture ? furnitureReach(line) : undefined;
    if (reach !== undefined) return { kind: "furniture", text: line, reach };
    // The indent is kept: it tells a paragraph's first line from a wrapped one.
    return { kind: "text", text: raw.replace(/\u00a0/gu, " ").trimEnd() };
  });
}

function toSeparatorTest(ownPattern: string | undefined): (line: string) => boolean {
  if (ownPattern === undefined) return (line) => SEPARATOR.test(line);
  const own = parsePattern(ownPattern);
  return (line) => line.length <= LONGEST_SEPARATOR && isFound(own, line);
}

function furnitureReach(line: string): "cut" | "line" | undefined {
  if (FURNITURE_BELOW.test(line) || TEASER.test(line)) return "cut";
  return CAPTION.test(line) || FIRST_VERSION.test(line) ? "line" : undefined;
}

export function isFurnitureAbove(line: string): boolean {
  return FURNITURE_ABOVE.test(toPlainLine(line));
}

/** Whether a text has a stamp at all: what tells this format from other plain text. */
export function hasStamp(text: string): boolean {
  return text.split(/\r\n|\r|\n/u).some((line) => line.length < 100 && STAMP.test(toPlainLine(line)));
}

/** `Baku / 18.11.18 / Desk:` in every spacing, one of them in American order. */
const DATELINE =
  /^\p{Lu}[\p{L} .'’-]{1,40}?\s*\/\s*\d{1,2}[./]\d{1,2}[./]\d{2,4}\s*\/\s*\p{L}[\p{L} .]{1,30}\s*:/u;

export function startsWithDateline(paragraph: string): boolean {
  return DATELINE.test(paragraph);
}

/** A line that could be a story's own headline: short, a beginning, no end of a sentence. */
export function looksLikeHeadline(paragraph: string): boolean {
  if (paragraph.length > 200 || paragraph.includes("\n")) return false;
  if (/[.:;,!?…"”’»-]$/u.test(paragraph) || !/^["“‘«'(]?[\p{Lu}\p{N}]/u.test(paragraph)) return false;
  return paragraph.split(" ").length >= 2 && !startsWithDateline(paragraph);
}

/** A section's name or another word or two below a text that has ended. */
export function looksLikeSectionName(paragraph: string): boolean {
  return paragraph.length <= 40 && paragraph.split(" ").length <= 3 && !/[.!?…"”’»:)\d]$/u.test(paragraph);
}
