import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CommandLine, createCommandLine } from "../support/command-line.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";

let gateway: TestGateway;
let line: CommandLine;
const dir = mkdtempSync(join(tmpdir(), "nl-cli-"));
beforeAll(async () => {
  gateway = await startTestGateway();
  line = createCommandLine(gateway);
});
afterAll(async () => {
  await gateway.stop();
  rmSync(dir, { recursive: true });
});

function writeFile(name: string, text: string): string {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
}

function story(uri: string, headline: string): string {
  const versioncreated = "2026-03-01T10:00:00Z";
  return JSON.stringify({ uri, type: "text", version: "1", versioncreated, headline, body_text: "Text." });
}

test("CLI source: what add sets, list and show tell and remove forgets", async () => {
  const args = [
    "source",
    "add",
    "coast",
    "-l",
    "main",
    "-l",
    "sea",
    "--zone",
    "Asia/Baku",
    "--credit",
    "Coast",
  ];
  expect(await line.json(args)).toMatchObject([{ kind: "push", lines: ["main", "sea"], zone: "Asia/Baku" }]);
  const { stdout } = await line.run(["source", "list"]);
  expect(stdout).toMatch(
    /^SOURCE +KIND +LINES +LAST ITEM +ITEMS +FAILURES +URL\n[^]*coast +push +main,sea +- +0 +0\n/m,
  );
  expect(await line.json(["source", "show", "coast"])).toMatchObject([{ credit: "Coast", trust: "normal" }]);
  expect(await line.json(["source", "list"])).toMatchObject([
    { sources: expect.arrayContaining([expect.objectContaining({ source: "coast" })]) },
  ]);
  expect(await line.run(["source", "remove", "coast"])).toMatchObject({
    code: 0,
    stdout: "source coast is removed; its items stay\n",
  });
  expect(await line.run(["source", "show", "coast"])).toMatchObject({ code: 1, stdout: "" });
  expect(await line.run(["source", "add", "poll", "--kind", "poll"])).toMatchObject({
    code: 1,
    stderr: "url: a poll source needs one.\n",
  });
  expect((await line.run(["source", "add", "x", "--every", "1"])).stderr).toMatch(/from 5 to 86400/);
});

test("CLI ingest tells for each file what became of it; what went to quarantine is a failure", async () => {
  await line.json(["source", "add", "wire"]);
  const good = writeFile("good.json", story("urn:a:1", "Harbour reopens"));
  const bad = writeFile("bad.xml", "<?xml version='1.0'?><inventory><part/></inventory>");
  const rows = await line.json(["ingest", good, bad, join(dir, "missing.json"), good, "--source", "wire"]);
  expect(rows).toMatchObject([
    { file: good, state: "done", outcomes: [{ outcome: "applied", revision: 1 }] },
    { file: bad, state: "quarantined", quarantine: { code: "unknown_format" } },
    { file: join(dir, "missing.json"), refused: { code: "unreadable_file" } },
    { file: good, state: "done", outcomes: [{ outcome: "duplicate" }] },
  ]);
  const words = await line.run(["ingest", good, bad, "--source", "wire"]);
  expect(words).toMatchObject({ code: 1, stderr: "" });
  expect(words.stdout).toMatch(
    /good\.json: 1 duplicate\n.*bad\.xml: quarantined unknown_format XML with .*\n$/,
  );
  expect(await line.run(["ingest", good, "--source", "wire"])).toMatchObject({ code: 0 });
});

test("CLI ingest with --no-wait does not ask what became of a file; with --backfill the items are old ones", async () => {
  await line.json(["source", "add", "slow", "-l", "slow"]);
  const file = writeFile("later.json", story("urn:a:2", "Quay repaired"));
  const { code, stdout } = await line.run(["ingest", file, "--source", "slow", "--no-wait"]);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/: (queued|active) as \S+|: 1 applied/),
  });
  await line.json(["source", "add", "old", "-l", "old"]);
  const first = writeFile("first.json", story("urn:a:3", "Pier painted"));
  const second = writeFile("second.json", story("urn:a:4", "Pier closed"));
  await line.json(["ingest", first, "--source", "old"]);
  await line.json(["ingest", second, "--source", "old", "--backfill"]);
  const { body } = await gateway.http.get("/v1/lines/old").expect(200);
  expect(body.items).toMatchObject([{ backfill: true }, { backfill: true }]);
});

test("CLI ingest of more files than are waited for at once keeps their order", async () => {
  await line.json(["source", "add", "many", "-l", "many"]);
  const files = Array.from({ length: 40 }, (_, i) =>
    writeFile(`n${i}.json`, story(`urn:n:${i}`, `Number ${i}`)),
  );
  const rows = await line.json(["ingest", ...files, "--source", "many"]);
  expect(rows.map((row) => Object(row).file)).toEqual(files);
  await gateway.http
    .get("/v1/lines/many")
    .expect(200)
    .expect(/"count":40/);
});

test("CLI ingest: what would meet every file ends it with one sentence", async () => {
  const file = writeFile("any.json", story("urn:a:5", "Any"));
  expect(await line.run(["ingest", file, file, "--source", "nobody"])).toEqual({
    code: 1,
    stdout: "",
    stderr: "There is no such source. PUT /v1/sources/:source makes one.\n",
  });
});

test("CLI token: made once, listed without its text, revoked", async () => {
  const [made] = await line.json(["token", "create", "night shift", "--role", "machine"]);
  const { id, token } = Object(made);
  expect(made).toMatchObject({ role: "machine", token: expect.any(String) });
  const { stdout } = await line.run(["token", "list"]);
  expect(stdout).toContain("night shift");
  expect(stdout).not.toContain(token);
  await gateway.as(token).get("/v1/deliveries/none").expect(404);
  expect(await line.run(["token", "revoke", id])).toMatchObject({
    code: 0,
    stdout: `token ${id} is revoked\n`,
  });
  await gateway.as(token).get("/v1/deliveries/none").expect(401);
  expect((await line.run(["token", "create", "x", "--role", "owner"])).code).toBe(1);
});

test("CLI doctor tells what is well and what is not, and fails when something is not", async () => {
  const [told] = await line.json(["doctor"]);
  const { ok, findings } = Object(told);
  expect(ok).toBe(false);
  const byCheck = new Map(findings.map((one: { check: string }) => [one.check, one]));
  expect(byCheck.get("data folder")).toMatchObject({ ok: false, says: expect.stringContaining("/nowhere") });
  expect(byCheck.get("server")).toMatchObject({ ok: true });
  expect(byCheck.get("source wire")).toMatchObject({ ok: true, says: "as usual" });
  const { code, stdout } = await line.run(["doctor"]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^ok {2}settings: /);
  expect(stdout).toMatch(/^BAD data folder: /m);
});
