import { parseWireTime } from "./times.ts";

/** `131137 GMT Nov 13`, sometimes behind the agency's name and initials, with the zone before or after the month. */
const DAY_HOUR_MINUTE =
  /^(?:\S{1,12}\s+){0,6}?(?<clock>\d{6})\s*(?<zone>\p{Lu}{1,5}\s+)?(?<month>\p{L}{3,10}\.?)\s+(?<year>\d{4}|\d{2})(?:\s+(?<last>\p{Lu}{1,5}))?$/u;
const OTHERS: readonly RegExp[] = [
  // `XX-WF-11-13-13 1509GMT`
  /^(?:\p{L}[\p{L}\p{N}]*-+)*\s*(?<time>\d{2}-\d{2}-\d{2} \d{2}:?\d{2} ?\p{Lu}{0,4})$/u,
  // `13-NOV-13 15:09`
  /^(?:\p{L}{2,6}[\s/-]+){0,2}(?<time>\d{1,2}-\p{L}{3,10}-(?:\d{4}|\d{2}) \d{1,2}[:.]\d{2}(?: \p{Lu}{1,5})?)$/u,
  // `APA0123    2013-11-13/11:37`
  /^(?:\p{Lu}{2,6}\d{0,5}\s+)?(?<time>\d{4}-\d{2}-\d{2}\/\d{2}:\d{2})$/u,
];
const LONGEST = 120;

/** The time in the line that closes a wire's message, in words that `parseWireTime` reads. Undefined: it is no such line. */
export function readClosingTime(line: string, zone: string): string | undefined {
  if (line.length > LONGEST || !/\d{2}/u.test(line)) return undefined;
  const bare = line.replace(/[\s<=^]+$/u, "");
  const written =
    toDayHourMinute(bare) ?? OTHERS.map((shape) => shape.exec(bare)?.groups?.["time"]).find(Boolean);
  const time = written?.replace(/(?<=\d{4}-\d{2}-\d{2})\//u, " ");
  return time !== undefined && parseWireTime(time, zone).instant !== undefined ? time : undefined;
}

function toDayHourMinute(line: string): string | undefined {
  const groups = DAY_HOUR_MINUTE.exec(line)?.groups;
  if (groups === undefined) return undefined;
  const { clock = "", zone = "", month = "", year = "", last = "" } = groups;
  return `${clock} ${zone.trim() || last} ${month} ${year}`;
}
