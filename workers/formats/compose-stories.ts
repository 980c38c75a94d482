import { DateTime } from "luxon";
import type { Draft, Note } from "../../src/contract/draft.ts";
import { toComparable } from "../../src/store/compare.ts";
import { toHash } from "../../src/store/keys.ts";
import { composeDraft, type RawStory } from "./compose.ts";
import type { FormatReading, WireDocument } from "./format.ts";

/** One message's stories as drafts in document order; what is no story becomes a note. */
export function composeStories(
  stories: readonly RawStory[],
  document: WireDocument,
  notes: readonly Note[],
): FormatReading {
  const left: Note[] = [...notes];
  const drafts: Draft[] = [];
  for (const draft of dropSharedGuids(stories.map((story) => composeDraft(story, document)))) {
    if (saysSomething(draft)) drafts.push(withIdentity(draft, document));
    else left.push({ field: "item", rule: `left out: no headline and no text (${draft.guid ?? "no id"})` });
  }
  return { drafts, notes: left };
}

/** A withdrawal or a hold needs only an id; everything else needs words. */
function saysSomething(draft: Draft): boolean {
  if (draft.headline !== undefined || draft.noticeOnly) return true;
  return draft.pubStatus !== "usable" && draft.guid !== undefined;
}

/**
 * A guid on two differing entries of one document is no id (REV3): some agencies give all their stories one. Two
 * versions of one story in a message have it rightly.
 */
function dropSharedGuids(drafts: readonly Draft[]): Draft[] {
  const shared = new Map<string, Draft[]>();
  for (const draft of drafts) {
    if (draft.guid !== undefined) shared.set(draft.guid, [...(shared.get(draft.guid) ?? []), draft]);
  }
  return drafts.map((draft) => {
    const others = shared.get(draft.guid ?? "") ?? [];
    if (!others.some((other) => isOtherEntry(draft, other))) return draft;
    const { guid, guidBase: _base, ...rest } = draft;
    const note = { field: "guid", rule: `REV3: ${guid} stands on several stories, so it is no id` };
    return { ...rest, notes: [...draft.notes, note] };
  });
}

function isOtherEntry(a: Draft, b: Draft): boolean {
  // A story and its withdrawal in one message: the withdrawal must keep its id whatever else is odd.
  if (a.pubStatus !== "usable" || b.pubStatus !== "usable") return false;
  return (
    a.sourceVersion === b.sourceVersion && toComparable(a.headline ?? "") !== toComparable(b.headline ?? "")
  );
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
