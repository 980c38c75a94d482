import { startsWithPlace } from "../text/headline.ts";
import { cleanWireText } from "../text/wire-characters.ts";
import { parseSlug } from "../text/wire-slug.ts";

/** What stands above the text of a 7901 message. */
export interface ParsedHead {
  slug: string;
  takes: string[];
  headline: string;
  byline?: string;
  body: string[];
  /** How the headline was found, for the notes. */
  from: string;
}

/** A head is a few lines; ` =` further down is in the text. */
const HEAD_REACH = 8;
/** `By Jane Doe, agency` in the languages of wires; names only, so that a headline beginning so is none. */
const BYLINE =
  /^\(?(?:[Bb]y|BY|[Vv]on|VON|[Pp]ar|PAR|[Pp]or|POR|[Dd]oor|[Aa]v|[Aa]f|[Dd]i|От)\s+(?:(?:\p{Lu}[\p{L}.'’-]*|von|van|de|der|den|del|di|da|dos|la|le|el|al|bin|ter|und|and|y|et|e|i|og|och)(?:,?\s+|,?$|,)){1,10}(?:\S+\s*){0,3}\)?$/u;
const TAKE =
  /^[(*+=!\s]*(?:extra|eil|eilmeldung|urgent|flash|blitz|bulletin|alert|vorrang|priority|achtung|attention|update|final|lead|add|roundup|wiederholung|repeat|correction|corrected|berichtigung|korrektur|embargo|sperrfrist|kill|hold|withdrawal)(?:\s*\d{1,2})?[)*+=!.:\s]*$/iu;
/** `Utl.: …` stands below the headline. */
const SUBTITLE = /^(?:Utl\.?|Unterzeile|Subhead|Sous-titre)\s?:/iu;
/** Slugs hang together by hyphens and slashes: `Harbour-strike/`. */
const SLUG =
  /^\/?[\p{L}\p{N}][\p{L}\p{N}.'&+_-]*(?:[/-][\p{L}\p{N}.'&+_ -]+)+\/?$|^\/.{2,60}\/$|^[^.!?=]{2,60}\/$/u;
/** Wider than a wire wraps its short lines: such a line of the head was broken because it was full. */
const FULL_LINE = 56;

function isByline(line: string): boolean {
  return line.length < 120 && BYLINE.test(line);
}

export function closesHead(line: string): boolean {
  return /\s=+$|^=+$/u.test(line);
}

/**
 * `before` is what stood between header and STX. Without STX the slug line is the text's first line if it looks like
 * one. ` =` closes the whole head: the headline is the last line before it that is no byline.
 */
export function parseHead(before: readonly string[], text: readonly string[], isFramed: boolean): ParsedHead {
  const written = before.filter((line) => line !== "");
  const lines = text.map((line) => cleanWireText(line).trimEnd());
  const filled = lines.map((line, at) => ({ line: line.trim(), at })).filter(({ line }) => line !== "");
  const first = filled[0];
  const takesSlug =
    written.length === 0 && isFramed && first !== undefined && isSlug(first.line, filled.length);
  const slug = takesSlug ? first.line : written.join(" ");
  const rest = takesSlug ? filled.slice(1) : filled;
  const closing = findClosing(rest.map(({ line }) => line));
  const length = closing === -1 ? openHeadLength(lines, rest) : closing + 1;
  const head = rest.slice(0, length);
  const end = head.at(-1)?.at ?? (takesSlug ? first.at : -1);
  return {
    slug,
    ...sortHead(head.map(({ line }) => line.replace(/\s*=+$/u, ""))),
    body: lines.slice(end + 1),
    from: closing === -1 ? "the first line" : "the head closed by ` =`",
  };
}

function isSlug(line: string, count: number): boolean {
  return (
    count > 1 && !closesHead(line) && line.length <= 80 && SLUG.test(line) && parseSlug(line).base !== ""
  );
}

/** Each line of a head may be closed by itself. */
function findClosing(lines: readonly string[]): number {
  let closing = lines.slice(0, HEAD_REACH).findIndex(closesHead);
  while (closing !== -1 && closing + 1 < HEAD_REACH && closesHead(lines[closing + 1] ?? "")) closing += 1;
  return closing;
}

interface FilledLine {
  line: string;
  at: number;
}

/** No ` =`: take lines, the first other line, and a byline right below it. */
function openHeadLength(lines: readonly string[], filled: readonly FilledLine[]): number {
  let length = 0;
  while (length < 4 && TAKE.test(filled[length]?.line ?? "")) length += 1;
  const headline = filled[length];
  // A text that begins with an indented or a long line has no headline, unless the dateline begins right below it.
  if (headline === undefined || isParagraph(lines, headline)) return length;
  const next = filled[length + (isByline(filled[length + 1]?.line ?? "") ? 2 : 1)]?.line ?? "";
  const isIndented = /^\s{2,}/u.test(lines[headline.at] ?? "");
  if (isIndented && !(startsWithPlace(next) && !startsWithPlace(headline.line))) return length;
  return length + (isByline(filled[length + 1]?.line ?? "") ? 2 : 1);
}

function isParagraph(lines: readonly string[], { line, at }: FilledLine): boolean {
  const next = lines[at + 1]?.trim() ?? "";
  return (
    line.length > 160 ||
    (line.length >= FULL_LINE && /^\p{Ll}/u.test(next) && (lines[at + 2] ?? "").trim() !== "")
  );
}

/** The headline is the last line that is no byline; a full line before it belongs to it. */
function sortHead(head: readonly string[]): { headline: string; byline?: string; takes: string[] } {
  const lines = head.filter((line) => line !== "");
  const at = lines.findLastIndex((line) => !isByline(line) && !SUBTITLE.test(line));
  const index = at === -1 ? lines.length - 1 : at;
  const byline = lines
    .slice(index + 1)
    .filter(isByline)
    .join(", ");
  const subtitles = lines.slice(index + 1).filter((line) => !isByline(line));
  let start = index;
  while (start > 0 && isBroken(lines[start - 1] ?? "", lines[start] ?? "")) start -= 1;
  const headline = lines.slice(start, index + 1).join(" ");
  return {
    takes: [...lines.slice(0, Math.max(start, 0)), ...subtitles],
    headline,
    ...(byline !== "" && { byline }),
  };
}

function isBroken(line: string, next: string): boolean {
  return (
    line.length >= FULL_LINE &&
    !/^[(*]|[.:)]$/u.test(line) &&
    line.length + next.split(" ", 1).join("").length >= 62
  );
}
