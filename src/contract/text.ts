/**
 * Text as it may be stored and shown (TXT3): no control characters but line breaks, no bidi overrides or
 * isolates (they can turn a headline round on the page), no lone surrogates (they break UTF-8 on the way out).
 */
const CONTROL = /[^\P{Cc}\n]/gu;
/** What other systems end lines with; U+2029 ends a paragraph. */
const OTHER_LINE_END = /[\v\f\u0085\u2028]/gu;
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;
const BLANKS = /[\s\u00a0\u200b\u2060\ufeff]+/gu;
/** Most texts hold nothing of the kind: a look or two is cheaper than five passes. */
const ANYTHING_ODD = /[^\P{Cc}\n]|[\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** Halves of pairs and whole pairs alike: without `u`, since to tell them apart takes four times as long. */
const ANY_SURROGATE = /[\ud800-\udfff]/;
const FOLDABLE = /[^\S ]|[\u200b\u2060]| {2}/u;
/** What folding changes: one blank between two words is most of what a text has, and stays as it is. */
const BLANKS_IN_LINE = /[^\S\n ][^\S\n]*| [^\S\n]+/gu;
const BLANKS_AT_BREAK = / \n ?|\n /gu;

/** Paragraphs keep their breaks; tabs and other control characters become blanks. */
export function toPlainText(text: string): string {
  if (!ANYTHING_ODD.test(text) && !ANY_SURROGATE.test(text)) return text;
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll("\r", "\n")
    .replace(OTHER_LINE_END, "\n")
    .replaceAll("\u2029", "\n\n")
    .replace(CONTROL, " ")
    .replace(BIDI, "")
    .replace(LONE_SURROGATE, "\ufffd");
}

/** One line: white space folded. */
export function toPlainLine(text: string): string {
  const plain = toPlainText(text);
  return (FOLDABLE.test(plain) ? plain.replace(BLANKS, " ") : plain).trim();
}

/** Paragraphs divided by one blank line, no blanks at the ends of lines. */
export function toParagraphs(text: string): string {
  return toPlainText(text)
    .split(/\n[^\S\n]*\n\s*/u)
    .map((paragraph) => paragraph.replace(BLANKS_IN_LINE, " ").replace(BLANKS_AT_BREAK, "\n").trim())
    .filter((paragraph) => paragraph !== "")
    .join("\n\n");
}
