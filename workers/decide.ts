import type { Draft } from "../src/contract/draft.ts";
import { DESK_SOURCE } from "../src/contract/names.ts";
import type { SourceProfile } from "../src/contract/profile.ts";
import { toAbsence } from "../src/store/change.ts";
import { toComparable } from "../src/store/compare.ts";
import { toHash } from "../src/store/keys.ts";
import type { Content, HoldCause, ItemRecord, VersionMeta } from "../src/store/record.ts";
import { addVersion, judge, type Verdict } from "./versions.ts";

/** What is known around a draft when it is decided on. Times in milliseconds. */
export interface Circumstances {
  id: string;
  source: string;
  profile: SourceProfile;
  nowMs: number;
  /** When the delivery was accepted, its arrival number, and the draft's place in it. */
  receivedMs: number;
  arrival: [delivery: number, index: number];
  /** The first delivery of its source, or an import (TIM2). */
  backfill: boolean;
  /** The newest `orderedAt` on the lines it goes to. */
  newestMs: number | undefined;
  /** It repeats a killed item's text or link, supersedes one, or bears the slug of one (KIL1, KIL2). */
  suspect?: "twin" | "slug";
  /** Joined under another guid: its version number says nothing here. */
  isJoined?: boolean;
}

export type Outcome = "applied" | "duplicate" | "stale" | "held" | "killed";

/**
 * `put`: the next revision. `note`: what is known of the source changes, nothing that is shown.
 * `ignore`: nothing changes.
 */
export type Decision =
  | { kind: "put"; outcome: Outcome; reason: string; next: ItemRecord }
  | { kind: "note"; outcome: Outcome; reason: string; next: ItemRecord }
  | { kind: "ignore"; outcome: Outcome; reason: string };

const MINUTE = 60_000;
const FUTURE_MS = 10 * MINUTE;
const LATE_MS = 10 * MINUTE;
const BREAKING_MS = 30 * MINUTE;
const OLDEST_MS = Date.UTC(1990, 0, 1);

export const toIso = (ms: number): string => new Date(ms).toISOString();
const toMs = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Date.parse(text);

/** The source's time that stands for the version. */
function toSourceMs(draft: Draft): number | undefined {
  return toMs(draft.versionCreated ?? draft.firstCreated);
}

function isFuture(ms: number, around: Circumstances): boolean {
  return ms > around.receivedMs + FUTURE_MS;
}

/** A date without a clock says nothing about the order within today (ORD3). */
function isToday(ms: number, around: Circumstances): boolean {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: around.profile.zone });
  return day.format(ms) === day.format(around.receivedMs);
}

function toUsableMs(draft: Draft, around: Circumstances, known: readonly VersionMeta[]): number | undefined {
  const fits = (ms: number | undefined): ms is number =>
    ms !== undefined &&
    ms >= OLDEST_MS &&
    !isFuture(ms, around) &&
    !known.some((meta) => meta.future && meta.t === ms) &&
    !(draft.dateOnly && isToday(ms, around));
  return [toMs(draft.versionCreated), toMs(draft.firstCreated)].find(fits);
}

/** Text alone decides whether an update moves the item; all that counts decides whether it is one (REV2). */
function toHashes(draft: Draft): { h?: string; x?: string; b?: string } {
  if (draft.headline === undefined || draft.noticeOnly) return {};
  const text = [toComparable(draft.headline), toComparable(draft.bodyText ?? draft.summary ?? "")];
  const rest = [
    draft.urgency ?? "",
    draft.pubStatus,
    draft.embargoedUntil ?? draft.embargoOpen ?? "",
    draft.expires ?? "",
  ];
  const body = draft.page === undefined ? {} : { b: toHash(text[1] ?? "") };
  return { h: toHash(...text, ...rest.map(String)), x: toHash(...text), ...body };
}

export function toMeta(draft: Draft, around: Circumstances, known: readonly VersionMeta[]): VersionMeta {
  const meta: VersionMeta = { a: around.arrival, ...toHashes(draft) };
  const sourceMs = toSourceMs(draft);
  const usableMs = toUsableMs(draft, around, known);
  if (draft.sourceVersion !== undefined && !around.isJoined) meta.v = draft.sourceVersion;
  if (sourceMs !== undefined) {
    meta.t = sourceMs;
    if (isFuture(sourceMs, around) || known.some((one) => one.future && one.t === sourceMs))
      meta.future = true;
  }
  if (usableMs !== undefined) meta.o = usableMs;
  if (draft.change === "correction") meta.correction = true;
  if (draft.pubStatus !== "usable") meta.s = draft.pubStatus;
  if (draft.pubStatusWritten) meta.w = true;
  const embargo = toMs(draft.embargoedUntil);
  if (embargo !== undefined) meta.e = embargo;
  else if (draft.embargoOpen !== undefined) meta.open = draft.embargoOpen;
  return meta;
}

export function toContent(draft: Draft, profile: SourceProfile): Content | null {
  if (draft.headline === undefined || draft.noticeOnly) return null;
  const content: Content = { headline: draft.headline, urgency: draft.urgency ?? 5 };
  for (const field of CONTENT_FIELDS) {
    const value = draft[field];
    if (value !== undefined) content[field] = value;
  }
  if (draft.subjects !== undefined) content.subjects = draft.subjects;
  const language = draft.language ?? profile.language;
  if (language !== undefined) content.language = language;
  return content;
}
const CONTENT_FIELDS = [
  "lead",
  "bodyText",
  "bodyHtml",
  "summary",
  "byline",
  "dateline",
  "slugline",
  "link",
  "edNote",
  "signOff",
  "correctionNote",
] as const;

/** The same delivery again: its job was run twice, its first run has done all there is to do. */
function isRetried(meta: VersionMeta, known: readonly VersionMeta[]): boolean {
  return known.some((one) => one.a[0] === meta.a[0] && one.a[1] === meta.a[1]);
}

function isSame(a: VersionMeta, b: VersionMeta): boolean {
  return (
    a.h === b.h && a.v === b.v && a.t === b.t && a.s === b.s && a.w === b.w && a.correction === b.correction
  );
}

/** A version of a page whose text is known, unless it is the shown one under another headline. */
function isKnownOnPage(draft: Draft, meta: VersionMeta, known: readonly VersionMeta[]): boolean {
  const isNewest = draft.page !== undefined && draft.page.index === draft.page.count - 1;
  const shown = known.findLast((one) => one.h !== undefined);
  const isRetitled = isNewest && shown?.b === meta.b && shown?.x !== meta.x;
  return !isRetitled && known.some((one) => one.b === meta.b);
}

/** A re-send: the same version, or a version of a page whose text is known. */
function isKnown(draft: Draft, meta: VersionMeta, known: readonly VersionMeta[]): boolean {
  if (meta.b !== undefined) return isKnownOnPage(draft, meta, known);
  // Without version and time only the last text counts: what comes back to an older text is an edit.
  if (meta.v === undefined && meta.t === undefined && meta.h !== undefined) {
    return known.findLast((one) => one.h !== undefined)?.h === meta.h;
  }
  return known.some((one) => isSame(one, meta));
}

function toFirst(draft: Draft, around: Circumstances): ItemRecord {
  const receivedAt = toIso(around.receivedMs);
  return {
    id: around.id,
    source: around.source,
    revision: 0,
    lines: around.profile.lines,
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
    lines: around.profile.lines,
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

function toHoldCause(record: ItemRecord, verdict: Verdict, around: Circumstances): HoldCause | undefined {
  if (verdict.holdCause !== undefined) return verdict.holdCause;
  if (record.released) return undefined;
  if (around.suspect !== undefined) return around.suspect;
  if (record.holdCause === "twin" || record.holdCause === "slug") return record.holdCause;
  return around.profile.trust === "hold" ? "trust" : undefined;
}

/** What stays of a killed item: its identity, no text (DESIGN section 4). */
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

/** May an item of this urgency raise a flash (URG1)? */
function mayBreak(record: ItemRecord): boolean {
  const urgency = record.content?.urgency ?? 5;
  const isTrusted = record.flash || record.deskOwned || record.source === DESK_SOURCE;
  return urgency <= 2 && !record.backfill && isTrusted === true;
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
  const before = versions[versions.indexOf(meta) - 1];
  const isRepeat = isShown && base.content !== null && before?.h === meta.h;
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

const isSameArrival = (a: VersionMeta["a"], b: VersionMeta["a"]): boolean => a[0] === b[0] && a[1] === b[1];

/** The spare takes the place of a version that a withdrawal has passed over. */
function withSpare(record: ItemRecord, verdict: Verdict, around: Circumstances): ItemRecord {
  const { spare } = record;
  const { shown } = verdict;
  if (spare === undefined || shown === undefined || !isSameArrival(spare.a, shown.a)) return record;
  return withShown(record, spare.draft, shown, around);
}

/** Keeps the newest version with a written status at hand while another one is shown. */
function keepSpare(
  before: ItemRecord,
  after: ItemRecord,
  verdict: Verdict,
  came: { draft: Draft; meta: VersionMeta },
): ItemRecord {
  const { spare, ...bare } = after;
  const { written, shown } = verdict;
  if (written === undefined || shown === undefined || written === shown || verdict.killed) return bare;
  if (written === came.meta) return { ...bare, spare: { a: written.a, draft: came.draft } };
  if (spare !== undefined && isSameArrival(spare.a, written.a)) return after;
  const replaced = shown === came.meta ? toShownDraft(before) : undefined;
  return replaced === undefined ? bare : { ...bare, spare: { a: written.a, draft: replaced } };
}

/** What is shown of a version, as the draft that would show it again. */
function toShownDraft(record: ItemRecord): Draft | undefined {
  if (record.content === null) return undefined;
  const { guid, sourceVersion, firstCreated, versionCreated, expires, change } = record;
  return {
    ...record.content,
    pubStatus: "usable",
    notes: [],
    change,
    ...(guid !== undefined && { guid }),
    ...(sourceVersion !== undefined && { sourceVersion }),
    ...(firstCreated !== undefined && { firstCreated }),
    ...(versionCreated !== undefined && { versionCreated }),
    ...(expires !== undefined && { expires }),
  };
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
