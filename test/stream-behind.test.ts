import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Chance } from "../bench/checker/harness/chance.ts";
import { TcpProxy } from "../bench/checker/harness/tcp-proxy.ts";
import { connectRedis, type RedisClient } from "../src/redis/connect.ts";
import { renewEpochs } from "../src/store/renew.ts";
import { createLineViews, type LineViews } from "../src/stream/line-views.ts";
import { readPosition } from "../src/stream/load.ts";
import { kill, write } from "./support/items.ts";
import { settle } from "./support/reading-gateway.ts";
import { startStore, type TestStore } from "./support/store.ts";

const CHANNEL = "public:main";

let store: TestStore;
let link: TcpProxy;
let client: RedisClient;
/** Of a gateway with a cable of its own to the store. */
let views: LineViews;
beforeEach(async () => {
  store = await startStore();
  link = await TcpProxy.listen({ path: store.redis.path });
  const target = { kind: "single", host: "127.0.0.1", port: link.port, tls: false } as const;
  client = connectRedis(target, "fail-fast");
  await once(client, "ready");
  views = createLineViews({ redis: client, keys: store.edition.keys }, { target });
  views.start();
  await views.ready;
});
afterEach(async () => {
  await views.close();
  client.disconnect();
  await link.close();
  await store.stop();
});

const answer = (since: string) =>
  views.answer({ audience: "public", line: "main", since, limit: 50 }, ({ kind, members }) => ({
    kind,
    members,
  }));

function cutOff(): void {
  link.refuse(600_000);
  link.cut(1, new Chance(1));
}

/** The logs begin anew, as after a Redis that was started again; every other gateway sees to it. */
async function renew(): Promise<string> {
  await renewEpochs(store.edition, { epochs: new Map(), seq: 0 });
  const { epoch, offset } = await readPosition(store.edition, CHANNEL);
  return `${epoch}:${offset}`;
}

test("CAT2 CAT3 a gateway that has not heard that the log began anew does not bring a killed item back", async () => {
  await write(store.edition, "behind-001");
  await settle(store, views, CHANNEL);
  cutOff();
  await kill(store.edition, "behind-001");
  const position = await renew();
  // Got from another gateway: what this one knows is older than that.
  await expect(answer(position)).rejects.toMatchObject({ code: "unavailable" });
  link.refuse(0);
  await expect.poll(() => answer(position).catch(() => undefined)).toMatchObject({ kind: "catch-up" });
});

test("CAT2 a cursor of the log before, or of none of ours, is asked for once and then gets a snapshot at once", async () => {
  const { epoch } = await settle(store, views, CHANNEL);
  const position = await renew();
  await expect.poll(() => answer(position).catch(() => undefined)).toMatchObject({ kind: "catch-up" });
  expect(await answer(`${epoch}:0`)).toMatchObject({ kind: "snapshot" });
  expect(await answer("strange001:7")).toMatchObject({ kind: "snapshot" });
  cutOff();
  await expect.poll(() => views.live.live).toBe(false);
  // Known to be over: the store need not be asked, readers are served from memory.
  expect(await answer(`${epoch}:0`)).toMatchObject({ kind: "snapshot" });
  expect(await answer("strange001:7")).toMatchObject({ kind: "snapshot" });
});
