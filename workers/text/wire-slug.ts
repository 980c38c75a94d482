import { toPlainLine } from "../../src/contract/text.ts";
import { changeInHeadline, changeInSlug, type SaidOfItself } from "./change-words.ts";

/** What a story is called, apart from what is said of this part of it (`1st Ld-Writethru`, `CORRECTION`, `KILL`). */
export interface ParsedSlug {
  /** All versions of the story share it: the story key of REV3. */
  base: string;
  takes: string[];
}

const ORDINAL = "\\d{1,2}(?:st|nd|rd|th|\\.)";
const TAKE_WORD =
  "writethr?u?|write-thru|lead|ld|adds?|addition|insert|sub(?:stitute)?|updated?|refile|repeat|rpt|wdh|wiederholung" +
  "|correction|corrected|corrective|corr|correctif|korrektur|berichtigung|corrección|correção" +
  "|zusammenfassung|neufassung|roundup|extra|urgent|eil|embargo(?:ed)?|take|adv";
const ACT_WORD =
  "kill|hold|withhold|withdraw(?:n|al)?|elimination|annulation|anulad[ao]|zurückgezogen|rückzug";
const TAKE = `(?:${ORDINAL}[\\s-]*)?(?:${TAKE_WORD})(?:[\\s-]*\\d{1,2}(?:-\\d{1,2})?)?`;
const ACT = `(?:(?:mandatory|bulletin|urgent)[\\s-]+)?(?:${ACT_WORD})`;

/** Each finds one such word at an end of a slug. */
const MARKS: readonly RegExp[] = [
  new RegExp(`(?:^|[\\s,;:/_-]+)${TAKE}$`, "iu"),
  // Keywords are squeezed and cut off: `Port-Ships1stLd-Wr`.
  new RegExp(`(?<=\\p{L})${ORDINAL}[\\s-]*(?:${TAKE_WORD})(?:-w[riteh]*)?$`, "iu"),
  new RegExp(`^${TAKE}\\s*[,;:/_-]+\\s*(?=\\S)`, "iu"),
  new RegExp(`(?:^|\\s*[,;:/]\\s*)${ACT}$`, "iu"),
  new RegExp(`^${ACT}\\s*[,;:/]\\s*(?=\\S)`, "iu"),
];
/** As one of a slug's own words it may be news (`police-kill`): only capitals make it a mark. */
const ACT_AMONG_WORDS = [new RegExp(`[\\s-]+${ACT}$`, "iu"), new RegExp(`^${ACT}[\\s-]+(?=\\S)`, "iu")];
const WORD_COUNT = /\s*[,/]\s*\d{1,5}$/u;

/** A slug line or keyword, its outer slashes and word count cut. */
export function cleanSlug(written: string): string {
  return toPlainLine(written)
    .replace(/^[\s/]+|[\s/,;]+$/gu, "")
    .replace(WORD_COUNT, "");
}

export function parseSlug(written: string): ParsedSlug {
  let base = cleanSlug(written);
  const takes: string[] = [];
  for (let found = findMark(base); found !== undefined; found = findMark(base)) {
    takes.push(found[0].replace(/^[\s,;:/_-]+|[\s,;:/_-]+$/gu, ""));
    base = found.index === 0 ? base.slice(found[0].length) : base.slice(0, found.index);
  }
  return { base: base.replace(/^[\s/,;:_-]+|[\s/,;:_-]+$/gu, ""), takes };
}

/** The same for all versions of a story, in the morning's and the evening's cycle (`am-`, `pm-`, `bc-`). */
export function toStoryKey(slug: string): string {
  return parseSlug(slug).base.replace(/^(?:am|pm|bc|ap)-+(?=\S)/iu, "");
}

function findMark(slug: string): RegExpExecArray | undefined {
  for (const pattern of MARKS) {
    const found = pattern.exec(slug);
    if (found !== null) return found;
  }
  for (const pattern of ACT_AMONG_WORDS) {
    const found = pattern.exec(slug);
    if (found !== null && found[0] === found[0].toUpperCase()) return found;
  }
  return undefined;
}

const CORRECTION = /(?:^|[^\p{L}])(?:corr|corrects|correctif|corrección|correção)(?![\p{L}])/iu;
const UPDATE = /(?:^|[^\p{L}])(?:zusammenfassung|neufassung|writethr?u?|insert|sub|substitute)(?![\p{L}])/iu;
const LEAD = /\d(?:st|nd|rd|th|\.)?[\s-]*(?:lead|ld)(?![\p{L}])/iu;
const REPEAT = /(?:^|[^\p{L}])(?:repeat|rpt|wdh|wiederholung)(?![\p{L}])/iu;

/** What a take line or the take in a slug says. A repeat is no new version, but the same story all the same. */
export function changeInTake(take: string): SaidOfItself {
  const said = changeInSlug(take);
  if (said.change === "correction" || CORRECTION.test(take)) return { change: "correction", continues: true };
  if (said.change !== undefined || LEAD.test(take) || UPDATE.test(take)) {
    return { change: "update", continues: true };
  }
  return REPEAT.test(take) ? { continues: true } : {};
}

/** The strongest word of all places in which a wire may say it. */
export function changeInWords(takes: readonly string[], headline: string): SaidOfItself {
  const all = [...takes.map(changeInTake), changeInHeadline(headline)];
  return (
    all.find(({ change }) => change === "correction") ??
    all.find(({ change }) => change === "update") ??
    all.find(({ continues }) => continues) ??
    {}
  );
}
