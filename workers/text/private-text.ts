import type { PrivateMark as OwnMark, SourceProfile } from "../../src/contract/profile.ts";
import { toPlainLine } from "../../src/contract/text.ts";
import { toComparable } from "../../src/store/compare.ts";
import { type Habit, hasHabit } from "./habits.ts";

/** What a paragraph's first words say about it and what follows. */
interface PrivateMark {
  /** Undefined for the profile's own, which cannot be switched off. */
  habit: Habit | undefined;
  pattern: Pick<RegExp, "test">;
  /** `rest`: it and all that follows is private; `paragraph`: only itself; `tail`: only in the closing lines. */
  reach: "rest" | "paragraph" | "tail";
}

/** A mark stands at the start of its paragraph, behind signs at most; the same words inside a sentence are news. */
const START = "^[^\\p{L}\\p{N}]*";
const AN_EDITOR = "editor(?:['’]?s|s['’])?";
const NOT_PUBLIC =
  "(?:not (?:intended |meant )?for (?:publication|publishing|broadcast)|nicht zur veröffentlichung|nicht zur publikation" +
  "|ne pas publier|no publicar|não publicar|non pubblicare|не для (?:печати|публикации))" +
  // With a time behind it the same words are an embargo, and the text is the story (EMB2).
  "(?! (?:before|until|till|prior)\\b)";

const MARKS: readonly PrivateMark[] = [
  mark("notebook", "rest", `${START}(?:dpa[- ]?)?(?:notebook|notizblock|notizen)\\s*:?\\s*$`),
  mark("notebook", "rest", "^#+\\s*(?:[\\p{L}-]+\\s+)?(?:notebook|notizblock)\\b"),
  mark("not-for-publication", "rest", START + NOT_PUBLIC),
  mark(
    "not-for-publication",
    "rest",
    `${START}(?:(?:the )?following (?:information|details?|notes?|material|text|contacts?|section|lines?|is|are)|(?:die )?folgenden? (?:informationen|angaben|hinweise|kontakte)|notes?|private|attention|achtung|internal|confidential)\\b.{0,120}${NOT_PUBLIC}`,
  ),
  mark("not-for-publication", "rest", `^.{0,80}[-–—(*]\\s*${NOT_PUBLIC}[\\s)*.:–—-]*$`),
  mark(
    "editors-note",
    "rest",
    `${START}(?:notes? (?:to|for) (?:the )?editors?|${AN_EDITOR} notes?|hinweise? (?:an|für) (?:die )?redaktion(?:en)?|note aux? rédacteurs?|notas? a(?: los| os)? editores|desk notes?)[^\\p{L}\\p{N}]*$`,
  ),
  mark("editors-note", "paragraph", `${START}eds?\\s?[:.–—-]`),
  mark(
    "editors-note",
    "paragraph",
    `${START}(?:${AN_EDITOR}|${AN_EDITOR} notes?|(?:notes?|att(?:entio)?n\\.?) (?:to |for )?(?:all )?editors?)\\s*[:–—-]`,
  ),
  mark("private-note", "rest", `${START}(?:private|internal) notes?[^\\p{L}\\p{N}]*$`),
  mark("private-note", "paragraph", `${START}(?:private|internal) notes?\\s*[:–—-]`),
  mark("desk-line", "tail", "^\\(\\(.*(?:@|\\d{3}).*\\)\\)$"),
  mark(
    "desk-line",
    "tail",
    "^.{0,60}\\b(?:news\\s?desk|newsroom|desk|redaktion|duty editor|rédaction|redacción|redação|redazione)\\b.{0,60}(?:\\d[\\d\\s()/.-]{5,}|@\\S+\\.).{0,60}$",
  ),
];

function mark(habit: Habit, reach: PrivateMark["reach"], pattern: string): PrivateMark {
  return { habit, reach, pattern: new RegExp(pattern, "iu") };
}

/** One of these stands in every mark; most lines have none of them, so that the marks are seldom tried. */
const ANY_WORD =
  /publi|pubbli|veröffentlich|broadcast|печати|публикац|note|notiz|nota|\beds?\b|editor|hinweis|desk|private|internal|newsroom|redak|redac|redaç|rédac|redaz|^\(\(/u;

/** In small letters: a pattern that ignores case takes ten times as long, and this one looks at every line. */
function hasAnyWord(line: string): boolean {
  return ANY_WORD.test(line.toLowerCase().replaceAll("ſ", "s"));
}

/** A profile's own mark: literal words at the beginning of a line. */
function toOwnMark({ starts, reach }: OwnMark): PrivateMark {
  const words = foldForMark(starts);
  return { habit: undefined, reach, pattern: { test: (line) => foldForMark(line).startsWith(words) } };
}

function foldForMark(line: string): string {
  return toComparable(toPlainLine(line)).toLowerCase();
}

/** A line that must begin a paragraph: joined to the one before it, its mark would be overlooked. */
export function beginsPrivate(line: string): boolean {
  return hasAnyWord(line) && MARKS.some(({ pattern, reach }) => reach !== "tail" && pattern.test(line));
}

/** The same by the profile's own marks. */
export function beginsOwnPrivate(line: string, own: readonly OwnMark[]): boolean {
  return own.some((one) => toOwnMark(one).pattern.test(line));
}

/** Closing lines stand among the last paragraphs; a desk's phone number further up is part of the story. */
const TAIL_LENGTH = 3;
const MOST_MARK = 300;
const ONLY_SIGNS = /^[^\p{L}\p{N}]+$/u;

/** Why something was cut: a habit, or the profile's own mark. */
export type Cut = Habit | "private-marks";

export interface ParsedPrivacy {
  open: string[];
  hidden: string[];
  habits: Cut[];
}

/** Parts what readers may see from what is for editors only (PRV1). */
export function splitPrivate(paragraphs: readonly string[], profile: SourceProfile): ParsedPrivacy {
  const marks: Marks = {
    own: (profile.privateMarks ?? []).map(toOwnMark),
    known: MARKS.filter(({ habit }) => habit === undefined || hasHabit(profile, habit)),
  };
  const open: string[] = [];
  const hidden: string[] = [];
  const habits = new Set<Cut>();
  for (const [index, paragraph] of paragraphs.entries()) {
    const inTail = index > 0 && index >= paragraphs.length - TAIL_LENGTH;
    const found = findMark(paragraph, inTail, marks);
    if (found === undefined) {
      open.push(paragraph);
      continue;
    }
    habits.add(found.mark.habit ?? "private-marks");
    if (found.before !== "") open.push(found.before);
    hidden.push(found.from);
    if (found.mark.reach === "rest") {
      return {
        open: dropSigns(open),
        hidden: hidden.concat(paragraphs.slice(index + 1)),
        habits: [...habits],
      };
    }
  }
  return { open: hidden.length > 0 ? dropSigns(open) : open, hidden, habits: [...habits] };
}

/** The rule of asterisks that led to the private part belongs to it. */
function dropSigns(open: readonly string[]): string[] {
  const last = open.findLastIndex((paragraph) => !ONLY_SIGNS.test(paragraph));
  return open.slice(0, last + 1);
}

/** Marks are short. A long line is told apart by its beginning, and has no end that could pass for a mark's. */
function clip(line: string): string {
  return line.length <= MOST_MARK ? line : `${line.slice(0, MOST_MARK)} …more`;
}

interface Marks {
  own: readonly PrivateMark[];
  known: readonly PrivateMark[];
}

interface FoundMark {
  mark: PrivateMark;
  /** The paragraph's lines above the mark, and those from it on. */
  before: string;
  from: string;
}

/** A mark may begin any line of a paragraph: wires do not always leave a blank line. */
function findMark(paragraph: string, inTail: boolean, { own, known }: Marks): FoundMark | undefined {
  const lines = paragraph.split("\n");
  for (const [at, line] of lines.entries()) {
    // Blanks are folded for looking only: two of them must not hide a mark.
    const folded = clip(toPlainLine(line));
    const fits = ({ pattern, reach }: PrivateMark) => (reach !== "tail" || inTail) && pattern.test(folded);
    const mark = own.find(fits) ?? (hasAnyWord(folded) ? known.find(fits) : undefined);
    if (mark !== undefined) {
      return { mark, before: lines.slice(0, at).join("\n"), from: lines.slice(at).join("\n") };
    }
  }
  return undefined;
}
