import { toPlainLine } from "../../src/contract/text.ts";

/** Longer ones are no headlines; the rest is not looked at. */
const LONGEST_FIELD = 5000;

/** The source's headline as text, blanks folded, typesetting marks at its ends cut (TXT1). */
export function cleanHeadline(text: string): string {
  const headline = toPlainLine(text.slice(0, LONGEST_FIELD));
  const from = countMarks(headline.split(""));
  const to = headline.length - countMarks(headline.split("").toReversed());
  return from < to ? headline.slice(from, to) : "";
}

/** How many characters at the start are typesetting. A plus belongs to a name (`Disney+`) unless it stands alone. */
function countMarks(characters: readonly string[]): number {
  let at = 0;
  for (;;) {
    const pluses = characters.findIndex((character, index) => index >= at && character !== "+");
    const run = (pluses < 0 ? characters.length : pluses) - at;
    if (run > 1 || (run === 1 && (characters[at + 1] ?? " ") === " ")) at += run;
    else if (/^[=<^> ]$/u.test(characters[at] ?? "")) at += 1;
    else return at;
  }
}

/** For comparing only: what is shown is never repaired. */
export function foldForComparison(text: string): string {
  return toPlainLine(text.slice(0, LONGEST_FIELD))
    .normalize("NFC")
    .toLowerCase()
    .replace(/[‘’‚‛′`´]/gu, "'")
    .replace(/[“”„‟″«»]/gu, '"')
    .replace(/[\u2010-\u2015\u2212]/gu, "-")
    .replace(/[\s.=+<>^:;,-]+$/u, "")
    .replace(/^[\s=+<>^]+/u, "");
}

/** `BAKU (Agency) – `, `Washington, March 3 (XX) -- ` and `Baku / 18.11.18 / Turan: ` are places, not sentences. */
const DATELINES: readonly RegExp[] = [
  /^\p{Lu}[\p{L} .'’-]{1,40}\s*\/\s*\d{1,2}[./]\d{1,2}[./]\d{2,4}\s*\/\s*\p{L}[\p{L} ]{1,30}:\s*/u,
  /^\p{Lu}[\p{L}\p{N} .,'’/-]{1,60}\s?\([^()]{1,40}\)\s?(?:--?|[–—:])\s*/u,
  /^\p{Lu}{2}[\p{L}\p{N} .,'’/-]{0,60}?\s(?:--?|[–—])\s+/u,
];
/** `RIVERTON, Nov. 13 (XX) -`, `RIVERTON, November 13. /XX/.`, `Riverton, Nov 13 (XX) The …`: a text begins. */
const PLACE =
  /^\p{Lu}[\p{L}\p{N} .,'’/-]{1,60}?[\s.]{1,3}(?:\(\p{Lu}[\p{L} .&/-]{1,30}\)|\/\p{Lu}[\p{L} .-]{1,30}\/)[\s.]{0,3}(?:--?|[–—:]|\p{Lu}|["“'‘])/u;

export function startsWithPlace(line: string): boolean {
  const start = line.trimStart().slice(0, 120);
  return /[(/]/u.test(start) && PLACE.test(start);
}

/** A full stop after one of these ends no sentence. */
const ABBREVIATION =
  /(?:^|[\s(])(?:\p{Lu}|Mr|Mrs|Ms|Dr|Prof|St|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Jr|Sr|No|Inc|Ltd|Co|Corp|vs|approx|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|Nr|bzw|ca|z|etc|\p{L}\.\p{L})$/u;
const LONGEST_HEADLINE = 300;

/** The headline of a story that has none: its first sentence without the dateline (TXT1). */
export function firstSentence(bodyText: string): string {
  const paragraph = toPlainLine(bodyText.trimStart().slice(0, LONGEST_FIELD).split("\n\n", 1)[0] ?? "");
  const dateline = DATELINES.map((pattern) => pattern.exec(paragraph)?.[0]).find(
    (found) => found !== undefined,
  );
  const text = dateline === undefined ? paragraph : paragraph.slice(dateline.length);
  for (const end of text.matchAll(/[.!?…]["”’»')\]]*(?=\s+["“‘«'(]?[\p{Lu}\p{N}])/gu)) {
    if (!ABBREVIATION.test(text.slice(Math.max(0, end.index - 20), end.index)))
      return clip(text.slice(0, end.index + end[0].length));
  }
  return clip(text);
}

function clip(text: string): string {
  if (text.length <= LONGEST_HEADLINE) return text;
  const cut = text.slice(0, LONGEST_HEADLINE);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), 1))}…`;
}
