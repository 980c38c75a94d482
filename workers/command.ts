import type { DeskCommand } from "../src/contract/jobs.ts";
import { DESK_SOURCE } from "../src/contract/names.ts";
import type { ItemChange, NewItem } from "../src/contract/rest.ts";
import type { Content, ItemRecord } from "../src/store/record.ts";
import { toIso } from "./instants.ts";
import { toTombstone, withPlace } from "./place.ts";

/** What a command does: the next revision, or nothing because it is so already. */
export type CommandDecision =
  | { kind: "put"; next: ItemRecord }
  | { kind: "unchanged" }
  | { kind: "refused"; code: "unknown_item" | "killed" | "stale_revision"; current?: number };

export interface CommandCircumstances {
  nowMs: number;
  newestMs: number | undefined;
}

const OLDEST_MS = Date.UTC(1990, 0, 1);
const FUTURE_MS = 600_000;

/** The place of what an editor writes: its own time if it has one that may order it, else when it came (ORD2, ORD3). */
function toPlace(
  versionCreated: string | undefined,
  receivedMs: number,
): Pick<ItemRecord, "orderedAt" | "timeBasis"> {
  if (versionCreated === undefined) return { orderedAt: toIso(receivedMs), timeBasis: "received" };
  const ms = Date.parse(versionCreated);
  if (ms > receivedMs + FUTURE_MS) return { orderedAt: toIso(receivedMs), timeBasis: "future" };
  if (ms < OLDEST_MS) return { orderedAt: toIso(receivedMs), timeBasis: "received" };
  return { orderedAt: versionCreated, timeBasis: "source" };
}

export function toPublished(
  id: string,
  fields: NewItem,
  by: string,
  around: CommandCircumstances,
): ItemRecord {
  const receivedAt = toIso(around.nowMs);
  const place = toPlace(fields.versionCreated, around.nowMs);
  const content: Content = { headline: fields.headline, urgency: fields.urgency ?? 5 };
  if (fields.lead !== undefined) content.lead = fields.lead;
  if (fields.body) content.bodyText = fields.body;
  if (fields.slugline !== undefined) content.slugline = fields.slugline;
  if (fields.link !== undefined) content.link = fields.link;
  if (fields.language !== undefined) content.language = fields.language;
  if (fields.edNote) content.edNote = fields.edNote;
  const record: ItemRecord = {
    id,
    source: DESK_SOURCE,
    revision: 1,
    lines: fields.lines,
    change: "new",
    pubStatus: "usable",
    content,
    receivedAt,
    revisedAt: receivedAt,
    ...place,
    revisionBasis: place.timeBasis,
    by,
    publicLines: [],
    versions: [],
    ...(fields.versionCreated !== undefined && {
      firstCreated: fields.versionCreated,
      versionCreated: fields.versionCreated,
    }),
    ...(fields.embargoedUntil !== undefined && { embargoedUntil: fields.embargoedUntil }),
    ...(fields.expires !== undefined && { expires: fields.expires }),
  };
  return withPlace(record, around);
}

/** A field of the body: kept when absent, cleared by null (or an empty text). */
function pick<T>(wanted: T | null | undefined, current: T | undefined): T | undefined {
  if (wanted === undefined) return current;
  return wanted === null || wanted === "" ? undefined : wanted;
}

const EDITORIAL_FIELDS = [
  "headline",
  "lead",
  "body",
  "urgency",
  "slugline",
  "link",
  "language",
  "versionCreated",
] as const;

/** A note for the desk, a move, an embargo or an expiry is no update: readers must not be told of one. */
function isEditorial(fields: ItemChange): boolean {
  return fields.change === "correction" || EDITORIAL_FIELDS.some((field) => fields[field] !== undefined);
}

function toChangedContent(content: Content, fields: ItemChange): Content {
  const { lead, bodyText, bodyHtml, slugline, link, language, edNote, correctionNote, ...kept } = content;
  const wanted = {
    lead: pick(fields.lead, lead),
    bodyText: pick(fields.body, bodyText),
    // Markup of a text that was replaced would show the old text.
    bodyHtml: fields.body === undefined ? bodyHtml : undefined,
    slugline: pick(fields.slugline, slugline),
    link: pick(fields.link, link),
    language: pick(fields.language, language),
    edNote: pick(fields.edNote, edNote),
    // A note stays with the correction it was written for: the next text has its own or none.
    correctionNote: isEditorial(fields) ? fields.correctionNote : correctionNote,
  };
  const changed: Content = {
    ...kept,
    headline: fields.headline ?? content.headline,
    urgency: fields.urgency === undefined ? content.urgency : (fields.urgency ?? 5),
  };
  if (wanted.lead !== undefined) changed.lead = wanted.lead;
  if (wanted.bodyText !== undefined) changed.bodyText = wanted.bodyText;
  if (wanted.bodyHtml !== undefined) changed.bodyHtml = wanted.bodyHtml;
  if (wanted.slugline !== undefined) changed.slugline = wanted.slugline;
  if (wanted.link !== undefined) changed.link = wanted.link;
  if (wanted.language !== undefined) changed.language = wanted.language;
  if (wanted.edNote !== undefined) changed.edNote = wanted.edNote;
  if (wanted.correctionNote !== undefined) changed.correctionNote = wanted.correctionNote;
  return changed;
}

/** An update with a time of its own that changed headline or text moves the item; a correction never does (ORD2). */
function toMovedPlace(
  record: ItemRecord,
  fields: ItemChange,
  around: CommandCircumstances,
): Partial<ItemRecord> {
  const isTextChanged = fields.headline !== undefined || fields.body !== undefined;
  if (fields.change === "correction" || !isTextChanged || !fields.versionCreated) return {};
  const place = toPlace(fields.versionCreated, around.nowMs);
  const moves =
    place.timeBasis === "source" && (record.timeBasis !== "source" || place.orderedAt > record.orderedAt);
  return moves ? place : {};
}

function toChanged(
  record: ItemRecord,
  content: Content,
  command: DeskCommand & { command: "change" },
  around: CommandCircumstances,
): ItemRecord {
  const { fields } = command;
  const { versionCreated, embargoedUntil, expires, proposal: _accepted, ...kept } = record;
  const next: ItemRecord = {
    ...kept,
    lines: fields.lines ?? record.lines,
    change: isEditorial(fields) ? fields.change : record.change,
    content: toChangedContent(content, fields),
    revisedAt: toIso(around.nowMs),
    revisionBasis: fields.versionCreated ? "source" : "received",
    deskOwned: true,
    by: command.by,
    ...toMovedPlace(record, fields, around),
  };
  const times = {
    versionCreated: pick(fields.versionCreated, versionCreated),
    embargoedUntil: pick(fields.embargoedUntil, embargoedUntil),
    expires: pick(fields.expires, expires),
  };
  if (times.versionCreated !== undefined) next.versionCreated = times.versionCreated;
  if (times.embargoedUntil !== undefined) next.embargoedUntil = times.embargoedUntil;
  if (times.expires !== undefined) next.expires = times.expires;
  if (fields.embargoedUntil === null && embargoedUntil !== undefined) next.liftedEmbargo = embargoedUntil;
  if (fields.hideEarlier) next.hideBefore = record.revision + 1;
  return next;
}

function toHeld(record: ItemRecord, by: string, reason: string | undefined): ItemRecord {
  return {
    ...record,
    pubStatus: "withheld",
    deskHold: { by, ...(reason !== undefined && { reason }) },
    deskOwned: true,
    by,
  };
}

/** Lets through whatever held it: the desk's hold, the source's, an embargo. Never moves it (ORD4). */
function toReleased(record: ItemRecord, by: string): ItemRecord {
  const { deskHold: _hold, holdCause: _cause, embargoedUntil, killedBy: _killed, ...kept } = record;
  return {
    ...kept,
    pubStatus: "usable",
    released: true,
    by,
    versions: record.versions.map((meta) => ({ ...meta, forgiven: true as const })),
    ...(embargoedUntil !== undefined && { liftedEmbargo: embargoedUntil }),
  };
}

function isWaiting(record: ItemRecord, nowMs: number): boolean {
  const isEmbargoed = record.embargoedUntil !== undefined && Date.parse(record.embargoedUntil) > nowMs;
  return record.pubStatus === "withheld" || isEmbargoed;
}

/** What a command on a stored item makes of it; undefined = it is so already. */
function toNext(
  record: ItemRecord,
  content: Content,
  command: Exclude<DeskCommand, { command: "publish" }>,
  around: CommandCircumstances,
): ItemRecord | undefined {
  switch (command.command) {
    case "change":
      return toChanged(record, content, command, around);
    case "kill":
      return { ...toTombstone(record, "desk"), by: command.by };
    case "hold":
      return record.deskHold === undefined ? toHeld(record, command.by, command.reason) : undefined;
    case "release":
      return isWaiting(record, around.nowMs) ? toReleased(record, command.by) : undefined;
    case "pin":
      return record.pinned ? undefined : { ...record, pinned: true, by: command.by };
    case "unpin": {
      const { pinned, ...kept } = record;
      return pinned ? { ...kept, by: command.by } : undefined;
    }
  }
}

/** Decides what an editor's command does. Pure. */
export function decideCommand(
  current: ItemRecord | undefined,
  command: DeskCommand,
  around: CommandCircumstances,
): CommandDecision {
  if (command.command === "publish") {
    if (current !== undefined) return { kind: "unchanged" };
    return { kind: "put", next: toPublished(command.id, command.fields, command.by, around) };
  }
  if (current === undefined) return { kind: "refused", code: "unknown_item" };
  const { content } = current;
  if (current.pubStatus === "canceled") return decideKilled(current, command);
  if (content === null) return { kind: "refused", code: "unknown_item" };
  if (command.command === "change" && command.revision !== current.revision) {
    return { kind: "refused", code: "stale_revision", current: current.revision };
  }
  const next = toNext(current, content, command, around);
  if (next === undefined) return { kind: "unchanged" };
  const placed = withPlace({ ...next, revision: current.revision + 1 }, around);
  return { kind: "put", next: placed };
}

/** A kill repeated is done already; an editor's kill of what its source has killed makes it final (KIL1). */
function decideKilled(current: ItemRecord, command: DeskCommand): CommandDecision {
  if (command.command !== "kill") return { kind: "refused", code: "killed" };
  if (current.killedBy === "desk") return { kind: "unchanged" };
  return {
    kind: "put",
    next: { ...current, killedBy: "desk", by: command.by, revision: current.revision + 1 },
  };
}
