import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readDeliveryBytes } from "../src/store/deliveries.ts";
import { startTestGateway, type TestGateway } from "./support/gateway.ts";

let gate: TestGateway;
beforeAll(async () => {
  gate = await startTestGateway();
});
afterAll(() => gate.stop());

const item = (id: string, headline: string) =>
  `<item><guid isPermaLink="false">${id}</guid><title>${headline}</title><description>Words of ${id}.</description>
<pubDate>2024-03-05 10:00:00</pubDate><category>sport</category></item>`;
const feed = (...items: string[]) =>
  `<rss version="2.0"><channel><title>City</title>${items.join("")}</channel></rss>`;

async function makeSource(source: string, profile: object = {}): Promise<void> {
  await gate.desk
    .put(`/v1/sources/${source}`)
    .send({ kind: "push", lines: ["city"], ...profile })
    .expect(200);
}

async function deliver(source: string, body: string, type = "application/rss+xml"): Promise<string> {
  const answer = await gate.desk
    .post(`/v1/sources/${source}/deliveries`)
    .set("Content-Type", type)
    .send(body);
  const id = String(answer.body.delivery.id);
  await expect
    .poll(async () => (await gate.desk.get(`/v1/deliveries/${id}`)).body.state, { timeout: 10_000 })
    .toMatch(/done|quarantined/u);
  return id;
}

const propose = (source: string, profile: object) =>
  gate.desk.put(`/v1/sources/${source}?dryRun=1`).send({ kind: "push", lines: ["city"], ...profile });

describe("a proposed profile", () => {
  test("XPL2 answers only the fields that differ, with the rule, and changes nothing", async () => {
    await makeSource("feed");
    const delivery = await deliver(
      "feed",
      feed(item("a", "BREAKING Port opens"), item("b", "Mayor resigns")),
    );
    const profile = { zone: "Asia/Baku", urgencyMap: { BREAKING: 2 } };
    const answer = await propose("feed", profile);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ source: "feed", compared: 1, left: 0, more: false });
    const [first, second] = answer.body.differences;
    expect(first).toMatchObject({ delivery, index: 0, headline: "BREAKING Port opens" });
    const fields = (told: { fields: { field: string }[] }) =>
      told.fields.map(({ field }) => field).toSorted();
    const times = ["firstCreated", "orderedAt", "versionCreated"];
    expect(fields(first)).toEqual([...times, "urgency"].toSorted());
    expect(fields(second)).toEqual(times);
    expect(first.fields).toContainEqual({
      field: "urgency",
      before: 5,
      after: 2,
      rule: "from the headline's first word, by the profile's urgencyMap",
    });
    expect(first.fields).toContainEqual({
      field: "versionCreated",
      before: "2024-03-05T10:00:00.000Z",
      after: "2024-03-05T06:00:00.000Z",
      rule: "from pubDate",
    });
    expect((await gate.desk.get("/v1/sources/feed")).body).toMatchObject({ zone: "UTC" });
    const { entries } = (await gate.desk.get("/v1/audit?limit=5")).body;
    expect(entries.filter(({ action }: { action: string }) => action === "source-put")).toHaveLength(1);
    expect((await gate.http.get("/v1/lines/city")).body.items).toHaveLength(2);
  });

  test("XPL2 the same profile differs in nothing; a source that is not there yet has nothing to compare", async () => {
    expect((await propose("feed", {})).body).toMatchObject({ compared: 1, differences: [] });
    expect((await propose("nobody", {})).body).toMatchObject({ compared: 0, differences: [] });
    expect((await gate.desk.get("/v1/sources/nobody")).status).toBe(404);
  });

  test("XPL2 what is in quarantine and would be read is told, and the other way round", async () => {
    await makeSource("odd");
    await deliver("odd", "Port opens to larger ships\n\nThe vote was close.", "application/x-wire");
    const read = await propose("odd", { format: "text" });
    expect(read.body.differences).toMatchObject([
      {
        fields: [{ field: "refused", before: expect.stringContaining("in no format"), rule: "read as text" }],
      },
      { index: 0, fields: [{ field: "item", after: "Port opens to larger ships", rule: "read anew" }] },
    ]);
    const refused = await propose("feed", { format: "json-feed" });
    expect(refused.body.differences[0].fields[0]).toMatchObject({ field: "refused", rule: "unreadable" });
    expect(refused.body.differences[1].fields).toEqual([
      { field: "item", before: "BREAKING Port opens", rule: "read no more" },
    ]);
  });

  test("XPL2 routes that are proposed say which of them fits", async () => {
    const routes = [{ subjects: ["sport"], lines: ["sport"] }];
    const [first] = (await propose("feed", { routes })).body.differences;
    expect(first.fields).toEqual([
      { field: "lines", before: ["city"], after: ["sport"], rule: "route 1 (subject sport)" },
    ]);
    expect((await gate.http.get("/v1/lines/sport")).status).toBe(404);
  });

  test("XPL2 the last 50 deliveries are compared, the newest first", async () => {
    await makeSource("busy");
    const ids: string[] = [];
    for (let n = 0; n < 53; n += 1) {
      const answer = await gate.desk
        .post("/v1/sources/busy/deliveries")
        .set("Content-Type", "application/rss+xml")
        .send(feed(item(`n${n}`, `Headline ${n}`)));
      ids.push(String(answer.body.delivery.id));
    }
    const { compared, differences } = (await propose("busy", { language: "az" })).body;
    expect(compared).toBe(50);
    expect(differences.map(({ delivery }: { delivery: string }) => delivery)).toEqual(
      ids.slice(3).toReversed(),
    );
  });

  test("ERR1 a profile that is none is refused before anything is read", async () => {
    const answer = await propose("feed", { zone: "Nowhere" });
    expect(answer.body.error).toMatchObject({ code: "invalid", field: "zone" });
    expect((await gate.desk.put("/v1/sources/feed?dryRun=perhaps").send({})).status).toBe(400);
  });

  test("KIL4 a withdrawn item is not told of, though its feed was delivered again", async () => {
    await makeSource("killed");
    await deliver("killed", feed(item("k", "A secret name"), item("l", "Another story")));
    const again = await deliver("killed", feed(item("k", "A secret name"), item("l", "Another story"), ""));
    const { items } = (await gate.http.get("/v1/lines/city?q=secret")).body;
    await gate.desk.post(`/v1/items/${items[0].id}/kill`).send({ reason: "wrong" }).expect(200);
    expect(await readDeliveryBytes(gate.edition, again)).toBeDefined();
    const { text } = await propose("killed", { language: "az" });
    expect(text).toContain("Another story");
    expect(text).not.toContain("secret");
    expect((await gate.desk.get(`/v1/deliveries/${again}/explain`)).body.error.code).toBe("killed");
    expect((await gate.desk.get(`/v1/items/${items[0].id}/explain`)).body.error.code).toBe("killed");
  });
});

describe("an item's fields", () => {
  test("XPL3 each has the rule that gave it, from the delivery that brought the shown version", async () => {
    await makeSource("told");
    await deliver("told", feed(item("x", "First words"), item("y", "Storm over the bay")));
    const { items } = (await gate.http.get("/v1/lines/city?q=storm")).body;
    const told = (await gate.desk.get(`/v1/items/${items[0].id}/explain`)).body;
    expect(told).toMatchObject({ format: "rss", draft: { id: items[0].id, headline: "Storm over the bay" } });
    expect(told.notes).toContainEqual({ field: "headline", rule: "from title" });
    expect(told.notes).toContainEqual({ field: "lines", rule: "the profile's lines" });
    const whole = (await gate.desk.get(`/v1/deliveries/${told.delivery}/explain`)).body;
    expect(whole.drafts).toHaveLength(2);
    expect(whole.notes).toContainEqual({ field: "drafts[1].headline", rule: "from title" });
  });

  test("XPL3 what an editor wrote came by no delivery; machines may not ask", async () => {
    const { id } = (await gate.desk.post("/v1/items").send({ headline: "By hand" })).body.item;
    expect((await gate.desk.get(`/v1/items/${id}/explain`)).body.error.code).toBe("unknown_delivery");
    expect((await gate.desk.get("/v1/items/nobody-knows/explain")).body.error.code).toBe("unknown_item");
    const machine = gate.as(await gate.token("machine"));
    expect((await machine.get(`/v1/items/${id}/explain`)).status).toBe(403);
    expect((await machine.get("/v1/deliveries/d-1/explain")).status).toBe(403);
    expect((await gate.http.get(`/v1/items/${id}/explain`)).status).toBe(401);
  });
});

describe("quarantine", () => {
  test("QUA1 gives its bytes as they came, as nothing that a browser would show", async () => {
    await makeSource("broken");
    const page = "<html><script>alert(1)</script>";
    const delivery = await deliver("broken", page);
    const { entries } = (await gate.desk.get("/v1/quarantine")).body;
    const { id } = entries.find((one: { delivery: string }) => one.delivery === delivery);
    const answer = await gate.desk.get(`/v1/quarantine/${id}/bytes`).buffer(true);
    expect(Buffer.from(answer.body).toString()).toBe(page);
    expect(answer.headers["content-type"]).toBe("application/octet-stream");
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    expect(answer.headers["content-disposition"]).toContain("attachment");
    expect((await gate.as(await gate.token("machine")).get(`/v1/quarantine/${id}/bytes`)).status).toBe(403);
    await gate.client.del(gate.edition.keys.bytes(delivery));
    expect((await gate.desk.get(`/v1/quarantine/${id}/bytes`)).body.error.code).toBe("unknown_delivery");
    expect((await gate.desk.post(`/v1/quarantine/${id}/retry`)).body.error.code).toBe("unknown_delivery");
  });
});
