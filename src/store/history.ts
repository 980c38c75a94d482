import type { RevisionEntry } from "../contract/item.ts";
import type { Edition } from "./keys.ts";
import { type HistoryEntry, toHistoryEntry } from "./project.ts";
import type { ItemRecord } from "./record.ts";

function parseEntry(json: string): HistoryEntry {
  return JSON.parse(json);
}

/** All revisions of an item, newest first; what it says now is the first. Nothing is left of a killed item's. */
export async function readHistory(edition: Edition, record: ItemRecord): Promise<HistoryEntry[]> {
  if (record.content === null) return [];
  const past = await edition.redis.hgetall(edition.keys.history(record.id));
  const entries = [toHistoryEntry(record), ...Object.values(past).map(parseEntry)];
  return entries
    .filter((entry, index) => index === 0 || entry.revision < record.revision)
    .toSorted((a, b) => b.revision - a.revision);
}

/** The revisions that readers could see, without what only the desk may know (COR1). */
export function toPublicHistory(entries: HistoryEntry[], record: ItemRecord): RevisionEntry[] {
  return entries
    .filter((entry) => entry.public && entry.revision >= (record.hideBefore ?? 0))
    .map(({ public: _public, by: _by, ...shown }) => shown);
}
