import { isFound, parsePattern } from "../../src/contract/pattern.ts";
import type { SourceProfile } from "../../src/contract/profile.ts";
import { toPlainLine } from "../../src/contract/text.ts";
import { hasHabit } from "../text/habits.ts";
import { cutSignOff } from "../text/sign-off.ts";
import { furnitureReach } from "./page-furniture.ts";
import { isClock, isDayAlone, readStamp } from "./page-stamp.ts";
import { hasUpdatedMark } from "./updated-mark.ts";

/** What one line of an agency's page is. */
export type PageLine =
  | { kind: "blank" }
  | { kind: "text"; text: string }
  | { kind: "separator"; isFaint: boolean }
  | { kind: "stamp"; text: string; raw: string; isSure: boolean }
  /** `cut`: it and all below it; `line`: itself only. */
  | { kind: "furniture"; text: string; reach: "cut" | "line" };

/** What an agency's page ends a line with, and what other machines make of it. */
const LINE_END = /\r\n|[\r\n\f\v\u0085\u2028\u2029]/u;
/** Exactly three: four asterisks are another agency's mark for private text. */
const SEPARATOR = /^\\?[*∗＊✱⁎]\s*\\?[*∗＊✱⁎]\s*\\?[*∗＊✱⁎]$|^⁂$/u;
/** Other rules that a page may draw there, at least three signs of one kind. */
const RULE = /^(?:[-–—‐−](?: ?[-–—‐−]){2,99}|([=_#~+•·◆])(?: {0,3}\1){2,99})$/u;
/** A separator is a short line, whatever a profile says of it. */
const LONGEST_SEPARATOR = 300;
/** A page has a handful; a list of dates is text. */
const MOST_DATES = 500;
/** The stamp behind its separator, on one line. */
const WITH_STAMP = /^(?<rule>\*\s*\*\s*\*)\s+(?<rest>\d{4} .{5,80})$/u;

/** A stamp that ran into its text. */
const BEFORE_TEXT =
  /^(?<stamp>\d{4} \p{L}{3,12}\.? \d{1,2} ?\( ?\p{L}{2,20} ?\) ?\d{1,2}:\d{2}(?::\d{2})?)[\s:–—-]+(?<text>["“‘«(]?\p{Lu}.{40,})$/su;

/** Written for `<hr>`, which pages also draw where no text ends. */
export const DRAWN_RULE = "\u2500\u2500\u2500";

/** Sorts the lines of a page. */
export function toPageLines(text: string, profile: SourceProfile): PageLine[] {
  const isSeparator = toSeparatorTest(profile.separatorPattern);
  const withFurniture = hasHabit(profile, "furniture");
  const lines = joinClocks(text.split(LINE_END).flatMap(partRule));
  let dates = 0;
  return lines.map((raw): PageLine => {
    const line = toPlainLine(raw);
    if (line === "") return { kind: "blank" };
    if (line === DRAWN_RULE) return { kind: "separator", isFaint: true };
    if (isSeparator(line)) return { kind: "separator", isFaint: false };
    const stamp = dates < MOST_DATES ? readStamp(line, profile.zone) : undefined;
    if (stamp !== undefined) {
      dates += 1;
      return { kind: "stamp", raw, ...stamp };
    }
    const reach = withFurniture ? furnitureReach(line) : undefined;
    if (reach !== undefined) return { kind: "furniture", text: line, reach };
    // The indent is kept: it tells a paragraph's first line from a wrapped one.
    return { kind: "text", text: raw.replace(/\u00a0/gu, " ").trimEnd() };
  });
}

function toSeparatorTest(ownPattern: string | undefined): (line: string) => boolean {
  if (ownPattern === undefined) return (line) => isKnownSeparator(line) || isRule(line);
  const own = parsePattern(ownPattern);
  return (line) => line.length <= LONGEST_SEPARATOR && isFound(own, line);
}

function isKnownSeparator(line: string): boolean {
  return line.length <= LONGEST_SEPARATOR && SEPARATOR.test(line);
}

function isRule(line: string): boolean {
  return line.length <= LONGEST_SEPARATOR && RULE.test(line);
}

/** What stands on one line but belongs on two. */
function partRule(line: string): string[] {
  const { rule, rest } = WITH_STAMP.exec(line.trim().slice(0, LONGEST_SEPARATOR))?.groups ?? {};
  if (rule !== undefined && rest !== undefined) return [rule, rest];
  if (!/^\s*\d{4}/u.test(line)) return [line];
  const { stamp, text } = BEFORE_TEXT.exec(line.replace(/[ \t\u00a0]+/gu, " ").trim())?.groups ?? {};
  return stamp === undefined || text === undefined ? [line] : [stamp, "", text];
}

/** A page may set day and clock one below the other. */
function joinClocks(lines: readonly string[]): string[] {
  const joined: string[] = [];
  let day: number | undefined;
  for (const line of lines) {
    if (line.trim() === "") {
      joined.push(line);
      continue;
    }
    const above = toPlainLine(joined[day ?? -1] ?? "");
    if (day !== undefined && isClock(line))
      joined.splice(day, joined.length - day, `${above} ${line.trim()}`);
    else joined.push(line);
    day = line.length < 80 && isDayAlone(toPlainLine(line)) ? joined.length - 1 : undefined;
  }
  return joined;
}

/** How many lines of a text tell whether it is a page. */
const LOOKED_AT = 2_000;

/**
 * Whether a text can be nothing but a page: a stamp of its sure shape; a separator with a date below it; or a headline
 * that says UPDATED above texts that are divided or signed.
 */
export function isPage(text: string, profile: SourceProfile): boolean {
  const lines = text
    .split(LINE_END, LOOKED_AT)
    .map(toPlainLine)
    .filter((line) => line !== "");
  if (lines.some((line) => readStamp(line, profile.zone)?.isSure === true)) return true;
  if (lines.some((line) => WITH_STAMP.test(line))) return true;
  const rule = lines.findIndex(isKnownSeparator);
  if (rule > 0 && readStamp(lines[rule + 1] ?? "", profile.zone) !== undefined) return true;
  const isUpdated = lines.slice(0, 3).some((line) => line.length < 300 && hasUpdatedMark(line));
  return isUpdated && (rule > 0 || lines.some((line) => cutSignOff(line).signOff !== undefined));
}
