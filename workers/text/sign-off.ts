import { findAtEnd, parsePattern } from "../../src/contract/pattern.ts";

/** Hyphens, en and em dashes, minus: wires use them all for the same key. */
const DASH = "[-\\u2010-\\u2015\\u2212]";
/** Latin letters, and the Cyrillic ones that look like them: desks type both. */
const LETTER = "[A-Z\\u0410-\\u042f]";
const PART = `\\d{1,2}${LETTER}{0,2}`;
const CODE = `${PART}(?:\\s?\\/\\s?${PART}|${PART}){0,3}`;

/** After the end of a sentence, with dashes in front; or alone on its line, where a letter makes it a code. */
const AFTER_TEXT = new RegExp(`(?<=[.!?…"”’»')\\]])\\s*(${DASH}{1,2}\\s?${CODE}\\s?${DASH}{0,2})$`, "u");
const ALONE = new RegExp(
  `(?:^|\\n)\\s*(${DASH}{1,2}\\s?${CODE}\\s?${DASH}{0,2}|\\d{1,2}${LETTER}{1,2}${DASH}{0,2})$`,
  "u",
);
const BARE_LINK = /\s(?:https?:\/\/|www\.)\S{1,2000}$/iu;

export interface SignedText {
  text: string;
  /** As written. */
  signOff?: string;
}

/**
 * Cuts the desk's code that ends a text (`-02D-`, `—0--`, `-16 / 03B-`). A full stop before it stays. A number
 * after a word is no code: `ended 2-0`, `2016-17`, `It was -12`.
 */
export function cutSignOff(text: string, ownPattern?: string): SignedText {
  const whole = text.trimEnd();
  // Only the end is searched: a long text costs no more than a short one.
  const link = BARE_LINK.exec(whole.slice(-2100))?.[0] ?? "";
  const linkless = whole.slice(0, whole.length - link.length).trimEnd();
  for (const candidate of linkless === whole ? [whole] : [linkless, whole]) {
    const signOff = findSignOff(candidate, ownPattern);
    if (signOff !== undefined) {
      return {
        text: candidate.slice(0, candidate.length - signOff.length).trimEnd(),
        signOff: signOff.trim(),
      };
    }
  }
  return { text };
}

function findSignOff(text: string, ownPattern: string | undefined): string | undefined {
  const end = text.slice(-100);
  if (ownPattern !== undefined) {
    const from = findAtEnd(parsePattern(`(?:${ownPattern})\\s*`), end) ?? end.length;
    return from === end.length ? undefined : end.slice(from);
  }
  return AFTER_TEXT.exec(end)?.[1] ?? ALONE.exec(end)?.[1];
}
