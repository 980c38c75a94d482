import type { Draft } from "../src/contract/draft.ts";
import type { SourceProfile } from "../src/contract/profile.ts";
import { toComparable } from "../src/store/compare.ts";
import { toHash } from "../src/store/keys.ts";
import type { Content, VersionMeta } from "../src/store/record.ts";
import type { Circumstances } from "./circumstances.ts";
import { toMs } from "./instants.ts";

const FUTURE_MS = 10 * 60_000;
const OLDEST_MS = Date.UTC(1990, 0, 1);

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

/** One of the versions said just this, whether its text is still kept or not. */
export function saidBefore(draft: Draft, known: readonly VersionMeta[]): boolean {
  const { x } = toHashes(draft);
  return x !== undefined && known.some((one) => one.x === x);
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
export function isRetried(meta: VersionMeta, known: readonly VersionMeta[]): boolean {
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
export function isKnown(draft: Draft, meta: VersionMeta, known: readonly VersionMeta[]): boolean {
  if (meta.b !== undefined) return isKnownOnPage(draft, meta, known);
  // Without version and time only the last text counts: what comes back to an older text is an edit.
  if (meta.v === undefined && meta.t === undefined && meta.h !== undefined) {
    return known.findLast((one) => one.h !== undefined)?.h === meta.h;
  }
  return known.some((one) => isSame(one, meta));
}
