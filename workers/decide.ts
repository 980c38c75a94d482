import type { Draft } from "../src/contract/draft.ts";
import { toAbsence } from "../src/store/change.ts";
import type { HoldCause, ItemRecord, VersionMeta } from "../src/store/record.ts";
import type { Circumstances } from "./circumstances.ts";
import { toIso, toMs } from "./instants.ts";
import { toTombstone, withPlace } from "./place.ts";
import { toRouted } from "./route.ts";
import { isSameArrival, keepSpare } from "./spare.ts";
import { isKnown, isRetried, toContent, toMeta } from "./version.ts";
import { addVersion, judge, type Verdict } from "./versions.ts";

export type Outcome = "applied" | "duplicate" | "stale" | "held" | "killed";

/**
 * `put`: the next revision. `note`: what is known of the source changes, nothing that is shown.
 * `ignore`: nothing changes.
 */
export type Decision =
  | { kind: "put"; outcome: Outcome; reason: string; next: ItemRecord }
  | { kind: "note"; outcome: Outcome; reason: string; next: ItemRecord }
  | { kind: "ignore"; outcome: Outcome; reason: string };

function toFirst(draft: Draft, around: Circumstances): ItemRecord {
  const receivedAt = toIso(around.receivedMs);
  return {
    id: around.id,
    source: around.source,
    revision: 0,
    lines: toRouted(draft, around.profile).lines,
    change: draft.change ?? "new",
    pubStatus: "usable",
    content: null,
    receivedAt,
    revisedAt: receivedAt,
    orderedAt: receivedAt,
    timeBasis: "received",
    revisionBasis: "received",
    publicLines: [],
    versions: [],
    ...(around.profile.credit !== undefined && { credit: around.profile.credit }),
    ...(around.profile.trust === "flash" && { flash: true }),
    ...(around.backfill && { backfill: true }),
  };
}

/** The fields that come with the version that is shown. */
function withShown(record: ItemRecord, draft: Draft, meta: VersionMeta, around: Circumstances): ItemRecord {
  const {
    guid: _guid,
    sourceVersion: _version,
    versionCreated: _created,
    expires: _expires,
    by: _by,
    ...kept
  } = record;
  return {
    ...kept,
    lines: toRouted(draft, around.profile).lines,
    content: toContent(draft, around.profile) ?? record.content,
    change: draft.change ?? (record.content === null ? "new" : "update"),
    revisedAt: toIso(around.receivedMs),
    revisionBasis: meta.o !== undefined ? "source" : meta.future ? "future" : "received",
    ...((draft.guid ?? record.guid) !== undefined && { guid: draft.guid ?? record.guid }),
    ...(draft.sourceVersion !== undefined && { sourceVersion: draft.sourceVersion }),
    ...((draft.firstCreated ?? record.firstCreated) !== undefined && {
      firstCreated: draft.firstCreated ?? record.firstCreated,
    }),
    ...(draft.versionCreated !== undefined && { versionCreated: draft.versionCreated }),
    ...(draft.expires !== undefined && { expires: draft.expires }),
  };
}

/** Draws from all versions together what the item's status, embargo and place are. */
function withVerdict(record: ItemRecord, verdict: Verdict, around: Circumstances): ItemRecord {
  const { embargoedUntil: _until, holdCause: _cause, killedBy: _killed, ...kept } = record;
  const embargo = verdict.embargo === undefined ? undefined : toIso(verdict.embargo);
  const cause = toHoldCause(record, verdict, around);
  const next: ItemRecord = {
    ...kept,
    pubStatus: cause !== undefined || record.deskHold !== undefined ? "withheld" : "usable",
    ...(cause !== undefined && { holdCause: cause }),
    ...(embargo !== undefined && embargo !== record.liftedEmbargo && { embargoedUntil: embargo }),
  };
  const basis = verdict.orderedAt !== undefined ? "source" : verdict.future ? "future" : "received";
  const sourceMs = verdict.orderedAt ?? Date.parse(record.receivedAt);
  const endedMs = toMs(toEmbargoEnd(next, around));
  const placed: ItemRecord = {
    ...next,
    timeBasis: basis,
    orderedAt: toIso(endedMs === undefined ? sourceMs : Math.max(sourceMs, endedMs)),
    ...(endedMs !== undefined && { embargoEndedAt: toIso(endedMs) }),
  };
  // A killed item keeps its place as it keeps its identity: the order of arrival must not show in it either.
  return verdict.killed ? toTombstone(placed, "source") : placed;
}

/** The embargo whose end makes, or made, it public: one that was still running when the item came (ORD4). */
function toEmbargoEnd(record: ItemRecord, around: Circumstances): string | undefined {
  const until = record.embargoedUntil;
  if (until === undefined || Date.parse(until) > around.nowMs) return record.embargoEndedAt;
  return Date.parse(until) > Date.parse(record.receivedAt) ? until : record.embargoEndedAt;
}

/** A kill that may have meant this item outlasts what the source says later: an editor has to look (KIL1, KIL2). */
function toHoldCause(record: ItemRecord, verdict: Verdict, around: Circumstances): HoldCause | undefined {
  const { holdCause: told } = verdict;
  if (record.released || (told !== undefined && told !== "source")) return told;
  if (around.suspect !== undefined) return around.suspect;
  if (record.holdCause === "twin" || record.holdCause === "slug") return record.holdCause;
  return told ?? (around.profile.trust === "hold" ? "trust" : undefined);
}

/** What readers or the desk would see differently; a change of anything else takes no revision. */
function isSeen(before: ItemRecord, after: ItemRecord): boolean {
  const seen = (record: ItemRecord) =>
    JSON.stringify([
      record.pubStatus,
      record.holdCause,
      record.orderedAt,
      record.embargoedUntil,
      record.expires,
      record.lines.toSorted(),
    ]);
  return seen(before) !== seen(after);
}

function toOutcome(record: ItemRecord, nowMs: number): { outcome: Outcome; reason: string } {
  const absence = toAbsence(record, nowMs);
  if (absence === "held") return { outcome: "held", reason: record.holdCause ?? "desk_hold" };
  if (absence === "embargoed") return { outcome: "held", reason: "embargoed" };
  return { outcome: "applied", reason: absence ?? record.change };
}

/** A later version of an item that belongs to the desk waits as a proposal; only a kill takes effect (OWN1). */
function decideOwned(current: ItemRecord, draft: Draft, around: Circumstances): Decision {
  const meta = toMeta(draft, around, current.versions);
  if (isRetried(meta, current.versions)) return { kind: "ignore", outcome: "held", reason: "retried" };
  if (isKnown(draft, meta, current.versions)) return { kind: "ignore", outcome: "duplicate", reason: "same" };
  const versions = addVersion(current.versions, meta);
  const verdict = judge(versions, around.profile.moves);
  if (verdict.killed) {
    const next = { ...toTombstone({ ...current, versions }, "source"), revision: current.revision + 1 };
    return { kind: "put", outcome: "applied", reason: "killed", next };
  }
  const content = toContent(draft, around.profile);
  const isNewest = verdict.shown === meta && content !== null;
  const next: ItemRecord = { ...current, versions };
  if (isNewest) {
    next.proposal = { content, receivedAt: toIso(around.receivedMs) };
    if (draft.versionCreated !== undefined) next.proposal.versionCreated = draft.versionCreated;
  }
  return { kind: "note", outcome: "held", reason: "desk_owned", next };
}

/**
 * Decides what one draft does to the item it belongs to. Pure: the same versions in any order end in the same
 * shown content, pubStatus, orderedAt and lines (REV1 names the one exception).
 */
export function decide(current: ItemRecord | undefined, draft: Draft, around: Circumstances): Decision {
  if (current?.killedBy === "desk") return { kind: "ignore", outcome: "killed", reason: "killed_by_desk" };
  if (current?.deskOwned) return decideOwned(current, draft, around);
  const base = current ?? toFirst(draft, around);
  const meta = toMeta(draft, around, base.versions);
  if (isRetried(meta, base.versions)) return { kind: "ignore", outcome: "applied", reason: "retried" };
  if (current !== undefined && isKnown(draft, meta, base.versions)) {
    return {
      kind: "ignore",
      outcome: current.pubStatus === "canceled" ? "killed" : "duplicate",
      reason: "same",
    };
  }
  const versions = addVersion(base.versions, meta);
  const verdict = judge(versions, around.profile.moves);
  const isShown = verdict.shown === meta;
  const isRepeat =
    isShown && hasBeenShown(base) && judge(base.versions, around.profile.moves).shown?.h === meta.h;
  const known = { ...base, versions };
  const shown =
    isShown && !isRepeat ? withShown(known, draft, meta, around) : withSpare(known, verdict, around);
  const judged = withVerdict(keepSpare(base, shown, verdict, { draft, meta }), verdict, around);
  const next = withPlace({ ...judged, revision: base.revision + 1 }, around);
  return classify(base, next, {
    isFirst: current === undefined,
    isNew: isShown && !isRepeat,
    isRepeat,
    nowMs: around.nowMs,
  });
}

/** What has left its lines for its age keeps no text; a slow feed does not bring it back all the same (REV4). */
function hasBeenShown(record: ItemRecord): boolean {
  return record.content !== null || (record.lines.length === 0 && record.pubStatus !== "canceled");
}

/** The spare takes the place of a version that a withdrawal has passed over. */
function withSpare(record: ItemRecord, verdict: Verdict, around: Circumstances): ItemRecord {
  const { spare } = record;
  const { shown } = verdict;
  if (spare === undefined || shown === undefined || !isSameArrival(spare.a, shown.a)) return record;
  return withShown(record, spare.draft, shown, around);
}

function classify(
  base: ItemRecord,
  next: ItemRecord,
  seen: { isFirst: boolean; isNew: boolean; isRepeat: boolean; nowMs: number },
): Decision {
  const noted = { ...next, revision: base.revision };
  if (base.pubStatus === "canceled" && next.pubStatus === "canceled") {
    return { kind: "note", outcome: "killed", reason: "killed_by_source", next: noted };
  }
  if (next.pubStatus === "canceled") return { kind: "put", outcome: "applied", reason: "killed", next };
  if (seen.isFirst || seen.isNew) return { kind: "put", next, ...toOutcome(next, seen.nowMs) };
  const outcome = seen.isRepeat ? "duplicate" : "stale";
  if (isSeen(base, next))
    return { kind: "put", outcome, reason: next.orderedAt === base.orderedAt ? "status" : "moved", next };
  return { kind: "note", outcome, reason: seen.isRepeat ? "same_text" : "older", next: noted };
}
