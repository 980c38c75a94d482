import { IANAZone } from "luxon";

export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
}

export interface Instant {
  epochMs: number;
  note?: string;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The clock's numbers as if the zone were UTC. Undefined when a part is out of range: nothing rolls over. */
export function toClockMs(time: LocalTime): number | undefined {
  const { year, month, day, hour, minute, second, ms } = time;
  const midnight = hour === 24 && minute === 0 && second === 0 && ms === 0;
  if ((hour > 23 && !midnight) || minute > 59 || second > 59 || month < 1 || month > 12) return undefined;
  // A year before newspapers is one of another calendar, or a form left at its first value.
  if (year < 1600 || year > 9998 || day < 1 || day > daysIn(year, month)) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

export function atOffset(clockMs: number, offsetMinutes: number): Instant {
  return { epochMs: clockMs - offsetMinutes * MINUTE };
}

/**
 * A clock reading in a zone. When clocks go back an hour is read twice: the first is taken. When they go forward
 * an hour does not exist: it is read with the offset before the change. Either way the same reading always gives
 * the same instant, and the note says so.
 */
export function inZone(clockMs: number, zone: string): Instant {
  const iana = IANAZone.create(zone);
  const before = iana.offset(clockMs - DAY);
  const after = iana.offset(clockMs + DAY);
  const fits = [before, after].filter((offset) => iana.offset(clockMs - offset * MINUTE) === offset);
  const [offset] = fits;
  if (offset === undefined) {
    return { ...atOffset(clockMs, before), note: `no such hour in ${zone} on that day` };
  }
  if (before !== after && fits.length === 2) {
    return {
      ...atOffset(clockMs, Math.max(before, after)),
      note: `an hour read twice in ${zone} on that day`,
    };
  }
  return atOffset(clockMs, offset);
}

/** Offset of a zone at a clock reading, in minutes. */
export function offsetInZone(clockMs: number, zone: string): number {
  return (clockMs - inZone(clockMs, zone).epochMs) / MINUTE;
}
