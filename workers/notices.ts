import type { ActOn, Draft } from "../src/contract/draft.ts";
import { readItems } from "../src/store/items.ts";
import { toItemId } from "../src/store/keys.ts";
import { sharedField } from "../src/store/shared-guids.ts";
import type { Arrival } from "./arrival.ts";
import type { Identified } from "./identity.ts";
import { aliasField } from "./known-names.ts";
import { holdSlug } from "./slugs.ts";

export type Notice = Identified & { index: number };

/** What a notice says of another document, as a version of that document without a text. */
export function toVersion(draft: Draft, act: ActOn): Draft {
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
      const target = act.guid === undefined ? undefined : await findTarget(arrival, act.guid);
      const ids = target === undefined ? [] : [target];
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

/** Undefined when the guid is no id: then it means all that bear it (REV6). */
async function findTarget(arrival: Arrival, guid: string): Promise<string | undefined> {
  const { edition, source, profile } = arrival;
  const own = toItemId(edition.keys.edition, source, `guid:${guid}`);
  const sources = [source, ...(profile.actsFor ?? [])];
  const fields = sources.flatMap((name) => [aliasField(name, "guid", guid), sharedField(name, guid)]);
  const found = await edition.redis.hmget(edition.keys.aliases, ...fields);
  if (sources.some((_, i) => typeof found[i * 2 + 1] === "string")) return undefined;
  const candidates = sources.map(
    (name, i) => found[i * 2] ?? toItemId(edition.keys.edition, name, `guid:${guid}`),
  );
  const items = await readItems(edition, candidates);
  return candidates.find((_, i) => items[i] !== undefined) ?? own;
}
