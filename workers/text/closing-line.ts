import { toMonth } from "./time-words.ts";
import { parseWireTime } from "./times.ts";

/** `131137 GMT Nov 13`, sometimes behind the agency's name and initials, with the zone before or after the month. */
const DAY_HOUR_MINUTE =
  /^(?:\S{1,12}\s+){0,6}?(?<clock>\d{6})\s*(?<zone>\p{Lu}{1,5}\s+)?(?<month>\p{L}{3,10}\.?)\s+(?<year>\d{4}|\d{2})(?:\s+(?<last>\p{Lu}{1,5}))?$/u;
/** `XX-WF-11-13-13 1509GMT` */
const MONTH_DAY_YEAR = /^(?:\p{L}[\p{L}\p{N}]*-+)*\s*(?<time>\d{2}-\d{2}-\d{2} \d{2}:?\d{2} ?\p{Lu}{0,4})$/u;
const OTHERS: readonly RegExp[] = [
  // `13-NOV-13 15:09`
  /^(?:\p{L}{2,6}[\s/-]+){0,2}(?<time>\d{1,2}-\p{L}{3,10}-(?:\d{4}|\d{2}) \d{1,2}[:.]\d{2}(?: \p{Lu}{1,5})?)$/u,
  // `APA0123    2013-11-13/11:37`
  /^(?:\p{Lu}{2,6}\d{0,5}\s+)?(?<time>\d{4}-\d{2}-\d{2}\/\d{2}:\d{2})$/u,
];
const LONGEST = 120;

/**
 * The time in the line that closes a wire's message, in words that `parseWireTime` reads, or tells to be no date when
 * the line can be nothing else. Undefined: it is no such line.
 */
export function readClosingTime(line: string, zone: string): string | undefined {
  if (line.length > LONGEST || !/\d{2}/u.test(line)) return undefined;
  const bare = line.replace(/[\s<=^]+$/u, "");
  const sure = toDayHourMinute(bare) ?? MONTH_DAY_YEAR.exec(bare)?.groups?.["time"];
  if (sure !== undefined) return sure;
  const written = OTHERS.map((shape) => shape.exec(bare)?.groups?.["time"]).find(Boolean);
  const time = written?.replace(/(?<=\d{4}-\d{2}-\d{2})\//u, " ");
  return time !== undefined && parseWireTime(time, zone).instant !== undefined ? time : undefined;
}

function toDayHourMinute(line: string): string | undefined {
  const groups = DAY_HOUR_MINUTE.exec(line)?.groups;
  if (groups === undefined) return undefined;
  const { clock = "", zone = "", month = "", year = "", last = "" } = groups;
  if (toMonth(month) === undefined) return undefined;
  // A phone number before a month's name is no time; with a zone's name nothing else ends so.
  const isClock = /^(?:[0-2]\d|3[01])(?:[01]\d|2[0-4])[0-5]\d$/u.test(clock);
  if (!isClock && zone === "" && last === "") return undefined;
  return `${clock} ${zone.trim() || last} ${month} ${year}`;
}
