import type { SourceProfile } from "../../src/contract/profile.ts";
import type { FeedHints } from "./feed-hints.ts";

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

const DEFAULT_EVERY_S = 60;
/** A feed that has fallen asleep is still looked at so often. */
const DEFAULT_SLOWEST_S = 900;
const NET_MS = 30 * 60_000;
/** The source's own wishes stretch a pace that nobody named to at most this … */
const LONGEST_WISH_MS = HOUR_MS;
/** … and one that the profile names to at most so many times itself. */
const MOST_STRETCH = 10;
const LONGEST_BACK_OFF_MS = HOUR_MS;
const LONGEST_RETRY_AFTER_MS = 24 * HOUR_MS;

/** How often a source is asked: at most, at least, and between them as its habit suggests. */
export interface Pace {
  everyMs: number;
  slowestMs: number;
  learnedMs?: number;
  /** The profile says so; whoever wrote it knows the source better than its content system does. */
  isNamed: boolean;
}

export function toPace(profile: SourceProfile): Pace {
  const { every = DEFAULT_EVERY_S, slowest = profile.every ?? DEFAULT_SLOWEST_S } = profile;
  return {
    everyMs: every * SECOND_MS,
    slowestMs: Math.max(every, slowest) * SECOND_MS,
    isNamed: profile.every !== undefined,
  };
}

/** While a hub pushes what is new, polling is only a net below it. */
export function toNetPace({ everyMs, isNamed }: Pace): Pace {
  const netMs = Math.max(everyMs, NET_MS);
  return { everyMs: netMs, slowestMs: netMs, isNamed };
}

/**
 * When to ask again after a good answer: as the feed's habit suggests between the fastest and the slowest pace, but
 * never while asking could bring nothing. Within
 * `freshMs` caches would give the same answer again; `ttl` is a default that few publishers have ever looked at, and
 * counts only where nobody named a pace; hours and days in which nothing comes are left out.
 */
export function toNextMs(pace: Pace, startedMs: number, freshMs: number, hints: FeedHints): number {
  const { everyMs, slowestMs, learnedMs = everyMs, isNamed } = pace;
  const ttlMs = isNamed ? 0 : (hints.ttlSeconds ?? 0) * SECOND_MS;
  const longestMs = isNamed ? everyMs * MOST_STRETCH : Math.max(everyMs, LONGEST_WISH_MS);
  const leastMs = Math.max(everyMs, Math.min(longestMs, Math.max(freshMs, ttlMs)));
  const waitMs = Math.max(leastMs, Math.min(slowestMs, learnedMs));
  return afterSkipped(startedMs + waitMs, hints);
}

/**
 * When to ask again after a failure, the `failures`th in a row: twice as late each time, and not at the same moment as
 * all others that failed with it. `random` is from 0 to 1.
 */
export function toRetryMs(
  pace: Pace,
  nowMs: number,
  failures: number,
  { retryAfterMs = 0, random = Math.random() },
): number {
  const doubled = pace.everyMs * 2 ** Math.min(failures, 20);
  const backOffMs = Math.min(Math.max(LONGEST_BACK_OFF_MS, pace.everyMs), doubled) * (0.5 + random / 2);
  const askedMs = Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS);
  return nowMs + Math.max(pace.everyMs, Math.round(backOffMs), askedMs);
}

/** Retry-After: seconds, or the date when it ends. Undefined when it cannot be read. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d{1,9}\s*$/u.test(value)) return Number(value) * SECOND_MS;
  const untilMs = parseHttpDate(value);
  return untilMs === undefined ? undefined : Math.max(0, untilMs - nowMs);
}

/** For how long a cache would still give out this very answer, in ms. */
export function toFreshMs(headers: ReadonlyMap<string, string>): number {
  const control = headers.get("cache-control")?.toLowerCase() ?? "";
  if (/\bno-(?:cache|store)\b/u.test(control)) return 0;
  const maxAge = /\bmax-age\s*=\s*"?(\d{1,9})/u.exec(control)?.[1];
  if (maxAge !== undefined) {
    const age = /^\d{1,9}$/u.exec(headers.get("age") ?? "")?.[0] ?? "0";
    return Math.max(0, Number(maxAge) - Number(age)) * SECOND_MS;
  }
  // By the server's own clock: ours may go differently.
  const expires = parseHttpDate(headers.get("expires"));
  const date = parseHttpDate(headers.get("date"));
  return expires === undefined || date === undefined ? 0 : Math.max(0, expires - date);
}

/** Servers write `Sun, 06 Nov 1994 08:49:37 GMT`; `Date` reads far too much else. */
function parseHttpDate(text = ""): number | undefined {
  if (!/^[A-Za-z]{3}, \d{2} [A-Za-z]{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/u.test(text.trim())) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** A feed that names every hour or every day means none. */
function afterSkipped(ms: number, { skipHours = [], skipDays = [] }: FeedHints): number {
  const isSkipped = (at: number) => {
    const date = new Date(at);
    return skipHours.includes(date.getUTCHours()) || skipDays.includes(date.getUTCDay());
  };
  if (!isSkipped(ms)) return ms;
  const nextHour = Math.floor(ms / HOUR_MS + 1) * HOUR_MS;
  const hours = Array.from({ length: 7 * 24 }, (_, index) => nextHour + index * HOUR_MS);
  return hours.find((at) => !isSkipped(at)) ?? ms;
}
