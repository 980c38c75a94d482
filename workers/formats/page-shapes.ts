/** `Baku / 18.11.18 / Desk:` in every spacing, one of them in American order. */
const DATELINE =
  /^\p{Lu}[\p{L} .'’-]{1,40}?\s*\/\s*\d{1,2}[./]\d{1,2}[./]\d{2,4}\s*\/\s*\p{L}[\p{L} .]{1,30}\s*:/u;

export function startsWithDateline(paragraph: string): boolean {
  return DATELINE.test(paragraph);
}

/** A line that could be a story's own headline: short, a beginning, no end of a sentence. */
export function looksLikeHeadline(paragraph: string): boolean {
  if (paragraph.length > 200 || paragraph.includes("\n")) return false;
  if (/[.:;,!?…"”’»-]$/u.test(paragraph) || !/^["“‘«'(]?[\p{Lu}\p{N}]/u.test(paragraph)) return false;
  return paragraph.split(" ").length >= 2 && !startsWithDateline(paragraph);
}

/** A section's name or another word or two below a text that has ended. */
export function looksLikeSectionName(paragraph: string): boolean {
  return paragraph.length <= 40 && paragraph.split(" ").length <= 3 && !/[.!?…"”’»:)\d]$/u.test(paragraph);
}
