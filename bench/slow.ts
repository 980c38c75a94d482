/**
 * What readers who do not read cost the others. The same readers follow the same changes, without and with slow ones
 * beside them, in turn; the ratio of their p99 is the figure.
 *
 *   npm run bench:slow -- --clients 200 --share 0.1 --messages 200 --rate 10 --kb 40 --rounds 3 --json
 */
import { type ChildProcess, fork } from "node:child_process";
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { write } from "../test/support/items.ts";
import { startStore, type TestStore } from "../test/support/store.ts";
import { fromReader, type Told, toMark } from "./fanout/messages.ts";
import { percentile, round } from "./measure.ts";
import { progress, report } from "./report.ts";
import { fromServer, type Sample, SLOW_DOORS, type SlowDoor } from "./slow/messages.ts";

const { values } = parseArgs({
  options: {
    clients: { type: "string", default: "200" },
    share: { type: "string", default: "0.1" },
    messages: { type: "string", default: "200" },
    rate: { type: "string", default: "10" },
    kb: { type: "string", default: "40" },
    rounds: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
  },
});
const slowCount = Math.max(SLOW_DOORS.length, Math.round(Number(values.clients) * Number(values.share)));
const quickCount = Number(values.clients) - slowCount;
const messages = Number(values.messages);
const lead = "The harbour of Selin expects ships. ".repeat(Math.ceil((Number(values.kb) * 1_024) / 36));

const ITEMS = 100;
const TOP_UP_MS = 1_000;
const PATH = "/socket.io/?EIO=4&transport=websocket";

function start(program: string, args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return fork(fileURLToPath(new URL(program, import.meta.url)), args, { env: { ...process.env, ...env } });
}

function hear(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error("a process of the bench has ended"));
    child.once("exit", fail);
    child.once("message", (message) => {
      child.off("exit", fail);
      resolve(message);
    });
  });
}

async function readSample(server: ChildProcess, reset: boolean): Promise<Sample> {
  const heard = hear(server);
  server.send({ reset });
  const said = fromServer.parse(await heard);
  if (!("sample" in said)) throw new Error("the server told no sample");
  return said.sample;
}

async function readTold(readers: ChildProcess): Promise<Told> {
  const heard = hear(readers);
  readers.send({ tell: true });
  const said = fromReader.parse(await heard);
  if ("ready" in said) throw new Error("the readers were ready twice");
  return said;
}

/** Keeps as many slow ones there as there shall be: who has been cut is followed by another. */
class SlowOnes {
  readonly #server: ChildProcess;
  readonly #clients: ChildProcess;
  readonly #wanted: Record<SlowDoor, number>;
  #isStopped = false;
  cut = 0;

  constructor(port: number, server: ChildProcess) {
    this.#server = server;
    this.#clients = start("./slow/clients.ts", [String(port)]);
    const share = Math.floor(slowCount / SLOW_DOORS.length);
    // Most clients are WebSockets; the rest of the division is theirs.
    this.#wanted = { websocket: slowCount - 3 * share, polling: share, events: share, poll: share };
  }

  async open(): Promise<void> {
    await this.#open(this.#wanted);
  }

  /** Goes on until `close`. */
  async keepUp(): Promise<void> {
    while (!this.#isStopped) {
      await sleep(TOP_UP_MS);
      const { doors } = await readSample(this.#server, false);
      const missing = (door: SlowDoor, others = 0) =>
        Math.max(0, this.#wanted[door] + others - (doors[door] ?? 0));
      const more = {
        websocket: missing("websocket", quickCount),
        polling: missing("polling"),
        events: missing("events"),
      };
      this.cut += more.websocket + more.polling + more.events;
      await this.#open(more);
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  close(): void {
    this.#clients.disconnect();
  }

  async #open(more: Partial<Record<SlowDoor, number>>): Promise<void> {
    const heard = hear(this.#clients);
    this.#clients.send(more);
    await heard;
  }
}

async function publishAll(store: TestStore): Promise<void> {
  const pauseMs = 1_000 / Number(values.rate);
  const startMs = performance.now();
  for (let n = 0; n < messages; n += 1) {
    await sleep(Math.max(0, startMs + n * pauseMs - performance.now()));
    const id = `slow-item-${String(n % ITEMS).padStart(4, "0")}`;
    await write(store.edition, id, { headline: `Berth ${n} opens ${toMark()}`, lead });
  }
}

interface Phase {
  p99Ms: number;
  p50Ms: number;
  largestBytes: number;
  rssBytes: number;
  cut: number;
}

interface Room {
  store: TestStore;
  server: ChildProcess;
  port: number;
  readers: ChildProcess;
}

async function runPhase({ store, server, port, readers }: Room, hasSlow: boolean): Promise<Phase> {
  const slow = new SlowOnes(port, server);
  if (hasSlow) await slow.open();
  readers.send({ reset: true });
  await readSample(server, true);
  const keeping = hasSlow ? slow.keepUp() : undefined;
  await publishAll(store);
  slow.stop();
  await keeping;
  await sleep(500);
  const told = await readTold(readers);
  const { largestBytes, rssBytes } = await readSample(server, true);
  slow.close();
  if (told.closed > 0) throw new Error(`${told.closed} of those who read were lost`);
  await sleep(1_000);
  const { latenciesMs } = told;
  return {
    p99Ms: percentile(latenciesMs, 0.99),
    p50Ms: percentile(latenciesMs, 0.5),
    largestBytes,
    rssBytes,
    cut: slow.cut,
  };
}

async function openRoom(): Promise<Room> {
  const store = await startStore();
  const server = start("./slow/server.ts", [], {
    PORT: "0",
    REDIS_URL: `unix://${store.redis.path}`,
    NEWSLINE_EDITION: "test",
  });
  const said = fromServer.parse(await hear(server));
  const port = "port" in said ? said.port : 0;
  const readers = start("./fanout/reader.ts", [String(port), String(quickCount), "news-line", PATH]);
  await hear(readers);
  return { store, server, port, readers };
}

function tell(without: readonly Phase[], beside: readonly Phase[]): void {
  const median = (phases: readonly Phase[], pick: (phase: Phase) => number) =>
    percentile(phases.map(pick), 0.5);
  const most = (pick: (phase: Phase) => number) => Math.max(...beside.map(pick));
  const compare = (figure: string, pick: (phase: Phase) => number) => {
    const [value, peer] = [median(beside, pick), median(without, pick)];
    report({
      bench: "slow",
      figure,
      value: round(value),
      unit: "ms",
      peer: "without slow ones",
      ratio: round(value / peer, 2),
    });
  };
  const words = `${quickCount} readers beside ${slowCount} slow ones`;
  compare(`${words}: p50`, ({ p50Ms }) => p50Ms);
  compare(`${words}: p99`, ({ p99Ms }) => p99Ms);
  report({
    bench: "slow",
    figure: "most that waited for one client",
    value: round(most(({ largestBytes }) => largestBytes) / 1_024),
    unit: "KB",
  });
  report({ bench: "slow", figure: "slow ones that were cut", value: most(({ cut }) => cut), unit: "" });
  const rssMb = (phases: readonly Phase[]) => Math.max(...phases.map(({ rssBytes }) => rssBytes)) / 1_048_576;
  report({
    bench: "slow",
    figure: "most memory of the gateway",
    value: round(rssMb(beside)),
    unit: "MB",
    peer: "without slow ones",
    ratio: round(rssMb(beside) / rssMb(without), 2),
  });
  report({ bench: "slow", figure: "load average of the machine", value: round(loadavg()[0] ?? 0), unit: "" });
}

const room = await openRoom();
const phases: Record<"without" | "beside", Phase[]> = { without: [], beside: [] };
try {
  // Before it counts: code is compiled, buffers have grown.
  await runPhase(room, false);
  for (let n = 0; n < Number(values.rounds); n += 1) {
    progress(`round ${n + 1} of ${values.rounds}`);
    phases.without.push(await runPhase(room, false));
    phases.beside.push(await runPhase(room, true));
  }
  progress("");
  tell(phases.without, phases.beside);
} finally {
  room.readers.disconnect();
  room.server.disconnect();
  await room.store.stop();
}
process.exit(0);
