import type { Draft } from "../src/contract/draft.ts";
import { toComparable, toNormalLink } from "../src/store/compare.ts";
import { toHash } from "../src/store/keys.ts";
import { toTellingLink } from "./likeness.ts";

/** The first words of the oldest text and its stamp name a page that is new to us. */
export function toPageIdentity(oldest: Draft): string {
  const words = toComparable(oldest.bodyText ?? oldest.headline ?? "")
    .split(" ")
    .slice(0, 12);
  return `page:${oldest.versionCreated ?? ""}:${words.join(" ")}`;
}

export function toOwnIdentity(draft: Draft): string {
  if (draft.guid !== undefined) return `guid:${draft.guidBase ?? draft.guid}`;
  if (draft.identity !== undefined) return `own:${draft.identity}`;
  if (draft.link !== undefined) return `link:${toNormalLink(draft.link)}`;
  return `text:${toComparable(`${draft.headline ?? ""} ${draft.bodyText ?? draft.summary ?? ""}`)}`;
}

/**
 * The name that other stories may turn out to bear as well: its guid, or the number and day of a wire's message, which
 * wraps. Undefined for what is named by its own words or link.
 */
export function toSharedKey(draft: Draft): string | undefined {
  const guid = draft.sharedGuid ?? draft.guidBase ?? draft.guid;
  if (guid !== undefined || draft.identity === undefined || draft.nameless) return guid;
  return `own:${draft.identity}`;
}

/** What several stories bear names none of them: then it is the link, else headline with time or text (REV6). */
export function withoutShared(draft: Draft): Draft {
  const sharedGuid = toSharedKey(draft);
  if (draft.sharedGuid !== undefined || sharedGuid === undefined) return draft;
  const { guid: _guid, guidBase: _base, ...rest } = draft;
  const shared = { ...rest, sharedGuid };
  if (toTellingLink(shared) !== undefined && draft.link !== undefined) return { ...shared, guid: draft.link };
  const told = draft.firstCreated ?? draft.versionCreated ?? toHash(draft.bodyText ?? draft.summary ?? "");
  return { ...shared, identity: `${toComparable(draft.headline ?? "")} ${told}` };
}

/** Every guid that it names, itself or another document. */
export function toGuids(draft: Draft): string[] {
  const own = [draft.guidBase, draft.guid, toSharedKey(draft)].filter((guid) => guid !== undefined);
  return [...own, ...(draft.supersedes ?? [])];
}

/** A link by which it may be found: its own, else a guid that is an address. */
export function toNamingLink(draft: Draft): string | undefined {
  if (draft.link !== undefined) return toTellingLink(draft);
  if (draft.guid === undefined || !isAddress(draft.guid)) return undefined;
  return toTellingLink({
    link: draft.guid,
    ...(draft.sharedGuid !== undefined && { sharedGuid: draft.sharedGuid }),
  });
}

/** Two spellings of one address. */
export function isSameAddress(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined || !isAddress(a) || !isAddress(b)) return false;
  return toNormalLink(a) === toNormalLink(b);
}

function isAddress(guid: string): boolean {
  return /^https?:\/\//iu.test(guid);
}
