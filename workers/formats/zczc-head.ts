import { toPlainLine } from "../../src/contract/text.ts";
import { startsWithPlace } from "../text/headline.ts";

export interface ZczcHead {
  slug: string;
  takes: string[];
  headline: string;
  dateline?: string;
  byline?: string;
  subjects: string[];
  categories: string[];
  body: string[];
  /** Header lines that no field takes. */
  left: string[];
  /** How the headline was found. */
  from: string;
}

/** A sign and what it names. A bullet has a blank behind its star. */
const HEADER = /^(?<sign>[#$:@%*&~])(?<value>.*)$/u;
const BULLET = /^\*\s/u;
const LONGEST_HEADLINE = 250;
const HEAD_REACH = 40;

export function isHeaderLine(line: string): boolean {
  return HEADER.test(line) && !BULLET.test(line);
}

/** Header lines by their signs; without any, the first block above the text is the headline. */
export function parseZczcHead(lines: readonly string[]): ZczcHead {
  const head: ZczcHead = {
    slug: "",
    takes: [],
    headline: "",
    subjects: [],
    categories: [],
    body: [],
    left: [],
    from: "the `$` line",
  };
  const start = skipRouting(lines, head);
  let at = start;
  let isAfterBlank = false;
  for (; at < lines.length && at - start < HEAD_REACH; at += 1) {
    const line = lines[at] ?? "";
    if (line.trim() === "") isAfterBlank = true;
    else if (isHeaderLine(line) && !(isAfterBlank && isTextAfterHead(head, line))) takeHeader(head, line);
    else break;
  }
  const hasHeaders = lines.slice(start, at).some((line) => isHeaderLine(line));
  head.body = lines.slice(hasHeaders ? at : start);
  if (!hasHeaders) return withFirstBlock(head);
  return head.headline === "" ? (withDateline(head) ?? head) : head;
}

/** Below a blank line a sum (`$5 million`) or a private mark (`# Notebook`) begins the text. */
function isTextAfterHead(head: ZczcHead, line: string): boolean {
  return /^\$\d/u.test(line) || (line.startsWith("$") && head.headline !== "") || /^#+\s/u.test(line);
}

function takeHeader(head: ZczcHead, line: string): void {
  const { sign = "", value = "" } = HEADER.exec(line)?.groups ?? {};
  const written = toPlainLine(value);
  if (written === "") return;
  if (sign === "$") head.headline = `${head.headline} ${written}`.trim();
  else if (sign === "#") head.slug = head.slug === "" ? written : `${head.slug} ${written}`;
  else if (sign === ":") takeKey(head, written);
  else if (sign === "@") head.dateline ??= written;
  else if (sign === "*") head.subjects.push(written);
  else if (sign === "%") head.categories.push(written);
  else head.left.push(`${sign}${written}`);
}

/** `:(CITY)` is where it was written, anything else says which part of the story this is. */
function takeKey(head: ZczcHead, key: string): void {
  const city = /^\((?<city>[^()]+)\)$/u.exec(key)?.groups?.["city"];
  if (city === undefined) head.takes.push(key);
  else head.dateline = city;
}

/** Codes between `ZCZC` and the story: `R POL S0A QBXB`, `XEF88903_SXA`. */
const CODES =
  /^(?=.*[\d_])(?:[A-Z0-9]{1,4}(?:\s+|$)){2,}$|^[A-Z0-9/.-]*_[A-Z0-9_/.-]*$|^(?=[A-Z]*\d)[A-Z0-9/-]{3,12}$/u;

function skipRouting(lines: readonly string[], head: ZczcHead): number {
  let at = 0;
  for (; at < lines.length; at += 1) {
    const line = (lines[at] ?? "").trim();
    if (line !== "" && !CODES.test(line)) break;
    if (line !== "") head.left.push(line);
  }
  return at;
}

/** Above the line that begins with place and agency. */
const DATELINE_REACH = 12;
const BYLINE = /^By \p{Lu}[^.!?]{1,80}$/u;
const BRACKETED = /^\(.{1,200}\)$/u;
const FULL_LINE = 50;

/** Where a line begins with place and agency the text does, and what stands above it is the head. */
function withDateline(head: ZczcHead): ZczcHead | undefined {
  const lines = head.body.slice(0, DATELINE_REACH);
  const at = lines.findIndex((line) => startsWithPlace(line));
  const above = lines
    .slice(0, Math.max(at, 0))
    .map(toPlainLine)
    .filter((line) => line !== "");
  const own = above.findLastIndex((line) => !BYLINE.test(line) && !BRACKETED.test(line));
  const headline = above[own];
  if (headline === undefined || headline.length > LONGEST_HEADLINE) return undefined;
  // A full line above it is its beginning.
  const first = above[own - 1] ?? "";
  const isBroken = first.length >= FULL_LINE && /[\p{L}\p{N},]$/u.test(first);
  const others = above.slice(0, isBroken ? own - 1 : own);
  const byline = above.find((line) => BYLINE.test(line));
  const slug = others.findLast((line) => /^[\p{L}\p{N}.'&]+(?:[-/][\p{L}\p{N}.'&]+)+$/u.test(line)) ?? "";
  return {
    ...head,
    headline: isBroken ? `${first} ${headline}` : headline,
    slug: head.slug === "" ? slug : head.slug,
    takes: [...head.takes, ...above.filter((line) => BRACKETED.test(line))],
    left: [...head.left, ...others.filter((line) => line !== slug && !BRACKETED.test(line))],
    ...(byline !== undefined && { byline }),
    body: head.body.slice(at),
    from: "the line above place and agency",
  };
}

/** A short block with more text below it is a headline; a long one is the text's first paragraph. */
function withFirstBlock(head: ZczcHead): ZczcHead {
  const dated = withDateline(head);
  if (dated !== undefined) return dated;
  const first = head.body.findIndex((line) => line.trim() !== "");
  const rest = head.body.slice(Math.max(first, 0));
  const end = rest.findIndex((line, at) => at > 0 && /^(?:\s*$|\s{2,})/u.test(line));
  const block = rest.slice(0, end);
  const headline = toPlainLine(block.join(" "));
  const hasMore = end !== -1 && rest.slice(end).some((line) => line.trim() !== "");
  if (!hasMore || end > 4 || headline.length > LONGEST_HEADLINE) return head;
  const isSentence = block.length > 1 && /[.!?]["”’)]?$/u.test(headline);
  if (isSentence) return head;
  return { ...head, headline, body: rest.slice(end), from: "the first block" };
}
