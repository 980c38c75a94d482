import { toPlainLine } from "../../src/contract/text.ts";
import { toWeekday } from "../text/time-words.ts";
import { parseWireTime } from "../text/times.ts";
import { isFurnitureAbove } from "./page-furniture.ts";

/** The time of a text on an agency's page, alone on its line. */
export interface Stamp {
  /** In words that `parseWireTime` reads. */
  text: string;
  /** True for the shape that means nothing else; another date counts only where a stamp has to stand. */
  isSure: boolean;
}

const LONGEST_STAMP = 100;
/** `2016 September 28 (Wednesday) 10:34:24`, whatever signs stand between its parts. */
const SURE =
  /^(?<year>\d{4}),? (?<month>\p{L}{3,}\.?) (?<day>\d{1,2})(?:st|nd|rd|th)?,? ?(?:\( ?(?<weekday>\p{L}[\p{L}.-]+) ?\)|(?<bare>\p{L}[\p{L}-]{2,14}))?,? ?[-–—|]? ?(?<clock>\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[ap]\.?m\.?)?)(?<rest>[-+ \p{L}\d:.()_]{0,40})$/iu;
/** A page may part day and clock: `2016 September 28 (Wednesday)` over `10:34:24`. */
const SURE_DAY = /^\d{4} \p{L}{3,}\.? \d{1,2} ?\( ?\p{L}[\p{L}-]+ ?\)$/u;
const CLOCK = /^\d{1,2}:\d{2}(?::\d{2})?$/u;
const LABEL =
  /^(?:date|published|posted|added|created|dated|tarix|дата|опубликовано)(?: on| at)? ?[:–—-]? ?(?=[\p{L}\d])/iu;
const CLOCK_FIRST = /^(?<clock>\d{1,2}:\d{2}(?::\d{2})?)(?:,| [-–—|])? (?<day>\S.*)$/u;
/** Signs before and behind it; a dash before it would be the tail of a teaser. */
const SIGNS_BEFORE = /^[*•·»>|\\ ]+/u;
const SIGNS_BEHIND = /[\s.,;|*«<–—-]+$/u;

/** Undefined for what is no date, or a date with words around it; a section's name may stand beside it. */
export function readStamp(line: string, zone: string): Stamp | undefined {
  if (line.length > LONGEST_STAMP || !/\p{Nd}/u.test(line)) return undefined;
  const parts = line.split(/\s[|•·]\s/u);
  if (parts.length === 1) return readDate(line, zone);
  const dates = parts.flatMap((part) => readDate(part, zone) ?? []);
  return parts.every((part) => isFurnitureAbove(part) || readDate(part, zone) !== undefined)
    ? dates[0]
    : undefined;
}

function readDate(line: string, zone: string): Stamp | undefined {
  const written = toPlain(line);
  const groups = SURE.exec(written)?.groups;
  if (groups !== undefined && isWeekdayOrNone(groups["bare"]))
    return { text: toSureText(groups, zone), isSure: true };
  if (SURE_DAY.test(written)) return { text: written, isSure: true };
  const text = toLooseText(written);
  const time = parseWireTime(text, zone);
  return time.instant === undefined || time.dateOnly === true ? undefined : { text, isSure: false };
}

/** Whether a line is the clock of the day above it. */
export function isClock(line: string): boolean {
  return CLOCK.test(toPlainLine(line));
}

export function isDayAlone(stamp: string): boolean {
  return SURE_DAY.test(stamp);
}

/** Full-width digits and brackets as plain ones, invisible signs out, one pair of brackets around all of it off. */
function toPlain(line: string): string {
  const folded = toPlainLine(line.normalize("NFKC").replace(/[\u00ad\u200b-\u200d\ufeff]/gu, ""))
    .replace(/(?<=\d) ?: ?(?=\d)/gu, ":")
    .replace(SIGNS_BEFORE, "")
    .replace(SIGNS_BEHIND, "");
  const bare = /^[([](?<inner>.*)[)\]]$/u.exec(folded)?.groups?.["inner"] ?? folded;
  return bare.trim().replace(LABEL, "");
}

/** A word without brackets is a weekday or the line is a sentence. */
function isWeekdayOrNone(word: string | undefined): boolean {
  return word === undefined || toWeekday(word) !== undefined;
}

type Groups = Record<string, string | undefined>;

function toSureText({ year, month, day, weekday, bare, clock = "", rest }: Groups, zone: string): string {
  const name = weekday ?? bare;
  const told = name === undefined ? "" : ` (${name.replace(/\.$/u, "")})`;
  const time = clock.replaceAll(".", ":").replace(/ ?([ap]):?m:?$/iu, " $1m");
  return `${year} ${month} ${day}${told} ${time}${toZone(rest ?? "", zone)}`;
}

/** `(Baku time)` and `local time` are the zone that the profile names. */
function toZone(rest: string, zone: string): string {
  const written = rest.trim();
  const place = /^\(?(?<place>[\p{L} _-]+) time\)?$/iu.exec(written)?.groups?.["place"]?.toLowerCase();
  const city = zone.split("/").at(-1)?.replaceAll("_", " ").toLowerCase();
  if (written === "" || place === "local" || (place !== undefined && place === city)) return "";
  return ` ${written}`;
}

function toLooseText(written: string): string {
  const text = written
    .replace(/ ?\( ?(?<name>\p{L}[\p{L}-]+) ?\)/u, (found, name: string) =>
      toWeekday(name) === undefined ? found : "",
    )
    .trim();
  const { clock, day } = CLOCK_FIRST.exec(text)?.groups ?? {};
  return clock === undefined || day === undefined ? text : `${day} ${clock}`;
}
