import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { kill, write } from "../support/items.ts";
import { portOf, type ReadingGateway, settle, startGateway } from "../support/reading-gateway.ts";
import { startStore, type TestStore } from "../support/store.ts";

/** A client that has no code of ours in it: examples/python/follow.py, written from docs/protocol.md. */
class PythonClient {
  readonly said: string[] = [];
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(url: string, options: readonly string[]) {
    const program = fileURLToPath(new URL("../../examples/python/follow.py", import.meta.url));
    const python = process.env["PYTHON_PATH"] ?? "/usr/bin/python3";
    const child = spawn(python, [program, url, "--state", ...options], { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => this.said.push(line));
    }
    this.exited = new Promise((resolve) => child.once("close", resolve));
    this.#child = child;
  }

  /** What it says it holds: position, number of items, hash. */
  get state(): string | undefined {
    return this.said.findLast((line) => line.startsWith("= "));
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.exited;
  }
}

let store: TestStore;
beforeAll(async () => {
  store = await startStore();
});
afterAll(() => store.stop());

let gateway: ReadingGateway;
let connections: Set<Socket>;
async function start(port = 0): Promise<void> {
  gateway = await startGateway(store, { port });
  const opened = new Set<Socket>();
  gateway.server.on("connection", (socket) => opened.add(socket));
  connections = opened;
}

const clients: PythonClient[] = [];
beforeEach(() => start());
afterEach(async () => {
  for (const client of clients.splice(0)) await client.stop();
  await gateway.close();
});

function follow(line: string, ...options: string[]): PythonClient {
  const client = new PythonClient(gateway.url, ["--line", line, ...options]);
  clients.push(client);
  return client;
}

async function put(line: string, n: number, fields: object = {}): Promise<void> {
  await write(store.edition, toId(line, n), {
    lines: [line],
    publicLines: [line],
    orderedAt: `2026-03-04T11:${String(n).padStart(2, "0")}:00.000Z`,
    ...fields,
  });
}
const toId = (line: string, n: number) => `${line}-${String(n).padStart(4, "0")}`;

async function expectSame(client: PythonClient, line: string): Promise<void> {
  await settle(store, gateway.views, `public:${line}`);
  const { epoch, offset, count, sha256 } = await (
    await fetch(`${gateway.url}/v1/lines/${line}/state`)
  ).json();
  await expect
    .poll(() => client.state, { timeout: 15_000, message: client.said.slice(-20).join("\n") })
    .toBe(`= ${epoch}:${offset} ${count} ${sha256}`);
}

/** As when the process is killed: its connections are gone without a word, and another takes its place. */
async function restart(): Promise<void> {
  const port = portOf(gateway.server);
  for (const socket of connections) socket.destroy();
  await gateway.close();
  await start(port);
}

for (const transport of ["websocket", "polling"]) {
  test(`P4 python-socketio over ${transport} holds the server's line through changes, kills and restarts`, async () => {
    const line = `py-${transport}`;
    for (let n = 0; n < 8; n += 1) await put(line, n);
    await settle(store, gateway.views, `public:${line}`);
    const client = follow(line, "--limit", "200", "--transport", transport);
    await expectSame(client, line);
    const snapshots = () => client.said.filter((row) => row.startsWith("  ")).length;
    expect(snapshots()).toBe(8);

    await put(line, 3, { headline: "Words that change" });
    await put(line, 20);
    await kill(store.edition, toId(line, 5));
    await expectSame(client, line);
    expect(client.said).toContain(`- ${toId(line, 5)} has left the line: killed`);
    expect(client.said).toContain("~ 11:03 Words that change [update]");

    // In a row: this library hands each to a thread of its own.
    for (let n = 0; n < 60; n += 1) await put(line, n % 5, { headline: `Words ${n}`, urgency: 1 });
    await expectSame(client, line);

    await gateway.sockets.drain(0);
    await expect.poll(() => client.said.join("\n")).toContain("the server said goodbye: draining");
    await restart();
    for (let n = 21; n < 40; n += 1) await put(line, n);
    await kill(store.edition, toId(line, 3));
    await expectSame(client, line);

    await restart();
    for (let n = 21; n < 40; n += 2) await kill(store.edition, toId(line, n));
    await expectSame(client, line);
    // The log reached back each time: the line was not sent a second time.
    expect(snapshots()).toBe(8);

    await store.client.flushall();
    await put(line, 41);
    await expectSame(client, line);
    expect(client.said.filter((row) => row.startsWith("  ")).at(-1)).toContain(toId(line, 41));
  });
}

test("SNP1 python-socketio that holds the top only fills it up from the page below, and misses nothing between", async () => {
  const line = "py-top";
  for (let n = 10; n < 18; n += 1) await put(line, n);
  await settle(store, gateway.views, `public:${line}`);
  const client = follow(line, "--limit", "5");
  await expect.poll(() => client.state).toMatch(/ 5 only the top is held$/);
  for (let n = 20; n < 23; n += 1) await put(line, n);
  // The lowest that is held leaves, and another comes just above where it stood.
  await kill(store.edition, toId(line, 13));
  await put(line, 50, { orderedAt: "2026-03-04T11:13:30.000Z" });
  await put(line, 51, { orderedAt: "2026-03-04T11:09:00.000Z" });
  await expect.poll(() => client.state).toMatch(/ 8 only the top is held$/);
  for (const n of [14, 15, 16, 17, 20]) await kill(store.edition, toId(line, n));
  await expectSame(client, line);
});

test("LINE python-socketio is told that there is no such line, and ends", async () => {
  const client = follow("nowhere");
  expect(await client.exited).toBe(1);
  expect(client.said).toEqual(["unknown_line: There is no such line. GET /v1/lines lists them."]);
});
