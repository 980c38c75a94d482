import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "./support/gateway.ts";

let gate: TestGateway;
beforeAll(async () => {
  gate = await startTestGateway();
});
afterAll(() => gate.stop());

async function publish(fields: object = {}): Promise<{ id: string; revision: number }> {
  const answer = await gate.desk.post("/v1/items").send({ headline: "Bridge closed for repairs", ...fields });
  expect(answer.status).toBe(201);
  return answer.body.item;
}

/** Everything the store holds of an item and its lines, to see that nothing changed. */
async function readAll(): Promise<string> {
  const { client, edition } = gate;
  const names = (await client.keys("nl:*")).filter((key) => /:(item|order|log|meta|stream|lines)/.test(key));
  const dumps = await Promise.all(
    names.toSorted().map(async (name) => `${name} ${(await client.dumpBuffer(name))?.toString("base64")}`),
  );
  return [edition.keys.edition, ...dumps].join("\n");
}

test("P1 a new item is answered with 201, stored and seen by this gateway", async () => {
  const answer = await gate.desk.post("/v1/items").send({ headline: "Harbour  reopens after the storm" });
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({
    item: {
      revision: 1,
      headline: "Harbour reopens after the storm",
      lines: ["main"],
      pubStatus: "usable",
      by: "admin",
    },
    positions: { main: expect.stringMatching(/^[A-Za-z0-9]+:\d+$/) },
  });
  expect(answer.body.position).toBe(answer.body.positions.main);
});

test("P1 `positions` has each public log, and `position` is that of the first line", async () => {
  const answer = await gate.desk
    .post("/v1/items")
    .send({ headline: "Two lines carry this", lines: ["zeta", "alpha"] });
  expect(Object.keys(answer.body.positions).toSorted()).toEqual(["alpha", "zeta"]);
  expect(answer.body.position).toBe(answer.body.positions.zeta);
});

test("EMB4 an embargoed item is answered without any public position", async () => {
  const answer = await gate.desk
    .post("/v1/items")
    .send({ headline: "Not before its time", embargoedUntil: "2099-01-01T10:00:00+04:00" });
  expect(answer.status).toBe(201);
  expect(answer.body.position).toBeNull();
  expect(answer.body.positions).toEqual({});
  expect(answer.body.item.embargoedUntil).toBe("2099-01-01T06:00:00.000Z");
});

describe("a change", () => {
  test("REV1 takes the next revision, and null clears a field", async () => {
    const item = await publish({ lead: "A lead", link: "https://news.example/a" });
    const answer = await gate.desk
      .put(`/v1/items/${item.id}`)
      .set("If-Match", `"${item.revision}"`)
      .send({ headline: "Bridge open again", lead: null });
    expect(answer.status).toBe(200);
    expect(answer.body.item).toMatchObject({ revision: 2, change: "update", headline: "Bridge open again" });
    expect(answer.body.item.lead).toBeUndefined();
    expect(answer.body.item.link).toBe("https://news.example/a");
  });

  test("COR1 as a correction shows its note, and without a note is refused", async () => {
    const item = await publish();
    const put = () => gate.desk.put(`/v1/items/${item.id}`).set("If-Match", '"1"');
    const refused = await put().send({ headline: "Bridge closed", change: "correction" });
    expect(refused.status).toBe(400);
    expect(refused.body.error).toMatchObject({ code: "invalid", field: "correctionNote" });
    const answer = await put().send({
      headline: "Bridge closed",
      change: "correction",
      correctionNote: "The day was wrong",
    });
    expect(answer.body.item).toMatchObject({ change: "correction", correctionNote: "The day was wrong" });
  });

  test("REV1 on an old revision gets 409 with the item as it is now", async () => {
    const item = await publish();
    const put = () => gate.desk.put(`/v1/items/${item.id}`).set("If-Match", '"1"');
    await put().send({ headline: "First editor" }).expect(200);
    const answer = await put().send({ headline: "Second editor" });
    expect(answer.status).toBe(409);
    expect(answer.body.error).toMatchObject({
      code: "stale_revision",
      current: { id: item.id, revision: 2, headline: "First editor" },
    });
  });

  test("REV1 needs If-Match, and one that is a revision", async () => {
    const item = await publish();
    const without = await gate.desk.put(`/v1/items/${item.id}`).send({ headline: "x" });
    expect(without.status).toBe(428);
    expect(without.body.error.code).toBe("if_match_required");
    const wrong = await gate.desk.put(`/v1/items/${item.id}`).set("If-Match", "*").send({ headline: "x" });
    expect(wrong.body.error).toMatchObject({ code: "invalid", field: "If-Match" });
  });
});

describe("a kill", () => {
  test("KIL3 leaves nothing of the item, and a repeat has no second effect", async () => {
    const item = await publish({ lines: ["main", "alpha"] });
    const answer = await gate.desk.post(`/v1/items/${item.id}/kill`).send({ reason: "Wrong person named" });
    expect(answer.status).toBe(200);
    expect(answer.body.item).toEqual({
      id: item.id,
      revision: 2,
      pubStatus: "canceled",
      lines: ["main", "alpha"],
      source: "desk",
    });
    expect(Object.keys(answer.body.positions).toSorted()).toEqual(["alpha", "main"]);
    const again = await gate.desk.post(`/v1/items/${item.id}/kill`).send({ reason: "Wrong person named" });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ item: { revision: 2 }, position: null, positions: {} });
  });

  test("KIL1 is the end: nothing else is taken for the item", async () => {
    const { id } = await publish();
    await gate.desk.post(`/v1/items/${id}/kill`).send({ reason: "Wrong" }).expect(200);
    for (const path of ["hold", "release", "pin", "unpin"]) {
      const answer = await gate.desk.post(`/v1/items/${id}/${path}`);
      expect([path, answer.status, answer.body.error?.code]).toEqual([path, 410, "killed"]);
    }
    const change = await gate.desk.put(`/v1/items/${id}`).set("If-Match", '"2"').send({ headline: "Back" });
    expect(change.status).toBe(410);
  });

  test("KIL1 needs a reason", async () => {
    const { id } = await publish();
    const answer = await gate.desk.post(`/v1/items/${id}/kill`).send({});
    expect(answer.body.error).toMatchObject({ code: "invalid", field: "reason" });
  });
});

test("HLD1 hold and release are reversible, and a repeat takes no revision", async () => {
  const { id } = await publish();
  const held = await gate.desk.post(`/v1/items/${id}/hold`).send({ reason: "Being checked" });
  expect(held.body).toMatchObject({ item: { pubStatus: "withheld", revision: 2 } });
  expect(held.body.position).not.toBeNull();
  const heldAgain = await gate.desk.post(`/v1/items/${id}/hold`);
  expect(heldAgain.body).toMatchObject({ item: { revision: 2 }, position: null });
  const released = await gate.desk.post(`/v1/items/${id}/release`);
  expect(released.body).toMatchObject({ item: { pubStatus: "usable", revision: 3 } });
  const pinned = await gate.desk.post(`/v1/items/${id}/pin`);
  expect(pinned.body.item).toMatchObject({ pinned: true, revision: 4 });
  const unpinned = await gate.desk.post(`/v1/items/${id}/unpin`);
  expect(unpinned.body.item.pinned).toBeUndefined();
});

test("P1 a command on an item that is not there gets 404", async () => {
  for (const id of ["unknown-item-1", "x", "%2e%2e%2f", "a:b:c:d:e:f"]) {
    const answer = await gate.desk.post(`/v1/items/${id}/kill`).send({ reason: "Gone" });
    expect([id, answer.status, answer.body.error.code]).toEqual([id, 404, "unknown_item"]);
  }
});

describe("what is wrong gets its code and a sentence, and changes nothing:", () => {
  const wrong: [name: string, body: string, code: string, status: number, field?: string][] = [
    ["broken JSON", '{"headline":', "bad_json", 400],
    ["a list", "[]", "invalid", 400],
    ["no JSON object", '"headline"', "bad_json", 400],
    ["no headline", "{}", "invalid", 400, "headline"],
    ["an empty headline", '{"headline":" \\u200b "}', "invalid", 400, "headline"],
    ["a wrong type", '{"headline":7}', "invalid", 400, "headline"],
    ["an unknown field", '{"headline":"x","colour":"red"}', "invalid", 400, "colour"],
    ["a prototype", '{"headline":"x","__proto__":{"a":1}}', "invalid", 400, "__proto__"],
    ["a wrong line", '{"headline":"x","lines":["Main Line"]}', "invalid", 400, "lines.0"],
    ["no line", '{"headline":"x","lines":[]}', "invalid", 400, "lines"],
    ["a wrong urgency", '{"headline":"x","urgency":0}', "invalid", 400, "urgency"],
    [
      "a time without a zone",
      '{"headline":"x","versionCreated":"2016-09-28T10:34:24"}',
      "invalid",
      400,
      "versionCreated",
    ],
    [
      "a date that is no date",
      '{"headline":"x","embargoedUntil":"2016-02-30T10:00:00Z"}',
      "invalid",
      400,
      "embargoedUntil",
    ],
    ["a script link", '{"headline":"x","link":"javascript:alert(1)"}', "invalid", 400, "link"],
    ["too much", JSON.stringify({ headline: "x", body: "y".repeat(300_000) }), "too_large", 413],
  ];
  test.each(wrong)("P1 %s", async (...[, body, code, status, field]) => {
    const before = await readAll();
    const answer = await gate.desk.post("/v1/items").set("Content-Type", "application/json").send(body);
    expect(answer.body.error).toMatchObject({
      code,
      temporary: false,
      ...(field !== undefined && { field }),
    });
    expect(answer.body.error.message).toMatch(/[a-z].*\.$/i);
    expect(answer.status).toBe(status);
    expect(await readAll()).toBe(before);
  });

  test("P1 another type than JSON", async () => {
    const answer = await gate.desk.post("/v1/items").set("Content-Type", "text/plain").send("headline");
    expect([answer.status, answer.body.error.code]).toEqual([415, "unsupported_type"]);
  });

  test("P1 an unknown charset", async () => {
    const type = "application/json; charset=klingon";
    const answer = await gate.desk.post("/v1/items").set("Content-Type", type).send('{"headline":"x"}');
    expect([answer.status, answer.body.error.code]).toEqual([415, "unsupported_type"]);
  });
});
