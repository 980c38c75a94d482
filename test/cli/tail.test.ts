import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readConfig } from "../../src/config.ts";
import { createGateway } from "../../src/gateway.ts";
import { followCommand, parseRow, runCommand, startCommand, toEnv } from "../support/command-line.ts";
import { ADMIN_TOKEN, startTestGateway, type TestGateway } from "../support/gateway.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

async function publish(headline: string, lines: string[]): Promise<string> {
  const { body } = await gateway.desk.post("/v1/items").send({ headline, lines }).expect(201);
  return body.item.id;
}

const kill = (id: string) => gateway.desk.post(`/v1/items/${id}/kill`).send({ reason: "wrong" }).expect(200);

/** Waits for rows that begin a new process and cross a network; the time is only a limit. */
const soon = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 50 });

test("CLI tail prints what stands there, oldest first, then every put and remove, one JSON object a line", async () => {
  await publish("First", ["tail"]);
  await publish("Second", ["tail"]);
  const tail = followCommand(["tail", "tail", "--json"], toEnv(gateway));
  await soon(() => expect(tail.rows).toHaveLength(2));
  const id = await publish("Third", ["tail"]);
  await kill(id);
  await soon(() => expect(tail.rows.length).toBeGreaterThanOrEqual(3));
  await soon(() =>
    expect(parseRow(tail.rows.at(-1) ?? "")).toMatchObject({ op: "remove", id, reason: "killed" }),
  );
  const rows = tail.rows.map((row) => Object(parseRow(row)));
  expect(rows.slice(0, 2).map(({ op, item }) => [op, item.headline])).toEqual([
    ["put", "First"],
    ["put", "Second"],
  ]);
  expect(rows.every(({ line, position }) => line === "tail" && /^\w+:\d+$/.test(position))).toBe(true);
  tail.stop();
  await tail.exited;
});

test("CLI tail in words; --since begins with what came after; --desk shows what is held", async () => {
  await publish("Old news", ["words"]);
  const { body } = await gateway.http.get("/v1/lines/words").expect(200);
  const id = await publish("New news", ["words"]);
  await gateway.desk.post(`/v1/items/${id}/hold`).send({}).expect(200);
  const readers = followCommand(["tail", "words", "--since", body.position], toEnv(gateway));
  const desk = followCommand(["tail", "words", "--desk"], toEnv(gateway));
  await soon(() => expect(readers.rows).toEqual([expect.stringMatching(`^ +held ${id}$`)]));
  await soon(() => expect(desk.rows).toHaveLength(2));
  expect(desk.rows[1]).toMatch(/^\d\d:\d\d:\d\d .*New news \S+$/);
  readers.stop();
  desk.stop();
  await Promise.all([readers.exited, desk.exited]);
});

test("CLI tail goes on where it was when its server comes back", async () => {
  const config = readConfig({
    PORT: "0",
    REDIS_URL: `unix://${gateway.redis.path}`,
    NEWSLINE_DATA: gateway.dataDir,
    NEWSLINE_ADMIN_TOKEN: ADMIN_TOKEN,
    LOG_LEVEL: "silent",
  });
  const first = createGateway(config, { drainMs: 10 });
  const { port } = await first.start();
  await publish("Before", ["again"]);
  const tail = followCommand(["tail", "again", "--json"], { NEWSLINE_URL: `http://127.0.0.1:${port}` });
  await soon(() => expect(tail.rows).toHaveLength(1));
  await first.close();
  await publish("Meanwhile", ["again"]);
  const second = createGateway({ ...config, port }, { drainMs: 10 });
  await second.start();
  await soon(() => expect(tail.rows).toHaveLength(2));
  await publish("After", ["again"]);
  await soon(() => expect(tail.rows).toHaveLength(3));
  expect(tail.rows.map((row) => Object(parseRow(row)).item.headline)).toEqual([
    "Before",
    "Meanwhile",
    "After",
  ]);
  tail.stop();
  await tail.exited;
  await second.close();
});

test("CLI tail ends with one sentence when nobody answers or it is refused", async () => {
  const server = ["--server", gateway.url];
  const wrong: [string[], RegExp][] = [
    [["tail", "--server", "127.0.0.1:9"], /^No News Line answers at http:\/\/127\.0\.0\.1:9 .*\n$/],
    [["tail", ...server, "--desk", "--token", "wrong"], /^.*token.*\n$/i],
    [["tail", ...server, "--desk"], /^.*token.*\n$/i],
    [["tail", "no-such-line", ...server], /^There is no such line\..*\n$/],
    [["tail", ...server, "-n", "0"], /^error: option '-n, --limit <count>' .*from 1 to 200\.\n$/],
  ];
  const ended = wrong.map(async ([args, sentence]) => {
    const { code, stdout, stderr } = await runCommand(args);
    expect({ args, code, stdout }).toEqual({ args, code: 1, stdout: "" });
    expect(stderr).toMatch(sentence);
  });
  await Promise.all(ended);
});

test("CLI tail ends quietly when its reader has seen enough", async () => {
  await publish("One", ["head"]);
  const child = startCommand(["tail", "head"], toEnv(gateway));
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const exited = new Promise((resolve) => child.once("close", resolve));
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  child.stdout?.destroy();
  await publish("Two", ["head"]);
  await publish("Three", ["head"]);
  expect({ code: await exited, stderr }).toEqual({ code: 0, stderr: "" });
});
