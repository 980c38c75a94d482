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

/** Marks drafts whose slug was killed today. */
export async function markSlugs(arrival: Arrival, groups: Identified[][]): Promise<Identified[][]> {
  const { redis } = arrival.edition;
  const slugs = [...new Set(groups.flat().flatMap((part) => toSlug(part) ?? []))];
  if (slugs.length === 0) return groups;
  const pipeline = redis.pipeline();
  for (const slug of slugs) pipeline.hexists(toKey(arrival, slug), KILLED);
  const answers = (await pipeline.exec()) ?? [];
  const killed = new Set(slugs.filter((_, i) => answers[i]?.[1] === 1));
  return groups.map((group) =>
    group.map((part) => (killed.has(toSlug(part) ?? "") ? { ...part, suspect: "slug" as const } : part)),
  );
}

/** Remembers which items a slug's day has. */
export async function joinSlugs(arrival: Arrival, parts: Identified[]): Promise<void> {
  const pipeline = arrival.edition.redis.pipeline();
  for (const part of parts) {
    const slug = toSlug(part);
    if (slug === undefined) continue;
    pipeline.hset(toKey(arrival, slug), part.id, "1");
    pipeline.expire(toKey(arrival, slug), SECONDS);
  }
  if (pipeline.length > 0) await pipeline.exec();
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
