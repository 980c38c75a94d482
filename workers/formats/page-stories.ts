import type { SourceProfile } from "../../src/contract/profile.ts";
import { changeInHeadline } from "../text/change-words.ts";
import { hasHabit } from "../text/habits.ts";
import { splitPrivate } from "../text/private-text.ts";
import { isSignOff } from "../text/sign-off.ts";
import { unreadable } from "./format.ts";
import { isFurnitureLast } from "./page-furniture.ts";
import { takeHeadline } from "./page-headline.ts";
import type { PageLine } from "./page-lines.ts";
import {
  isSigned,
  joinSegments,
  MOST_SEGMENTS,
  type Segment,
  toParagraphs,
  toSegments,
} from "./page-segments.ts";
import { looksLikeHeadline, looksLikeSectionName, startsWithDateline } from "./page-shapes.ts";
import { hasUpdatedMark } from "./updated-mark.ts";

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

/**
 * A page's lines to its texts. A stamp belongs to the text below it. A separator divides versions only if text stands
 * on both sides and a stamp follows or the headline says UPDATED; elsewhere it is furniture.
 */
export function toPage(lines: readonly PageLine[], profile: SourceProfile, title?: string): Page {
  const left: string[] = [];
  const { headline, rest } = takeHeadline(lines, title, left);
  const isUpdated = hasUpdatedMark(headline) || changeInHeadline(headline).change !== undefined;
  const segments = joinSegments(toSegments(rest, left), isUpdated, profile);
  const groups = segments.map((segment) => splitBulletin(segment, profile, left));
  const texts = groups.flatMap((group) => group.texts);
  const [stamp, ...others] = new Set(texts.flatMap((text) => text.stamp ?? []));
  const isBulletin =
    groups.some((group) => group.texts.length > 1 && !(isUpdated && group.areBare)) ||
    segments.some(({ isOtherStory }) => isOtherStory) ||
    areStrangers(texts, headline);
  if (isBulletin && others.length === 0 && stamp !== undefined) {
    // One date line above all is valid for all.
    for (const text of texts) text.stamp = stamp;
  }
  const written = texts.filter(({ paragraphs }) => paragraphs.length > 0);
  // A headline alone has its time all the same.
  return { headline, texts: written.length > 0 ? written : texts.slice(0, 1), isBulletin, left };
}

interface Group {
  texts: PageText[];
  /** Nothing but sign-offs tells its texts apart: below a headline that says UPDATED they are versions. */
  areBare: boolean;
}

/** A segment with several datelines or sign-offs holds several texts. */
function splitBulletin(segment: Segment, profile: SourceProfile, left: string[]): Group {
  const paragraphs = toParagraphs(segment, profile);
  const stamp = segment.stamp === undefined ? {} : { stamp: segment.stamp };
  const { starts, byDatelines } = toStarts(paragraphs, profile);
  if (starts.length > MOST_SEGMENTS) throw unreadable(`The page has more than ${MOST_SEGMENTS} stories.`);
  if (starts.length < 2) {
    const headline = segment.headline === undefined ? {} : { headline: segment.headline };
    return {
      texts: [{ ...stamp, ...headline, paragraphs: endText(paragraphs, profile, left) }],
      areBare: false,
    };
  }
  const texts = starts.map((start, at): PageText => {
    const own = endText(paragraphs.slice(start, starts[at + 1]), profile, left);
    const [first = "", second] = own;
    return second !== undefined && looksLikeHeadline(first)
      ? { ...stamp, headline: first, paragraphs: own.slice(1) }
      : { ...stamp, paragraphs: own };
  });
  return { texts, areBare: !byDatelines && texts.every(({ headline }) => headline === undefined) };
}

interface Starts {
  starts: number[];
  byDatelines: boolean;
}

/** Where the stories of a bulletin begin: at a dateline or behind a signed text, with a headline of their own. */
function toStarts(paragraphs: readonly string[], profile: SourceProfile): Starts {
  const withOwnHeadline = (at: number): number => {
    const above = paragraphs[at - 1];
    return above !== undefined && looksLikeHeadline(above) && !isSigned(above, profile) ? at - 1 : at;
  };
  const datelines = paragraphs.flatMap((text, at) => (startsWithDateline(text) ? [withOwnHeadline(at)] : []));
  if (datelines.length >= 2) return { starts: [0, ...datelines.slice(1)], byDatelines: true };
  // A text may be signed twice, on lines of their own.
  const signed = paragraphs.flatMap((text, at) =>
    isSigned(text, profile) && !isSignOff(paragraphs[at + 1] ?? "") ? [at] : [],
  );
  if (signed.length < 2) return { starts: [], byDatelines: false };
  return { starts: [0, ...signed.slice(0, -1).map((at) => at + 1)], byDatelines: false };
}

/** Cuts what stands below a text that has ended: behind its sign-off all but notes for editors, else furniture. */
function endText(paragraphs: readonly string[], profile: SourceProfile, left: string[]): string[] {
  const signed = paragraphs.findIndex((paragraph) => isSigned(paragraph, profile));
  if (signed >= 0) {
    let end = signed + 1;
    while (isSignOff(paragraphs[end] ?? "")) end += 1;
    const below = splitPrivate(paragraphs.slice(end), profile);
    for (const paragraph of below.open) left.push(paragraph);
    return [...paragraphs.slice(0, end), ...below.hidden];
  }
  const text = [...paragraphs];
  if (!hasHabit(profile, "furniture")) return text;
  while (text.length > 1 && isLast(text.at(-1) ?? "")) left.push(text.pop() ?? "");
  return text;
}

function isLast(paragraph: string): boolean {
  return looksLikeSectionName(paragraph) || isFurnitureLast(paragraph);
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
