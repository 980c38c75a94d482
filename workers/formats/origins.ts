import type { RawStory } from "./compose.ts";

/** Where a format writes what: by our field, the place as its documentation calls it. */
export type Origins = Readonly<Partial<Record<Exclude<keyof RawStory, "from" | "notes">, string>>>;

/** Raw fields that have another name in a draft. */
const DRAFT_NAMES: Readonly<Record<string, string>> = {
  status: "pubStatus",
  body: "bodyText",
  edNotes: "edNote",
  embargoed: "embargoedUntil",
};

/** Tells for every field that the story has where it stood; what the reader tells of this story outranks the table. */
export function withOrigins(story: RawStory, origins: Origins): RawStory {
  const places: ReadonlyMap<string, string> = new Map(Object.entries(origins));
  const from: Record<string, string> = {};
  for (const [field, value] of Object.entries(story)) {
    const place = places.get(field);
    if (place !== undefined && isGiven(value)) from[DRAFT_NAMES[field] ?? field] = place;
  }
  return { ...story, from: { ...from, ...story.from } };
}

function isGiven(value: unknown): boolean {
  if (typeof value === "string") return value.trim() !== "";
  if (Array.isArray(value)) return value.some(isGiven);
  return value !== undefined;
}
