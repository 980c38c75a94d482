import type { Change } from "../../src/contract/item.ts";

export interface SaidOfItself {
  change?: Change;
  /** It says that it continues an earlier delivery (REV3). */
  continues?: true;
}

/** In a headline only capitals, brackets or a colon make these words a mark: a "correction of markets" is news. */
const HEADLINE_CORRECTION = [
  /^\W*(?:CORRECTION|CORRECTED|CORRECTS|CORRECTIF|KORREKTUR|BERICHTIGUNG|CORRECCIÓN|CORREÇÃO|ПОПРАВКА)(?![\p{L}])/u,
  /^\W*(?:correction|corrected|korrektur|berichtigung|correctif|corrección|correção)\s*[:–—]/iu,
  /[([](?:correction|corrected|corrects|korrektur|berichtigt)[^)\]]*[)\]]/iu,
  /[-–—]\s?CORRECT(?:ED|ION)(?![\p{L}])/u,
];
const HEADLINE_UPDATE = [
  /[([](?:updated?|lead|writethru|aktualisiert|обновлено)(?:[ :\d][^)\]]*)?[)\]]/iu,
  /^\W*(?:UPDATED?|LEAD|REFILE|WRITETHRU|ADD)(?:\s?\d{1,2})?\s*[-–—:]/u,
  /^\W*(?:updated?|refile)(?:\s?\d{1,2})?\s*:/iu,
  /(?:[-–—]\s?|\s)(?:UPDATED?|REFILE|WRITETHRU|\d?(?:st|nd|rd|th)?\s?L(?:EAD|d|D)(?:-Writethru)?)(?:\s?\d{1,2})?$/u,
];
/** A slug is made of such words; there case says nothing. */
const SLUG_CORRECTION =
  /(?:^|[^\p{L}])(?:correction|corrected|corrective|korrektur|berichtigung)(?![\p{L}])/iu;
const SLUG_UPDATE =
  /(?:^|[^\p{L}])(?:update[ds]?|refile|writethru|write-thru|(?:\d(?:st|nd|rd|th)\s?)?(?:lead|ld)|add(?:s|ition)?|\d(?:st|nd|rd|th) add)(?![\p{L}])/iu;

export function changeInHeadline(headline: string): SaidOfItself {
  if (HEADLINE_CORRECTION.some((pattern) => pattern.test(headline))) return said("correction");
  if (HEADLINE_UPDATE.some((pattern) => pattern.test(headline))) return said("update");
  return {};
}

/** Slug lines, take keys and keyword lines. */
export function changeInSlug(slug: string): SaidOfItself {
  if (SLUG_CORRECTION.test(slug)) return said("correction");
  return SLUG_UPDATE.test(slug) ? said("update") : {};
}

function said(change: Change): SaidOfItself {
  return { change, continues: true };
}

/** An embargo told in words (EMB2). The embargo of one country against another is news: no mark, no match. */
const EMBARGO_MARKS: readonly RegExp[] = [
  /^\W*(?:strictly\s+)?(?:under\s+)?embargo(?:ed)?(?:\s*[:–—/]|\s+-|\s*\d|\s+(?:until|till|not)\b|\W*$)/iu,
  /[([][^)\]]{0,40}\bembargo(?:ed)?\b[^)\]]{0,80}[)\]]/iu,
  /\bEMBARGOED\b|\b(?:UNDER|STRICT) EMBARGO\b|\bEMBARGO(?:ED)? UNTIL\b|\bEMBARGO:/u,
  /\bembargoed (?:until|till|for release)\b/iu,
  /^\W*(?:hold for release|not for (?:publication|release|use|broadcast) (?:before|until|till|prior))\b/iu,
  // "For release Sunday", "FOR USE 10 A.M."; the release of hostages is news.
  /^\W*(?:adv(?:ance)? )?for (?:release|use|publication|broadcast)(?:\s+(?:on|at|after|from))?[\s:,]+(?:(?:mon|tues|wednes|thurs|fri|satur|sun)(?:day|\b)|\d{1,2}(?:[:.]?\d{2})?\s*(?:[ap]\.?m\b|gmt|utc|e[sd]t|h(?:ou)?rs?\b)|not before|\d{1,2}\.?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)\p{L}*\.?\s+\d)/iu,
  /^\W*(?:sperrfrist|gesperrt bis|sous embargo|bajo embargo|sob embargo|эмбарго до)(?!\p{L})/iu,
];

export function hasEmbargoWords(line: string): boolean {
  return EMBARGO_MARKS.some((pattern) => pattern.test(line));
}
