import { createHash } from "node:crypto";
import type { Queue } from "bullmq";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type SourceProfileInput, sourceProfile } from "../src/contract/profile.ts";
import { createLog } from "../src/log.ts";
import { createLane } from "../src/queue/queues.ts";
import { readPollState, writePollState } from "../src/store/poll-state.ts";
import { readSourceHealth, removeSource, writeSource } from "../src/store/sources.ts";
import { changeSubscription, readSubscription } from "../src/store/subscriptions.ts";
import { AddressGuard } from "../workers/sources/address-guard.ts";
import { type Visiting, visit } from "../workers/sources/poll-visit.ts";
import { Subscriber } from "../workers/sources/subscriber.ts";
import { type Endpoint, startEndpoint } from "./support/endpoint.ts";
import { startTestGateway, type TestGateway } from "./support/gateway.ts";
import { type Hub, startHub } from "./support/hub.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let gate: TestGateway;
let lane: Queue;
let hub: Hub;
let server: Endpoint;
let subscriber: Subscriber;
let visiting: Visiting;
let source = "";
let count = 0;
const log = createLog("silent", "test");
const guard = new AddressGuard(["127.0.0.0/8"]);
const { signal } = new AbortController();

beforeAll(async () => {
  gate = await startTestGateway();
  lane = createLane(gate.redis.target, "main", "ingest", "patient");
  visiting = { edition: gate.edition, ingestLane: lane, guard, takesPushes: true, log, signal };
});
afterAll(async () => {
  await lane.close();
  await gate.stop();
});
beforeEach(async () => {
  count += 1;
  source = `feed-${count}`;
  hub = await startHub();
  server = await startEndpoint((_request, response) => response.end(feed("One")));
  subscriber = new Subscriber({ edition: gate.edition, guard, publicUrl: gate.url, log, signal });
  await add();
});
afterEach(async () => {
  await removeSource(gate.edition, source);
  await subscriber.round();
  await Promise.all([hub.close(), server.close()]);
});

const topic = () => `${server.url}/feed`;

async function add(changes: Partial<SourceProfileInput> = {}): Promise<void> {
  const profile = { kind: "poll", url: topic(), lines: [source], ...changes };
  await writeSource(gate.edition, source, sourceProfile.parse(profile));
}

function feed(title: string): string {
  const item = `<item><guid isPermaLink="false">${source}-${title}</guid><title>${title}</title></item>`;
  return `<rss version="2.0"><channel><title>T</title><atom:link rel="hub" href="${hub.url}"/>
    <atom:link rel="self" href="${topic()}"/>${item}</channel></rss>`;
}

const readState = () => readPollState(gate.edition, source);
const readPush = async () => (await readSourceHealth(gate.edition, source)).push;
const subscription = async () => {
  const found = await readSubscription(gate.edition, source);
  if (found === undefined) throw new Error("no subscription");
  return found;
};

/** A visit, and in how many ms the next one is due. */
async function visitNow(): Promise<number> {
  const before = await readState();
  await writePollState(gate.edition, source, { ...before, nextMs: 0, everyMs: 60_000 });
  expect(await visit(source, visiting)).toEqual({ kind: "done" });
  const { nextMs, lastMs = 0 } = await readState();
  return nextMs - lastMs;
}

/** Once a minute, a little spread once something is known of the feed. */
const isUsual = (waitMs: number) => waitMs >= MINUTE && waitMs <= 1.1 * MINUTE;

async function subscribe(): Promise<void> {
  await visitNow();
  await subscriber.round();
  expect((await hub.verify()).status).toBe(200);
}

const titles = async () =>
  (await gate.http.get(`/v1/lines/${source}`)).body.items?.map(
    ({ headline }: { headline: string }) => headline,
  );
const eventually = (headlines: string[]) => expect.poll(titles, { timeout: 10_000 }).toEqual(headlines);

describe("PUS2 subscribing", () => {
  test("a feed that names a hub is subscribed to, with a callback and a secret that only the hub is told", async () => {
    await visitNow();
    expect(await readPush()).toMatchObject({ state: "asking", hub: hub.url });
    await subscriber.round();
    await subscriber.round();
    expect(hub.asked).toHaveLength(1);
    const [asked] = hub.asked;
    expect(asked).toMatchObject({ mode: "subscribe", topic: topic(), leaseSeconds: "864000" });
    expect(asked?.callback).toMatch(new RegExp(`^${gate.url}/v1/websub/${source}/[\\w-]{32}$`, "u"));
    expect(asked?.secret).toMatch(/^[\w-]{43}$/u);
    expect(JSON.stringify(await readPush())).not.toContain(asked?.secret);
  });

  test("PUS2 PUSH1 the hub's question is answered with its challenge, as text and nothing else", async () => {
    await visitNow();
    await subscriber.round();
    const nowMs = Date.now();
    expect(await hub.verify()).toEqual({ status: 200, body: "a challenge & more" });
    const push = await readPush();
    expect(push).toMatchObject({ state: "active", hub: hub.url });
    expect(Math.abs(Date.parse(push?.leaseUntil ?? "") - nowMs - 24 * HOUR)).toBeLessThan(MINUTE);
    const { callback } = hub.asked[0] ?? { callback: "" };
    const markup = `${callback}?hub.mode=subscribe&hub.topic=${encodeURIComponent(topic())}&hub.challenge=%3Cscript%3E`;
    const answer = await fetch(markup);
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain/u);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test.each([
    ["another topic", { "hub.topic": "https://elsewhere.example/feed" }],
    ["an end that nobody asked for", { "hub.mode": "unsubscribe" }],
    ["another mode", { "hub.mode": "publish" }],
    ["no challenge", { "hub.challenge": "" }],
    ["a challenge without end", { "hub.challenge": "x".repeat(5_000) }],
  ])("%s is answered with 404, and without the challenge", async (_title, changes) => {
    await visitNow();
    await subscriber.round();
    const { status, body } = await hub.verify(changes);
    expect(status).toBe(404);
    expect(body).not.toContain("a challenge");
    expect(await readPush()).toMatchObject({ state: "asking" });
  });

  test("without the secret part of the address nobody is answered, and a push there is 410", async () => {
    await subscribe();
    for (const path of [`${source}/${"x".repeat(32)}`, "nobody/token", "..%2f/x"]) {
      const query = { "hub.mode": "subscribe", "hub.topic": topic(), "hub.challenge": "c" };
      expect((await gate.http.get(`/v1/websub/${path}`).query(query)).status).toBe(404);
      expect((await gate.http.post(`/v1/websub/${path}`).send("text")).status).toBe(410);
    }
  });

  test("where hubs cannot reach us, none is asked", async () => {
    await visit(source, { ...visiting, takesPushes: false });
    expect(await readPush()).toBeUndefined();
  });
});

describe("PUS3 a lease", () => {
  test("PUS3 PUSH2 a lease is renewed before it ends, under the same address and secret", async () => {
    await subscribe();
    const { leaseEndMs = 0 } = await subscription();
    await subscriber.round(leaseEndMs - 6 * HOUR);
    expect(hub.asked).toHaveLength(1);
    await subscriber.round(leaseEndMs - 4 * HOUR);
    expect(hub.asked).toHaveLength(2);
    expect(hub.asked[1]).toEqual(hub.asked[0]);
    hub.leaseSeconds = 7 * 86_400;
    await hub.verify();
    expect((await subscription()).leaseEndMs).toBeGreaterThan(leaseEndMs);
    expect(await readPush()).toMatchObject({ state: "active" });
  });

  test("PUS3 PUSH2 a lease that is not renewed ends by itself: polling goes on at its usual pace", async () => {
    await subscribe();
    expect(await visitNow()).toBe(30 * MINUTE);
    expect(await visit(source, visiting)).toMatchObject({ kind: "wait" });
    const { lastMs = 0, nextMs } = await readState();
    await changeSubscription(gate.edition, source, await subscription(), { leaseEndMs: Date.now() - 1 });
    const waiting = await visit(source, visiting);
    expect(waiting).toMatchObject({ kind: "wait", untilMs: lastMs + MINUTE });
    expect(nextMs).toBe(lastMs + 30 * MINUTE);
  });
});

describe("PUS4 content", () => {
  test.each(["sha1", "sha256", "sha384", "sha512"])(
    "signed by %s is a delivery as a poll's is",
    async (method) => {
      await subscribe();
      await eventually(["One"]);
      expect(await hub.push(feed("Two"), { method })).toBe(202);
      await eventually(["Two", "One"]);
      expect(await readPush()).toMatchObject({ lastPushAt: expect.any(String) });
    },
  );

  test.each([
    ["no signature", { signature: undefined }],
    ["another's signature", { signature: `sha256=${createHash("sha256").update("x").digest("hex")}` }],
    ["half a signature", { signature: "sha256=ab" }],
    ["a method that proves nothing", { method: "md5" }],
    ["no sense", { signature: "=" }],
  ])("PUS4 PUSH3 a push with %s is answered 202, dropped and noted", async (_title, options) => {
    await subscribe();
    await eventually(["One"]);
    const before = await gate.client.hget(gate.edition.keys.meta, "arrivals");
    expect(await hub.push(feed("False"), options)).toBe(202);
    expect(await gate.client.hget(gate.edition.keys.meta, "arrivals")).toBe(before);
    expect(await readPush()).toMatchObject({ state: "active", badSignatures: 1 });
    expect(await readPush()).not.toHaveProperty("lastPushAt");
  });

  test("that is pushed again, or found by the next poll, is one delivery", async () => {
    await subscribe();
    await hub.push(feed("Two"));
    await hub.push(feed("Two"));
    const arrivals = () => gate.client.hget(gate.edition.keys.meta, "arrivals");
    const before = await arrivals();
    server.answer((_request, response) => response.end(feed("Two")));
    expect(await visitNow()).toBe(30 * MINUTE);
    expect(await arrivals()).toBe(before);
    await eventually(["Two", "One"]);
  });

  test("of a type that holds no story is refused, as every delivery is", async () => {
    await subscribe();
    const { callback } = hub.asked[0] ?? { callback: "" };
    expect(
      (await fetch(callback, { method: "POST", body: "x", headers: { "content-type": "image/png" } })).status,
    ).toBe(415);
  });
});

describe("PUS5 polling below a hub that pushes", () => {
  test("PUS5 PUSH4 polling below a hub that pushes is a net, every half hour; what a poll finds first makes it usual again until the hub tells of something", async () => {
    await subscribe();
    expect(await visitNow()).toBe(30 * MINUTE);
    server.answer((_request, response) => response.end(feed("Two")));
    expect(isUsual(await visitNow())).toBe(true);
    expect(await readPush()).toMatchObject({ state: "active", silentSince: expect.any(String) });
    expect(isUsual(await visitNow())).toBe(true);
    await hub.push(feed("Three"));
    expect(await readPush()).not.toHaveProperty("silentSince");
    expect(await visitNow()).toBe(30 * MINUTE);
  });

  test("begins only when the hub has verified", async () => {
    expect(isUsual(await visitNow())).toBe(true);
    await subscriber.round();
    expect(isUsual(await visitNow())).toBe(true);
  });
});

describe("PUS6 an end", () => {
  test("a hub that denies is told in the health, and asked again a day later", async () => {
    await visitNow();
    await subscriber.round();
    await hub.verify({ "hub.mode": "denied", "hub.reason": "not on my list", "hub.challenge": "" });
    expect(await readPush()).toMatchObject({
      state: "denied",
      message: "The hub denied the subscription: not on my list",
    });
    expect(isUsual(await visitNow())).toBe(true);
    await subscriber.round(Date.now() + 23 * HOUR);
    expect(hub.asked).toHaveLength(1);
    await subscriber.round(Date.now() + 25 * HOUR);
    expect(hub.asked).toHaveLength(2);
  });

  test.each([
    ["removed", () => removeSource(gate.edition, source)],
    ["paused", () => add({ paused: true })],
    ["pointed elsewhere", () => add({ url: `${server.url}/other` })],
  ])(
    "a source that is %s is unsubscribed, and the hub's question whether that is meant is answered",
    async (_title, end) => {
      await subscribe();
      await end();
      await subscriber.round();
      expect(hub.asked.map(({ mode }) => mode)).toEqual(["subscribe", "unsubscribe"]);
      expect(hub.asked[1]).not.toHaveProperty("secret");
      expect(await hub.verify()).toEqual({ status: 200, body: "a challenge & more" });
      expect(await readSubscription(gate.edition, source)).toBeUndefined();
      expect(await hub.push(feed("Late"))).toBe(410);
    },
  );

  test("what is pushed between a pause and its end is dropped", async () => {
    await subscribe();
    await eventually(["One"]);
    await add({ paused: true });
    const before = await gate.client.hget(gate.edition.keys.meta, "arrivals");
    expect(await hub.push(feed("Two"))).toBe(202);
    expect(await gate.client.hget(gate.edition.keys.meta, "arrivals")).toBe(before);
  });

  test("a feed that names another hub goes there, one that names none any more is let go", async () => {
    await subscribe();
    const { callback } = hub.asked[0] ?? { callback: "" };
    const other = await startHub();
    const elsewhere = feed("One").replace(hub.url, other.url);
    server.answer((_request, response) => response.end(elsewhere));
    await visitNow();
    await subscriber.round();
    expect(other.asked).toHaveLength(1);
    expect(other.asked[0]?.callback).not.toBe(callback);
    expect(await other.verify()).toMatchObject({ status: 200 });
    expect((await fetch(callback, { method: "POST", body: "x" })).status).toBe(410);
    server.answer((_request, response) => response.end("<rss><channel><title>T</title></channel></rss>"));
    await visitNow();
    await subscriber.round();
    expect(other.asked.map(({ mode }) => mode)).toEqual(["subscribe", "unsubscribe"]);
    await other.close();
  });
});

describe("PUS7 a hub", () => {
  test("that refuses is asked again later and later, and its answer stands in the health", async () => {
    hub.status = 500;
    await visitNow();
    await subscriber.round();
    expect(await readPush()).toMatchObject({
      state: "asking",
      message: expect.stringContaining("answered with 500"),
    });
    await subscriber.round(Date.now() + 9 * MINUTE);
    expect(hub.asked).toHaveLength(1);
    await subscriber.round(Date.now() + 11 * MINUTE);
    expect(hub.asked).toHaveLength(2);
    await subscriber.round(Date.now() + 29 * MINUTE);
    expect(hub.asked).toHaveLength(2);
    hub.status = 202;
    await subscriber.round(Date.now() + 40 * MINUTE);
    await hub.verify();
    expect(await readPush()).not.toHaveProperty("message");
  });

  test("that sends us on with 307 is followed with the whole question", async () => {
    const real = await startHub();
    hub.redirect = real.url;
    await visitNow();
    await subscriber.round();
    expect(real.asked).toEqual([expect.objectContaining({ mode: "subscribe", topic: topic() })]);
    await real.close();
  });

  test("in a private network is not asked", async () => {
    await visitNow();
    const strict = new Subscriber({
      edition: gate.edition,
      guard: new AddressGuard([]),
      publicUrl: gate.url,
      log,
      signal,
    });
    await strict.round();
    expect(hub.asked).toEqual([]);
    expect(await readPush()).toMatchObject({ message: expect.stringContaining("NEWSLINE_FETCH_ALLOW") });
  });
});
