/**
 * One change, every screen: what it costs. Servers run in turn, each in a process of its own, with the same readers
 * and messages of the same length; only ratios within one run mean anything on a shared machine.
 *
 *   npm run bench:fanout -- --clients 2000 --messages 60 --rate 10 --rounds 3 --only nchan,news-line --json
 */
import { fork } from "node:child_process";
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { fromReader, type Protocol, type Told } from "./fanout/messages.ts";
import { PEERS, type Peer, type RunningPeer } from "./fanout/peers.ts";
import { readCpuUs, readRssKb } from "./fanout/process-cost.ts";
import { percentile, round } from "./measure.ts";
import { progress, report } from "./report.ts";

const { values } = parseArgs({
  options: {
    clients: { type: "string", default: "2000" },
    messages: { type: "string", default: "60" },
    rate: { type: "string", default: "10" },
    rounds: { type: "string", default: "3" },
    "warm-up": { type: "string", default: "50" },
    only: { type: "string", default: PEERS.map(({ name }) => name).join(",") },
    json: { type: "boolean", default: false },
  },
});
const clients = Number(values.clients);
const messages = Number(values.messages);
const pauseMs = 1_000 / Number(values.rate);
const wanted = values.only.split(",");

/** Before it counts: code is compiled, also what is called once a change; buffers have grown. */
const warmUp = Number(values["warm-up"]);
const SETTLE_MS = 20_000;

interface Result {
  /** Of one change to one reader. */
  cpuUs: number;
  cpuUsPerFrame: number;
  bytes: number;
  rssKb: number;
  latenciesMs: number[];
}

async function measure(peer: Peer): Promise<Result | undefined> {
  const server = await peer.start();
  if (server === undefined) return undefined;
  const emptyKb = readRssKb(server.pids);
  const readers = await openReaders(server, peer.protocol);
  try {
    await publishAll(server, warmUp, 0);
    await sleep(500);
    const rssKb = (readRssKb(server.pids) - emptyKb) / clients;
    readers.reset();
    const cpuBefore = readCpuUs(server.pids);
    await publishAll(server, messages, warmUp);
    const told = await readers.whenDone();
    const cpuUs = readCpuUs(server.pids) - cpuBefore;
    if (told.closed > 0) throw new Error(`${peer.name}: ${told.closed} readers were lost`);
    return {
      cpuUs: cpuUs / (messages * clients),
      cpuUsPerFrame: cpuUs / told.frames,
      bytes: told.bytes / (messages * clients),
      rssKb,
      latenciesMs: told.latenciesMs,
    };
  } finally {
    readers.stop();
    await server.stop();
  }
}

/** At an even pace, whatever a publication takes. */
async function publishAll(server: RunningPeer, count: number, from: number): Promise<void> {
  const startMs = performance.now();
  const running: Promise<void>[] = [];
  for (let n = 0; n < count; n += 1) {
    await sleep(Math.max(0, startMs + n * pauseMs - performance.now()));
    running.push(server.publish(from + n));
  }
  await Promise.all(running);
}

async function openReaders(server: RunningPeer, protocol: Protocol) {
  const program = fileURLToPath(new URL("./fanout/reader.ts", import.meta.url));
  const child = fork(program, [String(server.port), String(clients), protocol, server.path]);
  const hear = () =>
    new Promise<Told | undefined>((resolve, reject) => {
      child.once("exit", () => reject(new Error("the readers are gone")));
      child.once("message", (raw) => {
        const said = fromReader.parse(raw);
        resolve("ready" in said ? undefined : said);
      });
    });
  await hear();
  const ask = async (): Promise<Told> => {
    child.send({ tell: true });
    return (await hear()) ?? (await ask());
  };
  return {
    reset: () => child.send({ reset: true }),
    /** Once nothing more comes: a burst makes fewer frames than there were changes. */
    whenDone: async () => {
      const deadline = Date.now() + SETTLE_MS;
      let last = await ask();
      for (;;) {
        await sleep(300);
        const next = await ask();
        if (next.frames === last.frames && next.frames % clients === 0 && next.frames > 0) return next;
        if (Date.now() > deadline) throw new Error(`only ${next.frames} of the frames came`);
        last = next;
      }
    },
    stop: () => child.disconnect(),
  };
}

function tell(name: string, results: readonly Result[], peers: ReadonlyMap<string, readonly Result[]>): void {
  const median = (list: readonly Result[], pick: (result: Result) => number) =>
    percentile(list.map(pick), 0.5);
  const figure = (words: string, unit: string, pick: (result: Result) => number) => {
    const value = median(results, pick);
    const [peer, theirs] = [...peers].find(([other]) => other !== name) ?? [];
    const ratio = theirs === undefined ? undefined : round(value / median(theirs, pick), 2);
    report({
      bench: "fanout",
      figure: `${name}: ${words}`,
      value: round(value, 2),
      unit,
      ...(peer !== undefined && ratio !== undefined && { peer, ratio }),
    });
  };
  figure("CPU a change and reader", "µs", ({ cpuUs }) => cpuUs);
  figure("CPU a frame", "µs", ({ cpuUsPerFrame }) => cpuUsPerFrame);
  figure("p50", "ms", ({ latenciesMs }) => percentile(latenciesMs, 0.5));
  figure("p99", "ms", ({ latenciesMs }) => percentile(latenciesMs, 0.99));
  figure("bytes a change and reader", "B", ({ bytes }) => bytes);
  figure("memory a connection", "KB", ({ rssKb }) => rssKb);
}

const results = new Map<string, Result[]>();
for (let n = 0; n < Number(values.rounds); n += 1) {
  for (const peer of PEERS) {
    if (!wanted.includes(peer.name)) continue;
    progress(`round ${n + 1}: ${peer.name}`);
    const result = await measure(peer);
    if (result !== undefined) results.set(peer.name, [...(results.get(peer.name) ?? []), result]);
  }
}
progress("");
for (const [name, list] of results) tell(name, list, results);
const [ours, stock] = [results.get("news-line"), results.get("socket.io")];
if (ours !== undefined && stock !== undefined) {
  const cpu = (list: readonly Result[]) =>
    percentile(
      list.map(({ cpuUs }) => cpuUs),
      0.5,
    );
  const ratio = round(cpu(ours) / cpu(stock), 2);
  report({
    bench: "fanout",
    figure: "news-line: CPU a change and reader",
    value: round(cpu(ours), 2),
    unit: "µs",
    peer: "socket.io",
    ratio,
  });
}
report({ bench: "fanout", figure: "load average of the machine", value: round(loadavg()[0] ?? 0), unit: "" });
process.exit(0);
