import { z } from "zod";

/** What everybody heard, as it stands in the files: one JSON object a line. The checker judges this and nothing else. */

/** Of an item, what the door told: a feed tells less than a delta. */
export const seenItem = z.object({
  id: z.string(),
  revision: z.number().optional(),
  orderedAt: z.string().optional(),
  /** Names the write of the workload that made the text; it stands in the headline. */
  mark: z.string().optional(),
  /** Hash of everything that was told. */
  print: z.string().optional(),
});
export type SeenItem = z.infer<typeof seenItem>;

export const seenOp = z.discriminatedUnion("op", [
  z.object({ op: z.literal("put"), item: seenItem }),
  z.object({ op: z.literal("remove"), id: z.string(), revision: z.number(), reason: z.string() }),
]);
export type SeenOp = z.infer<typeof seenOp>;

export const seenDelta = z.object({
  epoch: z.string(),
  from: z.number(),
  to: z.number(),
  ops: z.array(seenOp),
});
export type SeenDelta = z.infer<typeof seenDelta>;

/** Doors that a client can follow a line by, and those it asks again and again. */
export const FOLLOWING = ["websocket", "polling", "events", "long-poll"] as const;
export const ASKING = ["page", "rss", "atom", "json-feed"] as const;
export const door = z.enum([...FOLLOWING, ...ASKING]);
export type Door = z.infer<typeof door>;

const by = { client: z.number(), atMs: z.number() };

export const entry = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("client"), ...by, line: z.string(), limit: z.number() }),
  /** What `list` of others stands for; written once by each process. */
  z.object({ kind: z.literal("list"), list: z.string(), items: z.array(seenItem) }),
  /** A subscription, an event stream or a poll begins: from the position that the client holds. */
  z.object({ kind: z.literal("asked"), ...by, door, gateway: z.number(), since: z.string().optional() }),
  z.object({
    kind: z.literal("snapshot"),
    ...by,
    position: z.string(),
    count: z.number(),
    list: z.string(),
    /** There is nothing below its items. */
    isWhole: z.boolean(),
  }),
  z.object({ kind: z.literal("catch-up"), ...by, position: z.string(), deltas: z.array(seenDelta) }),
  z.object({ kind: z.literal("delta"), ...by, ...seenDelta.shape }),
  z.object({
    kind: z.literal("tick"),
    ...by,
    epoch: z.string(),
    offset: z.number(),
    live: z.boolean(),
  }),
  z.object({ kind: z.literal("reset"), ...by, reason: z.string() }),
  z.object({ kind: z.literal("goodbye"), ...by, code: z.string() }),
  z.object({ kind: z.literal("refused"), ...by, code: z.string() }),
  /** The connection, or the try to make one, is over. */
  z.object({ kind: z.literal("lost"), ...by, why: z.string() }),
  z.object({
    kind: z.literal("page"),
    ...by,
    askedMs: z.number(),
    door,
    gateway: z.number(),
    position: z.string(),
    /** Absent when the server said that nothing has changed. */
    list: z.string().optional(),
    /** Ids that the feed tells have left. */
    removed: z.array(z.string()).optional(),
  }),
  z.object({
    kind: z.literal("item"),
    ...by,
    askedMs: z.number(),
    gateway: z.number(),
    id: z.string(),
    status: z.number(),
    marks: z.array(z.string()),
  }),
  /** What the client holds when all has come to rest. */
  z.object({ kind: z.literal("held"), ...by, position: z.string(), list: z.string(), isWhole: z.boolean() }),
]);
export type Entry = z.infer<typeof entry>;
export type ClientEntry = Exclude<Entry, { kind: "list" }>;

export interface ClientHistory {
  client: number;
  line: string;
  limit: number;
  entries: ClientEntry[];
}

export interface History {
  clients: Map<number, ClientHistory>;
  lists: Map<string, readonly SeenItem[]>;
}

export function createHistory(): History {
  return { clients: new Map(), lists: new Map() };
}

export function addEntry(history: History, one: Entry): void {
  if (one.kind === "list") {
    history.lists.set(one.list, one.items);
    return;
  }
  if (one.kind === "client") {
    const { client, line, limit } = one;
    history.clients.set(client, { client, line, limit, entries: [] });
    return;
  }
  const of = history.clients.get(one.client);
  if (of === undefined) throw new Error(`client ${one.client} said nothing of its line`);
  of.entries.push(one);
}

export function toHistory(entries: Iterable<Entry>): History {
  const history = createHistory();
  for (const one of entries) addEntry(history, one);
  return history;
}

export function listOf({ lists }: History, name: string): readonly SeenItem[] {
  const items = lists.get(name);
  if (items === undefined) throw new Error(`there is no list ${name} in the history`);
  return items;
}

/** Every item that an entry tells of. */
export function itemsOf(history: History, one: ClientEntry): readonly SeenItem[] {
  switch (one.kind) {
    case "snapshot":
    case "held":
      return listOf(history, one.list);
    case "page":
      return one.list === undefined ? [] : listOf(history, one.list);
    case "delta":
      return toPuts(one.ops);
    case "catch-up":
      return one.deltas.flatMap(({ ops }) => toPuts(ops));
    default:
      return [];
  }
}

function toPuts(ops: readonly SeenOp[]): SeenItem[] {
  return ops.flatMap((op) => (op.op === "put" ? [op.item] : []));
}

export function idOf(op: SeenOp): string {
  return op.op === "put" ? op.item.id : op.id;
}
