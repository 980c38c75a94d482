import { createHash } from "node:crypto";
import { parseFeed } from "feedsmith";
import request from "supertest";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readPage } from "../src/rest/public/line-page.ts";
import { writeLine } from "../src/store/lines.ts";
import { toForgetful } from "./support/forgetful-views.ts";
import { hold, kill, write } from "./support/items.ts";
import { type ReadingGateway, settle, startGateway } from "./support/reading-gateway.ts";
import { startStore, type TestStore } from "./support/store.ts";

let store: TestStore;
let gateway: ReadingGateway;
beforeAll(async () => {
  store = await startStore();
  gateway = await startGateway(store, {
    identify: (call) => {
      const isEditor = call.get("authorization") === "Bearer editor";
      return Promise.resolve(isEditor ? { id: "e", name: "e", role: "editor" } : undefined);
    },
  });
});
afterAll(async () => {
  await gateway.close();
  await store.stop();
});

const get = (path: string, headers: Record<string, string> = {}) =>
  request(gateway.url).get(path).set(headers);
const onLine = (line: string) => ({ lines: [line], publicLines: [line] });

async function writeMany(line: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const orderedAt = new Date(Date.UTC(2026, 0, 1, 0, Math.floor(n / 3))).toISOString();
    await write(store.edition, `${line}-${String(n).padStart(5, "0")}`, { ...onLine(line), orderedAt });
  }
  await settle(store, gateway.views, `public:${line}`);
}

test("LINE the list of lines has titles, counts and positions", async () => {
  await writeLine(store.edition, "titled", { title: "With a title", language: "en" });
  await write(store.edition, "titled-001", onLine("titled"));
  const { offset, epoch } = await settle(store, gateway.views, "public:titled");
  await expect
    .poll(async () => (await get("/v1/lines")).body.lines)
    .toContainEqual({
      line: "titled",
      title: "With a title",
      language: "en",
      count: 1,
      position: `${epoch}:${offset}`,
    });
});

test("SNP1 a walk from page to page gives every item once, in order, whatever leaves on the way", async () => {
  await writeMany("walk", 25);
  const seen: string[] = [];
  let next: string | null = null;
  let pages = 0;
  do {
    const path: string = `/v1/lines/walk?limit=4${next === null ? "" : `&before=${next}`}`;
    const { body } = await get(path).expect(200);
    seen.push(...body.items.map((one: { id: string }) => one.id));
    next = body.next;
    pages += 1;
    // The item at the cursor leaves: the cursor is a place, not an item.
    if (pages === 2) await kill(store.edition, seen.at(-1) ?? "");
    await settle(store, gateway.views, "public:walk");
  } while (next !== null);
  const all = Array.from({ length: 25 }, (_, n) => `walk-${String(n).padStart(5, "0")}`);
  expect(seen).toEqual(all.toReversed());
});

test("SNP1 pages below the window are read from the store at the view's position", async () => {
  await writeMany("deep", 30);
  const { client, edition } = store;
  const page = await readPage(
    { views: toForgetful(gateway.views), edition: { redis: client, keys: edition.keys } },
    { audience: "public", line: "deep", limit: 10 },
    (exact) => exact,
  );
  const { body } = await get("/v1/lines/deep?limit=10");
  expect(page.items.map((json) => JSON.parse(json))).toEqual(body.items);
  expect([page.position, page.next]).toEqual([body.position, body.next]);
});

test("LINE urgency and words narrow a page down, without regard to case", async () => {
  const { edition } = store;
  const say = (id: string, fields: object) => write(edition, id, { ...onLine("find"), ...fields });
  await say("find-00001", { headline: "Straße gesperrt", urgency: 2 });
  await say("find-00002", { headline: "Other", lead: "an İstanbul story", urgency: 6 });
  await say("find-00003", { headline: "Third", slugline: "ΟΔΟΣ-news", urgency: 3 });
  await settle(store, gateway.views, "public:find");
  const ids = async (query: string) => {
    const { body } = await get(`/v1/lines/find?${query}`).expect(200);
    return body.items.map((one: { id: string }) => one.id);
  };
  expect(await ids("urgency=3")).toEqual(["find-00003", "find-00001"]);
  expect(await ids("q=STRASSE")).toEqual(["find-00001"]);
  expect(await ids("q=istanbul")).toEqual(["find-00002"]);
  expect(await ids(`q=${encodeURIComponent("οδος")}`)).toEqual(["find-00003"]);
  expect(await ids("q=nowhere")).toEqual([]);
  expect(await ids("q=t&urgency=3&limit=1")).toEqual(["find-00003"]);
});

test("KIL4 a line's page is cached for a second at most and known again by its position", async () => {
  await writeMany("cached", 2);
  const first = await get("/v1/lines/cached").expect(200);
  expect(first.headers["cache-control"]).toBe("public, max-age=0, s-maxage=1");
  expect(first.headers["etag"]).toBe(`"${first.body.position}"`);
  await get("/v1/lines/cached", { "if-none-match": first.headers["etag"] ?? "" }).expect(304);
  await kill(store.edition, "cached-00001");
  await settle(store, gateway.views, "public:cached");
  const after = await get("/v1/lines/cached", { "if-none-match": first.headers["etag"] ?? "" }).expect(200);
  expect(after.body.count).toBe(1);
});

test("LINE bad questions are refused with the field, and unknown lines as such", async () => {
  const refusals = [
    ["/v1/lines/main?limit=0", 400, "invalid"],
    ["/v1/lines/main?limit=201", 400, "invalid"],
    ["/v1/lines/main?urgency=x", 400, "invalid"],
    ["/v1/lines/main?before=%%%", 400, "bad_cursor"],
    ["/v1/lines/main?before=bm9uc2Vuc2U", 400, "bad_cursor"],
    ["/v1/lines/nowhere", 404, "unknown_line"],
    ["/v1/lines/nowhere/state", 404, "unknown_line"],
    ["/v1/lines/nowhere/events", 404, "unknown_line"],
    ["/v1/lines/nowhere/deltas", 404, "unknown_line"],
    ["/v1/lines/No%20Line", 404, "unknown_line"],
    ["/lines/nowhere.rss", 404, "unknown_line"],
    ["/v1/lines/main?channel=desk", 401, "unauthorized"],
    ["/v1/lines/main/state?channel=desk", 401, "unauthorized"],
    ["/v1/lines/main/deltas?wait=31", 400, "invalid"],
  ] as const;
  for (const [path, status, code] of refusals) {
    const answer = await get(path.replace("%%%", "%25"));
    expect([path, answer.status, answer.body.error?.code]).toEqual([path, status, code]);
  }
});

test("STATE the hash is of what the line holds now, also right after a change, and the desk has its own", async () => {
  await writeMany("state", 3);
  const hash = (rows: string[]) => createHash("sha256").update(rows.join("")).digest("hex");
  const first = await get("/v1/lines/state/state").expect(200);
  expect(first.body).toMatchObject({
    offset: 3,
    count: 3,
    sha256: hash(["state-00002 1\n", "state-00001 1\n", "state-00000 1\n"]),
  });
  await hold(store.edition, "state-00001");
  await settle(store, gateway.views, "public:state");
  const second = await get("/v1/lines/state/state").expect(200);
  expect(second.body).toMatchObject({ offset: 4, sha256: hash(["state-00002 1\n", "state-00000 1\n"]) });
  const desk = await get("/v1/lines/state/state?channel=desk", { authorization: "Bearer editor" });
  expect(desk.body).toMatchObject({
    count: 3,
    sha256: hash(["state-00002 1\n", "state-00001 2\n", "state-00000 1\n"]),
  });
});

test("FEED RSS, Atom and JSON Feed tell the line at its position, and Atom what has left it", async () => {
  const { edition } = store;
  await write(edition, "feed-00001", {
    ...onLine("feed"),
    headline: `Ampers & "and" <tags>`,
    lead: "The lead",
    link: "https://news.example/a?b=1&c=2",
    orderedAt: "2026-03-04T11:00:00.000Z",
  });
  await write(edition, "feed-00002", { ...onLine("feed"), headline: "Words that go" });
  await kill(edition, "feed-00002");
  await settle(store, gateway.views, "public:feed");
  for (const format of ["rss", "atom", "json"]) {
    const answer = await fetch(`${gateway.url}/lines/feed.${format}`);
    const text = await answer.text();
    expect(text).not.toContain("Words that go");
    expect(answer.headers.get("content-type")).toMatch(/^application\/(rss|atom|feed)\+/);
    const { feed } = parseFeed(text);
    const entries = ("entries" in feed ? feed.entries : "items" in feed ? feed.items : []) ?? [];
    expect(entries).toHaveLength(1);
    expect(JSON.stringify(entries)).toContain("https://news.example/a?b=1&c=2");
    expect(JSON.stringify(entries)).toContain(JSON.stringify(`Ampers & "and" <tags>`).slice(1, -1));
    await get(`/lines/feed.${format}`, { "if-none-match": answer.headers.get("etag") ?? "" }).expect(304);
    if (format === "atom") {
      expect(text).toMatch(/<at:deleted-entry ref="urn:newsline:test:feed-00002" when="[^"]+Z"\/>/);
    }
    if (format === "json") {
      expect(JSON.parse(text)["_newsline"]).toMatchObject({
        line: "feed",
        removed: [{ id: "feed-00002", revision: 2, reason: "killed" }],
      });
    }
  }
});
