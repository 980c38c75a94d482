import { DateTime } from "luxon";
import type { Draft, Note } from "../../src/contract/draft.ts";
import { isHomePage, toComparable } from "../../src/store/compare.ts";
import { toHash } from "../../src/store/keys.ts";
import { composeDraft, type RawStory } from "./compose.ts";
import { fitStories } from "./fit-stories.ts";
import { type FormatReading, unreadable, type WireDocument } from "./format.ts";
import { refuseMany } from "./limits.ts";

/**
 * One message's stories as drafts in document order; what is no story becomes a note. Of an atomic group no story may be
 * left out.
 */
export function composeStories(
  stories: readonly RawStory[],
  document: WireDocument,
  notes: readonly Note[],
  { isAtomic = false }: { isAtomic?: boolean } = {},
): FormatReading {
  refuseMany(stories);
  const left: Note[] = [...notes];
  const drafts: Draft[] = [];
  const fitting = fitStories(stories, left);
  for (const draft of dropSharedGuids(fitting.map((story) => composeDraft(story, document)))) {
    if (saysSomething(draft)) drafts.push(withIdentity(draft, document));
    else left.push({ field: "item", rule: `left out: no headline and no text (${draft.guid ?? "no id"})` });
  }
  const [lost] = left.slice(notes.length);
  if (isAtomic && lost !== undefined) {
    throw unreadable(
      `The message is an atomic group, all or none of it: ${lost.rule}. Send it again as a whole.`,
    );
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
 * versions of one story in a message have it rightly, and so have a story and its withdrawal. Nor is a home page.
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
    const { guid, guidBase, ...rest } = draft;
    if (key === undefined || guid === undefined) return draft;
    const isShared = (headlines.get(key)?.size ?? 0) > 1;
    if (!isShared && !isHomePage(guid)) return draft;
    const rule = isShared
      ? `REV3: ${guid} stands on several stories, so it is no id`
      : `REV6: ${guid} is a home page, so it is no id`;
    const notes = ["guid", "sharedGuid"].map((field) => ({ field, rule }));
    return { ...rest, sharedGuid: guidBase ?? guid, notes: [...draft.notes, ...notes] };
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
    notes: [...draft.notes, { field: "identity", rule: "REV3: no id and no link, so text and day" }],
  };
}

function toDay(instant: string, zone: string): string {
  return DateTime.fromISO(instant, { zone }).toISODate() ?? "";
}
