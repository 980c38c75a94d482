import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Delta, delta } from "../src/contract/delta.ts";
import { type LineItem, lineItem } from "../src/contract/item.ts";
import { EventReader } from "./support/event-stream.ts";
import { kill, write } from "./support/items.ts";
import { type ReadingGateway, settle, startGateway, subscribe } from "./support/reading-gateway.ts";
import { startStore, type TestStore } from "./support/store.ts";

/** A client that knows the contract and nothing else, and holds the whole line. */
class Follower {
  readonly name: string;
  readonly items = new Map<string, LineItem>();
  position: string | undefined;
  snapshots = 0;

  constructor(name: string) {
    this.name = name;
  }

  take(answer: unknown): void {
    if (!isFields(answer)) throw new Error(`${this.name} cannot read ${String(answer)}`);
    if (answer["kind"] === "snapshot") {
      this.snapshots += 1;
      this.items.clear();
      for (const item of lineItem.array().parse(answer["items"])) this.items.set(item.id, item);
    } else if (answer["kind"] === "catch-up") {
      for (const one of delta.array().parse(answer["deltas"])) this.follow(one);
    } else {
      throw new Error(`${this.name} was told ${JSON.stringify(answer)}`);
    }
    this.position = String(answer["position"]);
  }

  follow(one: Delta): void {
    expect(`${one.epoch}:${one.from}`, `${this.name} has a gap`).toBe(this.position);
    for (const op of one.ops) {
      if (op.op === "remove") {
        this.items.delete(op.id);
        continue;
      }
      expect(op.item.revision).toBeGreaterThanOrEqual(this.items.get(op.item.id)?.revision ?? 1);
      this.items.set(op.item.id, op.item);
    }
    this.position = `${one.epoch}:${one.to}`;
  }

  get sha256(): string {
    const rows = [...this.items.values()].sort((a, b) => {
      return a.orderedAt === b.orderedAt ? (a.id > b.id ? -1 : 1) : a.orderedAt > b.orderedAt ? -1 : 1;
    });
    const hash = createHash("sha256");
    for (const { id, revision } of rows) hash.update(`${id} ${revision}\n`);
    return hash.digest("hex");
  }
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Each follows until it is cut off. */
type Door = (gateway: ReadingGateway, follower: Follower) => Promise<() => void>;

const bySocket =
  (transport: "websocket" | "polling"): Door =>
  async (gateway, follower) => {
    const socket = await gateway.connect({ transports: [transport], upgrade: false, reconnection: false });
    const ask = async () => {
      const since = follower.position;
      follower.take(
        await subscribe(socket, { line: "main", limit: 200, ...(since !== undefined && { since }) }),
      );
    };
    socket.on("delta", (raw) => follower.follow(delta.parse(raw)));
    socket.on("reset", () => void ask());
    await ask();
    return () => socket.disconnect();
  };

const byEvents: Door = async (gateway, follower) => {
  const reader = new EventReader(`${gateway.url}/v1/lines/main/events?limit=200`, {
    ...(follower.position !== undefined && { lastEventId: follower.position }),
    onEvent: ({ event, data }) => {
      if (event === "snapshot") follower.take(data);
      if (event === "delta") follower.follow(delta.parse(data));
    },
  });
  await expect.poll(() => reader.named("tick").length).toBeGreaterThan(0);
  return () => reader.close();
};

const byLongPoll: Door = async (gateway, follower) => {
  const end = new AbortController();
  const ask = async (wait: number) => {
    const since = follower.position === undefined ? "" : `&since=${follower.position}`;
    const url = `${gateway.url}/v1/lines/main/deltas?limit=200&wait=${wait}${since}`;
    follower.take(await (await fetch(url, { signal: end.signal })).json());
  };
  await ask(0);
  const follow = async () => {
    while (!end.signal.aborted) await ask(10);
  };
  follow().catch(() => undefined);
  return () => end.abort();
};

const DOORS = {
  "Socket.IO over WebSocket": bySocket("websocket"),
  "Socket.IO over HTTP": bySocket("polling"),
  "server-sent events": byEvents,
  "long poll": byLongPoll,
};

let store: TestStore;
beforeAll(async () => {
  store = await startStore();
});
afterAll(() => store.stop());
let round = 0;
beforeEach(() => {
  round += 1;
});

/** New items, updates that move, kills: one after the other, in a fixed mixture. */
async function change(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const id = `cut-${round}-${String((n * 7) % 50).padStart(4, "0")}`;
    const second = String((n * 13) % 60).padStart(2, "0");
    const orderedAt = `2026-03-04T1${n % 3}:00:${second}.000Z`;
    await write(store.edition, id, { orderedAt, headline: `Words ${n}` }).catch(() => undefined);
    if (n % 10 === 9)
      await kill(store.edition, `cut-${round}-${String(((n - 4) * 7) % 50).padStart(4, "0")}`);
  }
}

async function compare(gateway: ReadingGateway, followers: readonly Follower[]): Promise<void> {
  const end = await settle(store, gateway.views, "public:main");
  for (const follower of followers) {
    await expect
      .poll(() => follower.position, { message: follower.name, timeout: 10_000 })
      .toBe(`${end.epoch}:${end.offset}`);
    const state: unknown = await (await fetch(`${gateway.url}/v1/lines/main/state`)).json();
    expect(state, follower.name).toEqual({
      epoch: end.epoch,
      offset: end.offset,
      count: follower.items.size,
      sha256: follower.sha256,
    });
  }
}

async function followAll(gateway: ReadingGateway, followers: readonly Follower[]): Promise<(() => void)[]> {
  return await Promise.all(
    Object.values(DOORS).map((door, n) => door(gateway, followers[n] ?? new Follower(""))),
  );
}

const newFollowers = () => Object.keys(DOORS).map((name) => new Follower(name));

test("P4 clients of every door that are cut off while 100 changes happen end with the server's list", async () => {
  const gateway = await startGateway(store);
  await change(40);
  await settle(store, gateway.views, "public:main");
  const followers = newFollowers();
  const cuts = await followAll(gateway, followers);
  await change(10);
  await compare(gateway, followers);
  for (const cut of cuts) cut();
  await change(100);
  await settle(store, gateway.views, "public:main");
  const again = await followAll(gateway, followers);
  await change(10);
  await compare(gateway, followers);
  // The log reached back: nobody needed the whole line again.
  expect(followers.map(({ snapshots }) => snapshots)).toEqual([1, 1, 1, 1]);
  for (const cut of again) cut();
  await gateway.close();
});

test("P4 a cursor of one door and one gateway goes on at any other", async () => {
  const [one, other] = [await startGateway(store), await startGateway(store)];
  await change(20);
  await settle(store, one.views, "public:main");
  const followers = newFollowers();
  const cuts = await followAll(one, followers);
  await compare(one, followers);
  for (const cut of cuts) cut();
  await one.close();
  await change(20);
  const swapped = followers.toReversed();
  const again = await followAll(other, swapped);
  await change(5);
  await compare(other, swapped);
  expect(followers.map(({ snapshots }) => snapshots)).toEqual([1, 1, 1, 1]);
  for (const cut of again) cut();
  await other.close();
});

test("P4 clients of every door come through a Redis that is killed by signal 9 and restarted", async () => {
  const gateway = await startGateway(store);
  await change(20);
  await settle(store, gateway.views, "public:main");
  const followers = newFollowers();
  const cuts = await followAll(gateway, followers);
  await store.redis.kill9();
  await store.redis.restart();
  await change(50);
  await compare(gateway, followers);
  for (const cut of cuts) cut();
  await gateway.close();
});
