import { DateTime } from "luxon";
import { readItems } from "../src/store/items.ts";
import type { Arrival } from "./arrival.ts";
import type { Identified } from "./identity.ts";

/**
 * Slugs of a source's day. A kill that names only a slug holds every item of that slug and day, those that came
 * and those that come (KIL2). Kept for three days: a hash with an item id for each item, and `!` with the moment of
 * the kill.
 */
const SECONDS = 3 * 86_400;
const KILLED = "!";
/** Midnight divides no story from its kill: so long after the one the other still means it. */
const NIGHT_MS = 12 * 3_600_000;

function toKey(arrival: Arrival, slug: string, daysAgo = 0): string {
  const moment = DateTime.fromMillis(arrival.receivedMs, { zone: arrival.profile.zone });
  const day = moment.minus({ days: daysAgo }).toISODate() ?? "";
  return arrival.edition.keys.slug(arrival.source, day, slug.toLocaleLowerCase("en").trim());
}

function toSlug(part: Identified): string | undefined {
  return part.draft.storyKey ?? part.draft.slugline;
}

/**
 * Notes which items a slug's day has, and marks those whose slug was killed today or last night. Noted before they are
 * applied: a kill that comes in between must find them.
 */
export async function joinSlugs(arrival: Arrival, groups: Identified[][]): Promise<Identified[][]> {
  const parts = groups.flat().flatMap((part) => {
    const slug = toSlug(part);
    return slug === undefined ? [] : [{ id: part.id, slug }];
  });
  if (parts.length === 0) return groups;
  const pipeline = arrival.edition.redis.pipeline();
  for (const { id, slug } of parts) {
    const key = toKey(arrival, slug);
    pipeline.hset(key, id, "1").expire(key, SECONDS).hexists(key, KILLED);
    pipeline.hget(toKey(arrival, slug, 1), KILLED);
  }
  const answers = ((await pipeline.exec()) ?? []).map(([error, answer]) => {
    if (error) throw error;
    return answer;
  });
  const isKilled = (_: unknown, i: number) =>
    answers[i * 4 + 2] === 1 || Number(answers[i * 4 + 3] ?? 0) > arrival.receivedMs - NIGHT_MS;
  const killed = new Set(parts.filter(isKilled).map(({ slug }) => slug));
  return groups.map((group) =>
    group.map((part) => (killed.has(toSlug(part) ?? "") ? { ...part, suspect: "slug" as const } : part)),
  );
}

/** Kills the slug for the day and gives the items it has so far, last night's among them. */
export async function holdSlug(arrival: Arrival, slug: string): Promise<string[]> {
  const { redis } = arrival.edition;
  const key = toKey(arrival, slug);
  await redis.hset(key, KILLED, arrival.receivedMs);
  await redis.expire(key, SECONDS);
  const [today, yesterday] = await Promise.all([redis.hkeys(key), redis.hkeys(toKey(arrival, slug, 1))]);
  const isItem = (field: string) => field !== KILLED;
  const before = await readItems(arrival.edition, yesterday.filter(isItem));
  const night = before.flatMap((item) => {
    const ago = arrival.receivedMs - Date.parse(item?.record.revisedAt ?? "");
    return item !== undefined && ago < NIGHT_MS ? [item.record.id] : [];
  });
  return [...new Set([...today.filter(isItem), ...night])];
}
