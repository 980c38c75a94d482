import type { ActOn, Draft } from "../src/contract/draft.ts";
import { readItems } from "../src/store/items.ts";
import { toItemId } from "../src/store/keys.ts";
import type { Arrival } from "./arrival.ts";
import { aliasField, type Identified } from "./identity.ts";
import { holdSlug } from "./slugs.ts";

export type Notice = Identified & { index: number };

/** What a notice says of another document, as a version of that document without a text. */
function toVersion(draft: Draft, act: ActOn): Draft {
  return {
    noticeOnly: true,
    pubStatus: act.status,
    pubStatusWritten: true,
    notes: [],
    ...(act.guid !== undefined && { guid: act.guid }),
    ...(act.sourceVersion !== undefined && { sourceVersion: act.sourceVersion }),
    ...(draft.versionCreated !== undefined && { versionCreated: draft.versionCreated }),
    ...(draft.firstCreated !== undefined && { firstCreated: draft.firstCreated }),
  };
}

/**
 * The items that a delivery's notices act on. A guid is looked for in the delivery's own source and then in those
 * it acts for, nowhere else (SRC1); one that nobody knows yet becomes a tombstone, so that its story never shows
 * (KIL2).
 */
export async function toNotices(arrival: Arrival, drafts: readonly Draft[], from: number): Promise<Notice[]> {
  const notices: Notice[] = [];
  for (const draft of drafts) {
    for (const act of draft.actsOn ?? []) {
      const ids = act.guid === undefined ? [] : [await findTarget(arrival, act.guid)];
      const held = act.slug === undefined ? [] : await holdSlug(arrival, act.slug);
      for (const id of ids) {
        notices.push({ draft: toVersion(draft, act), id, aliases: [], index: from + notices.length });
      }
      // A slug is no identity: its items are held for the desk to look at, whatever the notice says (KIL2).
      for (const id of held) {
        const version = toVersion(draft, { ...act, status: "withheld" });
        notices.push({ draft: version, id, aliases: [], suspect: "slug", index: from + notices.length });
      }
    }
  }
  return notices;
}

async function findTarget(arrival: Arrival, guid: string): Promise<string> {
  const { edition, source, profile } = arrival;
  const own = toItemId(edition.keys.edition, source, `guid:${guid}`);
  const ids = [source, ...(profile.actsFor ?? [])].map((name) => ({
    field: aliasField(name, "guid", guid),
    id: toItemId(edition.keys.edition, name, `guid:${guid}`),
  }));
  const joined = await edition.redis.hmget(edition.keys.aliases, ...ids.map(({ field }) => field));
  const candidates = ids.map(({ id }, i) => joined[i] ?? id);
  const items = await readItems(edition, candidates);
  return candidates.find((_, i) => items[i] !== undefined) ?? own;
}
