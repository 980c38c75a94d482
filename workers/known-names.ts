import { readItems } from "../src/store/items.ts";
import { type Edition, toHash, toItemId } from "../src/store/keys.ts";
import type { ItemRecord } from "../src/store/record.ts";
import { readBearers, sharedField } from "../src/store/shared-guids.ts";

/** What else bears a guid that is no id. */
export interface Bearers {
  guid: string;
  /** The newest first, of the last days. */
  ids: string[];
  /** Until this document it was the id of this item. */
  beside?: string;
  /** A kill has named it. */
  isKilled?: boolean;
}

export const aliasField = (source: string, kind: string, value: string): string =>
  `${source} ${kind}:${toHash(value)}`;

/** What the store knows of the names that one delivery asks for, each looked up once. */
export class KnownNames {
  readonly #edition: Edition;
  readonly #source: string;
  readonly #aliases = new Map<string, string>();
  readonly #killed = new Map<string, string>();
  readonly #items = new Map<string, ItemRecord>();
  /** Guids that are no ids, with what bears them (REV6). */
  readonly shared = new Map<string, Bearers>();

  constructor(edition: Edition, source: string) {
    this.#edition = edition;
    this.#source = source;
  }

  toId(identity: string): string {
    return toItemId(this.#edition.keys.edition, this.#source, identity);
  }

  field(kind: string, value: string): string {
    return aliasField(this.#source, kind, value);
  }

  /** The item that bears a name: it was joined, or the name is not its first. */
  byField(field: string): string | undefined {
    return this.#aliases.get(field);
  }

  byName(kind: string, value: string): string | undefined {
    return this.#aliases.get(this.field(kind, value));
  }

  /** The killed item of this text or link. */
  byKilled(field: string): string | undefined {
    return this.#killed.get(field);
  }

  record(id: string | undefined): ItemRecord | undefined {
    return id === undefined ? undefined : this.#items.get(id);
  }

  /** Names in one round trip; `guids` are asked for the mark that they are no ids. */
  async readNames(asked: { fields: string[]; killed: string[]; guids: string[] }): Promise<void> {
    const { redis, keys } = this.#edition;
    const fields = [...new Set(asked.fields)];
    const killed = [...new Set(asked.killed)];
    const guids = [...new Set(asked.guids)];
    const all = [...fields, ...guids.map((guid) => sharedField(this.#source, guid))];
    const [names, twins] = await Promise.all([
      all.length > 0 ? redis.hmget(keys.aliases, ...all) : [],
      killed.length > 0 ? redis.hmget(keys.killed, ...killed) : [],
    ]);
    remember(this.#aliases, fields, names);
    remember(this.#killed, killed, twins);
    const marks = new Map<string, string>();
    remember(marks, guids, names.slice(fields.length));
    for (const [guid, mark] of marks) this.share(guid, Number(mark) > 0);
  }

  /** From now on the guid is no id here. */
  share(guid: string, isKilled = false): void {
    if (!this.shared.has(guid)) this.shared.set(guid, { guid, ids: [], isKilled });
  }

  /** Items of these ids, and all that names and killed words have led to so far. */
  async readItems(ids: readonly string[]): Promise<void> {
    const wanted = [...new Set([...ids, ...this.#aliases.values(), ...this.#killed.values()])].filter(
      (id) => !this.#items.has(id),
    );
    const items = wanted.length === 0 ? [] : await readItems(this.#edition, wanted);
    for (const stored of items) if (stored !== undefined) this.#items.set(stored.record.id, stored.record);
  }

  /** The newest bearers of these guids, with their items. */
  async readBearers(guids: readonly string[], since: { sinceMs: number; most: number }): Promise<void> {
    const asked = guids.flatMap((guid) => this.shared.get(guid) ?? []);
    if (asked.length === 0) return;
    const names = asked.map(({ guid }) => guid);
    const found = await readBearers(this.#edition, this.#source, names, since);
    asked.forEach((bearers, i) => bearers.ids.push(...(found[i] ?? [])));
    await this.readItems(found.flat());
  }
}

function remember(
  map: Map<string, string>,
  keys: readonly string[],
  values: readonly (string | null)[],
): void {
  keys.forEach((key, i) => {
    const value = values[i];
    if (value !== null && value !== undefined) map.set(key, value);
  });
}
