import type { Draft } from "../src/contract/draft.ts";
import type { PubStatus } from "../src/contract/item.ts";
import type { SourceProfile } from "../src/contract/profile.ts";
import type { Alias } from "../src/store/change.ts";
import { toComparable, toKilledFields } from "../src/store/compare.ts";
import type { Edition } from "../src/store/keys.ts";
import type { ItemRecord } from "../src/store/record.ts";
import { toMs } from "./instants.ts";
import { type Bearers, KnownNames } from "./known-names.ts";
import { isAnotherStory, isSameStory, sharesHalf, toFirstSentence, toTellingLink } from "./likeness.ts";
import {
  isSameAddress,
  toGuids,
  toNamingLink,
  toOwnIdentity,
  toPageIdentity,
  toSharedKey,
  withoutShared,
} from "./own-identity.ts";
import { saidBefore, toContent } from "./version.ts";

/** Which item a draft belongs to, and the names under which that item is to be found from now on. */
export interface Identified {
  draft: Draft;
  id: string;
  aliases: Alias[];
  suspect?: "twin" | "slug";
  /** Joined to an item under another guid: the two guids' version numbers cannot be compared. */
  isJoined?: true;
  /** Found by its guid alone: should another story have got the guid meanwhile, it has to be looked for again. */
  isOwn?: true;
  /** The guid that it bears is no id (REV6); `beside`: the item that had it for its own until now. */
  bears?: { guid: string; beside?: string };
  /** A kill or a hold of all that bear the guid, as written: it does not show which of them it means. */
  names?: PubStatus;
}

/** An item that was found; `isJoined` under another guid. */
interface Found {
  id: string;
  isJoined?: boolean;
}

const DAY_MS = 86_400_000;
/** A text of so many characters is not written twice by chance; "Calm." is. */
const LEAST_TELLING = 80;
/** Bearers of a shared guid, or of none, that a story is compared with. */
const COMPARED = { days: 3, most: 100 };
/** Stands for the guid of all those that have nothing but their words for a name. */
export const NAMELESS = "";

/** The versions of one story on a page are decided on together; every other draft stands alone. */
function toGroups(drafts: readonly Draft[]): Draft[][] {
  const groups: Draft[][] = [];
  for (const draft of drafts) {
    const last = groups.at(-1);
    const continuesPage = (draft.page?.index ?? 0) > 0 && last?.[0]?.page !== undefined;
    if (continuesPage && last !== undefined) last.push(draft);
    else groups.push([draft]);
  }
  return groups;
}

/** Finds for each draft of a delivery the item that it belongs to (SRC1, REV3, REV4, REV6). */
export class Identifier {
  readonly #names: KnownNames;
  readonly #source: string;
  readonly #profile: SourceProfile;
  readonly #receivedMs: number;
  /** How often each link stands in this document: one that is not its own there joins nothing. */
  readonly #links = new Map<string, number>();
  /** Items that this document gives a text its name, by the name. */
  readonly #sameText = new Map<string, string>();
  /** Items that a draft of this document has by a name of its own: no other one is a version of them. */
  readonly #taken = new Set<string>();

  constructor(edition: Edition, source: string, profile: SourceProfile, receivedMs: number) {
    this.#names = new KnownNames(edition, source);
    this.#source = source;
    this.#profile = profile;
    this.#receivedMs = receivedMs;
  }

  async identify(drafts: readonly Draft[]): Promise<Identified[][]> {
    const groups = toGroups(drafts);
    for (const draft of drafts) {
      const link = toNamingLink(draft);
      if (link !== undefined) this.#links.set(link, (this.#links.get(link) ?? 0) + 1);
    }
    await this.#load(drafts);
    const pages = groups.filter(([first]) => first?.page !== undefined).length;
    return groups.map((group) => this.#identifyGroup(group, pages === 1));
  }

  /** Everything that may be asked for: two round trips for the whole delivery, two more where guids are no ids. */
  async #load(drafts: readonly Draft[]): Promise<void> {
    const names = this.#names;
    await names.readNames({
      fields: drafts.flatMap((draft) => this.#toFields(draft)),
      killed: drafts.flatMap((draft) => this.#toKilled(draft)),
      guids: [NAMELESS, ...drafts.flatMap(toGuids)],
    });
    for (const { sharedGuid } of drafts) if (sharedGuid !== undefined) names.share(sharedGuid);
    await names.readItems(
      drafts.flatMap((draft) => [
        ...toGuids(draft).map((guid) => names.toId(`guid:${guid}`)),
        names.toId(toOwnIdentity(this.#settle(draft))),
      ]),
    );
    const isLost = drafts.some((draft) => draft.page === undefined && this.#findNamed(draft) === undefined);
    const guids = [...names.shared.keys()].filter((guid) => guid !== NAMELESS || isLost);
    const since = { sinceMs: this.#receivedMs - COMPARED.days * DAY_MS, most: COMPARED.most };
    await names.readBearers(guids, since);
    for (const draft of drafts) this.#taken.add(this.#findNamed(draft)?.id ?? "");
  }

  #bearersOf(draft: Draft): Bearers | undefined {
    const key = toSharedKey(draft);
    return key === undefined ? undefined : this.#names.shared.get(key);
  }

  /** With what names it where its guid does not. */
  #settle(draft: Draft): Draft {
    return this.#bearersOf(draft) === undefined ? draft : withoutShared(draft);
  }

  #toKilled(draft: Draft): string[] {
    return toKilledFields(toContent(draft, this.#profile), this.#source);
  }

  #toFields(draft: Draft): string[] {
    const names = this.#names;
    const field = (kind: string, value: string | undefined) =>
      value === undefined ? [] : [names.field(kind, value)];
    return [
      ...field("guid", draft.guidBase),
      ...field("guid", draft.guid),
      ...(draft.supersedes ?? []).flatMap((one) => field("guid", one)),
      ...field("link", toNamingLink(draft)),
      ...field("key", draft.storyKey),
      ...this.#toSameTextFields(draft),
      ...(draft.page === undefined
        ? field("own", toOwnIdentity(withoutShared(draft)))
        : field("text", toComparable(draft.bodyText ?? ""))),
      ...field("page", draft.page?.address),
    ];
  }

  #identifyGroup(group: Draft[], isOnlyPage: boolean): Identified[] {
    const [first] = group;
    if (first === undefined) return [];
    if (first.page !== undefined) return this.#identifyPage(group, isOnlyPage);
    const bearers = this.#bearersOf(first) ?? this.#findShared(first);
    return [bearers === undefined ? this.#identifyStory(first) : this.#identifyBearer(first, bearers)];
  }

  #identifyStory(draft: Draft): Identified {
    const own = this.#findOwn(draft);
    const joined = own ?? this.#findByWords(draft) ?? this.#findJoined(draft) ?? this.#findNameless(draft);
    const id = joined?.id ?? this.#names.toId(toOwnIdentity(draft));
    const isNew = joined === undefined;
    this.#taken.add(id);
    const identified = this.#complete(draft, id, joined?.isJoined === true);
    return {
      ...identified,
      aliases: [...identified.aliases, ...(isNew ? this.#nameByText(draft, id) : [])],
      ...(own === joined && { isOwn: true as const }),
      ...(isNew && draft.nameless && { bears: { guid: NAMELESS } }),
    };
  }

  /** The item that has had the guid for its own is another story: from now on it is no id (REV6). */
  #findShared(draft: Draft): Bearers | undefined {
    const guid = toSharedKey(draft);
    const record = guid === undefined ? undefined : this.#names.record(this.#findOwn(draft)?.id);
    if (guid === undefined || record === undefined || !isAnotherStory(record, draft)) return undefined;
    const bearers = { guid, ids: [record.id], beside: record.id };
    this.#names.shared.set(guid, bearers);
    return bearers;
  }

  /** Which of the stories under a shared guid it is, or that it is a new one. */
  #identifyBearer(draft: Draft, bearers: Bearers): Identified {
    const { guid, beside } = bearers;
    const settled = this.#settle(draft);
    const joined: Found | undefined =
      this.#findNamed(draft) ?? this.#findAlike(draft, bearers.ids) ?? this.#findJoined(settled);
    const isNamed = draft.guid !== undefined || draft.sharedGuid !== undefined;
    if (joined === undefined && isNamed && draft.pubStatus !== "usable")
      return this.#identifyNotice(draft, bearers);
    const isNew = joined === undefined;
    const id = joined?.id ?? this.#names.toId(toOwnIdentity(settled));
    this.#taken.add(id);
    const { guid: _guid, ...bare } = settled;
    const named = draft.sharedGuid === undefined ? bare : settled;
    const identified = this.#complete(named, id, joined?.isJoined === true);
    return {
      ...identified,
      draft,
      aliases: [...identified.aliases, ...(isNew ? this.#nameByText(draft, id) : [])],
      bears: { guid, ...(beside !== undefined && { beside }) },
      ...(this.#isNamedByKill(bearers) && { suspect: "twin" as const }),
    };
  }

  /** A kill or a hold that tells nothing but the guid: all that bear it are held; one that nobody bears is killed. */
  #identifyNotice(draft: Draft, { guid, ids, beside }: Bearers): Identified {
    const told = { bears: { guid, ...(beside !== undefined && { beside }) }, names: draft.pubStatus };
    const [newest] = ids;
    if (newest === undefined)
      return { ...this.#complete(draft, this.#names.toId(`guid:${guid}`), false), ...told };
    const held: Draft = { ...draft, noticeOnly: true, pubStatus: "withheld" };
    return { draft: held, id: newest, aliases: [], suspect: "twin", ...told };
  }

  /** A kill named the guid before any story had come under it (KIL2). */
  #isNamedByKill({ guid }: Bearers): boolean {
    const record = this.#names.record(this.#names.toId(`guid:${guid}`));
    return record?.pubStatus === "canceled" && record.versions.every(({ h }) => h === undefined);
  }

  /** The stored page of the same address, or with one of its texts, or a new one. */
  #identifyPage(group: Draft[], isOnlyPage: boolean): Identified[] {
    const [oldest] = group;
    if (oldest === undefined) return [];
    const names = this.#names;
    const address = isOnlyPage ? oldest.page?.address : undefined;
    const fields = [
      ...(address === undefined ? [] : [names.field("page", address)]),
      ...group.map((draft) => names.field("text", toComparable(draft.bodyText ?? ""))),
    ];
    const known = fields.map((field) => names.byField(field)).find((id) => id !== undefined);
    const id = known ?? names.toId(toPageIdentity(oldest));
    return group.map((draft) => {
      const identified = this.#complete(draft, id, false);
      const aliases = fields.map((field): Alias => ({ field, id, mode: "first" }));
      return { ...identified, aliases: [...identified.aliases, ...aliases] };
    });
  }

  /**
   * By its own guid, joined before or not. A guid whose end looks like a revision is looked for with that end as
   * well: `…:1` may be the first revision of `…`, or all there is.
   */
  #findOwn(draft: Draft): Found | undefined {
    const names = this.#names;
    const own = names.toId(toOwnIdentity(draft));
    if (draft.guid === undefined) return names.record(own) === undefined ? undefined : { id: own };
    const guids = [draft.guidBase ?? draft.guid, draft.guid];
    const joined = guids.map((guid) => names.byName("guid", guid)).find((id) => id !== undefined);
    if (joined !== undefined)
      return { id: joined, isJoined: joined !== own && names.record(joined)?.guid !== draft.guid };
    const id = guids.map((guid) => names.toId(`guid:${guid}`)).find((one) => names.record(one) !== undefined);
    return id === undefined ? undefined : { id };
  }

  /** By a name of its own, though its guid may be none: its link, its words, a killed text that it repeats. */
  #findNamed(draft: Draft): Found | undefined {
    const settled = this.#settle(draft);
    const own = this.#findOwn(settled) ?? this.#findByWords(settled);
    if (own !== undefined) return { id: own.id };
    const bearers = this.#bearersOf(draft);
    if (bearers === undefined) return this.#findByLink(draft);
    const byLink = this.#byOwnLink(settled);
    const killed = this.#toKilled(draft).filter((field) => !field.startsWith("head:"));
    const twins = [byLink, ...killed.map((field) => this.#names.byKilled(field))];
    const id = twins.find((one) => one !== undefined && bearers.ids.includes(one));
    return id === undefined ? undefined : { id };
  }

  /** An entry without guid and link that was found to be an edit of an item: its new words name it as well. */
  #findByWords(draft: Draft): Found | undefined {
    if (draft.guid !== undefined) return undefined;
    const id = this.#names.byName("own", toOwnIdentity(draft));
    return id === undefined ? undefined : { id };
  }

  #findAlike(draft: Draft, ids: readonly string[]): Found | undefined {
    const id = ids.find((one) => {
      const record = this.#names.record(one);
      return record !== undefined && !this.#taken.has(one) && isSameStory(record, draft);
    });
    return id === undefined ? undefined : { id };
  }

  /** An entry that had neither guid nor link and is alike, and stands no more in this document (REV7). */
  #findNameless(draft: Draft): Found | undefined {
    const ids = this.#names.shared.get(NAMELESS)?.ids ?? [];
    const isOpen = (id: string) => draft.nameless === true || this.#names.record(id)?.guid === undefined;
    return this.#findAlike(draft, ids.filter(isOpen));
  }

  /** Under another guid: what it says it replaces, a link of its own, or a story key that it continues. */
  #findJoined(draft: Draft): Found | undefined {
    const names = this.#names;
    for (const guid of draft.supersedes ?? []) {
      if (names.shared.has(guid)) continue;
      const id = names.byName("guid", guid) ?? names.toId(`guid:${guid}`);
      if (this.#isAlive(id)) return { id, isJoined: true };
    }
    const byLink = this.#findByLink(draft);
    if (byLink !== undefined) return byLink;
    const byKey = this.#findByKey(draft);
    if (byKey !== undefined) return { id: byKey };
    const byText = this.#findByText(draft);
    return byText === undefined ? undefined : { id: byText, isJoined: true };
  }

  /** A day's name for a headline with its text: today's, then yesterday's. None for what is too short to tell. */
  #toSameTextFields(draft: Draft): string[] {
    const text = toComparable(draft.bodyText ?? "");
    if (draft.page !== undefined || draft.headline === undefined || text.length < LEAST_TELLING) return [];
    return [0, DAY_MS].map((ago) => {
      const day = new Date(this.#receivedMs - ago).toISOString().slice(0, 10);
      return this.#names.field("same", `${day} ${toComparable(draft.headline ?? "")} ${text}`);
    });
  }

  /** The same story under another category has another name and the same words, within 24 hours (SRC1). */
  #findByText(draft: Draft): string | undefined {
    const fields = this.#toSameTextFields(draft);
    const here = fields.map((field) => this.#sameText.get(field)).find((id) => id !== undefined);
    if (here !== undefined) return here;
    return fields
      .map((field) => this.#names.byField(field) ?? "")
      .find((id) => this.#isAlive(id) && this.#isNear(id, DAY_MS));
  }

  #isNear(id: string, ms: number): boolean {
    const received = this.#names.record(id)?.receivedAt;
    return received !== undefined && Math.abs(this.#receivedMs - Date.parse(received)) <= ms;
  }

  /** A claim: of two deliveries that are read at the same moment one finds the other's. */
  #nameByText(draft: Draft, id: string): Alias[] {
    const [today] = this.#toSameTextFields(draft);
    if (today === undefined || this.#names.byField(today) !== undefined) return [];
    this.#sameText.set(today, id);
    return [{ field: today, id, mode: "claim" }];
  }

  #isAlive(id: string): boolean {
    const record = this.#names.record(id);
    return record !== undefined && record.pubStatus !== "canceled";
  }

  #byOwnLink(draft: Draft): string | undefined {
    const link = toNamingLink(draft);
    return link === undefined || this.#links.get(link) !== 1 ? undefined : this.#names.byName("link", link);
  }

  /** A link is not enough, unless it is the guid of both, written in two ways. */
  #findByLink(draft: Draft): Found | undefined {
    const record = this.#names.record(this.#byOwnLink(draft));
    if (record === undefined || record.pubStatus === "canceled") return undefined;
    const { content, guid, versions } = record;
    // Of an item that left the line for its age only the hashes are left (REV4).
    const isAlike =
      content === null ? saidBefore(draft, versions) : sharesHalf(content.headline, draft.headline ?? "");
    return isAlike || isSameAddress(guid, draft.guid) ? { id: record.id, isJoined: true } : undefined;
  }

  /**
   * A key alone joins nothing: the later one must say that it continues, be near in time, and share words (REV3).
   * The later one may come first.
   */
  #findByKey(draft: Draft): string | undefined {
    if (draft.storyKey === undefined) return undefined;
    const record = this.#names.record(this.#names.byName("key", draft.storyKey));
    if (record === undefined || record.content === null) return undefined;
    const isNear = Math.abs(this.#receivedMs - Date.parse(record.revisedAt)) <= DAY_MS;
    const continues =
      draft.continues === true ||
      isHigherVersion(draft.sourceVersion, record.sourceVersion) ||
      (record.change !== "new" && isOlder(draft, record));
    const isAlike =
      sharesHalf(record.content.headline, draft.headline ?? "") ||
      sharesHalf(toFirstSentence(record.content.bodyText), toFirstSentence(draft.bodyText));
    return isNear && continues && isAlike ? record.id : undefined;
  }

  #complete(draft: Draft, id: string, isJoined: boolean): Identified {
    const names = this.#names;
    const aliases: Alias[] = [];
    const add = (kind: string, value: string | undefined, mode: Alias["mode"]) => {
      if (value !== undefined) aliases.push({ field: names.field(kind, value), id, mode });
    };
    const guid = draft.guidBase ?? draft.guid;
    const own = toOwnIdentity(draft);
    if (guid !== undefined && id !== names.toId(`guid:${guid}`)) add("guid", guid, "claim");
    if (draft.guidBase !== undefined) add("guid", draft.guid, "first");
    if (guid === undefined && draft.page === undefined && id !== names.toId(own)) add("own", own, "first");
    add("link", toNamingLink(draft), "first");
    // What it replaces may come after it.
    for (const one of draft.supersedes ?? []) if (this.#isUnknown(one)) add("guid", one, "first");
    add("key", draft.storyKey, "last");
    const suspect = this.#isTwin(draft, id) ? { suspect: "twin" as const } : {};
    return { draft, id, aliases, ...suspect, ...(isJoined && { isJoined: true as const }) };
  }

  #isUnknown(guid: string): boolean {
    const names = this.#names;
    const id = names.byName("guid", guid) ?? names.toId(`guid:${guid}`);
    return !names.shared.has(guid) && names.record(id) === undefined;
  }

  /** It replaces a killed item, or repeats its text or link under a new id (KIL1). */
  #isTwin(draft: Draft, id: string): boolean {
    const names = this.#names;
    const isKilled = (one: string) => one !== id && names.record(one)?.pubStatus === "canceled";
    for (const guid of draft.supersedes ?? []) {
      const shared = names.shared.get(guid);
      const replaced = [names.byName("guid", guid) ?? names.toId(`guid:${guid}`), ...(shared?.ids ?? [])];
      if (shared?.isKilled === true || replaced.some(isKilled)) return true;
    }
    return this.#toKilled(draft).some((field) => {
      const killed = names.byKilled(field);
      return killed !== undefined && killed !== id && this.#countsAsRepeat(field, draft, killed);
    });
  }

  /** A headline says little, unless the entry has no other name: then it may be the killed one, edited (REV7). */
  #countsAsRepeat(field: string, draft: Draft, killed: string): boolean {
    if (!field.startsWith("head:")) return true;
    const isNameless = draft.nameless === true || draft.sharedGuid !== undefined;
    return isNameless && toTellingLink(draft) === undefined && this.#isNear(killed, COMPARED.days * DAY_MS);
  }
}

function isOlder(draft: Draft, record: ItemRecord): boolean {
  const [its, known] = [toMs(draft.versionCreated), toMs(record.versionCreated)];
  return its !== undefined && known !== undefined && its < known;
}

function isHigherVersion(later: string | undefined, earlier: string | undefined): boolean {
  if (later === undefined || earlier === undefined) return false;
  return /^\d+$/.test(later) && /^\d+$/.test(earlier) && BigInt(later) > BigInt(earlier);
}
