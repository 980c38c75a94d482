/**
 * A gateway is killed and started again, and everybody comes back at once with the position they have, while changes go
 * on: how long it takes until all are whole, what that costs, and whether what they hold in the end is the line.
 *
 *   npm run bench:storm -- --clients 10000 --samples 1000 --rate 5 --json
 */
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import { startStore, type TestStore } from "../test/support/store.ts";
import { readCpuUs, readRssKb } from "./fanout/process-cost.ts";
import { round } from "./measure.ts";
import { progress, report } from "./report.ts";
import { Readers } from "./storm/readers.ts";
import { countCommands } from "./storm/redis-commands.ts";
import { type RunningGateway, startGateway } from "./storm/running-gateway.ts";
import { Wire } from "./storm/wire.ts";

const { values } = parseArgs({
  options: {
    clients: { type: "string", default: "10000" },
    samples: { type: "string", default: "1000" },
    rate: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
  },
});
const clients = Number(values.clients);
const samples = Math.min(clients, Number(values.samples));

const IDLE_MS = 10_000;
/** Changes with nobody coming or going: what they alone cost Redis. */
const QUIET_MS = 5_000;
/** A supervisor has a dead gateway back within a second. */
const RESTART_MS = 500;

const lineState = z.object({ epoch: z.string(), offset: z.number(), count: z.number(), sha256: z.string() });

function tell(figure: string, value: number, unit: string): void {
  report({ bench: "storm", figure, value: round(value, 2), unit });
}

function readPeakRssKb(pid: number): number {
  const [, size] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(size);
}

/** Everybody comes for the first time and gets a snapshot. */
async function meet({ pid }: RunningGateway, readers: Readers): Promise<void> {
  const emptyKb = readRssKb([pid]);
  const cpuBefore = readCpuUs([pid]);
  readers.open();
  await readers.untilWhole("connecting");
  tell("server CPU a connect + subscribe, snapshot", (readCpuUs([pid]) - cpuBefore) / clients, "µs");
  tell("peak memory a connection, connecting", (readPeakRssKb(pid) - emptyKb) / clients, "KB");
  progress("idle");
  await sleep(IDLE_MS);
  tell("memory an idle connection", (readRssKb([pid]) - emptyKb) / clients, "KB");
}

async function countQuiet(store: TestStore, wire: Wire): Promise<number> {
  progress("changes, and nobody comes or goes");
  const before = { commands: await countCommands(store.client), changes: wire.changes };
  await sleep(QUIET_MS);
  return ((await countCommands(store.client)) - before.commands) / Math.max(1, wire.changes - before.changes);
}

/** What Redis did in the storm, less what the changes cost it anyhow. */
function tellCommands(commands: number, changes: number, perChange: number): void {
  tell("Redis commands in the storm", commands, "");
  tell(`… less those of ${changes} changes, a client`, (commands - changes * perChange) / clients, "");
}

interface Room {
  store: TestStore;
  wire: Wire;
  readers: Readers;
  env: NodeJS.ProcessEnv;
}

/** Kills the gateway; gives back the one in its place, once everybody is whole. */
async function storm(gateway: RunningGateway, { store, wire, readers, env }: Room): Promise<RunningGateway> {
  const perChange = await countQuiet(store, wire);
  const before = await readers.ask("tell");
  const commands = await countCommands(store.client);
  const { changes } = wire;
  const startMs = performance.now();
  await gateway.kill9();
  await sleep(RESTART_MS);
  const next = await startGateway({ ...env, PORT: String(gateway.port) });
  const emptyKb = readRssKb([next.pid]);
  const cpuBefore = readCpuUs([next.pid]);
  tell("gateway serves again after", (performance.now() - startMs) / 1_000, "s");
  await readers.until("coming back", ({ whole }) => whole * 2 >= clients);
  tell("half of them whole again after", (performance.now() - startMs) / 1_000, "s");
  const told = await readers.untilWhole("coming back");
  tell("all whole again after", (performance.now() - startMs) / 1_000, "s");
  const cpuUs = (readCpuUs([next.pid]) - cpuBefore) / clients;
  tell("server CPU a connect + subscribe, catch-up and deltas", cpuUs, "µs");
  tell("deltas a client meanwhile", (told.deltas - before.deltas) / clients, "");
  tell("peak memory a connection, coming back", (readPeakRssKb(next.pid) - emptyKb) / clients, "KB");
  tell("came back by a catch-up", told.catchUps - before.catchUps, "");
  tell("came back by a snapshot", told.snapshots - before.snapshots, "");
  tellCommands((await countCommands(store.client)) - commands, wire.changes - changes, perChange);
  return next;
}

/** Whether all have come to the end, without a gap, and the sampled ones hold exactly the line. */
async function compare({ port }: RunningGateway, readers: Readers): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/lines/main/state`);
  const state = lineState.parse(await response.json());
  await readers.until("reaching the end", ({ lowest }) => lowest === state.offset);
  const { hashes, faults } = await readers.ask("compare");
  progress("");
  const equal = hashes[state.sha256] ?? 0;
  tell(`sampled clients that hold the line as /state has it, of ${samples}`, equal, "");
  tell("gaps and other faults seen by all clients", faults.length, "");
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  return equal === samples && faults.length === 0;
}

async function run(): Promise<boolean> {
  const store = await startStore();
  const wire = new Wire(store);
  await wire.fill();
  const env = {
    PORT: "0",
    REDIS_URL: `unix://${store.redis.path}`,
    NEWSLINE_EDITION: store.edition.keys.edition,
    NEWSLINE_ADMIN_TOKEN: "storm-admin-token",
    LOG_LEVEL: "error",
  };
  let gateway = await startGateway(env);
  const readers = new Readers(gateway.port, clients, samples);
  try {
    await meet(gateway, readers);
    wire.start(Number(values.rate));
    gateway = await storm(gateway, { store, wire, readers, env });
    await sleep(QUIET_MS);
    await wire.end();
    return await compare(gateway, readers);
  } finally {
    readers.end();
    await wire.end();
    await gateway.kill9();
    await store.stop();
  }
}

const isRight = await run();
report({ bench: "storm", figure: "load average of the machine", value: round(loadavg()[0] ?? 0), unit: "" });
process.exit(isRight ? 0 : 1);
