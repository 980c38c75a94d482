import { IANAZone } from "luxon";
import { atOffset, type Instant, inZone, type LocalTime, offsetInZone, toClockMs } from "./local-time.ts";
import { toMonth, toWeekday, zoneOffsets } from "./time-words.ts";

export interface WireTime {
  /** ISO 8601 UTC with milliseconds; absent when the text is no date. */
  instant?: string;
  /** The text has no clock: the instant is midnight (ORD3). */
  dateOnly?: true;
  /** Letters where digits belong (`YYYYMMDD000000-HHMM`): nobody filled the form in, so it is no date (EMB2). */
  template?: true;
  /** What was odd, or why it was not read. */
  note?: string;
}

const CLOCK =
  "(?<h>\\d{1,2})[:.h](?<mi>\\d{2})(?:[:.](?<s>\\d{2})(?:[.,](?<f>\\d{1,9}))?)?(?:\\s?(?<ap>[ap])\\.?m\\.?(?!\\p{L}))?";
const DAY = "(?<d>\\d{1,2})(?:st|nd|rd|th|er|º|ª|\\.)?";
const NAME = "(?<mon>\\p{L}{3,}\\.?)";
const WEEKDAY = "(?:(?<wd>\\p{L}[\\p{L}-]+)(?:\\.?,\\s*|\\.?\\s+))?";
const YEAR = "(?<y>\\d{4}|\\d{2})";
/** What stands between date and clock: blank, T, comma, or a word for "at". */
const AT =
  "(?:T|,?\\s+(?:-\\s+|at\\s+|um\\s+|às\\s+|as\\s+|à\\s+|a las\\s+|alle\\s+|alle ore\\s+|в\\s+|kl\\.?\\s+)?|,\\s*)";
const REST = "(?<zone>.*)";
const timed = (date: string): RegExp => new RegExp(`^${date}(?:${AT}${CLOCK}${REST})?$`, "iu");

/** Each reads the whole text. What is left over at the end must be a zone. */
const SHAPES: readonly RegExp[] = [
  timed("(?<y>\\d{4})(?<sep>[-/.])(?<mo>\\d{1,2})\\k<sep>(?<d>\\d{1,2})"),
  // XML Schema's date with a zone, and basic ISO without seconds, colons or a T.
  /^(?<y>\d{4})-(?<mo>\d{2})-(?<d>\d{2})(?<zone>Z|[+-]\d{2}:?\d{2})$/iu,
  /^(?<y>\d{4})-(?<mo>\d{2})-(?<d>\d{2})T(?<h>\d{2})(?<mi>\d{2})(?<s>\d{2})?(?<zone>.*)$/iu,
  /^(?<y>\d{4})(?<mo>\d{2})(?<d>\d{2})(?:[T ]?(?<h>\d{2}):?(?<mi>\d{2})(?::?(?<s>\d{2})(?:[.,](?<f>\d{1,9}))?)?(?<zone>\D.*|[+-].*)?)?$/iu,
  timed(`${WEEKDAY}${DAY}[\\s-]+(?:de\\s+)?${NAME}[\\s,-]+(?:de\\s+|del\\s+)?${YEAR}(?:\\s*г\\.)?`),
  timed(`${WEEKDAY}${NAME}\\s+${DAY},?\\s+(?<y>\\d{4})`),
  timed(`(?<y>\\d{4})\\s+${NAME}\\s+${DAY}(?:\\s*\\(\\s*(?<wd>\\p{L}[\\p{L}-]+)\\s*\\))?`),
  new RegExp(`^${WEEKDAY}${NAME}\\s+${DAY}\\s+${CLOCK}\\s+(?<zone>\\p{L}*)\\s*(?<y>\\d{4})$`, "iu"),
  new RegExp(`^${CLOCK}(?<zone>\\s+\\p{L}+)?,?\\s+${WEEKDAY}${DAY}\\s+${NAME},?\\s+(?<y>\\d{4})$`, "iu"),
  // 7901's closing line: day, hour, minute, zone, month, year.
  new RegExp(
    `^(?<d>\\d{2})(?<h>\\d{2})(?<mi>\\d{2})\\s*(?<zone>\\p{L}*?)\\s*(?<mon>\\p{L}{3,}\\.?)\\s+${YEAR}$`,
    "iu",
  ),
  // ANPA's: month first, two-digit year.
  /^(?<mo>\d{2})-(?<d>\d{2})-(?<y>\d{2})\s+(?<h>\d{2}):?(?<mi>\d{2})\s*(?<zone>\p{L}*)$/iu,
  timed("(?<d>\\d{1,2})\\.\\s?(?<mo>\\d{1,2})\\.\\s?(?<y>\\d{4}|\\d{2})"),
  timed("(?<n1>\\d{1,2})(?<sep>[-/])(?<n2>\\d{1,2})\\k<sep>(?<y>\\d{4})"),
];

/**
 * A time as a wire writes it. It is read only if every part is in range and nothing is left over (ORD3); a
 * written offset is believed even against the zone, and only a time without one is read in the source's zone
 * (TIM1). There is no guess: what cannot be read has no instant and a note.
 */
export function parseWireTime(text: string, zone: string): WireTime {
  const written = text.replace(/[\s\u00a0\u200b\ufeff]+/gu, " ").trim();
  if (written === "") return { note: "is empty" };
  if (/(?:Y{4}|J{4}|A{4}|CCYY)\W?MM/u.test(written))
    return { template: true, note: `is a template: ${clip(written)}` };
  if (written.length <= 80) {
    for (const shape of SHAPES) {
      const groups = shape.exec(written)?.groups;
      const read = groups && readGroups(groups, zone);
      if (read !== undefined) return read;
    }
  }
  return { note: `is no date that can be read: ${clip(written)}` };
}

type Groups = Record<string, string | undefined>;

function readGroups(groups: Groups, zone: string): WireTime | undefined {
  const [month, day] = readMonthAndDay(groups);
  const { y, h, mi, s, f, wd } = groups;
  if (month === undefined || day === undefined || y === undefined) return undefined;
  const local: LocalTime = {
    year: toYear(y),
    month,
    day,
    hour: toHour(h ?? "0", groups["ap"]) ?? 99,
    minute: Number(mi ?? 0),
    second: Number(s ?? 0),
    ms: Number((f ?? "").padEnd(3, "0").slice(0, 3)),
  };
  const weekday = wd === undefined ? undefined : toWeekday(wd);
  const clockMs = toClockMs(local);
  if (clockMs === undefined || (wd !== undefined && weekday === undefined)) return undefined;
  const at = readZone(groups["zone"] ?? "", clockMs, zone);
  if (at === undefined) return undefined;
  const notes = [at.note, weekdayNote(weekday, local)].filter((note) => note !== undefined);
  return {
    instant: new Date(at.epochMs).toISOString(),
    ...(h === undefined && { dateOnly: true as const }),
    ...(notes.length > 0 && { note: notes.join("; ") }),
  };
}

function readMonthAndDay(groups: Groups): [month: number | undefined, day: number | undefined] {
  const { mon, mo, d, n1, n2 } = groups;
  if (mon !== undefined) return [toMonth(mon), Number(d)];
  if (mo !== undefined) return [Number(mo), Number(d)];
  const [first, second] = [Number(n1), Number(n2)];
  // 05/06 is May in one country and June in another: unreadable unless one of the two is no month.
  if (first === second || first > 12) return [second, first];
  return second > 12 ? [first, second] : [undefined, undefined];
}

/** Two digits as RFC 2822 reads them. */
function toYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 4) return year;
  return year < 50 ? 2000 + year : 1900 + year;
}

function toHour(digits: string, half: string | undefined): number | undefined {
  const hour = Number(digits);
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
}

function weekdayNote(written: number | undefined, local: LocalTime): string | undefined {
  const day = new Date(Date.UTC(local.year, local.month - 1, local.day)).getUTCDay() || 7;
  return written === undefined || written === day ? undefined : "the weekday does not fit the date";
}

/** What stands after the clock: nothing, an offset, a zone's name, or both in one form or another. */
function readZone(rest: string, clockMs: number, zone: string): Instant | undefined {
  const written = rest
    .replace(/^\s*(?:Uhr|hrs?|hours|ч\.?|h)(?!\p{L})\.?/iu, "")
    .replace(/^\s*[,-]\s+(?=\p{L})/u, " ")
    .trim();
  if (written === "") return inZone(clockMs, zone);
  const offset =
    /^(?:(?:GMT|UTC?|Z)\s?)?(?<sign>[+-])(?<h>\d{1,2}):?(?<m>\d{2})?(?:\s?\(.{1,50}\)|\s?\[[\w/+-]+\])?$/iu.exec(
      written,
    )?.groups;
  if (offset !== undefined) return readOffset(offset, clockMs);
  const name = written.replace(/^\((.*)\)$/u, "$1").replace(/^Z\[[\w/+-]+\]$/iu, "Z");
  const candidates = zoneOffsets(name);
  if (candidates !== undefined) return readNamedZone(candidates, name, clockMs, zone);
  const city = name.replace(/^\[(.*)\]$/u, "$1");
  return city.includes("/") && IANAZone.isValidZone(city) ? inZone(clockMs, city) : undefined;
}

function readOffset(groups: Groups, clockMs: number): Instant | undefined {
  const hours = Number(groups["h"]);
  const minutes = Number(groups["m"] ?? 0);
  if (hours > 14 || minutes > 59) return undefined;
  return atOffset(clockMs, (groups["sign"] === "-" ? -1 : 1) * (hours * 60 + minutes));
}

function readNamedZone(candidates: readonly number[], name: string, clockMs: number, zone: string): Instant {
  const [first, ...others] = candidates;
  const own = others.length > 0 ? offsetInZone(clockMs, zone) : undefined;
  const other = others.find((candidate) => candidate === own);
  if (other === undefined) return atOffset(clockMs, first ?? 0);
  return { ...atOffset(clockMs, other), note: `${name} read as the source's own ${toOffsetText(other)}` };
}

function toOffsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const clock = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, "0")).join(":");
  return (minutes < 0 ? "-" : "+") + clock;
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
