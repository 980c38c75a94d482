import { z } from "zod";
import type { Edition } from "./keys.ts";

/** What one delivery tells of its source's habits. */
export interface Observation {
  source: string;
  /** When it was received. */
  atMs: number;
  /** Something in it took effect. */
  hasItems: boolean;
  /** The spell and the hour of the week in which news came; absent for an import, which has no hour. */
  spell?: { number: number; week: number; slot: number };
  /** What the day's counters go up by. */
  counts: Readonly<Record<string, number>>;
  /** Running numbers by service. */
  numbers: ReadonlyMap<string, readonly number[]>;
}

const DAY_MS = 86_400_000;
/** So long after its last word a source's habits are forgotten, and with them that it is silent. */
const KEEP_SECONDS = 91 * 86_400;
/** Today and yesterday are looked at. */
const KEEP_DAY_SECONDS = 3 * 86_400;
/** Of a day and service: a counter that goes up by one is one run. */
const MOST_RUNS = 2_000;
/** So many may be missing before a turn that is known. */
const MOST_AT_TURN = 100;
/** Of the last new items. */
const MOST_DELAYS = 20;
/** A service is a few letters of a header, which anybody may write. */
const MOST_SERVICES = 16;

/**
 * KEYS observed, its week, its day, numbers of each service · ARGV the observation as JSON, seconds, day's seconds,
 * most fields, most runs. Counts a spell once, however many deliveries it has.
 *
 * Numbers are kept as runs, `from-to`, in the order they came: only that tells a counter that began anew from numbers
 * that are missing. Of a service is kept `day last end turns`: its last number, and how often it went on at its
 * beginning right after `end`, one of 99, 999, 9999 …, since it last began anew elsewhere.
 */
const OBSERVE = `
local seen = cjson.decode(ARGV[1])
local observed, week, day = KEYS[1], KEYS[2], KEYS[3]
redis.call("HSETNX", observed, "sinceMs", seen.atMs)
local function isNewer(field, value)
  local last = redis.call("HGET", observed, field)
  return not last or tonumber(last) < tonumber(value)
end
if seen.hasItems and isNewer("itemMs", seen.atMs) then redis.call("HSET", observed, "itemMs", seen.atMs) end
local delays = {}
for delay in string.gmatch(redis.call("HGET", observed, "delays") or "", "%d+") do delays[#delays + 1] = delay end
for field, count in pairs(seen.counts) do
  local bin = string.match(field, "^late:(%d+)$") or (string.match(field, "^ahead:") and "0")
  for _ = 1, bin and math.min(tonumber(count), ${MOST_DELAYS}) or 0 do delays[#delays + 1] = bin end
end
if #delays > 0 then
  redis.call("HSET", observed, "delays", table.concat(delays, " ", math.max(1, #delays - ${MOST_DELAYS - 1})))
end
if seen.spell and isNewer("spell", seen.spell) then
  redis.call("HSET", observed, "spell", seen.spell)
  redis.call("BITFIELD", week, "OVERFLOW", "SAT", "INCRBY", "u16", "#" .. seen.slot, "1")
  redis.call("EXPIRE", week, ARGV[2])
end
for field, count in pairs(seen.counts) do redis.call("HINCRBY", day, field, count) end
redis.call("EXPIRE", day, ARGV[3])
for index, numbers in ipairs(seen.numbers) do
  local service = "service:" .. numbers.service
  local isKnown = redis.call("HEXISTS", observed, service) == 1
  if isKnown or redis.call("HLEN", observed) < tonumber(ARGV[4]) then
    local known = redis.call("HGET", observed, service) or ""
    local last, stop, turns = string.match(known, "^%d+ (%d+) (%d+) (%d+)$")
    last, stop, turns = tonumber(last), tonumber(stop or 0), tonumber(turns or 0)
    local runs = KEYS[3 + index]
    local from, to = string.match(redis.call("LINDEX", runs, -1) or "", "^(%d+)-(%d+)$")
    for _, text in ipairs(numbers.list) do
      local number = tonumber(text)
      if to and number == tonumber(to) + 1 then
        redis.call("LSET", runs, -1, from .. "-" .. text)
      else
        redis.call("RPUSH", runs, text .. "-" .. text)
        from = text
      end
      to = text
      if last and number <= 1 and last > 1 then
        if string.match(string.format("%d", last), "^99+$") then
          turns = last == stop and turns + 1 or 1
          stop = last
        elseif turns < 2 or last > stop or stop - last > ${MOST_AT_TURN} then
          stop, turns = 0, 0
        end
      elseif number > stop then
        stop, turns = 0, 0
      end
      last = number
    end
    redis.call("LTRIM", runs, -ARGV[5], -1)
    redis.call("EXPIRE", runs, ARGV[3])
    redis.call("HSET", observed, service, string.format("%s %d %d %d", seen.day, last, stop, turns))
  end
end
redis.call("EXPIRE", observed, ARGV[2])
return 1
`;
/** `sinceMs`, `itemMs`, `spell`, `delays`, `worst`. */
const OWN_FIELDS = 5;

/** One call a delivery, whatever it holds. Numbers are told as text: Lua would write large ones with an exponent. */
export async function observe(edition: Edition, observation: Observation): Promise<void> {
  const { redis, keys } = edition;
  const { source, atMs, hasItems, spell, counts, numbers } = observation;
  const day = toDay(atMs);
  const services = [...numbers].slice(0, MOST_SERVICES);
  const named = [
    keys.observed(source),
    keys.observedWeek(source, spell?.week ?? 0),
    keys.observedDay(source, day),
    ...services.map(([service]) => toRunsKey(edition, { source, service }, day)),
  ];
  const seen = {
    atMs: String(atMs),
    day: String(day),
    hasItems,
    ...(spell !== undefined && { spell: String(spell.number), slot: String(spell.slot) }),
    counts: Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)])),
    numbers: services.map(([service, list]) => ({ service, list: list.map(String) })),
  };
  const limits = [KEEP_SECONDS, KEEP_DAY_SECONDS, OWN_FIELDS + MOST_SERVICES, MOST_RUNS];
  await redis.eval(OBSERVE, named.length, ...named, JSON.stringify(seen), ...limits);
}

export function toDay(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

/** What was counted in one day, by the counter's name. */
export type DayCounts = ReadonlyMap<string, number>;

/** Running numbers that came one after the other, both ends included. */
export interface NumberRun {
  from: number;
  to: number;
}

/** One service's numbers of yesterday and today. */
export interface ObservedNumbers {
  /** In the order they came. */
  runs: NumberRun[];
  /** The last number before its counter begins anew, when that was seen more than once. */
  end?: number;
}

export interface Observed {
  sinceMs: number;
  /** When something of it last took effect. */
  itemMs?: number;
  /** Of yesterday and today, in this order. */
  days: DayCounts[];
  numbers: Map<string, ObservedNumbers>;
  /** Bins of the last new items' delays, the newest last. */
  delays: number[];
  /** Day → the worst of these that the doctor saw on it. */
  worst: ReadonlyMap<number, number>;
}

const storedObserved = z.object({
  sinceMs: z.coerce.number(),
  itemMs: z.coerce.number().optional(),
  delays: z.string().default(""),
  worst: z.string().default(""),
});

/** Undefined for a source that has sent nothing for long. */
export async function readObserved(
  edition: Edition,
  source: string,
  nowMs: number,
): Promise<Observed | undefined> {
  const { redis, keys } = edition;
  const days = [toDay(nowMs) - 1, toDay(nowMs)];
  const [fields, ...counts] = await Promise.all([
    redis.hgetall(keys.observed(source)),
    ...days.map((day) => redis.hgetall(keys.observedDay(source, day))),
  ]);
  const stored = storedObserved.safeParse(fields);
  if (!stored.success) return undefined;
  const { sinceMs, itemMs, delays, worst } = stored.data;
  const services = toServices(fields, days[0] ?? 0);
  const numbers = services.map(async ([service, end]): Promise<[string, ObservedNumbers]> => {
    const runs = await readRuns(edition, { source, service, days });
    return [service, { runs, ...(end !== undefined && { end }) }];
  });
  return {
    sinceMs,
    ...(itemMs !== undefined && { itemMs }),
    days: counts.map((day) => new Map(Object.entries(day).map(([name, count]) => [name, Number(count)]))),
    numbers: new Map(await Promise.all(numbers)),
    delays: delays.match(/\d+/g)?.map(Number) ?? [],
    worst: new Map(
      [...worst.matchAll(/(\d+):(\d+)/g)].map(([, day, bin]): [number, number] => [Number(day), Number(bin)]),
    ),
  };
}

/** What was forgotten meanwhile stays so. */
const WRITE_WORST = `if redis.call("EXISTS", KEYS[1]) == 1 then redis.call("HSET", KEYS[1], "worst", ARGV[1]) end`;

export async function writeWorst(
  { redis, keys }: Edition,
  source: string,
  worst: ReadonlyMap<number, number>,
): Promise<void> {
  const text = [...worst].map(([day, bin]) => `${day}:${bin}`).join(" ");
  await redis.eval(WRITE_WORST, 1, keys.observed(source), text);
}

const SERVICE = "service:";
/** A turn that was seen once may be chance: a counter that begins anew each day ends anywhere. */
const LEAST_TURNS = 2;

/** What was heard of since that day, and where its counter is known to turn. */
function toServices(
  fields: Record<string, string>,
  firstDay: number,
): [service: string, end: number | undefined][] {
  return Object.entries(fields).flatMap(([name, value]): [string, number | undefined][] => {
    const [day = 0, , end, turns = 0] = value.split(" ").map(Number);
    if (!name.startsWith(SERVICE) || day < firstDay) return [];
    return [[name.slice(SERVICE.length), turns >= LEAST_TURNS ? end : undefined]];
  });
}

interface OfService {
  source: string;
  service: string;
}

/** Apart from where they stood as bits, which another program may still read or write. */
function toRunsKey({ keys }: Edition, { source, service }: OfService, day: number): string {
  return keys.observedNumbers(source, `runs:${service}`, day);
}

async function readRuns(
  edition: Edition,
  { days, ...of }: OfService & { days: readonly number[] },
): Promise<NumberRun[]> {
  const found = days.map((day) => edition.redis.lrange(toRunsKey(edition, of, day), 0, -1));
  return (await Promise.all(found)).flat().map((run) => {
    const [from = 0, to = 0] = run.split("-").map(Number);
    return { from, to };
  });
}

/** Spells with news in each hour of these weeks, one week after the other. */
export async function readWeeks(
  edition: Edition,
  source: string,
  weeks: readonly number[],
): Promise<number[]> {
  const { redis, keys } = edition;
  const found = await Promise.all(weeks.map((week) => redis.getBuffer(keys.observedWeek(source, week))));
  return found.flatMap(toCounts);
}

const HOURS_PER_WEEK = 168;

function toCounts(stored: Buffer | null): number[] {
  const bytes = Buffer.alloc(HOURS_PER_WEEK * 2);
  stored?.copy(bytes);
  return Array.from({ length: HOURS_PER_WEEK }, (_, slot) => bytes.readUInt16BE(slot * 2));
}

/** What was learned of a source that is no more: another one may get its name. Weeks before its time count for none. */
export async function forgetObserved(edition: Edition, source: string): Promise<void> {
  const { redis, keys } = edition;
  const today = toDay(Date.now());
  const days = [today - 1, today, today + 1];
  const services = toServices(await redis.hgetall(keys.observed(source)), today - 1);
  await Promise.all([
    redis.del(
      keys.observed(source),
      ...days.map((day) => keys.observedDay(source, day)),
      ...services.flatMap(([service]) => days.map((day) => toRunsKey(edition, { source, service }, day))),
    ),
    redis.hdel(keys.reports, source),
    redis.hdel(keys.usualWeeks, source),
  ]);
}
