import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CommandLine, createCommandLine, runCommand } from "../support/command-line.ts";
import { ADMIN_TOKEN, startTestGateway, type TestGateway } from "../support/gateway.ts";
import { root } from "../support/repository.ts";

let gateway: TestGateway;
let line: CommandLine;
beforeAll(async () => {
  gateway = await startTestGateway();
  line = createCommandLine(gateway);
});
afterAll(() => gateway.stop());

interface Told {
  item: { id: string; revision: number; headline: string; pubStatus: string; [field: string]: unknown };
  position: string | null;
  positions: Record<string, string>;
}

async function tell(...args: string[]): Promise<Told> {
  const [told] = await line.json(args);
  return Object(told);
}

test("CLI publish prints the item and its position, in words or as JSON", async () => {
  const { code, stdout, stderr } = await run(
    "publish",
    "Bridge opens",
    "-u",
    "3",
    "-l",
    "main",
    "-l",
    "city",
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(
    /^published [A-Za-z0-9_-]{8,64} revision 1 on main [A-Za-z0-9]+:\d+, city [A-Za-z0-9]+:\d+\n$/,
  );
  const told = await tell(
    "publish",
    "Ferry sails",
    "--lead",
    "At noon.",
    "--time",
    "2026-03-01T10:00:00+04:00",
  );
  expect(told.item).toMatchObject({
    headline: "Ferry sails",
    revision: 1,
    lead: "At noon.",
    orderedAt: "2026-03-01T06:00:00.000Z",
  });
  expect(told.position).toBe(told.positions["main"]);
});

const run = (...args: string[]) => line.run(args);

test("CLI publish with a key publishes once, however often it is run", async () => {
  const once = await tell("publish", "Flood warning", "--key", "flood-1");
  const again = await tell("publish", "Flood warning", "--key", "flood-1");
  expect(again.item.id).toBe(once.item.id);
  const other = await run("publish", "Another text", "--key", "flood-1");
  expect(other).toMatchObject({ code: 1, stdout: "" });
});

test("CLI a body comes from standard input or from a file", async () => {
  const piped = await line.run(["publish", "Long read", "--body", "-", "--json"], "First.\n\nSecond.\n");
  expect(JSON.parse(piped.stdout).item.bodyText).toBe("First.\n\nSecond.");
  const missing = await run("publish", "Nothing", "--body", "@/nowhere/text");
  expect(missing).toMatchObject({ code: 1, stdout: "" });
  expect(missing.stderr).toMatch(/^ENOENT.*\.\n$/);
});

test("CLI update, correct, hold, release, pin, unpin and kill go through one item's life", async () => {
  const { item } = await tell("publish", "Tram lne closed");
  const updated = await tell("update", item.id, "--headline", "Tram line closed", "--urgency", "2");
  expect(updated.item).toMatchObject({
    revision: 2,
    change: "update",
    headline: "Tram line closed",
    urgency: 2,
  });
  const corrected = await tell("correct", item.id, "--lead", "Until May.", "--reader-note", "It is May.");
  expect(corrected.item).toMatchObject({
    change: "correction",
    correctionNote: "It is May.",
    lead: "Until May.",
  });
  expect((await tell("update", item.id, "--clear", "lead", "--clear", "urgency")).item).not.toHaveProperty(
    "lead",
  );
  expect((await tell("hold", item.id)).item).toMatchObject({ pubStatus: "withheld" });
  expect((await tell("release", item.id)).item).toMatchObject({ pubStatus: "usable" });
  expect((await tell("pin", item.id)).item).toMatchObject({ pinned: true });
  expect((await tell("unpin", item.id)).item).not.toHaveProperty("pinned");
  const killed = await run("kill", item.id, "--reason", "wrong city");
  expect(killed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^killed /) });
  await gateway.http.get(`/v1/items/${item.id}`).expect(410);
  const again = await run("update", item.id, "--headline", "Back");
  expect(again).toEqual({ code: 1, stdout: "", stderr: "This item has been withdrawn.\n" });
});

test("CLI what is wrong is told in one sentence, with an exit code", async () => {
  const server = ["--server", gateway.url];
  const wrong: [string[], RegExp][] = [
    [
      ["publish", "x", "--server", "127.0.0.1:9"],
      /^No News Line answers at http:\/\/127\.0\.0\.1:9 \(.+\)\. .*\n$/,
    ],
    [["publish", "x", ...server, "--token", "wrong"], /^This needs a token\. .*\n$|token.*\n$/i],
    [["publish", "x", ...server, "--token", "ö"], /^The token must be visible ASCII.*\n$/],
    [["publish", "x", ...server], /^This needs a token\. .*\n$/],
    [["publish", "x", "--nonsense"], /^error: unknown option '--nonsense'\n$/],
    [
      ["publish", "x", "-u", "10"],
      /^error: option '-u, --urgency <1-9>' argument '10' is invalid\. .*1 to 9\.\n$/,
    ],
    [["publish", "x", "--server", "not a url"], /^not a url is no address of a server.*\n$/],
    [["tail", "--server", "htp://x"], /^htp:\/\/x is no address of a server.*\n$/],
    [["publish"], /^error: missing required argument 'headline'\n$/],
    [["kill", "whatever1"], /^error: required option '--reason <text>' not specified\n$/],
    [["update", "no-such-item", ...server, "--token", ADMIN_TOKEN], /^There is no such item\.\n$/],
    [["nonsense"], /^error: unknown command 'nonsense'\n$/],
  ];
  const ended = wrong.map(async ([args, sentence]) => {
    const { code, stdout, stderr } = await runCommand(args);
    expect({ args, code, stdout }).toEqual({ args, code: 1, stdout: "" });
    expect(stderr).toMatch(sentence);
  });
  await Promise.all(ended);
});

test("CLI --version tells the version, --help names every command, and docs/cli.md has an example of each", async () => {
  const [version, help] = await Promise.all([run("--version"), run("--help")]);
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(help.code).toBe(0);
  const names = [...help.stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name ?? "");
  expect(names).toEqual(
    expect.arrayContaining(["start", "publish", "tail", "opml", "export", "import", "doctor", "bench"]),
  );
  const docs = readFileSync(join(root, "docs/cli.md"), "utf8");
  for (const name of names.filter((one) => one !== "help"))
    expect(docs).toMatch(new RegExp(`newsline ${name}\\b`));
});
