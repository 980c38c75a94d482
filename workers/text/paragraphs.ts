import type { PrivateMark } from "../../src/contract/profile.ts";
import { toPlainText } from "../../src/contract/text.ts";
import { isSureEndLine } from "./end-mark.ts";
import { beginsOwnPrivate, beginsPrivate } from "./private-text.ts";
import { isSignOff } from "./sign-off.ts";

/** Wires wrap below this width; longer lines are whole paragraphs. */
const MAX_WRAP_WIDTH = 132;
const NUMBERED = /^\d{1,2}[.)]\s+["“‘«]?\p{Lu}/u;
/** How far from the wrap width a line may end and still be wrapped: editors break by hand, too. */
const SLACK = 10;
const INDENTED = /^(?:\t| {2,}|[•▪●◦■*·–—-]\s|\(\()/u;

/**
 * Plain text to paragraphs. Blank lines divide them; inside a block, lines that were broken only because they were
 * full are joined, and what starts a line for a reason (an indent, a bullet, a short line before it) stays apart.
 */
export function toPlainParagraphs(
  text: string,
  joinWraps: boolean,
  ownMarks?: readonly PrivateMark[],
): string[] {
  const plain = toPlainText(text.replaceAll("\f", "\n\n").replace(/\t/gu, "    "));
  const blocks = plain
    .split(/\n(?:[^\S\n]*\n)+/u)
    .map((block) => block.split("\n").map((line) => line.trimEnd()));
  const width = toWidth(blocks);
  const isHyphenated = hasBrokenWords(blocks);
  const isUnwrapped = width > MAX_WRAP_WIDTH || isUnbroken(blocks, width);
  const paragraphs = blocks
    .flatMap((lines) => splitAtMarks(lines, ownMarks))
    .flatMap((lines) => {
      if (!joinWraps) return [lines.join("\n")];
      return isUnwrapped ? lines : joinLines(lines, { width, isHyphenated });
    });
  return paragraphs.map(trimLines).filter((paragraph) => paragraph !== "");
}

/** Where the wire breaks its lines: its longest line, but for a few, such as addresses, that stick out. */
function toWidth(blocks: readonly (readonly string[])[]): number {
  const lines = blocks.flatMap((block) => (block.length > 1 ? block.slice(0, -1) : block));
  const lengths = lines.map((line) => line.trim().length).toSorted((a, b) => b - a);
  const few = lengths.length < 4 ? 0 : Math.max(1, Math.floor(lengths.length / 10));
  let longest = 0;
  for (let at = 0; at < few; at += 1) {
    if ((lengths[at] ?? 0) - (lengths[at + 1] ?? 0) > SLACK) longest = at + 1;
  }
  return lengths[longest] ?? 0;
}

/** Hardly a wire wraps at less or at more. */
const COMMON_WIDTHS = { least: 45, most: 84 };

/**
 * Where no line breaks off inside a sentence nothing was wrapped, and each line is a paragraph. One break may fall
 * between two sentences by chance.
 */
function isUnbroken(blocks: readonly (readonly string[])[], width: number): boolean {
  const broken = blocks.flatMap((lines) => lines.filter((line) => line !== "").slice(0, -1));
  const isOdd = width < COMMON_WIDTHS.least || width > COMMON_WIDTHS.most;
  if (broken.length < (isOdd ? 1 : 2)) return false;
  return broken.every(
    (line) => /[.!?…:"”’»)]$/u.test(line) || isSureEndLine(line.trim()) || isSignOff(line.trim()),
  );
}

/** A mark for private text begins a paragraph of its own, also where no blank line stands before it (PRV1). */
function splitAtMarks(lines: readonly string[], ownMarks?: readonly PrivateMark[]): string[][] {
  const parts: string[][] = [];
  let before: string | undefined;
  for (const line of lines) {
    const last = parts.at(-1);
    if (last === undefined || (before !== undefined && isMarkAfter(before, line, ownMarks)))
      parts.push([line]);
    else last.push(line);
    before = line;
  }
  return parts;
}

/** Inside a sentence that was wrapped the same words are news. */
function isMarkAfter(before: string, line: string, ownMarks: readonly PrivateMark[] = []): boolean {
  // Those who name a mark mean it wherever a line begins with it.
  if (beginsOwnPrivate(line, ownMarks)) return true;
  const hasEnded = /[^\p{L}\p{N},;-]$/u.test(before) || before.trim().length < 40;
  return hasEnded && !/^\s*\p{Ll}/u.test(line) && beginsPrivate(line.trim());
}

interface Wrapping {
  width: number;
  /** A machine broke words at the ends of lines: the hyphens are its own. */
  isHyphenated: boolean;
}

/** Words have hyphens of their own at the ends of lines, but not that many. */
const FEWEST_HYPHENS = { lines: 3, share: 1 / 12 };
const HYPHEN_AT_END = /\p{Ll}[-\u2010\u00ad]$/u;

function hasBrokenWords(blocks: readonly (readonly string[])[]): boolean {
  const ends = blocks.flatMap((lines) =>
    lines.slice(0, -1).map((line, at) => isBrokenWord(line, lines[at + 1] ?? "")),
  );
  const broken = ends.filter(Boolean).length;
  return broken >= FEWEST_HYPHENS.lines && broken >= ends.length * FEWEST_HYPHENS.share;
}

/** `ferry- and` is no broken word. */
const JOINING = /^\s*(?:and|or|und|oder|bis|y|o|et|ou|e|и|или)\s/u;

function isBrokenWord(line: string, next: string): boolean {
  return HYPHEN_AT_END.test(line) && /^\s*\p{Ll}/u.test(next) && !JOINING.test(next);
}

function joinLines(lines: readonly string[], { width, isHyphenated }: Wrapping): string[] {
  const paragraphs: string[][] = [];
  let before: string | undefined;
  for (const line of lines) {
    const last = paragraphs.at(-1);
    if (last === undefined || before === undefined || INDENTED.test(line) || isApart(before, line))
      paragraphs.push([line]);
    else {
      const isWord = goesOn(before, line, width) && isBrokenWord(before, line);
      // A soft hyphen at the end of a line is a machine's, whatever the others do.
      if (isWord && (isHyphenated || before.endsWith("\u00ad"))) last.push(last.pop()?.slice(0, -1) ?? "");
      last.push(goesOn(before, line, width) ? toGlue(before, line) : "\n", line.trimStart());
    }
    before = line;
  }
  return paragraphs.map((parts) => parts.join(""));
}

/** A numbered line of a list, or what follows a desk's line in double brackets. */
function isApart(before: string, line: string): boolean {
  return before.endsWith("))") || (NUMBERED.test(line) && /[.:;!?]$|^\s*\d{1,2}[.)]\s/u.test(before));
}

/** What closes a text stays a line of its own, also below a full one. */
function goesOn(line: string, next: string, width: number): boolean {
  const bare = next.trim();
  return isFull(line, next, width) && !isSureEndLine(bare) && !isSignOff(bare);
}

/** A line is full when the next one's first word would not have fitted. */
function isFull(line: string, next: string, width: number): boolean {
  const firstWord = /^\s*(\S+)/u.exec(next)?.[1] ?? "";
  return line.trim().length + 1 + firstWord.length > width - SLACK;
}

/** A word that was broken at its own hyphen is put together without a blank. */
function toGlue(line: string, next: string): string {
  return /\p{L}[-\u2010\u00ad]$/u.test(line) && /^\s*\p{L}/u.test(next) && !JOINING.test(next) ? "" : " ";
}

/** Blanks at the ends of lines go; those inside are the author's and are not repaired. */
function trimLines(paragraph: string): string {
  return paragraph
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
}
