import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLane } from "../src/queue/queues.ts";
import { readDelivery, readDeliveryBytes } from "../src/store/deliveries.ts";
import { startTestGateway, type TestGateway } from "./support/gateway.ts";

let gate: TestGateway;
beforeAll(async () => {
  gate = await startTestGateway();
  await gate.desk
    .put("/v1/sources/hook")
    .send({ kind: "push", lines: ["wire"] })
    .expect(200);
});
afterAll(() => gate.stop());

const story = `<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour wire</title><item>
<guid isPermaLink="false">harbour-1</guid><title>Harbour reopens</title>
<description>The harbour reopened after the storm.</description>
<pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>`;

/** A document of the source `hook`. */
const post = (bytes: Buffer | string, headers: Record<string, string> = {}) =>
  gate.desk
    .post("/v1/sources/hook/deliveries")
    .set({ "Content-Type": "application/rss+xml", ...headers })
    .send(bytes);

async function waitFor(id: string, state: string): Promise<void> {
  await expect
    .poll(async () => (await gate.desk.get(`/v1/deliveries/${id}`)).body.state, { timeout: 10_000 })
    .toBe(state);
}

test("P2 a delivery is accepted with 202, read by a worker, and told of", async () => {
  const answer = await post(story);
  expect(answer.status).toBe(202);
  expect(answer.body).toEqual({ delivery: { id: expect.stringMatching(/^d-\d+$/) } });
  const { id } = answer.body.delivery;
  expect(answer.headers["location"]).toBe(`/v1/deliveries/${id}`);
  await waitFor(id, "done");
  const told = await gate.desk.get(`/v1/deliveries/${id}`);
  expect(told.body.outcomes).toEqual([
    { id: expect.any(String), revision: 1, outcome: "applied", reason: expect.any(String) },
  ]);
});

test("P2 the bytes and what was told beside them are kept as they came", async () => {
  const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x41]);
  const answer = await post(bytes, {
    "Content-Type": "text/plain; charset=windows-1252",
    "Content-Location": "https://agency.example/page",
  }).query({ filename: "page.txt", backfill: "true" });
  const { id } = answer.body.delivery;
  expect(await readDeliveryBytes(gate.edition, id)).toEqual(bytes);
  expect(await readDelivery(gate.edition, id)).toMatchObject({
    source: "hook",
    contentType: "text/plain; charset=windows-1252",
    address: "https://agency.example/page",
    filename: "page.txt",
    backfill: true,
  });
  expect(await gate.client.ttl(gate.edition.keys.bytes(id))).toBeGreaterThan(6 * 86_400);
});

test("REV1 arrival numbers rise over all sources, and only a source's first delivery is a backfill", async () => {
  await gate.desk
    .put("/v1/sources/other")
    .send({ kind: "push", lines: ["wire"] })
    .expect(200);
  const sent: string[] = [];
  for (const source of ["other", "hook", "other"]) {
    const answer = await gate.desk
      .post(`/v1/sources/${source}/deliveries`)
      .set("Content-Type", "text/plain")
      .send(story);
    sent.push(answer.body.delivery.id);
  }
  const [first, second, third] = await Promise.all(sent.map((id) => readDelivery(gate.edition, id)));
  expect(second?.arrival).toBeGreaterThan(first?.arrival ?? 0);
  expect(third?.arrival).toBeGreaterThan(second?.arrival ?? 0);
  expect([first?.backfill, second?.backfill, third?.backfill]).toEqual([true, false, false]);
});

test.each([
  ["gzip", gzipSync],
  ["deflate", deflateSync],
  ["br", brotliCompressSync],
] as const)("P2 %s is decoded", async (encoding, compress) => {
  const answer = await post(compress(story), { "Content-Encoding": encoding });
  expect(answer.status).toBe(202);
  expect((await readDeliveryBytes(gate.edition, answer.body.delivery.id))?.toString()).toBe(story);
});

describe("what cannot be a delivery is refused and leaves nothing:", () => {
  const many = Buffer.alloc(16 * 1024 * 1024, "a");
  const wrong: [
    string,
    () => Promise<{ status: number; body: { error: { code: string } } }>,
    number,
    string,
  ][] = [
    [
      "an unknown source",
      async () => await gate.desk.post("/v1/sources/nobody/deliveries").send("x"),
      404,
      "unknown_source",
    ],
    [
      "no source's name",
      async () => await gate.desk.post("/v1/sources/A%20B/deliveries").send("x"),
      404,
      "unknown_source",
    ],
    ["an empty body", async () => await post(""), 400, "invalid"],
    ["more than 15 MB", async () => await post(many), 413, "too_large"],
    ["a bomb", async () => await post(gzipSync(many), { "Content-Encoding": "gzip" }), 413, "too_large"],
    ["broken gzip", async () => await post("no gzip", { "Content-Encoding": "gzip" }), 422, "unreadable"],
    [
      "an unknown encoding",
      async () => await post(story, { "Content-Encoding": "zip" }),
      415,
      "unsupported_type",
    ],
    [
      "an unknown charset",
      async () => await post(story, { "Content-Type": "text/xml; charset=klingon" }),
      415,
      "unsupported_type",
    ],
    ["a picture", async () => await post(story, { "Content-Type": "image/png" }), 415, "unsupported_type"],
    ["a video", async () => await post(story, { "Content-Type": "video/mp4" }), 415, "unsupported_type"],
    ["a sound", async () => await post(story, { "Content-Type": "audio/mpeg" }), 415, "unsupported_type"],
    [
      "an archive",
      async () => await post(story, { "Content-Type": "application/zip" }),
      415,
      "unsupported_type",
    ],
    ["a PDF", async () => await post(story, { "Content-Type": "application/pdf" }), 415, "unsupported_type"],
  ];
  test.each(wrong)("P7 %s", async (_name, send, status, code) => {
    const before = await gate.client.hget(gate.edition.keys.meta, "arrivals");
    const answer = await send();
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(await gate.client.hget(gate.edition.keys.meta, "arrivals")).toBe(before);
  });

  test("P2 a delivery that nobody knows", async () => {
    const answer = await gate.desk.get("/v1/deliveries/d-999999");
    expect([answer.status, answer.body.error.code]).toEqual([404, "unknown_delivery"]);
  });
});

test("P7 when too many wait, more are refused with a time to come again", async () => {
  const lane = createLane(gate.redis.target, "main", "ingest", "patient");
  await lane.waitUntilReady();
  await gate.client.rpush(lane.toKey("wait"), ...Array.from({ length: 20_001 }, (_, i) => `none-${i}`));
  try {
    const answer = await post(story);
    expect(answer.status).toBe(429);
    expect(answer.body.error).toMatchObject({ code: "backlog", temporary: true, retryAfterMs: 5_000 });
    expect(answer.headers["retry-after"]).toBe("5");
  } finally {
    await gate.client.del(lane.toKey("wait"));
    await lane.close();
  }
});

describe("explain", () => {
  const explain = (source: string, bytes: string) =>
    gate.desk.post("/v1/explain").query({ source }).set("Content-Type", "text/plain").send(bytes);

  test("TXT1 tells what a document would become, and stores nothing", async () => {
    const before = await gate.client.hget(gate.edition.keys.meta, "arrivals");
    const answer = await explain("hook", story);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      format: "rss",
      drafts: [{ headline: expect.any(String) }],
      notes: expect.any(Array),
    });
    expect(await gate.client.hget(gate.edition.keys.meta, "arrivals")).toBe(before);
  });

  test("P2 of an unknown source, or of none, is refused", async () => {
    expect((await explain("nobody", story)).body.error.code).toBe("unknown_source");
    const none = await gate.desk.post("/v1/explain").set("Content-Type", "text/plain").send(story);
    expect(none.body.error).toMatchObject({ code: "invalid", field: "source" });
  });
});

describe("quarantine", () => {
  async function quarantine(): Promise<{ id: string; delivery: string }> {
    await gate.desk
      .put("/v1/sources/xml")
      .send({ kind: "push", lines: ["wire"], format: "rss" })
      .expect(200);
    const sent = await gate.desk
      .post("/v1/sources/xml/deliveries")
      .set("Content-Type", "application/rss+xml")
      .send("<rss><channel><item><title>Cut o");
    const delivery = String(sent.body.delivery.id);
    await waitFor(delivery, "quarantined");
    const { entries } = (await gate.desk.get("/v1/quarantine")).body;
    return entries.find((entry: { delivery: string }) => entry.delivery === delivery);
  }

  test("P2 what cannot be read stands there with the reason, and can be tried again", async () => {
    const entry = await quarantine();
    expect(entry).toMatchObject({ source: "xml", code: expect.any(String), message: expect.any(String) });
    const told = await gate.desk.get(`/v1/deliveries/${entry.delivery}`);
    expect(told.body.quarantine).toMatchObject({ id: entry.id });
    await gate.client.set(gate.edition.keys.bytes(entry.delivery), story);
    const retried = await gate.desk.post(`/v1/quarantine/${entry.id}/retry`);
    expect([retried.status, retried.body]).toEqual([202, { delivery: { id: entry.delivery } }]);
    await waitFor(entry.delivery, "done");
    expect((await gate.desk.get(`/v1/deliveries/${entry.delivery}`)).body.quarantine).toBeUndefined();
    const again = await gate.desk.post(`/v1/quarantine/${entry.id}/retry`);
    expect([again.status, again.body.error.code]).toEqual([404, "unknown_quarantine"]);
  });

  test("P2 what still cannot be read stands there again", async () => {
    const entry = await quarantine();
    await gate.desk.post(`/v1/quarantine/${entry.id}/retry`).expect(202);
    const read = async () => (await gate.desk.get(`/v1/deliveries/${entry.delivery}`)).body.quarantine?.id;
    await expect.poll(read, { timeout: 10_000 }).not.toSatisfy((id) => id === undefined || id === entry.id);
    const { entries } = (await gate.desk.get("/v1/quarantine")).body;
    const ids = entries.filter((one: { delivery: string }) => one.delivery === entry.delivery);
    expect(ids).toEqual([expect.objectContaining({ id: await read() })]);
  });

  test("P2 an entry can be thrown away by a chief, not by an editor", async () => {
    const entry = await quarantine();
    const editor = gate.as(await gate.token("editor"));
    expect((await editor.get("/v1/quarantine")).status).toBe(200);
    expect((await editor.delete(`/v1/quarantine/${entry.id}`)).status).toBe(403);
    const chief = gate.as(await gate.token("chief"));
    expect((await chief.delete(`/v1/quarantine/${entry.id}`)).status).toBe(204);
    expect(await readDeliveryBytes(gate.edition, entry.delivery)).toBeUndefined();
    expect((await chief.delete("/v1/quarantine/nothing")).body.error.code).toBe("unknown_quarantine");
  });
});
