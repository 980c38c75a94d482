import { DateTime } from "luxon";
import type { Arrival } from "./arrival.ts";
import type { Identified } from "./identity.ts";

/**
 * Slugs of a source's day. A kill that names only a slug holds every item of that slug and day, those that came
 * and those that come (KIL2). Kept for three days: a hash with an item id for each item, and `!` once killed.
 */
const SECONDS = 3 * 86_400;
const KILLED = "!";

function toKey(arrival: Arrival, slug: string): string {
  const day = DateTime.fromMillis(arrival.receivedMs, { zone: arrival.profile.zone }).toISODate() ?? "";
  return arrival.edition.keys.slug(arrival.source, day, slug.toLocaleLowerCase("en").trim());
}

function toSlug(part: Identified): string | undefined {
  return part.draft.storyKey ?? part.draft.slugline;
}

/**
 * Notes which items a slug's day has, and marks those whose slug was killed today. Noted before they are applied:
 * a kill that comes in between must find them.
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
  }
  const answers = (await pipeline.exec()) ?? [];
  const killed = new Set(parts.filter((_, i) => answers[i * 3 + 2]?.[1] === 1).map(({ slug }) => slug));
  return groups.map((group) =>
    group.map((part) => (killed.has(toSlug(part) ?? "") ? { ...part, suspect: "slug" as const } : part)),
  );
}

/** Kills the slug for the day and gives the items it has so far. */
export async function holdSlug(arrival: Arrival, slug: string): Promise<string[]> {
  const { redis } = arrival.edition;
  const key = toKey(arrival, slug);
  await redis.hset(key, KILLED, "1");
  await redis.expire(key, SECONDS);
  const fields = await redis.hkeys(key);
  return fields.filter((field) => field !== KILLED);
}
