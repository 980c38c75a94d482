import { createHash } from "node:crypto";
import { isHomePage } from "../../src/store/compare.ts";
import { foldForComparison } from "../text/headline.ts";
import { htmlToLine } from "../text/html.ts";
import type { RawStory } from "./compose.ts";

/** Nobody's headline is longer; what stands behind that tells no two of them apart. */
const LONGEST_HEADLINE = 20_000;

/** What stands where an id should and is none. */
const NO_ID = /^(?:0+|-+|null|none|undefined|nil|n\/a)$/iu;

/**
 * Gives every entry of a feed what identifies it. A guid on two differing entries of one document is no id (REV3),
 * nor is a home page or the feed's own address, told in `addresses` (REV6); an entry without one has its link, and
 * where links are shared, its headline with its time or text.
 */
export function settleIds(
  entries: readonly RawStory[],
  addresses: readonly (string | undefined)[] = [],
): RawStory[] {
  const sharedGuids = toShared(entries, ({ guid }) => guid?.trim());
  const sharedLinks = toShared(entries, ({ link }) => link?.trim());
  const own = new Set(addresses.flatMap((one) => (one ? [toFeedAddress(one)] : [])));
  const isOwn = (address: string) => isHomePage(address) || own.has(toFeedAddress(address));
  return entries.map((entry): RawStory => {
    const guid = entry.guid?.trim() ?? "";
    const link = entry.link?.trim() ?? "";
    const isGuid = guid !== "" && !NO_ID.test(guid);
    const isShared = sharedGuids.has(guid);
    if (isGuid && !isShared && !isOwn(guid)) return { ...entry, guid };
    const why = toWhy(guid, isShared);
    if (link !== "" && !sharedLinks.has(link) && !isOwn(link)) {
      const told = isGuid ? { sharedGuid: guid } : {};
      return {
        ...entry,
        ...told,
        guid: link,
        ...withNotes(entry, { guid: `${why}: the link is the id` }, told),
      };
    }
    const time = entry.firstCreated ?? entry.versionCreated;
    const identity = `${foldForComparison(toHeadline(entry))} ${time ?? toHash(toText(entry))}`;
    const what = time === undefined ? "text" : "time";
    const sharedGuid = isGuid ? guid : link;
    const told = { identity, nameless: true, ...(sharedGuid !== "" && { sharedGuid }) };
    const rules = {
      guid: `${why}: headline and ${what} are the id`,
      nameless: "REV7: it has no id of its own",
    };
    return { ...entry, ...told, guid: undefined, ...withNotes(entry, rules, told) };
  });
}

function toWhy(guid: string, isShared: boolean): string {
  if (isShared) return "REV3: the guid stands on differing entries";
  return guid === "" || NO_ID.test(guid)
    ? "no guid"
    : "REV6: the guid is the address of the site or the feed";
}

function toFeedAddress(address: string): string {
  return address
    .trim()
    .replace(/^https?:\/\/(?:www\.)?/iu, "")
    .replace(/\/+$/u, "");
}

/** The values that stand on entries that differ. */
function toShared(
  entries: readonly RawStory[],
  toKey: (entry: RawStory) => string | undefined,
): ReadonlySet<string> {
  const first = new Map<string, string>();
  const shared = new Set<string>();
  for (const entry of entries) {
    const key = toKey(entry) ?? "";
    const content = toContent(entry);
    if (key === "") continue;
    if (!first.has(key)) first.set(key, content);
    else if (first.get(key) !== content) shared.add(key);
  }
  return shared;
}

/** The same entry twice, or two versions under one headline, do not differ. */
function toContent(entry: RawStory): string {
  return foldForComparison(toHeadline(entry) || toText(entry));
}

function toHeadline(entry: RawStory): string {
  return htmlToLine((entry.headline ?? "").slice(0, LONGEST_HEADLINE));
}

function toText({ body, summary }: RawStory): string {
  if (body === undefined) return summary ?? "";
  if ("html" in body) return body.html;
  return "text" in body ? body.text : body.paragraphs.join("\n\n");
}

/** An identity may be seen by anyone who looks for it; the text may be private. */
function toHash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function withNotes(
  entry: RawStory,
  rules: Readonly<Record<string, string>>,
  { sharedGuid }: { sharedGuid?: string },
): Pick<RawStory, "notes"> {
  const shared = sharedGuid === undefined ? {} : { sharedGuid: "REV6: what stood there and is no id" };
  const told = Object.entries({ ...rules, ...shared }).map(([field, rule]) => ({ field, rule }));
  return { notes: [...(entry.notes ?? []), ...told] };
}
