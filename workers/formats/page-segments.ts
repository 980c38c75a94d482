import type { SourceProfile } from "../../src/contract/profile.ts";
import { toPlainLine } from "../../src/contract/text.ts";
import { hasHabit } from "../text/habits.ts";
import { toPlainParagraphs } from "../text/paragraphs.ts";
import { cutSignOff, isSignOff } from "../text/sign-off.ts";
import { unreadable } from "./format.ts";
import type { PageLine } from "./page-lines.ts";
import { looksLikeHeadline, startsWithDateline } from "./page-shapes.ts";
import { cutUpdatedMark } from "./updated-mark.ts";

/** What stands between two rules or stamps of a page. */
export interface Segment {
  stamp?: string;
  /** The stamp has the shape that means nothing else. */
  isSure?: boolean;
  headline?: string;
  /** `faint`: a rule that pages also draw where no text ends. */
  rule?: "separator" | "faint";
  /** A bulletin that repeats its date line: this stamp stands above another story, not above an older version. */
  isOtherStory: boolean;
  lines: string[];
  /** Below furniture: nothing more belongs to the text. */
  isClosed: boolean;
}

/** Each may have to be looked at with all before it. */
export const MOST_SEGMENTS = 200;

/** Cuts a page at its rules and stamps. What is furniture goes to `left`. */
export function toSegments(lines: readonly PageLine[], left: string[]): Segment[] {
  const segments: Segment[] = [newSegment()];
  for (const line of lines) {
    if (segments.length > MOST_SEGMENTS) throw unreadable(`The page has more than ${MOST_SEGMENTS} parts.`);
    const current = segments.at(-1) ?? newSegment();
    if (line.kind === "separator") segments.push(newSegment(line.isFaint ? "faint" : "separator"));
    else if (line.kind === "blank") current.lines.push("");
    else if (line.kind === "stamp" && isPlaceOfStamp(segments, current, line))
      placeStamp(segments, current, line);
    else if (line.kind === "furniture") takeFurniture(current, line, left);
    else takeText(current, line.kind === "stamp" ? line.raw.trimEnd() : line.text, left);
  }
  return segments;
}

function newSegment(rule?: Segment["rule"]): Segment {
  return { ...(rule !== undefined && { rule }), isOtherStory: false, lines: [], isClosed: false };
}

function takeText(segment: Segment, text: string, left: string[]): void {
  // A page may set the desk's code below its own buttons.
  if (segment.isClosed && isSignOff(text) && !isSignedOff(segment)) segment.lines.push("", text);
  else if (segment.isClosed) left.push(text);
  else segment.lines.push(text);
}

function takeFurniture(
  segment: Segment,
  { text, reach }: Extract<PageLine, { kind: "furniture" }>,
  left: string[],
): void {
  // A teaser's date may stand on a line of its own, below the teaser.
  const teaser = /^[-–—]/u.test(text) && !segment.isClosed ? takeLastLine(segment) : undefined;
  left.push(...(teaser === undefined ? [] : [teaser]), text);
  if (reach === "cut" && hasText(segment)) segment.isClosed = true;
}

export function hasText(segment: Segment): boolean {
  return segment.lines.some((line) => line !== "");
}

function isSignedOff({ lines }: Segment): boolean {
  return cutSignOff(toPlainLine(lines.findLast((line) => line !== "") ?? "")).signOff !== undefined;
}

/**
 * A sure stamp is one wherever it stands; but below furniture it is a teaser's, unless no text has a stamp yet. Another
 * date is one only above a text: at the top, behind a rule, or below a text that was signed.
 */
function isPlaceOfStamp(
  segments: readonly Segment[],
  current: Segment,
  { isSure }: Extract<PageLine, { kind: "stamp" }>,
): boolean {
  if (current.isClosed) return isSure && segments.every(({ stamp }) => stamp === undefined);
  return isSure || !hasText(current) || isHeadlineOnly(current) || isSignedOff(current);
}

/** A version's own headline stands between the separator and its stamp. */
function isHeadlineOnly({ rule, lines }: Segment): boolean {
  const [only = "", ...more] = lines.filter((line) => line !== "").map(toPlainLine);
  return rule === "separator" && more.length === 0 && looksLikeHeadline(cutUpdatedMark(only));
}

/** Above its text; between a version's own headline and its text; else it begins a text of its own. */
function placeStamp(
  segments: Segment[],
  current: Segment,
  { text, isSure }: Extract<PageLine, { kind: "stamp" }>,
): void {
  if (!hasText(current) && (current.stamp === undefined || isSure || current.isSure !== true)) {
    Object.assign(current, { stamp: text, isSure });
  } else if (!hasText(current)) {
    // The sure one above it stays.
  } else if (current.stamp === undefined && isHeadlineOnly(current)) {
    current.headline = toPlainLine(current.lines.find((line) => line !== "") ?? "");
    Object.assign(current, { stamp: text, isSure });
    current.lines = [];
  } else {
    const headline = takeLastLine(current);
    segments.push({ ...newSegment(), stamp: text, isSure, ...(headline !== undefined && { headline }) });
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
export function joinSegments(
  segments: readonly Segment[],
  isUpdated: boolean,
  profile: SourceProfile,
): Segment[] {
  const joined: Segment[] = [];
  let above: string | undefined;
  let last: Segment | undefined;
  for (const written of segments) {
    const before = joined.at(-1);
    // A stamp with nothing below it but a rule belongs to the text below that.
    const segment =
      written.stamp === undefined && above !== undefined ? { ...written, stamp: above } : written;
    above = before !== undefined && !hasText(segment) ? segment.stamp : undefined;
    last = segment;
    if (before === undefined) joined.push(segment);
    else if (!hasText(segment)) {
      // What looked like a headline has no text below it: it is the last line of the text above.
      if (segment.headline !== undefined) before.lines.push("", segment.headline);
    } else if (divides(before, segment, isUpdated, profile)) {
      segment.isOtherStory = segment.rule === undefined && before.stamp !== undefined && isHeaded(segment);
      joined.push(segment);
    } else {
      const stamp = before.stamp ?? segment.stamp;
      if (stamp !== undefined) before.stamp = stamp;
      before.lines = before.lines.concat("", segment.headline ?? "", "", segment.lines);
      before.isClosed = segment.isClosed;
    }
  }
  const end = joined.at(-1);
  // A stamp below all text is the last one's, when that has none of its own.
  if (end !== undefined && last?.stamp !== undefined && !hasText(last)) end.stamp ??= last.stamp;
  return joined;
}

function isHeaded({ headline, lines }: Segment): boolean {
  return headline !== undefined || startsWithDateline(toPlainLine(lines.find((line) => line !== "") ?? ""));
}

function divides(before: Segment, segment: Segment, isUpdated: boolean, profile: SourceProfile): boolean {
  if (!hasText(before)) return false;
  if (segment.rule === "separator") return segment.stamp !== undefined || isUpdated;
  if (segment.rule === "faint" && segment.stamp !== undefined) return true;
  // A stamp without a separator: only a text that was signed has ended above it.
  const hasEnded = () => toParagraphs(before, profile).some((paragraph) => isSigned(paragraph, profile));
  return segment.rule === "faint" ? isUpdated && hasEnded() : isUpdated || hasEnded();
}

export function toParagraphs(segment: Segment, profile: SourceProfile): string[] {
  return toPlainParagraphs(segment.lines.join("\n"), hasHabit(profile, "hard-wrap"), profile.privateMarks);
}

export function isSigned(paragraph: string, profile: SourceProfile): boolean {
  return hasHabit(profile, "sign-off") && cutSignOff(paragraph, profile.signOffPattern).signOff !== undefined;
}
