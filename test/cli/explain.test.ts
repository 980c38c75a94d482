import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseRow, runCommand, startCommand, toEnv } from "../support/command-line.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import { hostileDocuments } from "../support/hostile.ts";
import { root } from "../support/repository.ts";

let gateway: TestGateway;
const dir = mkdtempSync(join(tmpdir(), "nl-cli-"));
const profile = join(dir, "profile.json");
const bulletin = join(root, "examples/bulletin.txt");
const feed = join(root, "examples/feed.rss.xml");
beforeAll(async () => {
  writeFileSync(profile, JSON.stringify({ kind: "push", lines: ["main"] }));
  gateway = await startTestGateway();
});
afterAll(async () => {
  await gateway.stop();
  rmSync(dir, { recursive: true });
});

test("CLI explain with a profile needs no server; a refused file is a row, a missing one a failure", async () => {
  const strange = join(dir, "strange.xml");
  writeFileSync(strange, "<inventory/>");
  const missing = join(dir, "missing.xml");
  const read = await runCommand(["explain", feed, strange, "--profile", profile, "--json"]);
  expect(read).toMatchObject({ code: 0, stderr: "" });
  const [first, second] = read.stdout.trim().split("\n").map(parseRow);
  expect(first).toMatchObject({
    file: feed,
    format: "rss",
    drafts: expect.any(Array),
    notes: expect.any(Array),
  });
  expect(Object(first).drafts.length).toBeGreaterThan(0);
  expect(second).toMatchObject({ file: strange, drafts: [], refused: { code: "unknown_format" } });
  const lacking = await runCommand(["explain", missing, dir, feed, "--profile", profile, "--json"]);
  expect(lacking).toMatchObject({ code: 1, stderr: "" });
  expect(lacking.stdout.trim().split("\n").map(parseRow)).toMatchObject([
    { file: missing, refused: { code: "unreadable_file" } },
    { file: dir, refused: { code: "unreadable_file" } },
    { file: feed, format: "rss" },
  ]);
});

test("PRF2 a profile in a file may name a preset, and an unknown one is told in a sentence with the list", async () => {
  const named = join(dir, "preset.json");
  writeFileSync(
    named,
    JSON.stringify({ kind: "push", lines: ["main"], preset: "rss-capitals", zone: "Asia/Baku" }),
  );
  const read = await runCommand(["explain", feed, "--profile", named, "--json"]);
  expect(read).toMatchObject({ code: 0, stderr: "" });
  writeFileSync(named, JSON.stringify({ kind: "push", lines: ["main"], preset: "rss-dream" }));
  const refused = await runCommand(["explain", feed, "--profile", named, "--json"]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/there is no preset rss-dream\. There are .*rss-no-guid/u);
  const list = await runCommand(["source", "presets"]);
  expect(list.code).toBe(0);
  expect(list.stdout).toMatch(/^rss-no-guid +RSS without ids/mu);
});

test("CLI explain through a server tells the same as with the source's profile in a file", async () => {
  await gateway.desk
    .put("/v1/sources/wire")
    .send({ kind: "push", lines: ["main"] })
    .expect(200);
  const files = [feed, bulletin];
  const via = await runCommand(["explain", ...files, "--source", "wire", "--json"], { env: toEnv(gateway) });
  const own = await runCommand(["explain", ...files, "--source", "wire", "--profile", profile, "--json"]);
  const withoutClock = (text: string) => text.replaceAll(/"(receivedAt|publishedAt)":"[^"]*"/g, '"$1":""');
  expect(via).toMatchObject({ code: 0, stderr: "" });
  expect(withoutClock(via.stdout)).toBe(withoutClock(own.stdout));
});

test("CLI explain in words names file, format, items and notes", async () => {
  const { stdout } = await runCommand(["explain", feed, "--profile", profile]);
  expect(stdout).toMatch(/feed\.rss\.xml: rss, \d+ drafts?\n {2}\d{4}-/);
});

test("CLI explain --type is what a server would have sent", async () => {
  const file = join(dir, "latin.xml");
  const item = "<item><title>Caf\xe9 reopens</title><guid>urn:c:1</guid></item>";
  writeFileSync(
    file,
    Buffer.from(`<rss version="2.0"><channel><title>T</title>${item}</channel></rss>`, "latin1"),
  );
  const type = "text/xml; charset=windows-1252";
  const { stdout } = await runCommand(["explain", file, "--profile", profile, "--type", type, "--json"]);
  expect(parseRow(stdout)).toMatchObject({ drafts: [{ headline: "Café reopens" }] });
});

test("CLI explain without a profile it can read ends with one sentence", async () => {
  const broken = join(dir, "broken.json");
  writeFileSync(broken, "{");
  const odd = join(dir, "odd.json");
  writeFileSync(odd, JSON.stringify({ kind: "push", lines: ["main"], zone: "Baku" }));
  const wrong: [string[], RegExp][] = [
    [[], /^Say whose the files are with --source NAME, or .*\.\n$/],
    [["--profile", join(dir, "none.json")], /^ENOENT.*\n$/],
    [["--profile", broken], /^.*broken\.json is not valid JSON\.\n$/],
    [["--profile", odd], /^.*odd\.json is no source profile: zone must be an IANA zone.*\n$/],
    [["--source", "x", "--server", "127.0.0.1:9"], /^No News Line answers at .*\n$/],
  ];
  const ended = wrong.map(async ([args, sentence]) => {
    const { code, stdout, stderr } = await runCommand(["explain", feed, ...args]);
    expect({ args, code, stdout }).toEqual({ args, code: 1, stdout: "" });
    expect(stderr).toMatch(sentence);
  });
  await Promise.all(ended);
});

test("CLI explain of thousands of files stays small and ends quietly when nobody reads on", async () => {
  const many = join(dir, "many");
  mkdirSync(many);
  const files = Array.from({ length: 3_000 }, (_, i) => join(many, `${i}.txt`));
  for (const file of files) copyFileSync(bulletin, file);
  const child = startCommand(["explain", ...files, "--profile", profile, "--json"]);
  let rows = 0;
  let mostKb = 0;
  child.stdout?.on("data", (chunk: Buffer) => {
    rows += chunk.toString().split("\n").length - 1;
    mostKb = Math.max(mostKb, readPeakKb(child.pid));
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect({ code, rows }).toEqual({ code: 0, rows: 3_000 });
  expect(mostKb).toBeLessThan(250 * 1024);

  const impatient = startCommand(["explain", ...files, "--profile", profile, "--json"]);
  let stderr = "";
  impatient.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  impatient.stdout?.once("data", () => impatient.stdout?.destroy());
  const end = await new Promise((resolve) => impatient.once("close", resolve));
  expect({ end, stderr }).toEqual({ end: 0, stderr: "" });
}, 60_000);

test("TXT4 CLI explain of hostile files tells a row for each, in little memory", async () => {
  const files = hostileDocuments().map(({ bytes }, i) => {
    const file = join(dir, `hostile-${i}`);
    writeFileSync(file, bytes());
    return file;
  });
  const child = startCommand(["explain", ...files, "--profile", profile, "--json"]);
  let stdout = "";
  let stderr = "";
  let mostKb = 0;
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    mostKb = Math.max(mostKb, readPeakKb(child.pid));
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const rows = stdout.trim().split("\n").map(parseRow);
  expect(rows).toHaveLength(files.length);
  for (const [i, { refused }] of hostileDocuments().entries()) {
    if (refused !== undefined) expect(rows[i]).toMatchObject({ drafts: [], refused: { code: refused[0] } });
  }
  expect(mostKb).toBeLessThan(250 * 1024);
}, 120_000);

function readPeakKb(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
