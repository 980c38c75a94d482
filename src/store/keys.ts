import { createHash, randomBytes } from "node:crypto";
import type { RedisClient } from "../redis/connect.ts";

/** One edition's data: every key shares one hash tag, so that a script may touch them all on Redis Cluster. */
export interface Edition {
  redis: RedisClient;
  keys: Keys;
}

export interface Keys {
  edition: string;
  /** `r` revision, `n` write number, `j` record, `p` public and `d` desk projection. */
  item: (id: string) => string;
  /** Revision → what that revision said. */
  history: (id: string) => string;
  /** Ids of a channel's items, scored by `orderedAt` in milliseconds. */
  order: (channel: string) => string;
  log: (channel: string) => string;
  /** The edition-wide stream that gateways follow. */
  stream: string;
  /**
   * The places in the stream that a gateway which leaves it alone for a moment must not overlook: kills, what is
   * urgent, a line's first change after a pause, what gateways tell each other.
   */
  wake: string;
  /** `seq`, and for each channel `e:` epoch, `o:` offset, `b:` bytes of its log, `t:` its last change in ms. */
  meta: string;
  lines: string;
  /** `<source> <kind>:<value>` → item id: guids that were joined, links, texts of pages. */
  aliases: string;
  /** `text:` and `link:` hashes of killed items → their id (KIL1). */
  killed: string;
  /** `embargo:<id>` and `expire:<id>`, scored by the moment they are due. */
  due: string;
  command: (id: string) => string;
  idempotency: (token: string, key: string) => string;
  delivery: (id: string) => string;
  bytes: (id: string) => string;
  /** A source's deliveries whose bytes are kept, `<id>:<bytes>`, scored by when they came. */
  raw: (source: string) => string;
  /** Source → how many bytes of its deliveries are kept. */
  rawBytes: string;
  /** Name that a source gave to a delivery → its id. */
  once: (source: string, name: string) => string;
  sources: string;
  sourceState: (source: string) => string;
  /** `sinceMs`, `itemMs`, `spell`, and for each service `service:` with the last day of its numbers. */
  observed: (source: string) => string;
  /** Spells with news by hour of the week: 168 numbers of 16 bits. */
  observedWeek: (source: string, week: number) => string;
  /** Counts of one day (UTC, days since 1970): `read`, `unreadable`, `late:` and `ahead:` bins. */
  observedDay: (source: string, day: number) => string;
  /** One bit for each running number that came on that day. */
  observedNumbers: (source: string, service: string, day: number) => string;
  /** Source → what the doctor last said of it; source → its usual week. */
  reports: string;
  usualWeeks: string;
  /** What was agreed with the source's hub. */
  subscription: (source: string) => string;
  /** Sources, scored by when their subscription needs something done. */
  subscriptionsDue: string;
  slug: (source: string, day: string, slug: string) => string;
  /** Items that bear a guid which is no id, scored by when they were first seen. */
  bearers: (source: string, guid: string) => string;
  quarantine: string;
  tokens: string;
  audit: string;
  schema: string;
  run: string;
  cleanStop: string;
  worker: string;
  /** Gateway → how many read there. */
  presence: string;
  lease: (name: string) => string;
}

export function toKeys(edition: string): Keys {
  const key = (rest: string) => `nl:{${edition}}:${rest}`;
  return {
    edition,
    item: (id) => key(`item:${id}`),
    history: (id) => key(`history:${id}`),
    order: (channel) => key(`order:${channel}`),
    log: (channel) => key(`log:${channel}`),
    stream: key("stream"),
    wake: key("wake"),
    meta: key("meta"),
    lines: key("lines"),
    aliases: key("aliases"),
    killed: key("killed"),
    due: key("due"),
    command: (id) => key(`command:${id}`),
    idempotency: (token, name) => key(`idempotency:${token}:${toHash(name)}`),
    delivery: (id) => key(`delivery:${id}`),
    bytes: (id) => key(`bytes:${id}`),
    raw: (source) => key(`raw:${source}`),
    rawBytes: key("raw-bytes"),
    once: (source, name) => key(`once:${source}:${toHash(name)}`),
    sources: key("sources"),
    sourceState: (source) => key(`source:${source}`),
    observed: (source) => key(`observed:${source}`),
    observedWeek: (source, week) => key(`observed-week:${source}:${week}`),
    observedDay: (source, day) => key(`observed-day:${source}:${day}`),
    observedNumbers: (source, service, day) => key(`observed-numbers:${source}:${day}:${service}`),
    reports: key("reports"),
    usualWeeks: key("usual-weeks"),
    subscription: (source) => key(`subscription:${source}`),
    subscriptionsDue: key("subscriptions-due"),
    bearers: (source, guid) => key(`bearers:${source}:${toHash(guid)}`),
    slug: (source, day, slug) => key(`slug:${source}:${day}:${toHash(slug)}`),
    quarantine: key("quarantine"),
    tokens: key("tokens"),
    audit: key("audit"),
    schema: key("schema"),
    run: key("run"),
    cleanStop: key("clean-stop"),
    worker: key("worker"),
    presence: key("presence"),
    lease: (name) => key(`lease:${name}`),
  };
}

/** A short name for a long value: 128 bits, safe in ids and keys. */
export function toHash(...parts: string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("base64url").slice(0, 22);
}

/** The id of a source's item: what the same edition, source and identity always give. */
export function toItemId(edition: string, source: string, identity: string): string {
  return toHash(edition, source, identity);
}

/** An epoch's name; 96 random bits, so that no two logs ever share one. */
export function newEpoch(): string {
  return randomBytes(12).toString("hex");
}
