import type { Draft } from "../src/contract/draft.ts";
import { isHomePage, toComparable, toNormalLink } from "../src/store/compare.ts";
import type { ItemRecord } from "../src/store/record.ts";
import { toMs } from "./instants.ts";
import { foldForComparison } from "./text/headline.ts";
import { saidBefore } from "./version.ts";

/** Scripts that put no blanks between words: two characters stand for a word. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Khmer}\p{sc=Lao}\p{sc=Myanmar}]/u;
/** Texts are compared by their beginning: what is longer is told apart by then. */
const COMPARED = 8_000;
/** Shorter words stand in every story. */
const TELLING_LETTERS = 4;
const SHINGLE = 3;

function toWords(text: string): string[] {
  const runs =
    toComparable(text.slice(0, COMPARED))
      .toLocaleLowerCase("en")
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return runs.flatMap((run) => (UNSPACED.test(run) ? toPairs(Array.from(run)) : [run]));
}

function toPairs(letters: readonly string[]): string[] {
  if (letters.length < 2) return [...letters];
  return letters.slice(1).map((letter, i) => `${letters[i]}${letter}`);
}

/** How much of the shorter one's words stands in the other as well: 0 to 1. */
function toShare(a: readonly string[], b: readonly string[]): number {
  const [first, second] = [new Set(a), new Set(b)];
  const least = Math.min(first.size, second.size);
  return least === 0 ? 0 : [...first].filter((word) => second.has(word)).length / least;
}

/** Half of the shorter one's words stand in the other as well. */
export function sharesHalf(a: string, b: string): boolean {
  return toShare(toWords(a), toWords(b)) >= 0.5;
}

export function toFirstSentence(text: string | undefined): string {
  return /^.*?[.!?](?=\s|$)/su.exec(text ?? "")?.[0] ?? text ?? "";
}

/** Words that follow each other: an edited text keeps most of these, two stories have few in common. */
function toShingles(text: string): string[] {
  const words = toWords(text);
  return words.slice(SHINGLE - 1).map((_, i) => words.slice(i, i + SHINGLE).join(" "));
}

function toTelling(words: readonly string[]): string[] {
  return words.filter((word) => word.length >= TELLING_LETTERS || UNSPACED.test(word));
}

/** The same, differing, or not told by both. */
type Compared = "same" | "differs" | "unknown";

/** A link that may name a story. */
export function toTellingLink({ link, sharedGuid }: Pick<Draft, "link" | "sharedGuid">): string | undefined {
  if (link === undefined || isHomePage(link)) return undefined;
  const normal = toNormalLink(link);
  return sharedGuid !== undefined && normal === toNormalLink(sharedGuid) ? undefined : normal;
}

function compare<T>(a: T | undefined, b: T | undefined): Compared {
  if (a === undefined || b === undefined) return "unknown";
  return a === b ? "same" : "differs";
}

/** When it was made; in a feed that tells only when it was changed, that. */
function toCreatedMs(told: Pick<Draft, "firstCreated" | "versionCreated">): number | undefined {
  return toMs(told.firstCreated ?? told.versionCreated);
}

interface Words {
  headline: string;
  text: string;
}

function toText({ bodyText, summary }: Pick<Draft, "bodyText" | "summary">): string {
  return bodyText ?? summary ?? "";
}

/** A version number that is new to the item continues it, whatever it says. */
function isNumberedOn(record: ItemRecord, draft: Draft): boolean {
  const isNumber = (version: string | undefined) => version !== undefined && /^\d+$/u.test(version);
  const known = record.versions.map(({ v }) => v);
  return isNumber(draft.sourceVersion) && known.every(isNumber) && !known.includes(draft.sourceVersion);
}

const LITTLE = 0.25;
/** Days, places and verbs such as "said" stand in every second opening: enough where link and time both differ. */
const SOME = 0.35;
/** So few words differ in every second edit. */
const FEW_WORDS = 5;

function sharesLittle(a: Words, b: Words, isMarked: boolean): boolean {
  const heads = [a, b].map(({ headline }) => toTelling(toWords(headline)));
  const openings = [a, b].map(({ headline, text }) =>
    toTelling(toWords(`${headline} ${toFirstSentence(text)}`)),
  );
  const [headA = [], headB = []] = heads;
  const [openA = [], openB = []] = openings;
  if (Math.min(new Set(openA).size, new Set(openB).size) < (isMarked ? 2 : FEW_WORDS)) return false;
  return (
    toShare(headA, headB) < LITTLE &&
    toShare(openA, openB) < (isMarked ? SOME : LITTLE) &&
    toShare(toShingles(a.text), toShingles(b.text)) < LITTLE
  );
}

/** What was joined under another guid shows that one's words: they say nothing of this guid's story. */
function goesByItsName({ guid }: ItemRecord, draft: Draft): boolean {
  return guid === undefined || guid === draft.guid || draft.guidBase !== undefined;
}

/**
 * What comes under an item's guid is another story (REV6): its link or its creation time differs and neither is the
 * same, headline, opening and text share almost nothing, and it does not say itself that it goes on. Whatever is in
 * doubt is the same story: a guid is an id until it is shown not to be.
 */
export function isAnotherStory(record: ItemRecord, draft: Draft): boolean {
  const { content } = record;
  if (content === null || draft.headline === undefined || draft.pubStatus !== "usable") return false;
  if (!goesByItsName(record, draft) || saidBefore(draft, record.versions)) return false;
  const link = compare(toTellingLink(content), toTellingLink(draft));
  const time = compare(toCreatedMs(record), toCreatedMs(draft));
  const signs = [link, time].filter((one) => one === "differs").length;
  if (signs === 0 || link === "same" || time === "same" || isNumberedOn(record, draft)) return false;
  // What it says of itself, or what an editor has made of the item, is outweighed by both signs together.
  if (signs < 2 && (draft.continues || draft.change !== undefined || record.deskOwned)) return false;
  const words = { headline: draft.headline, text: toText(draft) };
  return sharesLittle({ headline: content.headline, text: toText(content) }, words, signs === 2);
}

/** What a page or a wire adds to the headline of a version that goes on. */
const MARKS = /[([]?\b(?:updated?|correct(?:ed|ion)|lead|refile)\b[)\]]?:?/giu;

function toBareHeadline(headline: string): string {
  return foldForComparison(headline.replace(MARKS, " "));
}

const MOST = 0.75;
/** A text of so many characters is not written twice by chance; "Calm." is. */
const LEAST_TELLING = 80;

/**
 * What bears the same guid, which is no id, is the same story: of the same time and alike, under the same headline
 * and alike, or the same text. In doubt they are two: a story must not be lost under another one.
 */
export function isSameStory(record: ItemRecord, draft: Draft): boolean {
  const { content } = record;
  if (content === null || draft.headline === undefined) return false;
  if (compare(toTellingLink(content), toTellingLink(draft)) === "differs") return false;
  const time = compare(toCreatedMs(record), toCreatedMs(draft));
  const [was, is] = [toText(content), toText(draft)];
  const hasText = was !== "" && is !== "";
  const isHeadline = toBareHeadline(content.headline) === toBareHeadline(draft.headline);
  const isText = hasText && toComparable(was) === toComparable(is);
  const isAlikeText = hasText && toShare(toShingles(was), toShingles(is)) >= MOST;
  const isTelling = Math.min(was.length, is.length) >= LEAST_TELLING;
  const isAlikeHeadline = sharesHalf(content.headline, draft.headline);
  if (time === "same") return isAlikeHeadline || isAlikeText || isText;
  if (!isTelling) return time === "unknown" && isHeadline && (isText || !hasText);
  return (isHeadline && isAlikeText) || (isText && isAlikeHeadline);
}
