import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { defineApply } from "../../src/store/apply.ts";
import { retainAll } from "../../workers/retain.ts";
import { type CommandLine, createCommandLine, parseRow } from "../support/command-line.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";

let gateway: TestGateway;
let line: CommandLine;
const dir = mkdtempSync(join(tmpdir(), "nl-cli-"));
const file = join(dir, "main.ndjson");
beforeAll(async () => {
  gateway = await startTestGateway();
  line = createCommandLine(gateway);
});
afterAll(async () => {
  await gateway.stop();
  rmSync(dir, { recursive: true });
});

async function publish(fields: object): Promise<{ id: string; revision: number }> {
  const { body } = await gateway.desk.post("/v1/items").send(fields).expect(201);
  return body.item;
}

interface Shown {
  headline: string;
  orderedAt: string;
  [field: string]: unknown;
}

async function readLine(name: string): Promise<Shown[]> {
  const { body } = await gateway.http.get(`/v1/lines/${name}?limit=200`).expect(200);
  return body.items;
}

const rowsOf = (path: string) =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((text) => Object(parseRow(text)));

test("CLI export writes every item of a line with its revisions, newest first", async () => {
  const early = await publish({
    headline: "Bridge closed",
    body: "The bridge is closed.\n\nNot for publication is what the sign says.",
    versionCreated: "2026-01-01T10:00:00Z",
    urgency: 1,
    link: "https://news.example/bridge",
    edNote: "call back",
  });
  await gateway.desk
    .put(`/v1/items/${early.id}`)
    .set("If-Match", `"${early.revision}"`)
    .send({ change: "correction", correctionNote: "It is open.", headline: "Bridge open", hideEarlier: true })
    .expect(200);
  const killed = await publish({ headline: "False alarm" });
  await gateway.desk.post(`/v1/items/${killed.id}/kill`).send({ reason: "false" }).expect(200);
  const held = await publish({ headline: "Being checked", versionCreated: "2026-01-03T10:00:00Z" });
  await gateway.desk.post(`/v1/items/${held.id}/hold`).send({}).expect(200);
  for (let i = 0; i < 30; i += 1) {
    const versionCreated = `2026-01-02T10:00:${String(i).padStart(2, "0")}Z`;
    await publish({ headline: `Report ${i}`, lead: "A lead of its own.", versionCreated });
  }

  expect(await line.run(["export", "main", "--out", file])).toEqual({
    code: 0,
    stdout: "",
    stderr: `32 items of main are in ${file}\n`,
  });
  const rows = rowsOf(file);
  expect(rows).toHaveLength(32);
  expect(rows[0]).toMatchObject({ line: "main", item: { headline: "Being checked", pubStatus: "withheld" } });
  expect(rows.at(-1)).toMatchObject({
    item: { id: early.id, headline: "Bridge open", edNote: "call back" },
    revisions: [
      { revision: 2, headline: "Bridge open" },
      { revision: 1, headline: "Bridge closed" },
    ],
  });
  expect(existsSync(`${file}.part`)).toBe(false);
});

test("PRV2 export --public has what readers may see and no more", async () => {
  const { code, stdout } = await line.run(["export", "--public"]);
  expect(code).toBe(0);
  expect(stdout.trim().split("\n")).toHaveLength(31);
  expect(stdout).not.toMatch(/Being checked|call back|Bridge closed|edNote/);
});

test("TIM2 what export wrote is put on a line as it stood: old items, never new, late or breaking", async () => {
  await gateway.desk
    .post("/v1/items")
    .send({ headline: "Newest", lines: ["copy"] })
    .expect(201);
  expect(await line.json(["import", file, "--line", "copy"])).toMatchObject([
    { rows: 32, outcomes: { applied: 31, held: 1 }, unreadable: [], failed: [] },
  ]);
  const [newest, ...copies] = await readLine("copy");
  expect(newest).toMatchObject({ headline: "Newest" });
  const originals = await readLine("main");
  const shown = ({ headline, orderedAt, lead, urgency, link }: Shown) => ({
    headline,
    orderedAt,
    lead,
    urgency,
    link,
  });
  expect(copies.map(shown)).toEqual(originals.map(shown));
  for (const copy of copies) {
    expect(copy).toMatchObject({ backfill: true });
    expect(copy).not.toHaveProperty("late");
    expect(copy).not.toHaveProperty("breakingUntil");
  }
});

test("PRV1 an import takes nothing in a text for a habit of some wire's; COR1 no hidden text comes back", async () => {
  const bridge = (await readLine("copy")).find(({ headline }) => headline === "Bridge open");
  const { body } = await gateway.http.get(`/v1/items/${String(bridge?.["id"])}`).expect(200);
  expect(body.bodyText).toBe("The bridge is closed.\n\nNot for publication is what the sign says.");
  const past = await gateway.http.get(`/v1/items/${String(bridge?.["id"])}/revisions`).expect(200);
  expect(past.text).not.toContain("Bridge closed");
});

test("CLI import run a second time has no effect", async () => {
  const before = await gateway.desk.get("/v1/lines/copy/state?channel=desk").expect(200);
  const again = await line.run(["import", file, "--line", "copy"]);
  expect(again).toMatchObject({ code: 0, stdout: "32 items for copy: 32 duplicate\n" });
  const after = await gateway.desk.get("/v1/lines/copy/state?channel=desk").expect(200);
  expect(after.body).toEqual(before.body);
});

test("CLI items of a wire keep their credit, in as many sources as they came from", async () => {
  const rows = ["coast", "hills"].map((source, i) =>
    JSON.stringify({
      item: {
        id: `archived${i}`,
        revision: 3,
        headline: `From the ${source}`,
        source,
        ...(i === 0 && { credit: "Coast Radio" }),
        pubStatus: "usable",
        orderedAt: "2025-05-05T05:05:05.000Z",
      },
    }),
  );
  const mixed = join(dir, "mixed.ndjson");
  const killed = JSON.stringify({
    item: { ...Object(parseRow(rows[0] ?? "")).item, id: "archived9", pubStatus: "canceled" },
  });
  writeFileSync(mixed, [...rows, "{broken", '{"no":"item"}', "", killed].join("\r\n"));
  const { code, stdout } = await line.run(["import", mixed, "--line", "wires"]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^2 items for wires: 2 applied\n.*:3 is no row .*\n.*:4 is no row .*\n$/);
  const credits = (await readLine("wires")).map(({ headline, credit }) => [headline, credit]);
  expect(Object.fromEntries(credits)).toEqual({ "From the coast": "Coast Radio", "From the hills": "hills" });
});

test("P8 an import brings back nothing that was withdrawn since, nor what is under embargo", async () => {
  const killed = await publish({ headline: "Minister resigns", body: "She has left.", lines: ["kept"] });
  const embargoedUntil = "2999-01-01T00:00:00.000Z";
  await publish({ headline: "Prize goes to", embargoedUntil, lines: ["kept"] });
  const kept = join(dir, "kept.ndjson");
  await line.run(["export", "kept", "--out", kept]);
  expect(rowsOf(kept)).toHaveLength(2);
  await gateway.desk.post(`/v1/items/${killed.id}/kill`).send({ reason: "wrong" }).expect(200);
  const [told] = await line.json(["import", kept, "--line", "back"]);
  expect(told).toMatchObject({ rows: 2, failed: [] });
  expect(await readLine("back")).toEqual([]);
  const { body } = await gateway.desk.get("/v1/lines/back?channel=desk").expect(200);
  const statuses = body.items.map(({ headline, pubStatus }: Shown) => [headline, pubStatus]);
  expect(Object.fromEntries(statuses)).toEqual({ "Minister resigns": "withheld", "Prize goes to": "usable" });
});

test("RET1 what left a line by its retention is read from the archive", async () => {
  for (const day of ["01", "02", "03"]) {
    await publish({ headline: `Day ${day}`, lines: ["short"], versionCreated: `2026-02-${day}T00:00:00Z` });
  }
  defineApply(gateway.client);
  const lines = () => Promise.resolve(new Map([["short", { keep: { items: 1 } }]]));
  await retainAll({ edition: gateway.edition, archiveDir: dir, lines });
  const archive = readdirSync(dir).find((name) => name.startsWith("short-")) ?? "";
  await line.run(["import", join(dir, archive), "--line", "long"]);
  expect((await readLine("long")).map(({ headline }) => headline)).toEqual(["Day 02", "Day 01"]);
});

test("CLI export and import: what is wrong is told in one sentence, and no half file stays", async () => {
  const nowhere = join(dir, "no-folder", "x.ndjson");
  const wrong: [string[], RegExp][] = [
    [["export", "no-such-line"], /^There is no such line\. .*\n$/],
    [["export", "main", "--out", nowhere], /^ENOENT.*\n$/],
    [["import", nowhere, "--line", "x"], /^ENOENT.*\n$/],
    [["import", dir, "--line", "x"], /^.* is a folder\.\n$/],
    [["import", file, "--line", "No Line"], /^No Line is no name of a line.*\n$/],
    [["import", file], /^error: required option '-l, --line <name>' not specified\n$/],
  ];
  const ended = wrong.map(async ([args, sentence]) => {
    const { code, stdout, stderr } = await line.run(args);
    expect({ args, code, stdout }).toEqual({ args, code: 1, stdout: "" });
    expect(stderr).toMatch(sentence);
  });
  await Promise.all(ended);
  expect((await line.run(["export", "no-such-line", "--out", join(dir, "half")])).code).toBe(1);
  expect(existsSync(join(dir, "half")) || existsSync(join(dir, "half.part"))).toBe(false);
});
