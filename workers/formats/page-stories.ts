import type { SourceProfile } from "../../src/contract/profile.ts";
import { toPlainLine } from "../../src/contract/text.ts";
import { hasHabit } from "../text/habits.ts";
import { foldForComparison } from "../text/headline.ts";
import { toPlainParagraphs } from "../text/paragraphs.ts";
import { splitPrivate } from "../text/private-text.ts";
import { cutSignOff } from "../text/sign-off.ts";
import { unreadable } from "./format.ts";
import {
  isFurnitureAbove,
  looksLikeHeadline,
  looksLikeSectionName,
  type PageLine,
  startsWithDateline,
} from "./page-lines.ts";

/** One text of a page: a version of its story, or one of a bulletin's stories. */
export interface PageText {
  headline?: string;
  /** The page's time above this text, as written. */
  stamp?: string;
  paragraphs: string[];
}

export interface Page {
  headline: string;
  /** In the order of the page, newest first. */
  texts: PageText[];
  isBulletin: boolean;
  /** Lines that were left out as the page's own. */
  left: string[];
}

interface Segment {
  stamp?: string;
  headline?: string;
  isBehindSeparator: boolean;
  /** A bulletin that repeats its date line: this stamp stands above another story, not above an older version. */
  isOtherStory: boolean;
  lines: string[];
  /** Below furniture: nothing more belongs to the text. */
  isClosed: boolean;
}

/** A page may begin with its text; what is this long is no headline. */
const LONGEST_HEADLINE = 400;
/** Each may have to be looked at with all before it. */
const MOST_SEGMENTS = 200;

/** `(UPDATED)` and `[UPDATE]` at the end of a headline are the page's mark, not its words (TXT1). */
const UPDATED = /[([]\s{0,9}UPDATED?\s{0,9}[)\]]$/iu;

export function cutUpdatedMark(headline: string): string {
  const text = headline.trimEnd();
  const mark = UPDATED.exec(text.slice(-40))?.[0] ?? "";
  return mark === "" ? headline : text.slice(0, -mark.length).trimEnd();
}

/**
 * A page's lines to its texts. A stamp belongs to the text below it. A separator divides versions only if text stands
 * on both sides and a stamp follows or the headline says UPDATED; elsewhere it is furniture.
 */
export function toPage(lines: readonly PageLine[], profile: SourceProfile, title?: string): Page {
  const left: string[] = [];
  const { headline, rest } = takeHeadline(lines, title, left);
  const isUpdated = cutUpdatedMark(headline) !== headline;
  const segments = joinSegments(toSegments(rest, left), isUpdated, profile);
  const groups = segments.map((segment) => splitBulletin(segment, profile, left));
  const texts = groups.flat();
  const [stamp, ...others] = new Set(texts.flatMap((text) => text.stamp ?? []));
  const isBulletin =
    groups.some((group) => group.length > 1) ||
    segments.some(({ isOtherStory }) => isOtherStory) ||
    areStrangers(texts, headline);
  if (isBulletin && others.length === 0 && stamp !== undefined) {
    // One date line above all is valid for all.
    for (const text of texts) text.stamp = stamp;
  }
  return { headline, texts: texts.filter(({ paragraphs }) => paragraphs.length > 0), isBulletin, left };
}

function takeHeadline(
  lines: readonly PageLine[],
  title: string | undefined,
  left: string[],
): { headline: string; rest: PageLine[] } {
  const isHeadline = (line: PageLine): boolean =>
    line.kind === "text" &&
    (title === undefined ? !isFurnitureAbove(line.text) : toPlainLine(line.text) === title);
  const found = lines.findIndex(isHeadline);
  const first = lines[found];
  if (first?.kind !== "text" || first.text.length > LONGEST_HEADLINE)
    return { headline: title ?? "", rest: [...lines] };
  const above = lines.slice(0, found);
  left.push(
    ...above.flatMap((line) => (line.kind === "text" || line.kind === "furniture" ? [line.text] : [])),
  );
  const stamps = above.filter(({ kind }) => kind === "stamp");
  const headline = toPlainLine(first.text);
  return { headline, rest: [...stamps, ...dropRepeat(headline, lines.slice(found + 1))] };
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

function toSegments(lines: readonly PageLine[], left: string[]): Segment[] {
  const segments: Segment[] = [newSegment(false)];
  for (const line of lines) {
    if (segments.length > MOST_SEGMENTS) throw unreadable(`The page has more than ${MOST_SEGMENTS} parts.`);
    const current = segments.at(-1) ?? newSegment(false);
    if (line.kind === "separator") segments.push(newSegment(true));
    else if (line.kind === "stamp") placeStamp(segments, current, line.text);
    else if (line.kind === "blank") current.lines.push("");
    else if (line.kind === "text" && !current.isClosed) current.lines.push(line.text);
    else {
      // A teaser's date may stand on a line of its own, below the teaser.
      const teaser = /^[-–—]/u.test(line.text) && !current.isClosed ? takeLastLine(current) : undefined;
      left.push(...(teaser === undefined ? [] : [teaser]), line.text);
      if (line.kind === "furniture" && line.reach === "cut" && hasText(current)) current.isClosed = true;
    }
  }
  return segments;
}

function newSegment(isBehindSeparator: boolean): Segment {
  return { isBehindSeparator, isOtherStory: false, lines: [], isClosed: false };
}

function hasText(segment: Segment): boolean {
  return segment.lines.some((line) => line !== "");
}

/** Above its text; between a version's own headline and its text; else it begins a text of its own. */
function placeStamp(segments: Segment[], current: Segment, stamp: string): void {
  const written = current.lines.filter((line) => line !== "").map(toPlainLine);
  const [only = "", ...more] = written;
  if (current.stamp === undefined && written.length === 0) {
    current.stamp = stamp;
  } else if (current.isBehindSeparator && more.length === 0 && looksLikeHeadline(cutUpdatedMark(only))) {
    current.headline = only;
    current.stamp = stamp;
    current.lines = [];
  } else {
    const headline = takeLastLine(current);
    segments.push({ ...newSegment(false), stamp, ...(headline !== undefined && { headline }) });
  }
}

/** The last line above a stamp, when it could be the headline of what follows. */
function takeLastLine(segment: Segment): string | undefined {
  const at = segment.lines.findLastIndex((line) => line !== "");
  const line = toPlainLine(segment.lines[at] ?? "");
  const isOwnBlock = segment.lines[at - 1] === "" && segment.lines.slice(0, at).some((text) => text !== "");
  if (!isOwnBlock || !looksLikeHeadline(cutUpdatedMark(line))) return undefined;
  segment.lines.length = at;
  return line;
}

/** Puts together again what no rule divides. */
function joinSegments(segments: readonly Segment[], isUpdated: boolean, profile: SourceProfile): Segment[] {
  const joined: Segment[] = [];
  for (const segment of segments) {
    const before = joined.at(-1);
    if (before === undefined) joined.push(segment);
    else if (!hasText(segment)) continue;
    else if (divides(before, segment, isUpdated, profile)) {
      segment.isOtherStory = !segment.isBehindSeparator && before.stamp !== undefined && isHeaded(segment);
      joined.push(segment);
    } else {
      const stamp = before.stamp ?? segment.stamp;
      if (stamp !== undefined) before.stamp = stamp;
      before.lines = before.lines.concat("", segment.headline ?? "", "", segment.lines);
      before.isClosed = segment.isClosed;
    }
  }
  return joined;
}

function isHeaded({ headline, lines }: Segment): boolean {
  return headline !== undefined || startsWithDateline(toPlainLine(lines.find((line) => line !== "") ?? ""));
}

function divides(before: Segment, segment: Segment, isUpdated: boolean, profile: SourceProfile): boolean {
  if (!hasText(before)) return false;
  if (segment.isBehindSeparator) return segment.stamp !== undefined || isUpdated;
  // A stamp without a separator: only a text that was signed has ended above it.
  return isUpdated || toParagraphs(before, profile).some((paragraph) => isSigned(paragraph, profile));
}

function toParagraphs(segment: Segment, profile: SourceProfile): string[] {
  return toPlainParagraphs(segment.lines.join("\n"), hasHabit(profile, "hard-wrap"), profile.privateMarks);
}

function isSigned(paragraph: string, profile: SourceProfile): boolean {
  return hasHabit(profile, "sign-off") && cutSignOff(paragraph, profile.signOffPattern).signOff !== undefined;
}

/** A segment with several datelines or sign-offs holds several stories. */
function splitBulletin(segment: Segment, profile: SourceProfile, left: string[]): PageText[] {
  const paragraphs = toParagraphs(segment, profile);
  const stamp = segment.stamp === undefined ? {} : { stamp: segment.stamp };
  const starts = toStarts(paragraphs, profile);
  if (starts.length > MOST_SEGMENTS) throw unreadable(`The page has more than ${MOST_SEGMENTS} stories.`);
  if (starts.length < 2) {
    const headline = segment.headline === undefined ? {} : { headline: segment.headline };
    return [{ ...stamp, ...headline, paragraphs: endText(paragraphs, profile, left) }];
  }
  return starts.map((start, at) => {
    const own = endText(paragraphs.slice(start, starts[at + 1]), profile, left);
    const [first = "", second] = own;
    return second !== undefined && looksLikeHeadline(first)
      ? { ...stamp, headline: first, paragraphs: own.slice(1) }
      : { ...stamp, paragraphs: own };
  });
}

/** Where the stories of a bulletin begin: at a dateline or behind a signed text, with a headline of their own. */
function toStarts(paragraphs: readonly string[], profile: SourceProfile): number[] {
  const withOwnHeadline = (at: number): number => {
    const above = paragraphs[at - 1];
    return above !== undefined && looksLikeHeadline(above) && !isSigned(above, profile) ? at - 1 : at;
  };
  const datelines = paragraphs.flatMap((text, at) => (startsWithDateline(text) ? [withOwnHeadline(at)] : []));
  if (datelines.length >= 2) return [0, ...datelines.slice(1)];
  const signed = paragraphs.flatMap((text, at) => (isSigned(text, profile) ? [at] : []));
  if (signed.length < 2) return [];
  return [0, ...signed.slice(0, -1).map((at) => at + 1)];
}

/** Cuts what stands below a text that has ended: behind its sign-off all but notes for editors, else section names. */
function endText(paragraphs: readonly string[], profile: SourceProfile, left: string[]): string[] {
  const signed = paragraphs.findIndex((paragraph) => isSigned(paragraph, profile));
  if (signed >= 0) {
    const below = splitPrivate(paragraphs.slice(signed + 1), profile);
    for (const paragraph of below.open) left.push(paragraph);
    return [...paragraphs.slice(0, signed + 1), ...below.hidden];
  }
  const text = [...paragraphs];
  if (!hasHabit(profile, "furniture")) return text;
  while (text.length > 1 && looksLikeSectionName(text.at(-1) ?? "")) left.push(text.pop() ?? "");
  return text;
}

/** Texts under headlines of their own that share no word worth it with the page's are other stories, not versions. */
function areStrangers(texts: readonly PageText[], headline: string): boolean {
  const others = texts.slice(1).filter((text) => text.headline !== undefined);
  if (others.length === 0) return false;
  const page = toWords(headline);
  return others.every(
    ({ headline: own = "", paragraphs }) =>
      startsWithDateline(paragraphs[0] ?? "") && ![...toWords(own)].some((word) => page.has(word)),
  );
}

function toWords(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/\p{L}{4,}/gu) ?? []);
}
