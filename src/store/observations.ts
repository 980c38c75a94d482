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
/** A service is a few letters of a header, which anybody may write. */
const MOST_SERVICES = 16;

/**
 * KEYS observed, its week, its day, numbers of each service · ARGV the observation as JSON, seconds, day's seconds,
 * most fields. Counts a spell once, however many deliveries it has.
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
    redis.call("HSET", observed, service, seen.day)
    for _, number in ipairs(numbers.list) do redis.call("SETBIT", KEYS[3 + index], number, 1) end
    redis.call("EXPIRE", KEYS[3 + index], ARGV[3])
  end
end
redis.call("EXPIRE", observed, ARGV[2])
return 1
`;
/** `sinceMs`, `itemMs`, `spell`. */
const OWN_FIELDS = 3;

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
    ...services.map(([service]) => keys.observedNumbers(source, service, day)),
  ];
  const seen = {
    atMs: String(atMs),
    day: String(day),
    hasItems,
    ...(spell !== undefined && { spell: String(spell.number), slot: String(spell.slot) }),
    counts: Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)])),
    numbers: services.map(([service, list]) => ({ service, list: list.map(String) })),
  };
  const limits = [KEEP_SECONDS, KEEP_DAY_SECONDS, OWN_FIELDS + MOST_SERVICES];
  await redis.eval(OBSERVE, named.length, ...named, JSON.stringify(seen), ...limits);
}

export function toDay(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

/** What was counted in one day, by the counter's name. */
export type DayCounts = ReadonlyMap<string, number>;

export interface Observed {
  sinceMs: number;
  /** When something of it last took effect. */
  itemMs?: number;
  /** Of yesterday and today, in this order. */
  days: DayCounts[];
  /** By service: the numbers of yesterday and today. */
  numbers: Map<string, Buffer[]>;
}

const storedObserved = z.object({ sinceMs: z.coerce.number(), itemMs: z.coerce.number().optional() });

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
  const { sinceMs, itemMs } = stored.data;
  const services = toServices(fields, days[0] ?? 0);
  return {
    sinceMs,
    ...(itemMs !== undefined && { itemMs }),
    days: counts.map((day) => new Map(Object.entries(day).map(([name, count]) => [name, Number(count)]))),
    numbers: new Map(
      await Promise.all(
        services.map(
          async (service) => [service, await readNumbers(edition, { source, service, days })] as const,
        ),
      ),
    ),
  };
}

const SERVICE = "service:";

function toServices(fields: Record<string, string>, firstDay: number): string[] {
  return Object.entries(fields).flatMap(([name, day]) =>
    name.startsWith(SERVICE) && Number(day) >= firstDay ? [name.slice(SERVICE.length)] : [],
  );
}

interface Numbers {
  source: string;
  service: string;
  days: readonly number[];
}

async function readNumbers({ redis, keys }: Edition, { source, service, days }: Numbers): Promise<Buffer[]> {
  const found = await Promise.all(
    days.map((day) => redis.getBuffer(keys.observedNumbers(source, service, day))),
  );
  return found.map((bits) => bits ?? Buffer.alloc(0));
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
export async function forgetObserved({ redis, keys }: Edition, source: string): Promise<void> {
  const today = toDay(Date.now());
  const days = [today - 1, today, today + 1];
  const services = toServices(await redis.hgetall(keys.observed(source)), today - 1);
  await Promise.all([
    redis.del(
      keys.observed(source),
      ...days.map((day) => keys.observedDay(source, day)),
      ...services.flatMap((service) => days.map((day) => keys.observedNumbers(source, service, day))),
    ),
    redis.hdel(keys.reports, source),
    redis.hdel(keys.usualWeeks, source),
  ]);
}
