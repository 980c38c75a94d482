import { createHash } from "node:crypto";
import { get } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createOriginCheck } from "../src/socket/origin.ts";
import { write } from "./support/items.ts";
import { type ReadingGateway, settle, startGateway } from "./support/reading-gateway.ts";
import { toStateHash } from "./support/state-hash.ts";
import { startStore, type TestStore } from "./support/store.ts";

/** What docs/protocol.md says to those who have no library. */
let store: TestStore;
let gateway: ReadingGateway;
beforeAll(async () => {
  store = await startStore();
  gateway = await startGateway(store, {
    allowOrigin: createOriginCheck(["https://news.example"]),
    mayConnect: ({ headers }) => Promise.resolve(headers["x-crowded"] === undefined),
  });
});
afterAll(async () => {
  await gateway.close();
  await store.stop();
});

const PATH = "/socket.io/?EIO=4&transport=polling";

async function poll(sid: string): Promise<string[]> {
  return (await (await fetch(`${gateway.url}${PATH}&sid=${sid}`)).text()).split("\x1e");
}
async function send(sid: string, ...frames: string[]): Promise<void> {
  const headers = { "Content-Type": "text/plain" };
  const answer = await fetch(`${gateway.url}${PATH}&sid=${sid}`, {
    method: "POST",
    headers,
    body: frames.join("\x1e"),
  });
  expect(await answer.text()).toBe("ok");
}

test("SOCK a line is followed over HTTP long-polling with the frames of the protocol and nothing else", async () => {
  await write(store.edition, "plain-0001");
  await settle(store, gateway.views, "public:main");
  const opened = await (await fetch(`${gateway.url}${PATH}`)).text();
  expect(JSON.parse(opened.slice(1))).toMatchObject({
    pingInterval: 20_000,
    pingTimeout: 15_000,
    maxPayload: 16_384,
    upgrades: ["websocket"],
  });
  const { sid } = JSON.parse(opened.slice(1));
  await send(sid, "40");
  expect((await poll(sid))[0]).toMatch(/^40\{"sid":"/);
  await send(sid, '420["subscribe",{"line":"main","limit":50}]', '421["unsubscribe",{"line":"nowhere"}]');
  const answers: string[] = [];
  while (answers.length < 2) answers.push(...(await poll(sid)));
  expect(answers).toContain("431[{}]");
  const answer = answers.find((frame) => frame.startsWith("430"));
  expect(JSON.parse(answer?.slice(3) ?? "")).toMatchObject([
    { protocol: 1, kind: "snapshot", line: "main", items: [{ id: "plain-0001" }], next: null },
  ]);
  const next = poll(sid);
  await write(store.edition, "plain-0002");
  expect(JSON.parse((await next)[0]?.slice(2) ?? "")).toMatchObject([
    "delta",
    { line: "main", ops: [{ op: "put", item: { id: "plain-0002" } }] },
  ]);
});

test("SOCK a connection that is refused is told so in the words of the protocol", async () => {
  const ask = async (query: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${gateway.url}${PATH}${query}`, { headers });
    return [answer.status, await answer.json()];
  };
  expect(await ask("", { Origin: "https://other.example" })).toEqual([
    403,
    { code: 4, message: "origin_refused" },
  ]);
  expect(await ask("", { "X-Crowded": "1" })).toEqual([403, { code: 4, message: "too_many" }]);
  expect(await ask("&sid=gone")).toEqual([400, { code: 1, message: "Session ID unknown" }]);
  expect(await upgrade({ Origin: "https://other.example" })).toEqual([400, "origin_refused"]);
});

function upgrade(headers: Record<string, string>): Promise<[number | undefined, string]> {
  const call = get(`${gateway.url}/socket.io/?EIO=4&transport=websocket`, {
    headers: {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
      ...headers,
    },
  });
  return new Promise((resolve, reject) => {
    call.once("error", reject);
    call.once("response", (response) => {
      text(response).then((body) => resolve([response.statusCode, body]), reject);
    });
  });
}

test("STATE the worked examples of the protocol are right", () => {
  const at = (orderedAt: string) => `2026-03-04T${orderedAt}:00.000Z`;
  expect(
    toStateHash([
      { id: "a-000001", revision: 1, orderedAt: at("11:00") },
      { id: "b-000002", revision: 2, orderedAt: at("12:00") },
    ]),
  ).toBe("592073b6dba1b36944701938e1c5a1b8a75ea54e3a36a15a2f6076fc2bef8992");
  expect(createHash("sha256").digest("hex")).toBe(toStateHash([]));
});
