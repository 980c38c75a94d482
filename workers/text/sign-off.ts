import { findAtEnd, parsePattern } from "../../src/contract/pattern.ts";

/** Hyphens, en and em dashes, minus: wires use them all for the same key. */
const DASH = "[-\\u2010-\\u2015\\u2212]";
/** Latin letters, and the Cyrillic ones that look like them: desks type both, and in lower case. */
const LETTER = "[A-Za-z\\u0410-\\u044f]";
/** A desk also types the letter O for a nought. */
const DIGITS = "(?:\\d{1,2}|[OО]\\d)";
const PART = `${DIGITS} ?${LETTER}{0,2}`;
const CODE = `${PART}(?: ?[/-]? ?${PART}){0,3}`;
/** Blanks, those that nobody sees included. */
const BLANKS = "[\\s\\u200b\\u2060\\ufeff]*";
const OPEN = `${DASH}{1,3} ?`;
const CLOSE = ` ?${DASH}{0,3}`;
const IN_BRACKETS = `[([/]${DIGITS}${LETTER}{1,2}[)\\]/]`;

/**
 * After the end of a sentence, with dashes in front or behind or in brackets; after a word, only between dashes; or
 * alone on its line, where a letter makes it a code.
 */
const AFTER_TEXT = new RegExp(
  `(?<=[.!?…"”’»')\\]])${BLANKS}(${OPEN}${CODE}${CLOSE}|${DIGITS}[A-Z\\u0410-\\u042f]{1,2}${DASH}{1,2}|${IN_BRACKETS})\\.?$`,
  "u",
);
const AFTER_WORD = new RegExp(
  `(?<=\\p{L})${BLANKS}(${DASH}{1,3}(?:0|${DIGITS}[A-Z\\u0410-\\u042f]{1,2})${DASH}{1,3})$`,
  "u",
);
const ALONE = new RegExp(
  `(?:^|\\n)${BLANKS}(${OPEN}${CODE}${CLOSE}|${DIGITS}[A-Z\\u0410-\\u042f]{1,2}${DASH}{0,2}|${IN_BRACKETS})\\.?$`,
  "u",
);
const AFTER_CODE = new RegExp(`(?<=${DASH})\\s+(${OPEN}${CODE}${CLOSE})$`, "u");
/** A text may be signed more than once: `-02D- -06B-`. */
const MOST_CODES = 4;
const BARE_LINK = /\s(?:https?:\/\/|www\.)\S{1,2000}$/iu;

export interface SignedText {
  text: string;
  /** As written. */
  signOff?: string;
}

/**
 * Cuts the desk's codes that end a text (`-02D-`, `—0--`, `-16 / 03B-`). A full stop before them stays. A number
 * after a word is no code: `ended 2-0`, `2016-17`, `It was -12`.
 */
export function cutSignOff(text: string, ownPattern?: string): SignedText {
  const whole = text.trimEnd();
  // Only the end is searched: a long text costs no more than a short one.
  const link = BARE_LINK.exec(whole.slice(-2100))?.[0] ?? "";
  const linkless = whole.slice(0, whole.length - link.length).trimEnd();
  for (const candidate of linkless === whole ? [whole] : [linkless, whole]) {
    const start = findStart(candidate, ownPattern);
    if (start < candidate.length) {
      return { text: trimBlanks(candidate.slice(0, start)), signOff: candidate.slice(start).trim() };
    }
  }
  return { text };
}

/** Whether a line is nothing but a desk's code. */
export function isSignOff(line: string): boolean {
  return line.length <= 100 && ALONE.exec(line)?.[0] === line && line.trim() !== "";
}

/** Where the codes at the end begin; the text's length when there is none. */
function findStart(text: string, ownPattern: string | undefined): number {
  let rest = text;
  let start = text.length;
  for (let codes = 0; codes < MOST_CODES; codes += 1) {
    const signOff = findSignOff(rest, ownPattern);
    const code = signOff ?? toCode(AFTER_CODE.exec(rest.slice(-100)));
    if (code === undefined) break;
    rest = rest.slice(0, rest.length - code.length);
    // Behind a dash it is a code only if another one stands before it.
    if (signOff !== undefined) start = rest.length;
    rest = trimBlanks(rest);
  }
  return start;
}

function trimBlanks(text: string): string {
  // A pattern for it would look at every run of blanks, and at each as often as it is long.
  let end = text.length;
  while (end > 0 && /[\s\u200b\u2060\ufeff]/u.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function findSignOff(text: string, ownPattern: string | undefined): string | undefined {
  const end = text.slice(-100);
  if (ownPattern !== undefined) {
    const from = findAtEnd(parsePattern(`(?:${ownPattern})\\s*`), end) ?? end.length;
    return from === end.length ? undefined : end.slice(from);
  }
  return toCode(AFTER_TEXT.exec(end)) ?? toCode(ALONE.exec(end)) ?? toCode(AFTER_WORD.exec(end));
}

/** The code and what stands behind it. */
function toCode(found: RegExpExecArray | null): string | undefined {
  const code = found?.[1];
  return found === null || code === undefined ? undefined : found[0].slice(found[0].indexOf(code));
}
