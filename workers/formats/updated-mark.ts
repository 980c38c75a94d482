/**
 * `(UPDATED)` and `[UPDATE]` at the end of a headline are the page's mark, not its words (TXT1); also with a number or
 * a time in the brackets, twice, or behind a dash in capitals.
 */
const MARK =
  /(?:[([（［]\s{0,9}UPD(?:ATED?)?\.?(?:[\s#:,-][^()[\]（）［］]{0,20})?\s{0,9}[)\]）］]|\s[-–—|]\s?UPDATED?)[\s.]*$/u;
const MARK_ANY_CASE = /[([（［]\s{0,9}UPDATED?(?:[\s#:,-][^()[\]（）［］]{0,20})?\s{0,9}[)\]）］][\s.]*$/iu;
const MARK_IN_FRONT = /^\s*[([（［]\s{0,9}UPDATED?\s{0,9}[)\]）］]\s*(?=\S)/iu;
const INVISIBLE = /[\u00ad\u200b-\u200d\u2060\ufeff]/gu;
const REACH = 60;

/** The headline without the mark at its end or, in brackets, at its front; as written when there is none. */
export function cutUpdatedMark(headline: string): string {
  let text = headline.trimEnd().replace(MARK_IN_FRONT, "");
  for (let found = findMark(text); found !== undefined; found = findMark(text)) {
    text = text.slice(0, -found.length).trimEnd();
  }
  return text === headline.trimEnd() ? headline : text;
}

export function hasUpdatedMark(headline: string): boolean {
  return cutUpdatedMark(headline) !== headline;
}

/** As long as it stands there, signs that nobody sees included. */
function findMark(text: string): string | undefined {
  const end = text.slice(-REACH);
  const bare = end.replace(INVISIBLE, "");
  const mark = (MARK_ANY_CASE.exec(bare) ?? MARK.exec(bare))?.[0];
  if (mark === undefined) return undefined;
  let from = end.length;
  for (let left = mark.length; left > 0 && from > 0; left -= 1) {
    do from -= 1;
    while (from > 0 && end[from]?.replace(INVISIBLE, "") === "");
  }
  return end.slice(from);
}
