import { type Edition, toHash } from "./keys.ts";

/**
 * Guids that are no ids (REV6): several stories of a source bear them. The mark that says so is kept for good among
 * the names of items, as `<source> shared:<guid>`; its value is when a kill last named the guid, `0` for never.
 */
export const sharedField = (source: string, guid: string): string => `${source} shared:${toHash(guid)}`;

/** So many bearers of one guid are known, the newest: a wire may put one id on everything for years. */
const MOST_BEARERS = 10_000;

/** Notes who bears a guid and gives back when a kill last named it; 0 for never. */
export async function noteBearers(
  { redis, keys }: Edition,
  { source, guid, ids, atMs }: { source: string; guid: string; ids: readonly string[]; atMs: number },
): Promise<number> {
  const key = keys.bearers(source, guid);
  const field = sharedField(source, guid);
  const answers = await redis
    .pipeline()
    .zadd(key, "NX", ...ids.flatMap((id) => [atMs, id]))
    .zremrangebyrank(key, 0, -MOST_BEARERS - 1)
    .hsetnx(keys.aliases, field, "0")
    .hget(keys.aliases, field)
    .exec();
  for (const [error] of answers ?? []) if (error) throw error;
  return Number(answers?.at(-1)?.[1] ?? 0);
}

/** The newest bearers of each guid since a moment, newest first. */
export async function readBearers(
  { redis, keys }: Edition,
  source: string,
  guids: readonly string[],
  { sinceMs, most }: { sinceMs: number; most: number },
): Promise<string[][]> {
  const pipeline = redis.pipeline();
  for (const guid of guids)
    pipeline.zrevrangebyscore(keys.bearers(source, guid), "+inf", sinceMs, "LIMIT", 0, most);
  const answers = (await pipeline.exec()) ?? [];
  return answers.map(([error, ids]) => {
    if (error) throw error;
    return Array.isArray(ids) ? ids.map(String) : [];
  });
}

/** All bearers of a guid that a kill or a hold names; undefined when it is an id like any other. */
export async function nameBearers(
  { redis, keys }: Edition,
  { source, guid, killedMs }: { source: string; guid: string; killedMs: number | undefined },
): Promise<string[] | undefined> {
  const field = sharedField(source, guid);
  if ((await redis.hexists(keys.aliases, field)) === 0) return undefined;
  // Marked first: whoever bears it and is not in the list yet finds the mark.
  if (killedMs !== undefined) await redis.hset(keys.aliases, field, killedMs);
  return await redis.zrevrange(keys.bearers(source, guid), 0, -1);
}
