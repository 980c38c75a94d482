/**
 * Text as it may be stored and shown (TXT3): no control characters but line breaks, no bidi overrides or
 * isolates (they can turn a headline round on the page), no lone surrogates (they break UTF-8 on the way out).
 */
const CONTROL = /(?!\n)[\p{Cc}\u2028\u2029]/gu;
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;
const BLANKS = /[\s\u00a0\u200b\u2060\ufeff]+/gu;

/** Paragraphs keep their breaks; tabs and other control characters become blanks. */
export function toPlainText(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll("\r", "\n")
    .replace(CONTROL, " ")
    .replace(BIDI, "")
    .replace(LONE_SURROGATE, "\ufffd");
}

/** One line: white space folded. */
export function toPlainLine(text: string): string {
  return toPlainText(text).replace(BLANKS, " ").trim();
}

/** Paragraphs divided by one blank line, no blanks at the ends of lines. */
export function toParagraphs(text: string): string {
  return toPlainText(text)
    .split(/\n[^\S\n]*\n\s*/u)
    .map((paragraph) =>
      paragraph
        .replace(/[^\S\n]+/gu, " ")
        .replace(/ ?\n ?/gu, "\n")
        .trim(),
    )
    .filter((paragraph) => paragraph !== "")
    .join("\n\n");
}
