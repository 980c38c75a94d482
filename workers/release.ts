import { toAbsence } from "../src/store/change.ts";
import { readClockMs } from "../src/store/clock.ts";
import type { StoredItem } from "../src/store/items.ts";
import type { Edition } from "../src/store/keys.ts";
import type { ItemRecord } from "../src/store/record.ts";
import { applyAll } from "./apply-all.ts";
import { withPlace } from "./place.ts";

/** Items released in one go. */
const BATCH = 100;

/** An embargo that has ended orders the item, if it is later than the item's own time (ORD4). */
function withEndedEmbargo(record: ItemRecord, nowMs: number): ItemRecord {
  const until = record.embargoedUntil;
  if (until === undefined || Date.parse(until) > nowMs || record.publicLines.length > 0) return record;
  const orderedAt = until > record.orderedAt ? until : record.orderedAt;
  return { ...record, orderedAt, embargoEndedAt: until };
}

/**
 * What the passing of time makes of an item: put once its embargo has ended, removed once it has expired. Undefined
 * when it stands as it should.
 */
export function toTimely(record: ItemRecord, nowMs: number): ItemRecord | undefined {
  if (record.pubStatus === "canceled" || record.content === null) return undefined;
  const isPublic = record.publicLines.length > 0;
  const mayBePublic = toAbsence(record, nowMs) === undefined;
  if (isPublic === mayBePublic) return undefined;
  const revised = { ...withEndedEmbargo(record, nowMs), revision: record.revision + 1 };
  return withPlace(revised, { nowMs });
}

/** Carries out what is due, oldest first, and says when the next is; undefined = nothing is planned. */
export async function releaseDue(edition: Edition): Promise<number | undefined> {
  const { redis, keys } = edition;
  for (;;) {
    const nowMs = await readClockMs(edition);
    const due = await redis.zrangebyscore(keys.due, "-inf", nowMs, "LIMIT", 0, BATCH);
    if (due.length === 0) break;
    // One after the other: items that are released together enter the log in this order (ORD4).
    for (const member of due) await releaseOne(edition, member);
  }
  const [, next] = await redis.zrange(keys.due, "0", "0", "WITHSCORES");
  return next === undefined ? undefined : Number(next);
}

async function releaseOne(edition: Edition, member: string): Promise<void> {
  const id = member.slice(member.indexOf(":") + 1);
  await applyAll(edition, [
    {
      id,
      decide: (stored: StoredItem | undefined, nowMs) => {
        if (stored === undefined) return undefined;
        const next = toTimely(stored.record, nowMs);
        const action = member.startsWith("embargo:") ? "embargo_ended" : "expired";
        const audit = { by: "clock", action, target: id };
        return next && { expected: stored.write, before: stored.record, after: [next], audit };
      },
    },
  ]);
  // The script clears what it has carried out; this clears an entry that had nothing to do.
  await edition.redis.zrem(edition.keys.due, member);
}
