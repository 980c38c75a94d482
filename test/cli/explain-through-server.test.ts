import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseRow, runCommand, startCommand, toEnv } from "../support/command-line.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import { hostileDocuments } from "../support/hostile.ts";
import { root } from "../support/repository.ts";

let gateway: TestGateway;
const dir = mkdtempSync(join(tmpdir(), "nl-explain-"));
const bulletin = join(root, "examples/bulletin.txt");
beforeAll(async () => {
  gateway = await startTestGateway();
  await gateway.desk
    .put("/v1/sources/wire")
    .send({ kind: "push", lines: ["main"] })
    .expect(200);
});
afterAll(async () => {
  await gateway.stop();
  rmSync(dir, { recursive: true });
});

/** Files as they come: whole feeds, short stories, and what was made to harm. */
function writeFiles(): { files: string[]; refusals: (string | undefined)[] } {
  const entry = (i: number) =>
    `<item><guid>urn:x:${i}</guid><title>Port opens ${i}</title><description>${"Ships wait outside. ".repeat(50)}</description></item>`;
  const feed = `<rss version="2.0"><channel><title>T</title>${Array.from({ length: 60 }, (_, i) => entry(i)).join("")}</channel></rss>`;
  const story = readFileSync(bulletin);
  const documents = [
    ...hostileDocuments().map(({ bytes, refused }) => ({ bytes, refused: refused?.[0] })),
    ...Array.from({ length: 1_000 }, (_, i) => ({
      bytes: () => (i % 10 === 0 ? Buffer.from(feed) : story),
      refused: undefined,
    })),
  ];
  const files = documents.map(({ bytes }, i) => {
    const file = join(dir, `${i}.bin`);
    writeFileSync(file, bytes());
    return file;
  });
  return { files, refusals: documents.map(({ refused }) => refused) };
}

test("TXT4 CLI explain through a server tells a row for each of a thousand files, in little memory on both sides", async () => {
  const { files, refusals } = writeFiles();
  const child = startCommand(["explain", ...files, "--source", "wire", "--json"], toEnv(gateway));
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
  const told = rows.map((row) => [Object(row).file, Object(row).refused?.code]);
  expect(told).toEqual(files.map((file, i) => [file, refusals[i]]));
  for (const row of rows) {
    const { refused } = Object(row);
    if (refused !== undefined) expect(refused.message).toMatch(/^[A-Z0-9].*\.$/u);
  }
  expect(mostKb).toBeGreaterThan(0);
  expect(mostKb).toBeLessThan(250 * 1024);
  // Neither the bytes nor the answers stay behind: they came to 400 MB when each was left to be forgotten by itself.
  expect(await gateway.client.keys("*:bytes:*")).toEqual([]);
  const peak = /used_memory_peak:(\d+)/.exec(await gateway.client.info("memory"))?.[1];
  expect(Number(peak)).toBeLessThan(150 * 2 ** 20);
}, 180_000);

test("CLI explain through a server exits with 1 for a file that could not be read, and reads the others", async () => {
  const missing = join(dir, "missing.xml");
  const folder = join(dir, "folder");
  mkdirSync(folder);
  const empty = join(dir, "empty.xml");
  writeFileSync(empty, "");
  const read = await runCommand(["explain", missing, folder, empty, bulletin, "--source", "wire", "--json"], {
    env: toEnv(gateway),
  });
  expect(read).toMatchObject({ code: 1, stderr: "" });
  expect(read.stdout.trim().split("\n").map(parseRow)).toMatchObject([
    { file: missing, refused: { code: "unreadable_file" } },
    { file: folder, refused: { code: "unreadable_file" } },
    { file: empty, drafts: [], refused: { code: "invalid", message: expect.stringContaining("empty") } },
    { file: bulletin, format: "agency-page" },
  ]);
});

test("CLI explain ends with a sentence when no worker answers, not with a row a file", async () => {
  const idle = await startTestGateway({ worker: false, deadlineMs: 50 });
  try {
    await idle.desk
      .put("/v1/sources/wire")
      .send({ kind: "push", lines: ["main"] })
      .expect(200);
    const read = await runCommand(["explain", bulletin, bulletin, "--source", "wire", "--json"], {
      env: toEnv(idle),
    });
    expect(read).toMatchObject({ code: 1, stdout: "" });
    expect(read.stderr).toMatch(/^[^\n]+\.\n$/u);
  } finally {
    await idle.stop();
  }
});

test("CLI explain waits for a server that goes away in the midst and comes back", async () => {
  const told = JSON.stringify({ format: "text", drafts: [], notes: [] });
  const busy = JSON.stringify({ error: { code: "unavailable", message: "Not now.", temporary: true } });
  const acts: ((response: ServerResponse) => void)[] = [
    (response) => response.end(told),
    (response) => response.writeHead(503).end(busy),
    (response) => response.destroy(),
    (response) => response.end(told),
  ];
  const server = createServer((request, response) => {
    request.resume().once("end", () => acts.shift()?.(response));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const read = await runCommand(
    ["explain", bulletin, bulletin, "--source", "wire", "--json", "--server", url],
    { env: { NEWSLINE_TOKEN: "token" } },
  );
  server.close();
  expect(read).toMatchObject({ code: 0, stderr: "" });
  expect(read.stdout.trim().split("\n")).toHaveLength(2);
  expect(acts).toEqual([]);
});

test("CLI explain shows on a terminal how far it is, while its rows go elsewhere", async () => {
  const rows = join(dir, "rows.jsonl");
  const files = Array.from({ length: 5 }, () => bulletin);
  const words = [process.execPath, "--import", "tsx", `${root}src/cli/main.ts`, "explain", ...files];
  const command = `${[...words, "--source", "wire", "--json"].map((word) => `'${word}'`).join(" ")} > '${rows}'`;
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    cwd: root,
    env: { PATH: process.env.PATH, TERM: "xterm", NEWSLINE_DATA: "/nowhere", ...toEnv(gateway) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let shown = "";
  child.stdout.on("data", (chunk: Buffer) => (shown += chunk.toString()));
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect({ code, shown }).toEqual({ code: 0, shown: expect.stringMatching(/explain .* 100% /u) });
  expect(readFileSync(rows, "utf8").trim().split("\n").map(parseRow)).toHaveLength(5);
});

function readPeakKb(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
