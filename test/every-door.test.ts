import { setTimeout as sleep } from "node:timers/promises";
import request from "supertest";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Delta, delta } from "../src/contract/delta.ts";
import { Feeds } from "../src/rest/public/feeds.ts";
import { Pages } from "../src/rest/public/line-doors.ts";
import { toMemberBytes } from "../src/rest/public/ready-bodies.ts";
import { writeLine } from "../src/store/lines.ts";
import { EventReader } from "./support/event-stream.ts";
import { toForgetful } from "./support/forgetful-views.ts";
import { kill, write } from "./support/items.ts";
import { type ReadingGateway, settle, startGateway, subscribe } from "./support/reading-gateway.ts";
import { startStore, type TestStore } from "./support/store.ts";

let store: TestStore;
let gateway: ReadingGateway;
/** Another one over the same store. */
let other: ReadingGateway;
beforeAll(async () => {
  store = await startStore();
  [gateway, other] = [await startGateway(store), await startGateway(store)];
});
afterAll(async () => {
  await gateway.close();
  await other.close();
  await store.stop();
});

/** What a door says of a line: where it stands, and the ids it shows, as far as it shows any. */
interface Sight {
  position: string;
  ids?: string[];
}

const toIds = (items: readonly { id: string }[]) => items.map(({ id }) => id);

function bySocket(transport: "websocket" | "polling") {
  return async ({ connect }: ReadingGateway, line: string, since?: string) => {
    const socket = await connect({ transports: [transport], upgrade: false });
    const answer = await subscribe(socket, { line, ...(since !== undefined && { since }) });
    socket.disconnect();
    if ("error" in answer) throw new Error(answer.error.code);
    return answer;
  };
}

async function byEvents({ url }: ReadingGateway, line: string, since?: string) {
  const reader = new EventReader(`${url}/v1/lines/${line}/events`, {
    ...(since !== undefined && { lastEventId: since }),
  });
  await expect.poll(() => reader.named("tick").length).toBe(1);
  reader.close();
  return reader;
}

async function byHttp({ url }: ReadingGateway, path: string) {
  const { body, text, headers } = await request(url).get(path).buffer(true).expect(200);
  return { body: text.startsWith("{") ? JSON.parse(text) : body, text, etag: headers["etag"] ?? "" };
}

const inXml = (line: string, text: string) =>
  [...text.matchAll(/<(?:guid|id)[^>]*>urn:newsline:test:([^<]+)</g)]
    .map(([, id]) => id ?? "")
    .filter((id) => id !== `line:${line}`);
/** The position is the first part of a feed's tag. */
const inTag = (etag: string) => etag.slice(1).split(".")[0] ?? "";

/** Every door by which a line can be read. */
const READ: Record<string, (from: ReadingGateway, line: string) => Promise<Sight>> = {
  "Socket.IO over WebSocket": async (from, line) => toSight(await bySocket("websocket")(from, line)),
  "Socket.IO over HTTP": async (from, line) => toSight(await bySocket("polling")(from, line)),
  "server-sent events": async (from, line) => {
    const [snapshot] = (await byEvents(from, line)).named("snapshot");
    return toSight({ ...Object(snapshot?.data), position: snapshot?.id });
  },
  "long poll": async (from, line) => toSight((await byHttp(from, `/v1/lines/${line}/deltas`)).body),
  page: async (from, line) => toSight((await byHttp(from, `/v1/lines/${line}`)).body),
  "a page's tag": async (from, line) => ({
    position: inTag((await byHttp(from, `/v1/lines/${line}`)).etag.replace(/"$/, "")),
  }),
  "list of lines": async (from, line) => {
    const { body } = await byHttp(from, "/v1/lines");
    return { position: body.lines.find((one: { line: string }) => one.line === line).position };
  },
  RSS: async (from, line) => {
    const { text, etag } = await byHttp(from, `/lines/${line}.rss`);
    return { position: inTag(etag), ids: inXml(line, text) };
  },
  Atom: async (from, line) => {
    const { text, etag } = await byHttp(from, `/lines/${line}.atom`);
    return { position: inTag(etag), ids: inXml(line, text) };
  },
  "JSON Feed": async (from, line) => {
    const { body } = await byHttp(from, `/lines/${line}.json`);
    const { position } = body["_newsline"];
    return { position, ids: body.items.map((item: { _newsline: { id: string } }) => item["_newsline"].id) };
  },
};

function toSight({ position, items }: { position: string; items?: { id: string }[] }): Sight {
  return { position, ...(items !== undefined && { ids: toIds(items) }) };
}

/** Every door by which a line can be followed from a cursor; each gives what has changed since. */
const FOLLOW: Record<string, (from: ReadingGateway, line: string, since: string) => Promise<Delta[]>> = {
  "Socket.IO over WebSocket": async (from, line, since) => {
    return delta.array().parse(Object(await bySocket("websocket")(from, line, since)).deltas);
  },
  "Socket.IO over HTTP": async (from, line, since) => {
    return delta.array().parse(Object(await bySocket("polling")(from, line, since)).deltas);
  },
  "server-sent events": async (from, line, since) => {
    return (await byEvents(from, line, since)).named("delta").map(({ data }) => delta.parse(data));
  },
  "long poll": async (from, line, since) => {
    return delta
      .array()
      .parse((await byHttp(from, `/v1/lines/${line}/deltas?wait=10&since=${since}`)).body.deltas);
  },
};

const onLine = (line: string) => ({ lines: [line], publicLines: [line] });
async function fill(line: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const orderedAt = `2026-03-04T11:${String((n * 7) % 60).padStart(2, "0")}:00.000Z`;
    await write(store.edition, `${line}-${String(n).padStart(4, "0")}`, { ...onLine(line), orderedAt });
  }
  await settleBoth(line);
}
async function settleBoth(line: string): Promise<string> {
  await settle(store, other.views, `public:${line}`);
  const { epoch, offset } = await settle(store, gateway.views, `public:${line}`);
  return `${epoch}:${offset}`;
}

test("DOR1 every door shows the same items in the same order at the same position", async () => {
  await fill("shown", 12);
  await kill(store.edition, "shown-0004");
  const position = await settleBoth("shown");
  const expected = toIds((await byHttp(gateway, "/v1/lines/shown")).body.items);
  expect(expected).toHaveLength(11);
  for (const [door, read] of Object.entries(READ)) {
    const sight = await read(gateway, "shown");
    expect([door, sight.position, sight.ids ?? expected]).toEqual([door, position, expected]);
  }
});

test("DOR1 a cursor from any door goes on at any other, of another gateway too, with the same changes", async () => {
  await fill("pairs", 6);
  const cursors = new Map<string, string>();
  for (const [door, read] of Object.entries(READ)) cursors.set(door, (await read(gateway, "pairs")).position);
  await write(store.edition, "pairs-0001", { headline: "Changed" });
  await write(store.edition, "pairs-0001", { headline: "Changed again" });
  await write(store.edition, "pairs-0090", onLine("pairs"));
  await kill(store.edition, "pairs-0002");
  await settleBoth("pairs");
  let pairs = 0;
  for (const [from, since] of cursors) {
    for (const [to, follow] of Object.entries(FOLLOW)) {
      const deltas = await follow(other, "pairs", since);
      expect(deltas, `${from} → ${to}`).toMatchObject([
        {
          epoch: since.split(":")[0],
          from: Number(since.split(":")[1]),
          ops: [
            { op: "put", item: { id: "pairs-0001", headline: "Changed again", revision: 3 } },
            { op: "put", item: { id: "pairs-0090" } },
            { op: "remove", id: "pairs-0002", reason: "killed" },
          ],
        },
      ]);
      expect(deltas[0]?.ops).toHaveLength(3);
      pairs += 1;
    }
  }
  expect(pairs).toBe(40);
});

test("CAT2 a cursor that is ahead of this gateway is waited for at every door", async () => {
  await fill("ahead", 2);
  for (const [door, follow] of Object.entries(FOLLOW)) {
    const { epoch, offset } = gateway.views.find("public", "ahead");
    const asked = follow(gateway, "ahead", `${epoch}:${offset + 1}`);
    const answered = asked.then((deltas) => [door, gateway.views.find("public", "ahead").offset, deltas]);
    await sleep(50);
    await write(store.edition, "ahead-0001", { headline: `Words for ${door}` });
    // Nothing is new beyond the cursor, and no answer was older than it.
    expect(await answered).toEqual([door, offset + 1, []]);
  }
});

test("CAT2 whatever else is sent as a cursor gets the whole line at every door", async () => {
  await fill("other", 2);
  const position = await settleBoth("other");
  const cursors = ["unknown001:1", `${position}0`, "x", "<&>\"'", `${position.split(":")[0]}:-1`];
  for (const since of cursors) {
    const [events, polled, sent, called] = await Promise.all([
      byEvents(gateway, "other", encodeURIComponent(since)),
      byHttp(gateway, `/v1/lines/other/deltas?wait=10&since=${encodeURIComponent(since)}`),
      bySocket("websocket")(gateway, "other", since),
      bySocket("polling")(gateway, "other", since),
    ]);
    expect(events.events.map(({ event }) => event)).toEqual(["snapshot", "tick"]);
    for (const answer of [polled.body, sent, called]) {
      expect([since, answer]).toEqual([since, expect.objectContaining({ kind: "snapshot", position })]);
    }
  }
});

const CACHED = [
  "/v1/lines",
  "/v1/lines/cached",
  "/lines/cached.rss",
  "/lines/cached.atom",
  "/lines/cached.json",
];
const NEVER_CACHED = ["/v1/lines/cached/deltas", "/v1/lines/cached/state", "/v1/lines/nowhere"];

test("KIL4 what a shared cache may keep it keeps for a second at most, and nothing else", async () => {
  await fill("cached", 3);
  await write(store.edition, "cached-0001", { headline: "Words that go" });
  await settleBoth("cached");
  const get = (path: string) => request(gateway.url).get(path);
  for (const path of CACHED) {
    const { headers, status } = await get(path);
    expect([path, status, headers["cache-control"]]).toEqual([path, 200, "public, max-age=0, s-maxage=1"]);
    const again = await get(path).set("If-None-Match", headers["etag"] ?? "");
    expect([path, again.status, again.headers["cache-control"]]).toEqual([
      path,
      304,
      "public, max-age=0, s-maxage=1",
    ]);
  }
  for (const path of NEVER_CACHED) expect((await get(path)).headers["cache-control"]).toMatch(/no-store/);
  for (const path of ["/v1/lines/cached/events", "/socket.io/?EIO=4&transport=polling"]) {
    const { headers, body } = await fetch(`${gateway.url}${path}`);
    await body?.cancel();
    expect([path, headers.get("cache-control")]).toEqual([path, expect.stringContaining("no-store")]);
  }
});

test("KIL4 after a kill no door has a word of it, whatever was made before", async () => {
  await fill("gone", 3);
  await write(store.edition, "gone-0001", { headline: "Words that go", lead: "Words that go" });
  await settleBoth("gone");
  const paths = ["/v1/lines/gone", "/v1/lines/gone?q=words", "/v1/lines/gone?urgency=9", "/lines/gone.rss"];
  paths.push("/lines/gone.atom", "/lines/gone.json", "/v1/lines/gone/deltas");
  const tags = new Map<string, string>();
  for (const path of paths) {
    const { text, headers } = await request(gateway.url).get(path).buffer(true).expect(200);
    expect([path, text.includes("Words that go")]).toEqual([path, true]);
    tags.set(path, headers["etag"] ?? "");
  }
  await kill(store.edition, "gone-0001");
  await settleBoth("gone");
  for (const path of paths) {
    const call = request(gateway.url).get(path).buffer(true);
    const { text } = await call.set("If-None-Match", tags.get(path) ?? "").expect(200);
    expect([path, text.includes("Words that go")]).toEqual([path, false]);
  }
});

test("DOR1 the bytes of a page, a feed and an answer are made once for each position, also for those who ask at once", async () => {
  await fill("once", 60);
  const { views } = gateway;
  const pages = new Pages(views, store.edition);
  const deep = new Pages(toForgetful(views), store.edition);
  const feeds = new Feeds(views, "test");
  const page = { audience: "public", line: "once", limit: 20 } as const;
  const atOnce = async <T>(read: () => Promise<T>) => [
    ...(await Promise.all(Array.from({ length: 20 }, read))),
    await read(),
  ];
  const makers: Record<string, () => Promise<Buffer>> = {
    page: async () => (await pages.read(page)).bytes,
    "page below": async () => (await pages.read({ ...page, before: { orderedAtMs: 1e13, id: "z" } })).bytes,
    "page from the store": async () => (await deep.read(page)).bytes,
    "page by urgency": async () => (await pages.read({ ...page, urgency: 8 })).bytes,
    snapshot: () => views.answer(page, toMemberBytes),
    "catch-up": () =>
      views.answer({ ...page, since: `${views.find("public", "once").epoch}:3` }, toMemberBytes),
  };
  for (const format of ["rss", "atom", "json"] as const) {
    makers[format] = async () =>
      (await feeds.read({ format, line: "once", base: "http://news.example" })).bytes;
  }
  const made = new Map<string, Buffer>();
  for (const [what, make] of Object.entries(makers)) {
    const bytes = await atOnce(make);
    expect([what, new Set(bytes).size]).toEqual([what, 1]);
    if (bytes[0] !== undefined) made.set(what, bytes[0]);
  }
  await write(store.edition, "once-0001", { headline: "Another" });
  await settleBoth("once");
  for (const [what, make] of Object.entries(makers)) {
    const bytes = await atOnce(make);
    expect([what, new Set(bytes).size, bytes[0] === made.get(what)]).toEqual([what, 1, false]);
  }
});

test("FEED a line's new title is in its feeds at once, though its position is the same", async () => {
  await fill("titled", 1);
  const before = await byHttp(gateway, "/lines/titled.json");
  await writeLine(store.edition, "titled", { title: "A title", language: "en" });
  const titled = () => gateway.views.lines().find(({ line }) => line === "titled")?.title;
  await expect.poll(titled).toBe("A title");
  const call = request(gateway.url).get("/lines/titled.json").set("If-None-Match", before.etag).buffer(true);
  const { text } = await call.expect(200);
  expect(JSON.parse(text)).toMatchObject({
    title: "A title",
    _newsline: { position: before.body["_newsline"].position },
  });
});

test("SOCK whoever asks for the head of an event stream only gets an end", async () => {
  await fill("head", 1);
  const answer = await request(gateway.url).head("/v1/lines/head/events").expect(200);
  expect(answer.headers["content-type"]).toMatch(/^text\/event-stream/);
  await request(gateway.url).head("/v1/lines/nowhere/events").expect(404);
  expect(gateway.door.readers()["head"] ?? 0).toBe(0);
});
