import type { Draft, Note } from "../src/contract/draft.ts";
import { NewsLineError } from "../src/contract/errors.ts";
import type { DeskJob } from "../src/contract/jobs.ts";
import type { SourceProfile } from "../src/contract/profile.ts";
import type { Explanation } from "../src/contract/rest.ts";
import { type Edition, toItemId } from "../src/store/keys.ts";
import { toDeskItem } from "../src/store/project.ts";
import type { ItemRecord } from "../src/store/record.ts";
import { type Circumstances } from "./circumstances.ts";
import { decide } from "./decide.ts";
import { withNoticeRules, withRules } from "./explain-rules.ts";
import { toOwnIdentity, toPageIdentity } from "./own-identity.ts";
import { readDocument } from "./read.ts";

export interface Question {
  bytes: Buffer;
  profile: SourceProfile;
  source: string;
  edition: string;
  contentType?: string;
  /** Where it was fetched from or what it is called. */
  address?: string;
  nowMs: number;
}

/** One draft as it would be stored, and why each of its fields is what it is. */
export interface ExplainedDraft {
  /** Undefined for a notice that names nothing. */
  shown: Record<string, unknown> | undefined;
  notes: Note[];
  /** A withdrawal or a hold of other documents, without a story of its own. */
  noticeOnly: boolean;
}

/** An explanation whose notes stand with their drafts. */
export interface ExplainedDocument {
  format: string;
  drafts: ExplainedDraft[];
  /** What belongs to no draft. */
  notes: Note[];
  refused?: { code: string; message: string };
}

/** Reads a document as the worker would and tells what it would store and why. Stores nothing, refuses in words. */
export function explain(question: Question): Explanation {
  const { format, drafts, notes, refused } = explainDocument(question);
  const placed = drafts.flatMap((draft, i) => draft.notes.map((note) => toPlaced(note, i, drafts.length)));
  return {
    format,
    drafts: drafts.flatMap(({ shown }) => (shown === undefined ? [] : [shown])),
    notes: [...notes, ...placed],
    ...(refused !== undefined && { refused }),
  };
}

export function explainDocument(question: Question): ExplainedDocument {
  const { bytes, profile, contentType, address, nowMs } = question;
  try {
    const { format, drafts, notes } = readDocument(bytes, {
      profile,
      receivedAt: new Date(nowMs).toISOString(),
      ...(contentType !== undefined && { contentType }),
      ...(address !== undefined && { address }),
    });
    return { format, drafts: toStored(question, drafts), notes };
  } catch (error) {
    if (!(error instanceof NewsLineError)) throw error;
    const refused = { code: error.code, message: error.message };
    return { format: profile.format, drafts: [], notes: [], refused };
  }
}

/** Each draft as it would be stored were it alone; the versions of a page build on each other. */
function toStored(question: Question, drafts: readonly Draft[]): ExplainedDraft[] {
  const stored: ExplainedDraft[] = [];
  let page: { id: string; state: ItemRecord | undefined } | undefined;
  for (const [index, draft] of drafts.entries()) {
    if (draft.noticeOnly) {
      stored.push(...toActs(question, draft));
      continue;
    }
    const isLater = draft.page !== undefined && draft.page.index > 0 && page !== undefined;
    const id = isLater && page !== undefined ? page.id : toId(question, draft);
    const before = page?.id === id && draft.page !== undefined ? page.state : undefined;
    const around = toAround(question, id, index);
    const decision = decide(before, draft, around);
    const record = decision.kind === "ignore" ? before : decision.next;
    page = { id, state: record };
    if (record === undefined) continue;
    const shown = toShown(record, draft);
    stored.push({
      shown,
      notes: withRules(draft.notes, shown, { record, draft, around }),
      noticeOnly: false,
    });
  }
  return stored;
}

function toPlaced(note: Note, index: number, count: number): Note {
  return count > 1 ? { ...note, field: `drafts[${index}].${note.field}` } : note;
}

/** A notice has no story of its own: told are the documents that it acts on. */
function toActs(question: Question, draft: Draft): ExplainedDraft[] {
  const { source, profile, edition } = question;
  const acts = (draft.actsOn ?? []).map(({ guid, slug, status }) => ({
    ...(guid !== undefined && { id: toItemId(edition, source, `guid:${guid}`), guid }),
    ...(slug !== undefined && { slugline: slug }),
    pubStatus: guid === undefined ? "withheld" : status,
    source,
    lines: profile.lines,
  }));
  const told = acts.map((shown) => ({ shown, notes: withNoticeRules(draft.notes, shown), noticeOnly: true }));
  return told.length > 0 ? told : [{ shown: undefined, notes: draft.notes, noticeOnly: true }];
}

function toId(question: Question, draft: Draft): string {
  const identity = draft.page === undefined ? toOwnIdentity(draft) : toPageIdentity(draft);
  return toItemId(question.edition, question.source, identity);
}

function toAround(question: Question, id: string, index: number): Circumstances {
  const { source, profile, nowMs } = question;
  return {
    id,
    source,
    profile,
    nowMs,
    receivedMs: nowMs,
    arrival: [1, index],
    backfill: false,
    newestMs: undefined,
  };
}

/** A tombstone has no text to show; everything else is shown as the desk would see it. */
function toShown(record: ItemRecord, draft: Draft): Record<string, unknown> {
  const acts = draft.actsOn === undefined ? {} : { actsOn: draft.actsOn };
  const supersedes = draft.supersedes === undefined ? {} : { supersedes: draft.supersedes };
  if (record.content !== null) return { ...toDeskItem(record), ...acts, ...supersedes };
  const { id, revision, pubStatus, source, lines, receivedAt, orderedAt, timeBasis } = record;
  const bare = {
    id,
    revision,
    change: record.change,
    pubStatus,
    source,
    lines,
    receivedAt,
    orderedAt,
    timeBasis,
  };
  return {
    ...bare,
    ...(draft.guid !== undefined && { guid: draft.guid }),
    ...(draft.sourceVersion !== undefined && { sourceVersion: draft.sourceVersion }),
    ...acts,
    ...supersedes,
  };
}

/** The same for a document that the gateway has laid down for us. */
export async function explainStored(
  edition: Edition,
  job: DeskJob & { command: "explain" },
): Promise<Explanation> {
  const bytes = await edition.redis.getBuffer(edition.keys.bytes(job.bytes));
  if (bytes === null) throw new NewsLineError("unknown_delivery");
  return explain({
    bytes,
    profile: job.profile,
    source: job.source,
    edition: edition.keys.edition,
    nowMs: Date.now(),
    ...(job.type !== undefined && { contentType: job.type }),
  });
}
