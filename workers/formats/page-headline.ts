import { toPlainLine } from "../../src/contract/text.ts";
import { foldForComparison } from "../text/headline.ts";
import { cutSignOff } from "../text/sign-off.ts";
import { isFurnitureAbove } from "./page-furniture.ts";
import type { PageLine } from "./page-lines.ts";
import { startsWithDateline } from "./page-shapes.ts";
import { cutUpdatedMark, hasUpdatedMark } from "./updated-mark.ts";

/** A page may begin with its text; what is this long is no headline. */
const LONGEST_HEADLINE = 400;
/** Lines of one headline, each shorter than this. */
const MOST_LINES = 3;
const LONGEST_PART = 120;

interface HeadedPage {
  headline: string;
  /** Stamps above the headline, and all below it. */
  rest: PageLine[];
}

/** The first line that is no furniture or, in HTML, the title's. What stands above it is told in `left`. */
export function takeHeadline(
  lines: readonly PageLine[],
  title: string | undefined,
  left: string[],
): HeadedPage {
  const found = title === undefined ? findFirst(lines) : findTitle(lines, title);
  const first = found === undefined ? undefined : lines[found.from];
  if (found === undefined || first?.kind !== "text" || first.text.length > LONGEST_HEADLINE)
    return { headline: title ?? "", rest: [...lines] };
  const above = lines.slice(0, found.from);
  const isText = title === undefined && opensOrEndsText(first.text);
  left.push(
    ...above.flatMap((line) => (line.kind === "text" || line.kind === "furniture" ? [line.text] : [])),
  );
  if (isText) {
    const rest = lines.slice(found.from);
    return { headline: "", rest: [...stampsAbove(above, rest), ...rest] };
  }
  const { headline, below } = takeMark(toHeadline(lines.slice(found.from, found.to)), lines.slice(found.to));
  return { headline, rest: [...stampsAbove(above, below), ...dropRepeat(headline, below)] };
}

/** A dateline opens a text and a sign-off ends one: the page has no headline. */
function opensOrEndsText(line: string): boolean {
  return startsWithDateline(line) || cutSignOff(line).signOff !== undefined;
}

interface Found {
  from: number;
  /** Behind its last line. */
  to: number;
}

function findFirst(lines: readonly PageLine[]): Found | undefined {
  const from = lines.findIndex((line) => line.kind === "text" && !isFurnitureAbove(line.text));
  return from === -1 ? undefined : { from, to: from + countParts(lines.slice(from, from + MOST_LINES + 1)) };
}

/** A heading may be broken into several lines. */
function findTitle(lines: readonly PageLine[], title: string): Found | undefined {
  for (const from of lines.keys()) {
    for (let to = from + 1; to <= from + MOST_LINES; to += 1) {
      const part = lines.slice(from, to);
      if (part.every(({ kind }) => kind === "text") && toHeadline(part) === title) return { from, to };
    }
  }
  return undefined;
}

function toHeadline(lines: readonly PageLine[]): string {
  return toPlainLine(lines.map((line) => (line.kind === "text" ? line.text : "")).join(" "));
}

/**
 * How many of these lines are the headline: one, and those in which it goes on. It does where the next line begins
 * in lower case, or where a block of two or three short lines ends in no full stop.
 */
function countParts(lines: readonly PageLine[]): number {
  const end = lines.findIndex((line) => line.kind !== "text");
  const block = (end === -1 ? lines : lines.slice(0, end)).map((line) => toHeadline([line]));
  if (block.some((line) => line.length > LONGEST_PART)) return 1;
  const last = block.at(-1) ?? "";
  const isWhole = end !== -1 && block.slice(0, -1).every(isOpen) && (isOpen(last) || hasUpdatedMark(last));
  if (isWhole && block.length > 0) return block.length;
  const further = block.findIndex((line, at) => at > 0 && !/^\p{Ll}/u.test(line));
  const count = further === -1 ? 1 : further;
  return block.slice(0, count - 1).every(isOpen) ? Math.max(count, 1) : 1;
}

/** A line that ends in a word goes on in the next one. */
function isOpen(line: string): boolean {
  return /[\p{L}\p{N},–—-]$/u.test(line);
}

/** The mark may stand on a line of its own below the headline. */
function takeMark(headline: string, lines: PageLine[]): { headline: string; below: PageLine[] } {
  const at = lines.findIndex(({ kind }) => kind !== "blank");
  const line = lines[at];
  if (line?.kind !== "text" || cutUpdatedMark(toPlainLine(line.text)) !== "")
    return { headline, below: lines };
  return { headline: `${headline} ${toPlainLine(line.text)}`, below: lines.slice(at + 1) };
}

/** A date in a page's head is today's, unless it is the only one. */
function stampsAbove(above: readonly PageLine[], below: readonly PageLine[]): PageLine[] {
  const isDated = below.some(({ kind }) => kind === "stamp");
  return above.filter((line) => line.kind === "stamp" && (line.isSure || !isDated));
}

/** A headline printed twice; but alone above a separator it is the text of an update that says no more. */
function dropRepeat(headline: string, lines: PageLine[]): PageLine[] {
  const [first, second] = lines.flatMap((line, at) => (line.kind === "blank" ? [] : [{ line, at }]));
  if (first?.line.kind !== "text" || !isSameHeadline(first.line.text, headline)) return lines;
  if (second?.line.kind === "separator") return lines;
  return lines.slice(first.at + 1);
}

export function isSameHeadline(one: string, other: string): boolean {
  return foldForComparison(cutUpdatedMark(one)) === foldForComparison(cutUpdatedMark(other));
}
