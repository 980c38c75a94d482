import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { readPollState, writePollState } from "../src/store/poll-state.ts";
import { readSourceHealth, removeSource } from "../src/store/sources.ts";
import { AddressGuard } from "../workers/sources/address-guard.ts";
import { HostTurn } from "../workers/sources/host-turn.ts";
import { type Visiting, visit } from "../workers/sources/poll-visit.ts";
import { type Endpoint, startEndpoint } from "./support/endpoint.ts";
import { startRedis, type TestRedis } from "./support/redis.ts";
import { openSourceRoom, type SourceRoom } from "./support/source-room.ts";

const FEED = "<rss><channel><item><title>One</title></item></channel></rss>";

let redis: TestRedis;
let room: SourceRoom;
let server: Endpoint;
let visiting: Visiting;
let closing: AbortController;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  room = await openSourceRoom(redis);
  server = await startEndpoint((_request, response) => response.end(FEED));
  closing = new AbortController();
  const guard = new AddressGuard(["127.0.0.0/8"]);
  visiting = { ...room, guard, signal: closing.signal };
  await room.add("wire", { kind: "poll", url: `${server.url}/feed` });
});
afterEach(async () => {
  await server.close();
  await room.close();
});

const readState = () => readPollState(room.edition, "wire");
const readHealth = () => readSourceHealth(room.edition, "wire");

/** A visit, and then as if its time had passed. */
async function visitNow(source = "wire") {
  const outcome = await visit(source, visiting);
  const state = await readPollState(room.edition, source);
  await writePollState(room.edition, source, { ...state, nextMs: 0 });
  return { outcome, state, waitMs: state.nextMs - (state.lastMs ?? 0) };
}

/** Answers with a body and these headers, or 304 to a request that names the same tag or date. */
function serve(body: string, headers: Record<string, string>) {
  server.answer((request, response) => {
    const { etag, "last-modified": modified } = headers;
    const isKnown =
      (etag !== undefined && request.headers["if-none-match"] === etag) ||
      (modified !== undefined && request.headers["if-modified-since"] === modified);
    if (isKnown) response.writeHead(304, headers).end();
    else response.writeHead(200, headers).end(body);
  });
}

test("POL8 what a poll brings is a delivery with its bytes, type and address", async () => {
  serve(FEED, { "content-type": "application/rss+xml; charset=utf-8" });
  await visitNow();
  expect(await room.deliveries()).toEqual([
    expect.objectContaining({
      source: "wire",
      text: FEED,
      contentType: "application/rss+xml; charset=utf-8",
      address: `${server.url}/feed`,
      backfill: true,
    }),
  ]);
  expect(await readHealth()).toMatchObject({ failures: 0, poll: { state: "ok", failuresInARow: 0 } });
});

test("POL8 a poll says who asks and what it can read", async () => {
  await visitNow();
  expect(server.requests[0]?.headers).toMatchObject({
    "user-agent": expect.stringContaining("NewsLine"),
    accept: expect.stringContaining("application/rss+xml"),
    "accept-encoding": "gzip, br",
  });
});

test("POL9 the second poll asks only for what is newer, by tag and date, and 304 makes no delivery", async () => {
  serve(FEED, { etag: 'W/"a b"', "last-modified": "Wed, 15 Jul 2026 10:30:00 GMT" });
  await visitNow();
  await visitNow();
  await visitNow();
  expect(server.requests[0]?.headers).not.toHaveProperty("if-none-match");
  expect(server.requests[2]?.headers).toMatchObject({
    "if-none-match": 'W/"a b"',
    "if-modified-since": "Wed, 15 Jul 2026 10:30:00 GMT",
  });
  expect(await room.deliveries()).toHaveLength(1);
  expect(await readHealth()).toMatchObject({ failures: 0, poll: { state: "ok" } });
});

test("POL10 a body that has not changed makes no delivery, even with new headers; a changed one does", async () => {
  serve(FEED, { etag: '"1"' });
  await visitNow();
  serve(FEED, { etag: '"2"' });
  await visitNow();
  expect(await room.deliveries()).toHaveLength(1);
  expect(await readState()).toMatchObject({ etag: '"2"' });
  serve(FEED.replace("One", "Two"), { etag: '"3"' });
  await visitNow();
  serve(FEED, { etag: '"4"' });
  await visitNow();
  expect((await room.deliveries()).map(({ text }) => /One|Two/.exec(text)?.[0])).toEqual([
    "One",
    "Two",
    "One",
  ]);
});

test("POL11 a tag is stored only after its bytes were accepted: what failed to be stored is fetched again", async () => {
  serve(FEED, { etag: '"1"' });
  const broken = { ...visiting, ingestLane: Object.create(room.ingestLane) };
  broken.ingestLane.add = () => Promise.reject(new Error("the queue is away"));
  await expect(visit("wire", broken)).rejects.toThrow("the queue is away");
  expect(await readState()).not.toHaveProperty("etag");
  await visitNow();
  expect(server.requests[1]?.headers).not.toHaveProperty("if-none-match");
  expect(await room.deliveries()).toHaveLength(1);
  expect(await readState()).toMatchObject({ etag: '"1"' });
});

test("POL11 a worker that dies between accepting and storing the tag causes no second delivery", async () => {
  serve(FEED, { etag: '"1"' });
  const before = await readState();
  await visitNow();
  await writePollState(room.edition, "wire", before);
  await visitNow();
  expect(server.requests).toHaveLength(2);
  expect(await room.deliveries()).toHaveLength(1);
});

test("POL12 a backlog is no fault of the source: the poll comes again, with nothing lost", async () => {
  serve(FEED, { etag: '"1"' });
  const full = { ...visiting, ingestLane: Object.create(room.ingestLane) };
  full.ingestLane.getJobCounts = async () => ({ waiting: 1_000_000 });
  await visit("wire", full);
  expect(await readState()).not.toHaveProperty("etag");
  expect(await readHealth()).toMatchObject({ failures: 0, poll: { state: "ok" } });
  await writePollState(room.edition, "wire", { ...(await readState()), nextMs: 0 });
  await visitNow();
  expect(await room.deliveries()).toHaveLength(1);
});

test("POL13 it is asked at its pace, never earlier, whoever asks", async () => {
  await room.add("wire", { kind: "poll", url: `${server.url}/feed`, every: 30 });
  await visit("wire", visiting);
  const { nextMs, lastMs = 0 } = await readState();
  expect(nextMs - lastMs).toBe(30_000);
  expect(await visit("wire", visiting)).toEqual({ kind: "wait", untilMs: nextMs, everyMs: 30_000 });
  expect(server.requests).toHaveLength(1);
});

test("POL13 a pace that changes counts at once", async () => {
  await room.add("wire", { kind: "poll", url: `${server.url}/feed`, every: 3600 });
  await visit("wire", visiting);
  const { lastMs = 0 } = await readState();
  await room.add("wire", { kind: "poll", url: `${server.url}/feed`, every: 7 });
  expect(await visit("wire", visiting)).toEqual({ kind: "wait", untilMs: lastMs + 7_000, everyMs: 7_000 });
});

test("POL2 Cache-Control, and what the feed says of its pace, reach the next poll, also by a 304", async () => {
  serve(FEED.replace("<item>", "<ttl>20</ttl><item>"), { etag: '"1"', "cache-control": "max-age=300" });
  expect((await visitNow()).waitMs).toBe(20 * 60_000);
  serve("", { etag: '"1"', "cache-control": "max-age=2400" });
  expect((await visitNow()).waitMs).toBe(40 * 60_000);
  serve("", { etag: '"1"' });
  expect((await visitNow()).waitMs).toBe(20 * 60_000);
});

test("POL14 a move for good is stored after three equal answers, and told in the health", async () => {
  server.answer((request, response) => {
    if (request.url === "/feed") response.writeHead(301, { location: "/new" }).end();
    else response.end(FEED);
  });
  await visitNow();
  await visitNow();
  expect((await readHealth()).poll).not.toHaveProperty("movedTo");
  await visitNow();
  expect(await readHealth()).toMatchObject({ poll: { movedTo: `${server.url}/new` } });
  await visitNow();
  const paths = server.requests.map(({ path }) => path);
  expect(paths).toEqual(["/feed", "/new", "/feed", "/new", "/feed", "/new", "/new"]);
  expect(await room.deliveries()).toEqual([expect.objectContaining({ address: `${server.url}/new` })]);
});

test("POL14 moves to different places, or for a while only, are not stored", async () => {
  let hops = 0;
  server.answer((request, response) => {
    hops += 1;
    if (request.url === "/feed") response.writeHead(301, { location: `/new-${hops}` }).end();
    else response.end(FEED);
  });
  for (let i = 0; i < 4; i += 1) await visitNow();
  expect(await readState()).not.toHaveProperty("movedTo");
  server.answer((request, response) => {
    if (request.url === "/feed") response.writeHead(302, { location: "/new" }).end();
    else response.end(FEED);
  });
  for (let i = 0; i < 4; i += 1) await visitNow();
  expect(await readState()).not.toHaveProperty("movedTo");
});

test("POL14 a new address that fails, or has closed, is given up for the profile's own", async () => {
  const state = await readState();
  const moved = {
    ...state,
    for: `${server.url}/feed`,
    movedTo: `${server.url}/new`,
    lastMs: 1,
    everyMs: 60_000,
  };
  server.answer((request, response) => response.writeHead(request.url === "/new" ? 404 : 200).end(FEED));
  await writePollState(room.edition, "wire", moved);
  for (let i = 0; i < 4; i += 1) await visitNow();
  expect(server.requests.map(({ path }) => path)).toEqual(["/new", "/new", "/new", "/feed"]);
  server.answer((request, response) => response.writeHead(request.url === "/new" ? 410 : 200).end(FEED));
  await writePollState(room.edition, "wire", moved);
  await visitNow();
  await visitNow();
  expect(server.requests.slice(4).map(({ path }) => path)).toEqual(["/new", "/feed"]);
  expect(await readHealth()).toMatchObject({ poll: { state: "ok" } });
});

test("POL15 after 410 it is not asked again, and its health says so, until the profile has another address", async () => {
  server.answer((_request, response) => response.writeHead(410).end());
  await visitNow();
  expect(await readHealth()).toMatchObject({
    poll: { state: "gone", message: expect.stringContaining("410") },
  });
  expect((await readHealth()).poll).not.toHaveProperty("nextPollAt");
  await visitNow();
  expect(server.requests).toHaveLength(1);
  server.answer((_request, response) => response.end(FEED));
  await room.add("wire", { kind: "poll", url: `${server.url}/other` });
  await visitNow();
  expect(server.requests).toHaveLength(2);
  expect(await readHealth()).toMatchObject({ poll: { state: "ok" } });
});

test.each([429, 503])("POL6 %d with Retry-After is obeyed", async (status) => {
  server.answer((_request, response) => response.writeHead(status, { "retry-after": "7200" }).end());
  const { waitMs } = await visitNow();
  expect(waitMs).toBeGreaterThanOrEqual(7_200_000);
  const { poll, failures } = await readHealth();
  expect(failures).toBe(1);
  expect(poll).toMatchObject({
    state: "failing",
    failuresInARow: 1,
    message: `127.0.0.1:${server.port} answered with ${status}.`,
  });
});

test("POL5 failures in a row slow it down; one good answer brings its pace back", async () => {
  server.answer((_request, response) => response.writeHead(500).end());
  const waits: number[] = [];
  for (let i = 0; i < 5; i += 1) waits.push((await visitNow()).waitMs);
  expect(waits[4]).toBeGreaterThanOrEqual(16 * 60_000);
  expect(await readHealth()).toMatchObject({ failures: 5, poll: { failuresInARow: 5 } });
  server.answer((_request, response) => response.end(FEED));
  expect((await visitNow()).waitMs).toBe(60_000);
  expect((await readHealth()).poll).toMatchObject({ state: "ok", failuresInARow: 0 });
  expect((await readHealth()).poll).not.toHaveProperty("message");
});

test.each([
  ["a status that is no answer", 204, ""],
  ["a body without a byte", 200, ""],
  ["304 to a question without conditions", 304, ""],
  ["part of a document", 206, FEED],
  ["a page that says no", 404, FEED],
])("POL16 %s is a failure and makes no delivery", async (_title, status, body) => {
  server.answer((_request, response) => response.writeHead(status, { etag: '"1"' }).end(body));
  await visitNow();
  expect(await room.deliveries()).toEqual([]);
  expect(await readState()).not.toHaveProperty("etag");
  expect(await readHealth()).toMatchObject({ failures: 1, poll: { state: "failing" } });
});

test("FET1 an address in a private network is a failure that says how to allow it", async () => {
  const strict = { ...visiting, guard: new AddressGuard([]) };
  await visit("wire", strict);
  expect(server.requests).toEqual([]);
  expect(await readHealth()).toMatchObject({
    poll: { message: expect.stringContaining("NEWSLINE_FETCH_ALLOW") },
  });
});

test("POL17 while somebody fetches from a host, nobody else does; other hosts are free", async () => {
  const other = new HostTurn(room.edition, closing.signal);
  expect(await other.take(new URL(server.url).host)).toBe(true);
  expect(await visit("wire", visiting)).toMatchObject({ kind: "wait" });
  const elsewhere = await startEndpoint((_request, response) => response.end(FEED));
  await room.add("elsewhere", { kind: "poll", url: elsewhere.url });
  expect(await visit("elsewhere", visiting)).toEqual({ kind: "done" });
  await other.giveBack();
  expect(await visit("wire", visiting)).toEqual({ kind: "done" });
  expect(server.requests).toHaveLength(1);
  await elsewhere.close();
});

test("POL17 many sources on one host are fetched one after the other", async () => {
  let now = 0;
  let most = 0;
  server.answer((_request, response) => {
    now += 1;
    most = Math.max(most, now);
    setTimeout(() => {
      now -= 1;
      response.end(FEED);
    }, 30);
  });
  const names = Array.from({ length: 5 }, (_, index) => `wire-${index}`);
  for (const name of names) await room.add(name, { kind: "poll", url: `${server.url}/${name}` });
  const untilDone = async (name: string): Promise<void> => {
    while ((await visit(name, visiting)).kind !== "done")
      await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await Promise.all(names.map(untilDone));
  expect(server.requests).toHaveLength(5);
  expect(most).toBe(1);
});

test("POL17 a redirect to another host waits for that host's turn and gives its own back", async () => {
  const target = await startEndpoint((_request, response) => response.end(FEED));
  const { host } = new URL(target.url);
  const busy = new HostTurn(room.edition, closing.signal);
  await busy.take(host);
  server.answer((_request, response) => {
    response.writeHead(302, { location: target.url }).end();
    setTimeout(() => void busy.giveBack(), 250);
  });
  await visitNow();
  expect(target.requests).toHaveLength(1);
  expect(await readHealth()).toMatchObject({ poll: { state: "ok" } });
  const after = new HostTurn(room.edition, closing.signal);
  expect(await after.take(host)).toBe(true);
  expect(await after.take(new URL(server.url).host)).toBe(true);
  await target.close();
});

test("POL18 two visits to one source at the same moment are one", async () => {
  const outcomes = await Promise.all([
    visit("wire", visiting),
    visit("wire", visiting),
    visit("wire", visiting),
  ]);
  expect(outcomes.filter(({ kind }) => kind === "done")).toHaveLength(1);
  expect(server.requests).toHaveLength(1);
});

test("POL19 a source that is paused, removed or no poll source is not visited", async () => {
  await room.add("wire", { kind: "poll", url: `${server.url}/feed`, paused: true });
  await visit("wire", visiting);
  await room.add("wire", { kind: "push" });
  await visit("wire", visiting);
  await removeSource(room.edition, "wire");
  await visit("wire", visiting);
  expect(server.requests).toEqual([]);
});

test("POL19 an answer that comes after the source was removed leaves nothing behind", async () => {
  server.answer((_request, response) => {
    void removeSource(room.edition, "wire").then(() => response.writeHead(200, { etag: '"1"' }).end(FEED));
  });
  await visit("wire", visiting);
  expect(await room.deliveries()).toEqual([]);
  expect(await readState()).not.toHaveProperty("etag");
});

test("POL20 closing ends a fetch at once and holds it against nobody", async () => {
  server.answer(() => closing.abort());
  expect(await visit("wire", visiting)).toEqual({ kind: "done" });
  expect(await readHealth()).toEqual({ items: 0, failures: 0 });
});

test("POL21 a tag or date that no request may hold is not kept", async () => {
  server.answer((_request, response) => {
    response.writeHead(200, { etag: `"${"x".repeat(600)}"`, "last-modified": "gestern \xfc" }).end(FEED);
  });
  await visitNow();
  expect(await readState()).not.toHaveProperty("etag");
  expect(await readState()).not.toHaveProperty("lastModified");
  await visitNow();
  expect(await readHealth()).toMatchObject({ failures: 0 });
});
