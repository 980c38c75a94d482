import { type SourceReport, sourceReport, sourceWeek } from "../contract/screens.ts";
import type { Edition } from "./keys.ts";

/** What the doctor last said of each source. What cannot be read, of an older program, is left out. */
export async function readReports({ redis, keys }: Edition): Promise<Map<string, SourceReport>> {
  const stored = await redis.hgetall(keys.reports);
  return new Map(
    Object.entries(stored).flatMap(([source, json]): [string, SourceReport][] => {
      const parsed = sourceReport.safeParse(JSON.parse(json));
      return parsed.success ? [[source, parsed.data]] : [];
    }),
  );
}

export async function readReport(
  { redis, keys }: Edition,
  source: string,
): Promise<SourceReport | undefined> {
  const json = await redis.hget(keys.reports, source);
  return json === null ? undefined : sourceReport.safeParse(JSON.parse(json)).data;
}

/** Replaces all: a source that is not among them has none any more. */
export async function writeReports(
  { redis, keys }: Edition,
  reports: ReadonlyMap<string, SourceReport>,
): Promise<void> {
  const gone = (await redis.hkeys(keys.reports)).filter((source) => !reports.has(source));
  if (gone.length > 0)
    await Promise.all([redis.hdel(keys.reports, ...gone), redis.hdel(keys.usualWeeks, ...gone)]);
  if (reports.size === 0) return;
  const flat = [...reports].flatMap(([source, report]) => [source, JSON.stringify(report)]);
  await redis.hset(keys.reports, ...flat);
}

/** A source's usual week; undefined before one was learned. */
export async function readUsualWeek({ redis, keys }: Edition, source: string): Promise<number[] | undefined> {
  const json = await redis.hget(keys.usualWeeks, source);
  return json === null ? undefined : sourceWeek.safeParse(JSON.parse(json)).data;
}

export async function writeUsualWeek(
  { redis, keys }: Edition,
  source: string,
  perHour: readonly number[],
): Promise<void> {
  const rounded = perHour.map((count) => Math.round(count * 10) / 10);
  await redis.hset(keys.usualWeeks, source, JSON.stringify(rounded));
}
