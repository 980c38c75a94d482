import type { Draft } from "../src/contract/draft.ts";
import type { PubStatus } from "../src/contract/item.ts";
import type { SourceProfile } from "../src/contract/profile.ts";
import type { Alias } from "../src/store/change.ts";
import { toComparable, toKilledFields, toNormalLink } from "../src/store/compare.ts";
import { readItems, type StoredItem } from "../src/store/items.ts";
import { type Edition, toHash, toItemId } from "../src/store/keys.ts";
import { readBearers, sharedField } from "../src/store/shared-guids.ts";
import { isAnotherStory, isSameStory, sharesHalf, toFirstSentence, toTellingLink } from "./likeness.ts";
import { toContent } from "./version.ts";

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

/** What else bears a guid that is no id. */
interface Bearers {
  guid: string;
  /** The newest first, of the last days. */
  ids: string[];
  /** Until this document it was the id of this item. */
  beside?: string;
  /** A kill has named it. */
  isKilled?: boolean;
}

const DAY_MS = 86_400_000;
/** A text of so many characters is not written twice by chance; "Calm." is. */
const LEAST_TELLING = 80;
/** Bearers of a shared guid that a story is compared with. */
const COMPARED = { days: 3, most: 100 };

export const aliasField = (source: string, kind: string, value: string): string =>
  `${source} ${kind}:${toHash(value)}`;

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

/** Every guid that it names, itself or another document. */
function toGuids(draft: Draft): string[] {
  const own = [draft.guidBase, draft.guid, draft.sharedGuid].filter((guid) => guid !== undefined);
  return [...own, ...(draft.supersedes ?? [])];
}

/** What several stories bear names none of them: then it is the link, else headline with time or text (REV6). */
function withoutShared(draft: Draft): Draft {
  if (draft.sharedGuid !== undefined) return draft;
  const { guid: _guid, guidBase: _base, ...rest } = draft;
  if (toTellingLink(draft) !== undefined && draft.link !== undefined) return { ...rest, guid: draft.link };
  const told = draft.firstCreated ?? draft.versionCreated ?? toHash(draft.bodyText ?? draft.summary ?? "");
  return { ...rest, identity: draft.identity ?? `${toComparable(draft.headline ?? "")} ${told}` };
}

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

/** Finds for each draft of a delivery the item that it belongs to (SRC1, REV3, REV4). */
export class Identifier {
  readonly #edition: Edition;
  readonly #source: string;
  readonly #profile: SourceProfile;
  readonly #receivedMs: number;
  #aliases = new Map<string, string>();
  #items = new Map<string, StoredItem>();
  #killed = new Map<string, string>();
  /** Items that this document gives a text its name, by the name. */
  readonly #sameText = new Map<string, string>();
  /** Guids that are no ids, with what bears them (REV6). */
  readonly #shared = new Map<string, Bearers>();
  /** Items that a draft of this document has by a name of its own: no other one is a version of them. */
  readonly #taken = new Set<string>();

  constructor(edition: Edition, source: string, profile: SourceProfile, receivedMs: number) {
    this.#edition = edition;
    this.#source = source;
    this.#profile = profile;
    this.#receivedMs = receivedMs;
  }

  async identify(drafts: readonly Draft[]): Promise<Identified[][]> {
    const groups = toGroups(drafts);
    const links = new Map<string, number>();
    for (const { link } of drafts) {
      if (link !== undefined) links.set(toNormalLink(link), (links.get(toNormalLink(link)) ?? 0) + 1);
    }
    await this.#load(groups);
    for (const draft of drafts) {
      const id = this.#bearersOf(draft) && this.#findExact(draft, links)?.id;
      if (id !== undefined) this.#taken.add(id);
    }
    const pages = groups.filter(([first]) => first?.page !== undefined).length;
    return groups.map((group) => this.#identifyGroup(group, { isOnlyPage: pages === 1, links }));
  }

  /** Everything that may be asked for, in two round trips for the whole delivery. */
  async #load(groups: Draft[][]): Promise<void> {
    const { redis, keys } = this.#edition;
    const drafts = groups.flat();
    const fields = [...new Set(drafts.flatMap((draft) => this.#toFields(draft)))];
    const killed = [...new Set(drafts.flatMap((draft) => toKilledFields(toContent(draft, this.#profile))))];
    const guids = [...new Set(drafts.flatMap(toGuids))];
    const marks = guids.map((guid) => sharedField(this.#source, guid));
    const asked = [...fields, ...marks];
    const [names, twins] = await Promise.all([
      asked.length > 0 ? redis.hmget(keys.aliases, ...asked) : [],
      killed.length > 0 ? redis.hmget(keys.killed, ...killed) : [],
    ]);
    fields.forEach((field, i) => this.#remember(this.#aliases, field, names[i]));
    killed.forEach((field, i) => this.#remember(this.#killed, field, twins[i]));
    const inDocument = new Set(drafts.map(({ sharedGuid }) => sharedGuid));
    const shared = guids.flatMap((guid, i): Bearers[] => {
      const mark = names[fields.length + i] ?? undefined;
      if (mark === undefined && !inDocument.has(guid)) return [];
      return [{ guid, ids: [], isKilled: Number(mark ?? 0) > 0 }];
    });
    await this.#loadBearers(shared);
    const own = drafts.flatMap((draft) => [
      this.#toId(toOwnIdentity(draft)),
      ...toGuids(draft).map((guid) => this.#toId(`guid:${guid}`)),
      ...(this.#bearersOf(draft) === undefined ? [] : [this.#toId(toOwnIdentity(withoutShared(draft)))]),
    ]);
    const bearers = [...this.#shared.values()].flatMap((one) => one.ids);
    const ids = [...new Set([...this.#aliases.values(), ...own, ...bearers])];
    const items = await readItems(this.#edition, ids);
    ids.forEach((id, i) => {
      const stored = items[i];
      if (stored !== undefined) this.#items.set(id, stored);
    });
  }

  async #loadBearers(shared: readonly Bearers[]): Promise<void> {
    if (shared.length === 0) return;
    const since = { sinceMs: this.#receivedMs - COMPARED.days * DAY_MS, most: COMPARED.most };
    const guids = shared.map(({ guid }) => guid);
    const found = await readBearers(this.#edition, this.#source, guids, since);
    shared.forEach((one, i) => this.#shared.set(one.guid, { ...one, ids: found[i] ?? [] }));
  }

  #bearersOf(draft: Draft): Bearers | undefined {
    return this.#shared.get(draft.sharedGuid ?? draft.guidBase ?? draft.guid ?? "");
  }

  #remember(map: Map<string, string>, field: string, value: string | null | undefined): void {
    if (value !== null && value !== undefined) map.set(field, value);
  }

  #toId(identity: string): string {
    return toItemId(this.#edition.keys.edition, this.#source, identity);
  }

  #field(kind: string, value: string): string {
    return aliasField(this.#source, kind, value);
  }

  #toFields(draft: Draft): string[] {
    const guids = [draft.guidBase, draft.guid].filter((guid) => guid !== undefined);
    return [
      ...guids.map((guid) => this.#field("guid", guid)),
      ...(draft.supersedes ?? []).map((one) => this.#field("guid", one)),
      ...[toTellingLink(draft)].flatMap((link) => (link === undefined ? [] : [this.#field("link", link)])),
      ...(draft.storyKey === undefined ? [] : [this.#field("key", draft.storyKey)]),
      ...this.#toSameTextFields(draft),
      ...(draft.page === undefined ? [] : [this.#field("text", toComparable(draft.bodyText ?? ""))]),
      ...(draft.page?.address === undefined ? [] : [this.#field("page", draft.page.address)]),
    ];
  }

  #identifyGroup(
    group: Draft[],
    document: { isOnlyPage: boolean; links: Map<string, number> },
  ): Identified[] {
    const [first] = group;
    if (first === undefined) return [];
    if (first.page !== undefined) return this.#identifyPage(group, document.isOnlyPage);
    const bearers = this.#bearersOf(first) ?? this.#findShared(first);
    if (bearers !== undefined) return [this.#identifyBearer(first, bearers, document.links)];
    const own = this.#findOwn(first);
    const joined = own ?? this.#findJoined(first, document.links);
    const id = joined?.id ?? this.#toId(toOwnIdentity(first));
    const identified = this.#complete(first, id, joined?.isJoined === true);
    const names = joined === undefined ? this.#nameByText(first, id) : [];
    const isOwn = own === joined && first.guid !== undefined;
    return [
      { ...identified, aliases: [...identified.aliases, ...names], ...(isOwn && { isOwn: true as const }) },
    ];
  }

  /** The item that has had the guid for its own is another story: from now on it is no id (REV6). */
  #findShared(draft: Draft): Bearers | undefined {
    const guid = draft.guidBase ?? draft.guid;
    const own = guid === undefined ? undefined : this.#findOwn(draft);
    const record = own === undefined ? undefined : this.#items.get(own.id)?.record;
    if (guid === undefined || record === undefined || !isAnotherStory(record, draft)) return undefined;
    const bearers = { guid, ids: [record.id], beside: record.id };
    this.#shared.set(guid, bearers);
    return bearers;
  }

  /** Which of the stories under a shared guid it is, or that it is a new one. */
  #identifyBearer(draft: Draft, bearers: Bearers, links: Map<string, number>): Identified {
    const { guid, beside } = bearers;
    const bears = { guid, ...(beside !== undefined && { beside }) };
    const joined =
      this.#findExact(draft, links) ?? this.#findAlike(draft, bearers) ?? this.#findJoined(draft, links);
    if (joined === undefined && draft.pubStatus !== "usable") return this.#identifyNotice(draft, bearers);
    const settled = withoutShared(draft);
    const id = joined?.id ?? this.#toId(toOwnIdentity(settled));
    this.#taken.add(id);
    const { guid: _guid, ...bare } = settled;
    const isJoined = joined !== undefined && "isJoined" in joined;
    const identified = this.#complete(draft.sharedGuid === undefined ? bare : settled, id, isJoined);
    const names = joined === undefined ? this.#nameByText(draft, id) : [];
    const isSuspect =
      this.#isNamedByKill(bearers) || (joined === undefined && this.#mayBeKilled(draft, bearers));
    return {
      ...identified,
      draft,
      aliases: [...identified.aliases, ...names],
      bears,
      ...(isSuspect && { suspect: "twin" as const }),
    };
  }

  /** A kill or a hold that tells nothing but the guid: all that bear it are held; one that nobody bears is killed. */
  #identifyNotice(draft: Draft, { guid, ids, beside }: Bearers): Identified {
    const bears = { guid, ...(beside !== undefined && { beside }) };
    const [newest] = ids;
    if (newest === undefined) {
      const told = { bears, names: draft.pubStatus };
      return { ...this.#complete(draft, this.#toId(`guid:${guid}`), false), ...told };
    }
    const held: Draft = { ...draft, noticeOnly: true, pubStatus: "withheld" };
    return { draft: held, id: newest, aliases: [], suspect: "twin", bears, names: draft.pubStatus };
  }

  /** By its link, by what stands for an id where there is none, or by a killed text that it repeats. */
  #findExact(draft: Draft, links: Map<string, number>): { id: string } | undefined {
    const bearers = this.#bearersOf(draft);
    const own = this.#findOwn(withoutShared(draft));
    if (own !== undefined) return { id: own.id };
    const link = toTellingLink(draft);
    const byLink =
      link === undefined || links.get(link) !== 1 ? undefined : this.#aliases.get(this.#field("link", link));
    if (byLink !== undefined && bearers?.ids.includes(byLink)) return { id: byLink };
    const killed = toKilledFields(toContent(draft, this.#profile)).map((field) => this.#killed.get(field));
    const twin = killed.find((id) => id !== undefined && bearers?.ids.includes(id));
    return twin === undefined ? undefined : { id: twin };
  }

  #findAlike(draft: Draft, { ids }: Bearers): { id: string } | undefined {
    const alike = ids.filter((id) => {
      const record = this.#items.get(id)?.record;
      return record !== undefined && !this.#taken.has(id) && isSameStory(record, draft);
    });
    const [newest] = alike;
    return newest === undefined ? undefined : { id: newest };
  }

  /** A kill named the guid before any story had come under it (KIL2). */
  #isNamedByKill({ guid }: Bearers): boolean {
    const record = this.#items.get(this.#toId(`guid:${guid}`))?.record;
    return record?.pubStatus === "canceled" && record.versions.every(({ h }) => h === undefined);
  }

  /** One of the stories was killed, and without a link nobody can tell that this is not an edit of it (KIL1). */
  #mayBeKilled(draft: Draft, { ids }: Bearers): boolean {
    if (toTellingLink(draft) !== undefined) return false;
    return ids.some((id) => this.#items.get(id)?.record.pubStatus === "canceled");
  }

  /** The stored page of the same address, or with one of its texts, or a new one. */
  #identifyPage(group: Draft[], isOnlyPage: boolean): Identified[] {
    const [oldest] = group;
    if (oldest === undefined) return [];
    const address = isOnlyPage ? oldest.page?.address : undefined;
    const fields = [
      ...(address === undefined ? [] : [this.#field("page", address)]),
      ...group.map((draft) => this.#field("text", toComparable(draft.bodyText ?? ""))),
    ];
    const known = fields.map((field) => this.#aliases.get(field)).find((id) => id !== undefined);
    const id = known ?? this.#toId(toPageIdentity(oldest));
    return group.map((draft) => {
      const identified = this.#complete(draft, id, false);
      const names = fields.map((field): Alias => ({ field, id, mode: "first" }));
      return { ...identified, aliases: [...identified.aliases, ...names] };
    });
  }

  /**
   * By its own guid, joined before or not. A guid whose end looks like a revision is looked for with that end as
   * well: `…:1` may be the first revision of `…`, or all there is.
   */
  #findOwn(draft: Draft): { id: string; isJoined?: boolean } | undefined {
    const own = this.#toId(toOwnIdentity(draft));
    if (draft.guid === undefined) return this.#items.has(own) ? { id: own } : undefined;
    const names = [draft.guidBase ?? draft.guid, draft.guid];
    const joined = names
      .map((name) => this.#aliases.get(this.#field("guid", name)))
      .find((id) => id !== undefined);
    if (joined !== undefined)
      return { id: joined, isJoined: joined !== own && !this.#isOwnName(draft, joined) };
    const id = names.map((name) => this.#toId(`guid:${name}`)).find((one) => this.#items.has(one));
    return id === undefined ? undefined : { id };
  }

  /** The item calls itself by the same guid: its versions can be compared. */
  #isOwnName(draft: Draft, id: string): boolean {
    return this.#items.get(id)?.record.guid === draft.guid;
  }

  /** Under another guid: what it says it replaces, a link of its own, or a story key that it continues. */
  #findJoined(draft: Draft, links: Map<string, number>): { id: string; isJoined?: boolean } | undefined {
    for (const guid of draft.supersedes ?? []) {
      if (this.#shared.has(guid)) continue;
      const id = this.#aliases.get(this.#field("guid", guid)) ?? this.#toId(`guid:${guid}`);
      if (this.#isAlive(id)) return { id, isJoined: true };
    }
    const byLink = this.#findByLink(draft, links);
    if (byLink !== undefined) return { id: byLink, isJoined: true };
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
      return this.#field("same", `${day} ${toComparable(draft.headline ?? "")} ${text}`);
    });
  }

  /** The same story under another category has another name and the same words, within 24 hours (SRC1). */
  #findByText(draft: Draft): string | undefined {
    const fields = this.#toSameTextFields(draft);
    const here = fields.map((field) => this.#sameText.get(field)).find((id) => id !== undefined);
    if (here !== undefined) return here;
    return fields
      .map((field) => this.#aliases.get(field) ?? "")
      .find((id) => this.#isAlive(id) && this.#isNear(id));
  }

  #isNear(id: string): boolean {
    const received = this.#items.get(id)?.record.receivedAt;
    return received !== undefined && Math.abs(this.#receivedMs - Date.parse(received)) <= DAY_MS;
  }

  /** A claim: of two deliveries that are read at the same moment one finds the other's. */
  #nameByText(draft: Draft, id: string): Alias[] {
    const [today] = this.#toSameTextFields(draft);
    if (today === undefined || this.#aliases.has(today)) return [];
    this.#sameText.set(today, id);
    return [{ field: today, id, mode: "claim" }];
  }

  #isAlive(id: string): boolean {
    const record = this.#items.get(id)?.record;
    return record !== undefined && record.pubStatus !== "canceled";
  }

  #findByLink(draft: Draft, links: Map<string, number>): string | undefined {
    const link = toTellingLink(draft);
    if (link === undefined || links.get(link) !== 1) return undefined;
    const id = this.#aliases.get(this.#field("link", link));
    const headline = id === undefined ? undefined : this.#items.get(id)?.record.content?.headline;
    return headline !== undefined && sharesHalf(headline, draft.headline ?? "") ? id : undefined;
  }

  /** A key alone joins nothing: the later one must say that it continues, be near in time, and share words (REV3). */
  #findByKey(draft: Draft): string | undefined {
    if (draft.storyKey === undefined) return undefined;
    const id = this.#aliases.get(this.#field("key", draft.storyKey));
    const record = id === undefined ? undefined : this.#items.get(id)?.record;
    if (id === undefined || record?.content === undefined || record.content === null) return undefined;
    const isNear = Math.abs(this.#receivedMs - Date.parse(record.revisedAt)) <= DAY_MS;
    const isHigher = isHigherVersion(draft.sourceVersion, record.sourceVersion);
    const isAlike =
      sharesHalf(record.content.headline, draft.headline ?? "") ||
      sharesHalf(toFirstSentence(record.content.bodyText), toFirstSentence(draft.bodyText));
    return isNear && (draft.continues || isHigher) && isAlike ? id : undefined;
  }

  #complete(draft: Draft, id: string, isJoined: boolean): Identified {
    const guid = draft.guidBase ?? draft.guid;
    const aliases: Alias[] = [];
    if (guid !== undefined && id !== this.#toId(`guid:${guid}`)) {
      aliases.push({ field: this.#field("guid", guid), id, mode: "claim" });
    }
    if (draft.guidBase !== undefined && draft.guid !== undefined) {
      aliases.push({ field: this.#field("guid", draft.guid), id, mode: "first" });
    }
    const link = toTellingLink(draft);
    if (link !== undefined) aliases.push({ field: this.#field("link", link), id, mode: "first" });
    if (draft.storyKey !== undefined) {
      aliases.push({ field: this.#field("key", draft.storyKey), id, mode: "last" });
    }
    const suspect = this.#isTwin(draft, id) ? { suspect: "twin" as const } : {};
    return { draft, id, aliases, ...suspect, ...(isJoined && { isJoined: true as const }) };
  }

  /** It replaces a killed item, or repeats its text or link under a new id (KIL1). */
  #isTwin(draft: Draft, id: string): boolean {
    const replaced = (draft.supersedes ?? []).flatMap((guid) => [
      this.#aliases.get(this.#field("guid", guid)) ?? this.#toId(`guid:${guid}`),
      ...(this.#shared.get(guid)?.ids ?? []),
    ]);
    if (draft.supersedes?.some((guid) => this.#shared.get(guid)?.isKilled)) return true;
    if (replaced.some((one) => one !== id && this.#items.get(one)?.record.pubStatus === "canceled"))
      return true;
    return toKilledFields(toContent(draft, this.#profile)).some((field) => {
      const killed = this.#killed.get(field);
      return killed !== undefined && killed !== id;
    });
  }
}

function isHigherVersion(later: string | undefined, earlier: string | undefined): boolean {
  if (later === undefined || earlier === undefined) return false;
  return /^\d+$/.test(later) && /^\d+$/.test(earlier) && BigInt(later) > BigInt(earlier);
}
