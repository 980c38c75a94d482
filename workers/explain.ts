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
import { toOwnIdentity, toPageIdentity } from "./identity.ts";
import { readDocument } from "./read.ts";

export interface Question {
  bytes: Buffer;
  profile: SourceProfile;
  source: string;
  edition: string;
  contentType?: string;
  nowMs: number;
}

/** Reads a document as the worker would and tells what it would store and why. Stores nothing, refuses in words. */
export function explain(question: Question): Explanation {
  const { bytes, profile, contentType, nowMs } = question;
  try {
    const reading = readDocument(bytes, {
      profile,
      receivedAt: new Date(nowMs).toISOString(),
      ...(contentType !== undefined && { contentType }),
    });
    const { drafts, notes } = toStored(question, reading.drafts);
    return { format: reading.format, drafts, notes: [...reading.notes, ...notes] };
  } catch (error) {
    if (!(error instanceof NewsLineError)) throw error;
    const refused = { code: error.code, message: error.message };
    return { format: profile.format, drafts: [], notes: [], refused };
  }
}

/** Each draft as it would be stored were it alone; the versions of a page build on each other. */
function toStored(
  question: Question,
  drafts: readonly Draft[],
): { drafts: Record<string, unknown>[]; notes: Note[] } {
  const stored: Record<string, unknown>[] = [];
  const notes: Note[] = [];
  let page: { id: string; state: ItemRecord | undefined } | undefined;
  for (const [index, draft] of drafts.entries()) {
    notes.push(...draft.notes.map((note) => toPlaced(note, index, drafts.length)));
    if (draft.noticeOnly) {
      stored.push(...toActs(question, draft));
      continue;
    }
    const id =
      draft.page !== undefined && draft.page.index > 0 && page !== undefined
        ? page.id
        : toId(question, draft);
    const before = page?.id === id && draft.page !== undefined ? page.state : undefined;
    const decision = decide(before, draft, toAround(question, id, index));
    const record = decision.kind === "ignore" ? before : decision.next;
    page = { id, state: record };
    if (record !== undefined) stored.push(toShown(record, draft));
  }
  return { drafts: stored, notes };
}

function toPlaced(note: Note, index: number, count: number): Note {
  return count > 1 ? { ...note, field: `drafts[${index}].${note.field}` } : note;
}

/** A notice has no story of its own: told are the documents that it acts on. */
function toActs(question: Question, draft: Draft): Record<string, unknown>[] {
  const { source, profile, edition } = question;
  return (draft.actsOn ?? []).map(({ guid, slug, status }) => ({
    ...(guid !== undefined && { id: toItemId(edition, source, `guid:${guid}`), guid }),
    ...(slug !== undefined && { slugline: slug }),
    pubStatus: guid === undefined ? "withheld" : status,
    source,
    lines: profile.lines,
  }));
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
