import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "./support/gateway.ts";

let gate: TestGateway;
beforeAll(async () => {
  gate = await startTestGateway();
});
afterAll(() => gate.stop());

describe("a source", () => {
  test("SRC1 is made, told with its pulse, changed and forgotten", async () => {
    const put = await gate.desk
      .put("/v1/sources/agency.az")
      .send({ kind: "push", lines: ["baku"], zone: "Asia/Baku", format: "agency-page" });
    expect(put.status).toBe(200);
    expect(put.body).toEqual({
      kind: "push",
      lines: ["baku"],
      zone: "Asia/Baku",
      format: "agency-page",
      trust: "normal",
      moves: true,
    });
    expect((await gate.desk.get("/v1/sources/agency.az")).body).toEqual(put.body);
    const { sources } = (await gate.desk.get("/v1/sources")).body;
    expect(sources).toContainEqual({
      source: "agency.az",
      profile: put.body,
      health: { items: 0, failures: 0 },
    });
    expect((await gate.desk.delete("/v1/sources/agency.az")).status).toBe(204);
    expect((await gate.desk.get("/v1/sources/agency.az")).body.error.code).toBe("unknown_source");
    expect((await gate.desk.delete("/v1/sources/agency.az")).body.error.code).toBe("unknown_source");
  });

  test("SRC1 makes the lines that it names", async () => {
    await gate.desk
      .put("/v1/sources/two")
      .send({ kind: "push", lines: ["news-one", "news-two"] })
      .expect(200);
    await expect.poll(async () => (await gate.http.get("/v1/lines/news-two")).status).toBe(200);
    expect((await gate.http.get("/v1/lines/news-two")).body).toMatchObject({ count: 0, items: [] });
  });

  const wrong: [name: string, body: object, field: string][] = [
    ["no kind", { lines: ["main"] }, "kind"],
    ["no lines", { kind: "push" }, "lines"],
    ["an unknown zone", { kind: "push", lines: ["main"], zone: "Baku" }, "zone"],
    ["an unknown format", { kind: "push", lines: ["main"], format: "docx" }, "format"],
    ["an unknown field", { kind: "push", lines: ["main"], colour: "red" }, "colour"],
    ["a poll without an address", { kind: "poll", lines: ["main"] }, "url"],
    ["a file's address", { kind: "poll", lines: ["main"], url: "file:///etc/passwd" }, "url"],
    ["an unknown habit", { kind: "push", lines: ["main"], habitsOff: ["furnature"] }, "habitsOff.0"],
    ["a language that is none", { kind: "push", lines: ["main"], language: "english language" }, "language"],
    [
      "a route without a condition",
      { kind: "push", lines: ["main"], routes: [{ lines: ["x"] }] },
      "routes.0",
    ],
    ["a broken pattern", { kind: "push", lines: ["main"], signOffPattern: "(" }, "signOffPattern"],
    ["the desk's kind", { kind: "desk", lines: ["main"] }, "kind"],
  ];
  test.each(wrong)("SRC1 with %s is refused, and none is made", async (_name, body, field) => {
    const answer = await gate.desk.put("/v1/sources/wrong").send(body);
    expect(answer.body.error).toMatchObject({ code: "invalid", field });
    expect((await gate.desk.get("/v1/sources/wrong")).status).toBe(404);
  });

  test("SRC1 with a name that is none is refused", async () => {
    const answer = await gate.desk.put("/v1/sources/A%20B").send({ kind: "push", lines: ["main"] });
    expect(answer.body.error).toMatchObject({ code: "invalid", field: "source" });
  });

  test("PRF2 begins with the preset that it names; an unknown one is refused with the list, and none is made", async () => {
    const { presets } = (await gate.desk.get("/v1/presets")).body;
    expect(presets).toContainEqual({
      preset: "rss-no-guid",
      says: expect.any(String),
      profile: { format: "rss", moves: false },
    });
    const put = await gate.desk
      .put("/v1/sources/preset")
      .send({ kind: "push", lines: ["main"], preset: "rss-no-guid", moves: true });
    expect(put.body).toMatchObject({ preset: "rss-no-guid", format: "rss", moves: true });
    expect((await gate.desk.put("/v1/sources/preset").send(put.body)).body).toEqual(put.body);
    const wrong = { kind: "push", lines: ["main"], preset: "rss-dream" };
    const refused = await gate.desk.put("/v1/sources/dream").send(wrong);
    expect(refused.body.error).toMatchObject({ code: "invalid", field: "preset" });
    expect(refused.body.error.message).toContain("rss-no-guid");
    expect((await gate.desk.get("/v1/sources/dream")).status).toBe(404);
  });

  test("SRC1 `desk` is always there and cannot be removed", async () => {
    expect((await gate.desk.get("/v1/sources/desk")).body).toMatchObject({ kind: "desk" });
    expect((await gate.desk.delete("/v1/sources/desk")).body.error.code).toBe("conflict");
  });
});

describe("a line", () => {
  test("RET1 is made with its settings and told with its title", async () => {
    const put = await gate.desk
      .put("/v1/lines/politics")
      .send({ title: "Politics", language: "en", keep: { items: 1000, days: 30 } });
    expect(put.body).toEqual({
      line: "politics",
      title: "Politics",
      language: "en",
      keep: { items: 1000, days: 30 },
    });
    await expect
      .poll(async () => (await gate.http.get("/v1/lines")).body.lines)
      .toContainEqual(
        expect.objectContaining({ line: "politics", title: "Politics", language: "en", count: 0 }),
      );
  });

  test("RET1 with a wrong name or setting is refused", async () => {
    expect((await gate.desk.put("/v1/lines/Main")).body.error).toMatchObject({
      code: "invalid",
      field: "line",
    });
    const answer = await gate.desk.put("/v1/lines/other").send({ keep: { items: 0 } });
    expect(answer.body.error).toMatchObject({ code: "invalid", field: "keep.items" });
    expect((await gate.http.get("/v1/lines/other")).body.error.code).toBe("unknown_line");
  });
});

describe("the audit", () => {
  test("RSN1 tells who did what and why, newest first, page by page", async () => {
    const editor = gate.as(await gate.token("editor", "Aysel"));
    const { id } = (await editor.post("/v1/items").send({ headline: "A name in it" })).body.item;
    await editor.post(`/v1/items/${id}/kill`).send({ reason: "The family asked" }).expect(200);
    const { entries } = (await gate.desk.get("/v1/audit")).body;
    expect(entries[0]).toMatchObject({
      by: "Aysel",
      action: "kill",
      target: id,
      details: { reason: "The family asked" },
      at: expect.stringMatching(/Z$/),
    });
    expect(entries[1]).toMatchObject({ by: "Aysel", action: "publish", target: id });
    const first = (await gate.desk.get("/v1/audit?limit=1")).body;
    expect(first.entries).toEqual([entries[0]]);
    const second = (await gate.desk.get(`/v1/audit?limit=1&before=${first.next}`)).body;
    expect(second.entries).toEqual([entries[1]]);
  });

  test("RSN1 holds settings and tokens, and no word of an item", async () => {
    await gate.desk.put("/v1/lines/audited").send({ title: "T" }).expect(200);
    const { text } = await gate.desk.get("/v1/audit?limit=1000");
    for (const action of ["line-put", "source-put", "source-remove", "token-create"])
      expect(text).toContain(action);
    expect(text).not.toContain("A name in it");
  });

  test("RSN1 a wrong page is refused", async () => {
    expect((await gate.desk.get("/v1/audit?limit=0")).body.error).toMatchObject({
      code: "invalid",
      field: "limit",
    });
    expect((await gate.desk.get("/v1/audit?before=x")).body.error).toMatchObject({
      code: "invalid",
      field: "before",
    });
  });
});
