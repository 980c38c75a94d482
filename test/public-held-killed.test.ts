import request from "supertest";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EventReader } from "./support/event-stream.ts";
import { hold, kill, write } from "./support/items.ts";
import { type ReadingGateway, settle, startGateway, subscribe } from "./support/reading-gateway.ts";
import { startStore, type TestStore } from "./support/store.ts";

const ID = "held-then-killed";
const SECRET = "Quokkaford";

let store: TestStore;
let gateway: ReadingGateway;
/** Where the line stood before the item was held. */
let since = "";
beforeAll(async () => {
  store = await startStore();
  gateway = await startGateway(store);
  await write(store.edition, "another-item");
  await write(store.edition, ID, { headline: `${SECRET} opens`, lead: SECRET });
  const { epoch, offset } = await settle(store, gateway.views, "public:main");
  since = `${epoch}:${offset}`;
  await hold(store.edition, ID);
  await kill(store.edition, ID);
  await settle(store, gateway.views, "public:main");
});
afterAll(async () => {
  await gateway.close();
  await store.stop();
});

const HELD = { op: "remove", id: ID, reason: "held" };

test("KIL3 CAT3 who comes back from before the hold gets its remove, at every door", async () => {
  const socket = await gateway.connect();
  const answer = await subscribe(socket, { line: "main", since });
  expect(answer).toMatchObject({ kind: "catch-up", deltas: [{ ops: [HELD] }] });
  const { body } = await request(gateway.url).get(`/v1/lines/main/deltas?since=${since}`).expect(200);
  expect(body).toMatchObject({ kind: "catch-up", deltas: [{ ops: [HELD] }] });
  const reader = new EventReader(`${gateway.url}/v1/lines/main/events`, { lastEventId: since });
  await expect.poll(() => reader.named("delta")).toMatchObject([{ data: { ops: [HELD] } }]);
  reader.close();
  const { text: atom } = await request(gateway.url).get("/lines/main.atom").buffer(true).expect(200);
  expect(atom.match(/<at:deleted-entry /g)).toHaveLength(1);
  expect(atom).toContain(ID);
});

test("KIL3 KIL4 who comes from further back, or for the first time, finds nothing of it", async () => {
  const paths = [
    "/v1/lines/main",
    "/v1/lines/main/deltas",
    "/lines/main.rss",
    "/lines/main.json",
    "/lines/main.atom",
  ];
  for (const path of paths) {
    const { text } = await request(gateway.url).get(path).buffer(true).expect(200);
    expect(text).not.toContain(SECRET);
  }
  const { body } = await request(gateway.url).get(`/v1/items/${ID}`).expect(410);
  expect(body).toMatchObject({ id: ID, error: { code: "killed" } });
  expect(JSON.stringify(body)).not.toContain(SECRET);
});

test("HLD1 P8 of one that was held before it was ever public, its kill says nothing", async () => {
  const before = await settle(store, gateway.views, "public:main");
  await write(store.edition, "never-public", { headline: SECRET, pubStatus: "withheld", publicLines: [] });
  await kill(store.edition, "never-public");
  await write(store.edition, "another-item", { lead: "later" });
  const { offset } = await settle(store, gateway.views, "public:main");
  expect(offset).toBe(before.offset + 1);
});
