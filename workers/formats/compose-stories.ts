import { DateTime } from "luxon";
import type { Draft, Note } from "../../src/contract/draft.ts";
import { NewsLineError } from "../../src/contract/errors.ts";
import { toComparable } from "../../src/store/compare.ts";
import { toHash } from "../../src/store/keys.ts";
import { composeDraft, type RawBody, type RawStory, readStatus } from "./compose.ts";
import type { FormatReading, WireDocument } from "./format.ts";

/** What one message may hold: far more than any agency sends, little enough to be read at once. */
const MOST_STORIES = 2000;
/** An item may have 256 KB; its markup as much again. */
const LONGEST_TEXT = 256 * 1024;
const LONGEST_HTML = 512 * 1024;

/** Versions are compared as whole numbers of any length, but not of every length. */
const LONGEST_VERSION = 200;

/** One message's stories as drafts in document order; what is no story becomes a note. */
export function composeStories(
  stories: readonly RawStory[],
  document: WireDocument,
  notes: readonly Note[],
): FormatReading {
  refuseMany(stories);
  const left: Note[] = [...notes];
  const drafts: Draft[] = [];
  const fitting = stories.flatMap((story) => fit(story, { isAlone: stories.length === 1, left }));
  for (const draft of dropSharedGuids(fitting.map((story) => composeDraft(story, document)))) {
    if (saysSomething(draft)) drafts.push(withIdentity(draft, document));
    else left.push({ field: "item", rule: `left out: no headline and no text (${draft.guid ?? "no id"})` });
  }
  return { drafts, notes: left };
}

/** Asked before the work is done: a flood of items must not cost more than its parsing. */
export function refuseMany(items: readonly unknown[]): void {
  if (items.length <= MOST_STORIES) return;
  throw new NewsLineError("too_large", {
    message: `A message may hold ${MOST_STORIES} stories. Send fewer at a time.`,
  });
}

/** One story that is too long does not cost its neighbours; a withdrawal does not need its text. */
function fit(story: RawStory, { isAlone, left }: { isAlone: boolean; left: Note[] }): RawStory[] {
  if ((story.sourceVersion ?? "").length > LONGEST_VERSION)
    return fit({ ...story, sourceVersion: undefined }, { isAlone, left });
  if (!isTooLong(story.body)) return [story];
  if (readStatus(story.status).pubStatus === "canceled") return [{ ...story, body: undefined }];
  const message = "A story is larger than 256 KB.";
  if (isAlone) throw new NewsLineError("too_large", { message });
  left.push({ field: "item", rule: `left out: ${message} (${story.guid ?? "no id"})` });
  return [];
}

function isTooLong(body: RawBody | undefined): boolean {
  if (body === undefined) return false;
  if ("html" in body) return body.html.length > LONGEST_HTML;
  if ("text" in body) return body.text.length > LONGEST_TEXT;
  return body.paragraphs.reduce((sum, paragraph) => sum + paragraph.length, 0) > LONGEST_TEXT;
}

/** A withdrawal or a hold needs only an id; everything else needs words. */
function saysSomething(draft: Draft): boolean {
  if (draft.headline !== undefined || draft.noticeOnly) return true;
  return draft.pubStatus !== "usable" && draft.guid !== undefined;
}

/**
 * A guid on two differing entries of one document is no id (REV3): some agencies give all their stories one. Two
 * versions of one story in a message have it rightly, and so have a story and its withdrawal.
 */
function dropSharedGuids(drafts: readonly Draft[]): Draft[] {
  const headlines = new Map<string, Set<string>>();
  for (const draft of drafts) {
    const key = toVersionKey(draft);
    if (key === undefined) continue;
    const known = headlines.get(key) ?? new Set();
    headlines.set(key, known.add(toComparable(draft.headline ?? "")));
  }
  return drafts.map((draft) => {
    const key = toVersionKey(draft);
    if (key === undefined || (headlines.get(key)?.size ?? 0) < 2) return draft;
    const { guid, guidBase: _base, ...rest } = draft;
    const note = { field: "guid", rule: `REV3: ${guid} stands on several stories, so it is no id` };
    return { ...rest, notes: [...draft.notes, note] };
  });
}

/** Undefined for what keeps its id whatever else is odd: a withdrawal or a hold. */
function toVersionKey({ guid, sourceVersion, pubStatus }: Draft): string | undefined {
  return guid === undefined || pubStatus !== "usable" ? undefined : `${guid} ${sourceVersion ?? ""}`;
}

/** Without an id or a link a story is its text on its day. */
function withIdentity(draft: Draft, document: WireDocument): Draft {
  if (draft.guid !== undefined || draft.identity !== undefined || draft.link !== undefined) return draft;
  if (draft.noticeOnly) return draft;
  const written = draft.versionCreated ?? draft.firstCreated ?? document.receivedAt;
  const day = written === undefined ? "" : toDay(written, document.profile.zone);
  const text = toComparable([draft.headline ?? "", draft.bodyText ?? draft.summary ?? ""].join(" "));
  const identity = `${day} ${toHash(text)}`;
  return {
    ...draft,
    identity,
    notes: [...draft.notes, { field: "guid", rule: "none: known by text and day" }],
  };
}

function toDay(instant: string, zone: string): string {
  return DateTime.fromISO(instant, { zone }).toISODate() ?? "";
}
