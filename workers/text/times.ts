import { type LocalTime, toClockMs } from "./local-time.ts";
import { toMonth, toWeekday } from "./time-words.ts";
import { readZone } from "./time-zone.ts";

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

/** `noon`, `1034 GMT`, or hours with minutes; hours alone only where `p.m.` or `Uhr` stands behind them. */
const CLOCK =
  "(?:(?<noon>(?:12(?:[:.]00)?\\s?)?noon(?!\\p{L}))|(?<hhmm>\\d{4})(?=\\s?\\p{L}{1,5}(?!\\p{L}))|" +
  "(?<h>\\d{1,2})(?:(?:[:.]|\\s?h\\s?)(?<mi>\\d{2})(?:[:.](?<s>\\d{2})(?:[.,](?<f>\\d{1,9}))?)?)?" +
  "(?:\\s?(?<ap>[ap])\\.?\\s?m\\.?(?!\\p{L}))?)";
const DAY = "(?<d>\\d{1,2})(?:st|nd|rd|th|er|º|ª|\\.)?";
const NAME = "(?<mon>\\p{L}{3,}\\.?)";
const WEEKDAY_NAME = "(?<wd>\\p{L}[\\p{L}'-]+)";
const WEEKDAY = `(?:${WEEKDAY_NAME}(?:\\.?,\\s*|\\.?\\s+)(?:den\\s+)?)?`;
const YEAR = "(?<y>\\d{4}|\\d{2})";
const FULL_YEAR = "(?<y>\\d{4})";
/** "Year" behind the number, as Russians, Ukrainians, Poles and Azeris write it. */
const YEAR_WORD = "(?:\\s*(?:г|года?|р|року)(?!\\p{L})\\.?|\\s+roku|-c[ıiuü]\\s+il)?";
/** What stands between date and clock: blank, T, comma, or a word for "at". */
const AT =
  "(?:T|,?\\s+(?:(?:-|\\||at|um|às|as|à|a las|alle|alle ore|ore|om|saat|о|в|la|v|klo|kl\\.?|godz\\.?|o godz\\.?)\\s+)?|,\\s*|/)";
const REST = "(?<zone>.*)";
const DAY_NAME_YEAR = `${WEEKDAY}${DAY}[\\s/-]+(?:(?:de|of)\\s+)?${NAME}[\\s,/-]+(?:de\\s+|del\\s+)?`;
const ISO = "(?<y>\\d{4})(?<sep>[-/.])(?<mo>\\d{1,2})\\k<sep>(?<d>\\d{1,2})";
const DOTTED = `${WEEKDAY}(?<d>\\d{1,2})\\.\\s?(?<mo>\\d{1,2})\\.\\s?${YEAR}`;
const SLASHED = `${WEEKDAY}(?<n1>\\d{1,2})(?<sep>[-/])(?<n2>\\d{1,2})\\k<sep>${FULL_YEAR}`;
const AMERICAN = `${WEEKDAY}${NAME}\\s+${DAY},?\\s+${FULL_YEAR}`;

const shape = (whole: string): RegExp => new RegExp(`^${whole}$`, "iu");
const timed = (date: string): RegExp => shape(`${date}(?:${AT}${CLOCK}${REST})?`);
const clockFirst = (date: string): RegExp[] =>
  // A weekday reads like a zone: first without one.
  ["(?<zone>(?:\\s?Uhr)?)", "(?<zone>\\s?[\\p{L}\\d+:()-]{1,12})"].map((zone) =>
    shape(`${CLOCK}${zone},?\\s+(?:on\\s+)?${date}`),
  );

/** Each reads the whole text. What is left over at the end must be a zone. */
const SHAPES: readonly RegExp[] = [
  timed(ISO),
  // XML Schema's date with a zone, and basic ISO without seconds, colons or a T.
  /^(?<y>\d{4})-(?<mo>\d{2})-(?<d>\d{2})(?<zone>Z|[+-]\d{2}:?\d{2})$/iu,
  /^(?<y>\d{4})-(?<mo>\d{2})-(?<d>\d{2})T(?<h>\d{2})(?<mi>\d{2})(?<s>\d{2})?(?<zone>.*)$/iu,
  /^(?<y>\d{4})(?<mo>\d{2})(?<d>\d{2})(?:[T ]?(?<h>\d{2}):?(?<mi>\d{2})(?::?(?<s>\d{2})(?:[.,](?<f>\d{1,9}))?)?(?<zone>\D.*|[+-].*)?)?$/iu,
  timed(`${DAY_NAME_YEAR}${YEAR}${YEAR_WORD}`),
  // The weekday behind the date, as Turks and Azeris write it.
  timed(`${DAY}\\s+${NAME}\\s+${FULL_YEAR}${YEAR_WORD}(?:,?\\s+|\\s*\\(\\s*)${WEEKDAY_NAME}\\s*\\)?`),
  timed(AMERICAN),
  timed(
    `${FULL_YEAR}\\.?\\s+${NAME}\\s+${DAY}(?:\\s*\\(\\s*${WEEKDAY_NAME}\\s*\\)|,\\s+${WEEKDAY_NAME.replace("<wd>", "<wd2>")})?`,
  ),
  shape(`${WEEKDAY}${NAME}\\s+${DAY}\\s+${CLOCK}\\s+(?<zone>\\p{L}*|[+-]\\d{4})\\s*${FULL_YEAR}`),
  ...[`${DAY_NAME_YEAR}${FULL_YEAR}`, AMERICAN, DOTTED, SLASHED, ISO].flatMap(clockFirst),
  // 7901's closing line: day, hour, minute, zone, month, year. The military write it without blanks.
  shape(`(?<d>\\d{2})(?<h>\\d{2})(?<mi>\\d{2})\\s*(?<zone>\\p{L}*?)\\s*${NAME}\\s+${YEAR}`),
  shape(`(?<d>\\d{2})(?<h>\\d{2})(?<mi>\\d{2})(?<zone>Z)${NAME}${YEAR}`),
  // ANPA's: month first, two-digit year.
  /^(?<mo>\d{2})-(?<d>\d{2})-(?<y>\d{2})\s+(?<h>\d{2}):?(?<mi>\d{2})\s*(?<zone>\p{L}*)$/iu,
  timed(DOTTED),
  timed(SLASHED),
  timed("(?<y>\\d{4})\\.\\s?(?<mo>\\d{1,2})\\.\\s?(?<d>\\d{1,2})\\.?"),
  // Japanese, Chinese and Korean.
  /^(?<y>\d{4})\s?[年년]\s?(?<mo>\d{1,2})\s?[月월]\s?(?<d>\d{1,2})\s?[日일](?:\s?\(?(?:(?:星期|周|週)?[月火水木金土日天一二三四五六](?:曜日?)?|[월화수목금토일](?:요일)?)\)?)?(?:\s?(?<half>[AP]M|[午오上下][前後午전후])?\s?(?<h>\d{1,2})\s?[時时点시:]\s?(?<mi>\d{2})(?:[分분]|:(?<s>\d{2}))?(?<zone>.*))?$/u,
];

/** The longest date that anybody writes, with room to spare. */
const LONGEST = 80;

/**
 * A time as a wire writes it. It is read only if every part is in range and nothing is left over (ORD3); a
 * written offset is believed even against the zone, and only a time without one is read in the source's zone
 * (TIM1). There is no guess: what cannot be read has no instant and a note. The source's language is asked only
 * which number of `05/06/2016` is the month.
 */
export function parseWireTime(text: string, zone: string, language?: string): WireTime {
  const written = toPlainSigns(text.slice(0, 1000));
  if (written === "") return { note: "is empty" };
  if (/(?:Y{4}|J{4}|A{4}|CCYY)\W?MM/u.test(written))
    return { template: true, note: `is a template: ${clip(written)}` };
  if (written.length <= LONGEST) {
    for (const one of SHAPES) {
      const groups = one.exec(written)?.groups;
      const read = groups && readGroups(groups, zone, language);
      if (read !== undefined) return read;
    }
  }
  return { note: `is no date that can be read: ${clip(written)}` };
}

/** Where the zeros of other scripts stand: Arabic, Persian, Devanagari, Bengali, Thai. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50];

/** One kind of blank, dash and digit; full width is narrowed, marks of direction and byte order go. */
function toPlainSigns(text: string): string {
  return (
    text
      .normalize("NFC")
      .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, "")
      .replace(/[\uff01-\uff5e]/gu, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
      .replace(/[\u2010-\u2015\u2212]/gu, "-")
      .replace(/[\u02bc\u2019]/gu, "'")
      .replace(/\p{Nd}/gu, toDigit)
      // Azeri weekdays of two words.
      .replace(/ (?=ax[şs]am[ıi]|ert[əe]si)/giu, "-")
      .replace(/\s+/gu, " ")
      .trim()
  );
}

function toDigit(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  const zero = ZEROS.find((first) => code >= first && code < first + 10);
  return zero === undefined ? sign : String(code - zero);
}

type Groups = Record<string, string | undefined>;

function readGroups(groups: Groups, zone: string, language: string | undefined): WireTime | undefined {
  const date = readMonthAndDay(groups, language);
  const clock = readClock(groups);
  const { y, wd } = groups;
  if (date === undefined || clock === undefined || y === undefined) return undefined;
  const local: LocalTime = { year: toYear(y), month: date.month, day: date.day, ...clock.time };
  const weekday = wd === undefined ? undefined : toWeekday(wd);
  const clockMs = toClockMs(local);
  if (clockMs === undefined || (wd !== undefined && weekday === undefined)) return undefined;
  const at = readZone(clock.rest, clockMs, zone);
  if (at === undefined) return undefined;
  const epochMs = clock.isLeap ? toLeapSecond(at.epochMs) : at.epochMs;
  if (epochMs === undefined) return undefined;
  const notes = [
    at.note,
    weekdayNote(weekday, local),
    date.note,
    clock.isLeap ? "a leap second, read as the second after it" : undefined,
  ].filter((note) => note !== undefined);
  return {
    instant: new Date(epochMs).toISOString(),
    ...(clock.isAbsent && { dateOnly: true as const }),
    ...(notes.length > 0 && { note: notes.join("; ") }),
  };
}

interface MonthAndDay {
  month: number;
  day: number;
  note?: string;
}

function readMonthAndDay(groups: Groups, language: string | undefined): MonthAndDay | undefined {
  const { mon, mo, d, n1, n2 } = groups;
  const month = mon === undefined ? Number(mo) : toMonth(mon);
  if (d !== undefined) return month === undefined ? undefined : { month, day: Number(d) };
  const [first, second] = [Number(n1), Number(n2)];
  if (first === second || first > 12) return { month: second, day: first };
  if (second > 12) return { month: first, day: second };
  // 05/06 is May in one country and June in another: only the source's language tells.
  const order = numberOrder(language);
  if (order === undefined) return undefined;
  const note = `the ${order} first, as in ${language}`;
  return order === "day" ? { month: second, day: first, note } : { month: first, day: second, note };
}

/** English alone does not tell: Americans begin with the month, the British with the day. */
function numberOrder(language: string | undefined): "day" | "month" | undefined {
  if (language === undefined || /^en$/iu.test(language)) return undefined;
  if (/^(?:en-(?:US|PH)|es-(?:US|PR|PA))$/iu.test(language)) return "month";
  return /^(?:en-CA|fr-CA|af|eu|fil|hu|ja|ko|lt|mn|sv|zh)(?!\w)/iu.test(language) ? undefined : "day";
}

/** Two digits as RFC 2822 reads them. */
function toYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 4) return year;
  return year < 50 ? 2000 + year : 1900 + year;
}

type Time = Pick<LocalTime, "hour" | "minute" | "second" | "ms">;

interface Clock {
  time: Time;
  /** What stands behind it. */
  rest: string;
  isAbsent: boolean;
  isLeap: boolean;
}

function readClock(groups: Groups): Clock | undefined {
  const { noon, hhmm, half, f, zone: rest = "" } = groups;
  const ap = groups["ap"] ?? half?.replace(/^.*[P後후下].*$/u, "p").replace(/^..$/u, "a");
  const h = noon === undefined ? (hhmm?.slice(0, 2) ?? groups["h"]) : "12";
  const mi = hhmm?.slice(2) ?? groups["mi"];
  const isHourAlone = groups["h"] !== undefined && mi === undefined;
  if (isHourAlone && ap === undefined && !/^\s*(?:Uhr|h|ч)(?!\p{L})/iu.test(rest)) return undefined;
  const isLeap = groups["s"] === "60";
  const time: Time = {
    hour: toHour(h ?? "0", ap) ?? 99,
    minute: Number(mi ?? 0),
    second: isLeap ? 59 : Number(groups["s"] ?? 0),
    ms: Number((f ?? "").padEnd(3, "0").slice(0, 3)),
  };
  return { time, rest, isAbsent: h === undefined, isLeap };
}

/** Leap seconds end a June or a December in UTC: anywhere else a 60 is no second. */
function toLeapSecond(epochMs: number): number | undefined {
  const next = Math.floor(epochMs / 1000 + 1) * 1000;
  return /-0[17]-01T00:00:00\.000Z$/u.test(new Date(next).toISOString()) ? next : undefined;
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

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
