/**
 * What hundreds of clients at every door see while gateways are killed, Redis is started again and connections are
 * cut; and whether anything of it must not be. docs/checker.md tells how to read what it prints.
 *
 *   npm run checker -- --minutes 10 --clients 500 --seed 7 --json
 *   npm run checker -- --fault swap-two
 *   npm run checker -- --faults
 */
import { parseArgs, styleText } from "node:util";
import { SingleBar } from "cli-progress";
import { FAULTS, type FaultName } from "./checker/clients/faults.ts";
import { type Outcome, type Progress, runChecker } from "./checker/run.ts";
import { type FaultOutcome, isFaultName, runFaults } from "./checker/run-faults.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    clients: { type: "string" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
    rate: { type: "string", default: "6" },
    gateways: { type: "string", default: "2" },
    /** Seconds between two acts of harm, on the average. */
    harm: { type: "string", default: "6" },
    fault: { type: "string" },
    faults: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const LINES = ["main", "harbour", "market", "weather"];
const MOST_SHOWN = 20;
const FAULT_LIMIT_MS = 60_000;

type Style = Parameters<typeof styleText>[0];
const style = (format: Style, text: string): string => styleText(format, text, { stream: process.stdout });
const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function checkHonest(seed: number): Promise<boolean> {
  const bar = openBar();
  const outcome = await runChecker({
    seed,
    clients: Number(values.clients ?? 500),
    ms: Number(values.minutes) * 60_000,
    gateways: Number(values.gateways),
    lines: LINES,
    rate: Number(values.rate),
    harmEveryMs: Number(values.harm) * 1_000,
    longestDueMs: 12_000,
    pace: { stayMs: 45_000, awayMs: 8_000, retryMs: 1_500, spreadMs: 8_000, pageMs: 1_500 },
    onProgress: bar.show,
  });
  bar.stop();
  if (values.json) say(JSON.stringify(outcome));
  else tellOutcome(outcome);
  return outcome.findings.length === 0;
}

function openBar() {
  if (!process.stderr.isTTY) return { show: () => {}, stop: () => {} };
  const bar = new SingleBar({
    format: "{phase} {bar} {percentage}%  {delta} deltas, {lost} connections lost",
    stream: process.stderr,
    clearOnComplete: true,
  });
  bar.start(100, 0, { phase: "starts", delta: 0, lost: 0 });
  return {
    show: ({ phase, share, heard }: Progress) => {
      bar.update(Math.round(share * 100), { phase, delta: heard["delta"] ?? 0, lost: heard["lost"] ?? 0 });
    },
    stop: () => bar.stop(),
  };
}

function tellOutcome(outcome: Outcome): void {
  const { clients, heard, done, harm, refused, killMs, findings } = outcome;
  say(`${toRow("seed")}${outcome.seed}, ${outcome.seconds} s`);
  say(`${toRow("clients")}${toCounts(clients)}`);
  say(`${toRow("harm")}${toCounts(harm)}`);
  say(`${toRow("done to the lines")}${toCounts(done)}`);
  say(`${toRow("log")}${outcome.steps} steps in ${outcome.epochs} logs`);
  say(`${toRow("heard")}${toCounts(heard)}`);
  say(
    `${toRow("kills heard after")}${killMs.p50Ms} ms (p50), ${killMs.p99Ms} ms (p99), ${killMs.mostMs} ms (most)`,
  );
  say(
    `${toRow("desk")}${outcome.repeats} calls again, ${outcome.unclear} unclear, refused: ${toCounts(refused)}`,
  );
  say(`${toRow("machine stood still")}${outcome.stalls} times`);
  if (findings.length === 0) say(style("green", "No law was broken."));
  else say(style("red", `${findings.length} findings:`));
  for (const { law, client, atMs, words } of findings.slice(0, MOST_SHOWN)) {
    const who = client === undefined ? "" : ` client ${client}`;
    const when = atMs === undefined ? "" : ` ${new Date(atMs).toISOString().slice(11, 23)}`;
    say(`  ${style("bold", law)}${who}${when}: ${words}`);
  }
  if (outcome.heardIn !== undefined) say(`${toRow("what was heard")}${outcome.heardIn}`);
}

function toRow(name: string): string {
  return style("dim", name.padEnd(20));
}

function toCounts(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return parts.length === 0 ? "none" : parts.join(", ");
}

async function checkFaults(seed: number, names: readonly FaultName[]): Promise<boolean> {
  const clients = Number(values.clients ?? 40);
  const outcomes = await runFaults({ seed, clients, limitMs: FAULT_LIMIT_MS, names, onFound: tellFound });
  return outcomes.every(({ isRightLaw, before }) => isRightLaw && before.length === 0);
}

function tellFound(found: FaultOutcome): void {
  if (values.json) return say(JSON.stringify(found));
  const { fault, seconds, lies, laws, before, words } = found;
  const time = seconds === undefined ? style("red", "not found") : style("green", `${seconds.toFixed(1)} s`);
  say(`${fault.padEnd(18)} ${time}  told ${lies} times, found by ${laws.join(", ")}: ${words}`);
  for (const { law, words: early } of before) say(style("red", `  before any lie: ${law}: ${early}`));
}

function readFaults(): FaultName[] | undefined {
  if (values.faults) return [...FAULTS];
  if (values.fault === undefined) return undefined;
  if (isFaultName(values.fault)) return [values.fault];
  process.stderr.write(`There is no fault ${values.fault}. There are ${FAULTS.join(", ")}.\n`);
  process.exit(1);
}

const seed = Number(values.seed);
const names = readFaults();
if (!values.json) say(`${toRow("seed")}${seed}`);
const isRight = names === undefined ? await checkHonest(seed) : await checkFaults(seed, names);
process.exit(isRight ? 0 : 1);
