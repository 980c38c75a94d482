import type { SourceProfile } from "../../src/contract/profile.ts";
import { hasEmbargoWords } from "../text/change-words.ts";
import { hasHabit } from "../text/habits.ts";
import { toPlainParagraphs } from "../text/paragraphs.ts";
import { cleanWireText } from "../text/wire-characters.ts";

/** What stands between STX and ETX. */
export interface AnpaContent {
  slug: string;
  headline: string;
  byline?: string;
  edNotes: string[];
  paragraphs: string[];
}

interface Line {
  text: string;
  kind: "blank" | "header" | "tab" | "plain";
  /** `<` and `=` end a line by will; without them it goes on in the next. */
  isEnded: boolean;
}

const SLUG = /^(?:am|pm|bc|ap)-\S|,\s?\d{1,5}$/iu;
const NOTE =
  /^[(\s]*(?:eds?\s?[.:]|editors?(?:['’]s? notes?)?\s?:|attention editors|with (?:ap )?(?:photos?|graphics?|video|audio)\b|ap (?:photos?|graphics?|video|audio)\b|adv\s?\d{1,2}\b|(?:pickup|pick up) \d)/iu;
/** Names the words of the story behind which an add goes on: `RIVERTON: said the mayor.` */
const PICKUP = /^\p{Lu}[\p{Lu} .,'-]{2,40}:\s+[\p{Ll}.…]/u;
const PICKUP_IN_TEXT = /^\W{0,3}pick ?up (?:\d|pvs\b|previous\b|here\b|line\b).{0,120}$/iu;
const PART = /(?:\badd\b|\btake\b|\d(?:st|nd|rd|th)\s?add)/iu;
const BYLINE = /^(?:By|BY) \p{Lu}[^.!?]{1,80}$/u;
/** `By the river a port opens` is a headline, `By JANE DOE` is none even where no headline stands above it. */
const NAME_IN_CAPITALS = /^By \p{Lu}{2,}/u;
const AFFILIATION =
  /^(?:(?:the )?associated press|for the associated press|ap\b.{0,50}|(?:[\p{L}.'’-]+ ){0,5}(?:writer|editor|correspondent|reporter|columnist|analyst|staff|press|agency|service|bureau))$/iu;

const FULL_LINE = 50;
/** Lines of one note or headline. */
const LONGEST_UNIT = 20;

export function parseContent(
  lines: readonly string[],
  { isTabular }: { isTabular: boolean },
  profile: SourceProfile,
): AnpaContent {
  const sorted = lines.map(toLine);
  const first = sorted.findIndex(({ kind }) => kind === "tab");
  const hasTabs = first !== -1;
  const slugAt = sorted.findIndex(({ kind }) => kind !== "blank");
  const slugLine = sorted[slugAt];
  const hasSlug = slugLine !== undefined && slugLine.kind !== "tab" && SLUG.test(slugLine.text);
  const start = hasSlug ? slugAt + 1 : Math.max(slugAt, 0);
  const head = takeHead(sorted.slice(start, hasTabs ? first : undefined), hasTabs);
  const body = hasTabs ? [...head.rest, ...sorted.slice(first)] : head.rest;
  const isPart = hasSlug && PART.test(slugLine.text) && PICKUP.test(head.headline);
  const paragraphs = toBody(body, isTabular, profile);
  const pickups = paragraphs.filter((paragraph) => PICKUP_IN_TEXT.test(paragraph));
  return {
    slug: hasSlug ? slugLine.text : "",
    headline: isPart ? "" : head.headline,
    ...(head.byline !== "" && { byline: head.byline }),
    edNotes: [...(isPart ? [head.headline] : []), ...head.edNotes, ...pickups],
    paragraphs: paragraphs.filter((paragraph) => !pickups.includes(paragraph)),
  };
}

function toLine(written: string): Line {
  const text = cleanWireText(written.replace(/^[^\P{Cc}\t]+/u, "")).trimEnd();
  const bare = text.trim();
  const isEnded = /[<=]$/u.test(bare);
  if (bare === "") return { kind: "blank", text: "", isEnded: true };
  if (bare.startsWith("^"))
    return { kind: "header", text: bare.replace(/^\^+\s*/u, "").replace(/\s*[<=^]+$/u, ""), isEnded };
  const plain = text.replace(/\s*[<^]+$/u, "").trimEnd();
  return { kind: /^(?:\t| {3,})/u.test(text) ? "tab" : "plain", text: plain, isEnded };
}

interface Head {
  headline: string;
  byline: string;
  edNotes: string[];
  /** What stands behind the head: text, when no line begins with a tab. */
  rest: Line[];
}

/**
 * Sorts header lines into headline, notes and byline. Where text lines have no tabs the text begins behind the headline
 * with the first line that is none of these.
 */
function takeHead(lines: readonly Line[], hasTabs: boolean): Head {
  const head: Head = { headline: "", byline: "", edNotes: [], rest: [] };
  let at = 0;
  while (at < lines.length) {
    const { text, next } = takeUnit(lines, at, hasTabs);
    const isFurther = head.headline !== "" && !NOTE.test(text) && !BYLINE.test(text);
    const follows = head.byline !== "" && AFFILIATION.test(text);
    if (isFurther && !follows && !hasTabs && text !== "") break;
    sortUnit(head, text, follows);
    at = next;
  }
  head.rest = lines.slice(at);
  return head;
}

/**
 * A header line together with the lines in which it goes on. Without tabs, a plain line behind a header line may be
 * text already.
 */
function takeUnit(lines: readonly Line[], from: number, hasTabs: boolean): { text: string; next: number } {
  const [first, ...others] = lines.slice(from, from + LONGEST_UNIT);
  if (first?.kind === "header" && !first.isEnded && goesOn(first, others[0])) {
    return { text: `${first.text} ${others[0]?.text ?? ""}`, next: from + 2 };
  }
  if (!hasTabs || first?.kind !== "header" || first.isEnded)
    return { text: first?.text ?? "", next: from + 1 };
  const end = others.findIndex(({ kind }) => kind !== "plain");
  const plain = end === -1 ? others : others.slice(0, end);
  const ended = plain.findIndex(({ isEnded }) => isEnded);
  const more = ended === -1 ? plain : plain.slice(0, ended + 1);
  return { text: [first, ...more].map(({ text }) => text.trim()).join(" "), next: from + 1 + more.length };
}

/** A full line goes on in the next one, though that is marked as a line of its own. */
function goesOn({ text }: Line, next: Line | undefined): boolean {
  return next?.kind === "header" && text.length >= FULL_LINE && /^\p{Ll}/u.test(next.text);
}

function sortUnit(head: Head, text: string, isAffiliation: boolean): void {
  if (text === "" || isAffiliation) return;
  if (NOTE.test(text) || hasEmbargoWords(text)) head.edNotes.push(text);
  else if (BYLINE.test(text) && (head.headline !== "" || NAME_IN_CAPITALS.test(text))) head.byline = text;
  else if (head.headline === "") head.headline = text;
  else head.edNotes.push(text);
}

/** A tab begins a paragraph. Tables and `^` lines keep their lines. */
function toBody(lines: readonly Line[], isTabular: boolean, profile: SourceProfile): string[] {
  const hasTabs = lines.some(({ kind }) => kind === "tab");
  const keepsLines = isTabular || (!hasTabs && lines.some(({ kind }) => kind === "header"));
  const text = lines.map((line) => {
    if (keepsLines) return line.text;
    return line.kind === "header"
      ? `\n${line.text}\n`
      : line.kind === "tab"
        ? `\t${line.text.trim()}`
        : line.text;
  });
  const joins = hasHabit(profile, "hard-wrap") && !keepsLines;
  return toPlainParagraphs(text.join("\n"), joins, profile.privateMarks);
}
