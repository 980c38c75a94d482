import { DESK_SOURCE } from "../src/contract/names.ts";
import { toAbsence } from "../src/store/change.ts";
import type { ItemRecord } from "../src/store/record.ts";
import { toIso } from "./instants.ts";

const LATE_MS = 10 * 60_000;
const BREAKING_MS = 30 * 60_000;

/** May an item of this urgency raise a flash (URG1)? */
function mayBreak(record: ItemRecord): boolean {
  const urgency = record.content?.urgency ?? 5;
  const isTrusted = record.flash ?? record.deskOwned ?? record.source === DESK_SOURCE;
  return urgency <= 2 && !record.backfill && isTrusted;
}

/** Where it stands now, and what follows from standing there: first publication, lateness, breaking. */
export function withPlace(
  record: ItemRecord,
  around: { nowMs: number; newestMs?: number | undefined },
): ItemRecord {
  const { breakingUntil: _breaking, ...kept } = record;
  const isPublic = toAbsence(record, around.nowMs) === undefined;
  const placed: ItemRecord = { ...kept, publicLines: isPublic ? record.lines : [] };
  if (!isPublic) return placed;
  if (placed.publishedAt === undefined) {
    placed.publishedAt = toIso(around.nowMs);
    if (isLate(record, around.newestMs)) placed.late = true;
  }
  const until = Date.parse(record.orderedAt) + BREAKING_MS;
  if (mayBreak(record) && until > around.nowMs) placed.breakingUntil = toIso(until);
  return placed;
}

function isLate(record: ItemRecord, newestMs: number | undefined): boolean {
  const orderedMs = Date.parse(record.orderedAt);
  const overdue = orderedMs < Date.parse(record.receivedAt) - LATE_MS;
  const passed = newestMs !== undefined && newestMs > orderedMs;
  return overdue && passed && !record.backfill && record.embargoEndedAt === undefined;
}

/** What stays of a killed item: its identity, no text (KIL4). */
export function toTombstone(record: ItemRecord, killedBy: "desk" | "source"): ItemRecord {
  const {
    proposal: _proposal,
    breakingUntil: _breaking,
    pinned: _pinned,
    holdCause: _cause,
    deskHold: _hold,
    spare: _spare,
    ...kept
  } = record;
  return { ...kept, pubStatus: "canceled", content: null, killedBy, publicLines: [] };
}
