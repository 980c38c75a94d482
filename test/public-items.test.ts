import fc from "fast-check";
import request from "supertest";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deskItem, item } from "../src/contract/item.ts";
import { diffWords } from "../src/rest/public/word-diff.ts";
import { hold, kill, write } from "./support/items.ts";
import { type ReadingGateway, startGateway } from "./support/reading-gateway.ts";
import { startStore, type TestStore } from "./support/store.ts";

let store: TestStore;
let gateway: ReadingGateway;
beforeAll(async () => {
  store = await startStore();
  gateway = await startGateway(store, {
    identify: (call) => {
      const role = call.get("authorization")?.replace("Bearer ", "");
      const known = role === "editor" || role === "machine";
      return Promise.resolve(known ? { id: role, name: role, role } : undefined);
    },
  });
});
afterAll(async () => {
  await gateway.close();
  await store.stop();
});

const desk = { authorization: "Bearer editor" };
const get = (path: string, headers: Record<string, string> = {}) =>
  request(gateway.url).get(path).set(headers);

test("PRV2 an item's public record has its text and nothing of the desk's; the desk's has both", async () => {
  await write(store.edition, "item-public-1", { bodyText: "One.\n\nTwo.", edNote: "Ask the lawyer" });
  const open = await get("/v1/items/item-public-1").expect(200);
  expect(item.strict().parse(open.body)).toMatchObject({ bodyText: "One.\n\nTwo.", pubStatus: "usable" });
  expect(open.text).not.toContain("lawyer");
  expect(open.headers).toMatchObject({ etag: '"1"', "cache-control": "public, max-age=0, s-maxage=1" });
  const inside = await get("/v1/items/item-public-1", desk).expect(200);
  expect(deskItem.parse(inside.body).edNote).toBe("Ask the lawyer");
  expect(inside.headers["cache-control"]).toBe("no-store");
  const machine = await get("/v1/items/item-public-1", { authorization: "Bearer machine" });
  expect(machine.text).toBe(open.text);
  await get("/v1/items/item-public-1", { "if-none-match": '"1"' }).expect(304);
});

test("KIL4 a killed item answers 410 with its id and no word of it, at every door of it", async () => {
  await write(store.edition, "item-killed-1", { headline: "Words to go", bodyText: "Secret text" });
  await write(store.edition, "item-killed-1", { headline: "Words to go too" });
  await kill(store.edition, "item-killed-1");
  for (const path of ["", "/revisions", "/diff?from=1&to=2"]) {
    const answer = await get(`/v1/items/item-killed-1${path}`).expect(410);
    expect(answer.body).toEqual({
      id: "item-killed-1",
      error: { code: "killed", message: "This item has been withdrawn.", temporary: false },
    });
  }
});

test("HLD1 EMB4 held, embargoed, expired, retired and never public cannot be told from unknown", async () => {
  const { edition } = store;
  await write(edition, "item-held-001", { headline: "Once public" });
  await hold(edition, "item-held-001");
  const later = new Date(Date.now() + 3_600_000).toISOString();
  const earlier = new Date(Date.now() - 1_000).toISOString();
  const hidden: { publicLines: string[] } = { publicLines: [] };
  await write(edition, "item-embargo1", { ...hidden, embargoedUntil: later });
  // Its time has come, and nobody has let it out yet.
  await write(edition, "item-embargo2", { ...hidden, embargoedUntil: earlier });
  await write(edition, "item-expired1", { expires: earlier });
  await write(edition, "item-retired1");
  await write(edition, "item-retired1", { lines: [], publicLines: [] });
  await write(edition, "item-unseen-1", { ...hidden, pubStatus: "withheld" });
  await write(edition, "item-unseen-2", { ...hidden, pubStatus: "withheld" });
  await kill(edition, "item-unseen-2");
  const ids = ["item-held-001", "item-embargo1", "item-embargo2", "item-expired1", "item-retired1"];
  for (const path of ["", "/revisions", "/diff?from=1&to=1"]) {
    const unknown = await get(`/v1/items/item-nowhere-1${path}`).expect(404);
    expect(unknown.body.error.code).toBe("unknown_item");
    for (const id of [...ids, "item-unseen-1", "item-unseen-2", "no", "%20"]) {
      const answer = await get(`/v1/items/${id}${path}`).expect(404);
      expect(answer.text).toBe(unknown.text);
      const { date: _date, ...headers } = answer.headers;
      expect(headers).toEqual({ ...unknown.headers, date: undefined });
    }
  }
  const held = await get("/v1/items/item-held-001", desk).expect(200);
  expect(held.body).toMatchObject({ pubStatus: "withheld", headline: "Once public" });
});

test("COR1 revisions are newest first, and hidden ones are in no public answer", async () => {
  const { edition } = store;
  await write(edition, "item-revised", { headline: "First words", bodyText: "a b c", publicLines: [] });
  await write(edition, "item-revised", { headline: "Second words", publicLines: ["main"] });
  await write(edition, "item-revised", { headline: "Third words", bodyText: "a x c", by: "Ada" });
  const open = await get("/v1/items/item-revised/revisions").expect(200);
  expect(open.body.revisions.map((one: { revision: number }) => one.revision)).toEqual([3, 2]);
  expect(open.text).not.toMatch(/First words|Ada|"public"/);
  const inside = await get("/v1/items/item-revised/revisions", desk).expect(200);
  expect(inside.body.revisions).toHaveLength(3);
  expect(inside.body.revisions[0].by).toBe("Ada");
  const diff = await get("/v1/items/item-revised/diff?from=2&to=3").expect(200);
  expect(diff.body.bodyText).toEqual([
    { mark: "same", text: "a " },
    { mark: "removed", text: "b" },
    { mark: "added", text: "x" },
    { mark: "same", text: " c" },
  ]);
  const refused = await get("/v1/items/item-revised/diff?from=1&to=3").expect(404);
  expect(refused.body.error.code).toBe("unknown_revision");
  await get("/v1/items/item-revised/diff?from=x&to=3").expect(400);
  await write(edition, "item-revised", { headline: "Fourth words", hideBefore: 4 });
  const hidden = await get("/v1/items/item-revised/revisions").expect(200);
  expect(hidden.body.revisions).toHaveLength(1);
});

test("COR1 the runs of a word difference give both texts back, in any script", () => {
  const words = fc.array(
    fc.constantFrom("слово", "söz", "word", "字", " ", "\n\n", ".", "—", "é", "x’s", "1"),
  );
  fc.assert(
    fc.property(words, words, (a, b) => {
      const [from, to] = [a.join(""), b.join("")];
      const runs = diffWords(from, to);
      const without = (mark: string) => runs.filter((run) => run.mark !== mark).map(({ text }) => text);
      expect(without("removed").join("")).toBe(to);
      expect(without("added").join("")).toBe(from);
    }),
  );
  expect(diffWords("новое слово", "новые слова").filter(({ mark }) => mark === "added")).toHaveLength(2);
});

test("P6 while Redis is gone an item's door says that it cannot tell", async () => {
  await store.redis.kill9();
  const answer = await get("/v1/items/item-public-1").expect(503);
  expect(answer.body.error).toMatchObject({ code: "unavailable", temporary: true });
  await get("/v1/lines/main").expect(200);
  await store.redis.restart();
  await expect.poll(async () => (await get("/v1/items/item-public-1")).status, { timeout: 5_000 }).toBe(200);
});
