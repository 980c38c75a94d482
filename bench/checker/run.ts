import { setTimeout as sleep } from "node:timers/promises";
import { Chance } from "./harness/chance.ts";
import { Crowd } from "./harness/crowd.ts";
import { type Mischief, Nemesis } from "./harness/nemesis.ts";
import { countDoors, type Pace, toPlans } from "./harness/plans.ts";
import { openRoom, type Room, readFinals } from "./harness/room.ts";
import { type KillDelays, measureKills } from "./kill-delays.ts";
import { judge, type Verdict } from "./laws/judge.ts";

export interface RunOptions {
  seed: number;
  clients: number;
  /** How long harm is done. */
  ms: number;
  gateways: number;
  lines: readonly string[];
  /** Changes a second, over all lines. */
  rate: number;
  /** Between two acts of harm, on the average. */
  harmEveryMs: number;
  longestDueMs: number;
  pace: Pace;
  onProgress?: (told: Progress) => void;
}

export interface Progress {
  phase: "starts" | "runs" | "settles" | "is judged";
  /** From 0 to 1. */
  share: number;
  heard: Readonly<Record<string, number>>;
}

export interface Outcome {
  seed: number;
  seconds: number;
  clients: Readonly<Record<string, number>>;
  /** What was heard, by kind. */
  heard: Readonly<Record<string, number>>;
  /** What was done to the lines. */
  done: Readonly<Record<string, number>>;
  /** Steps of the logs, and how many logs there were. */
  steps: number;
  epochs: number;
  harm: Partial<Record<Mischief, number>>;
  /** Calls of the desk that had to be made again; commands whose end is not known; refusals by kind. */
  repeats: number;
  unclear: number;
  refused: Readonly<Record<string, number>>;
  /** How often the machine itself stood still. */
  stalls: number;
  /** How long after it was stored a kill was heard by those who were connected, stalled connections included. */
  killMs: KillDelays;
  findings: Verdict[];
  /** The folder with what was heard, kept when there are findings. */
  heardIn?: string;
}

const PROCESSES = 2;
const SETTLE_MS = 45_000;
const PROGRESS_MS = 500;

/** Harm for a while, then peace, then the verdict. */
export async function runChecker(options: RunOptions): Promise<Outcome> {
  const { seed, lines, clients, pace, onProgress } = options;
  const chance = new Chance(seed);
  onProgress?.({ phase: "starts", share: 0, heard: {} });
  const room = await openRoom({ ...options, chance });
  const plans = toPlans(clients, lines, chance.fork("plans"), pace);
  const crowd = new Crowd({ plans, ports: room.ports, processes: PROCESSES, seed });
  const { servers, ledger } = room;
  const nemesis = new Nemesis({
    servers,
    ledger,
    chance: chance.fork("nemesis"),
    everyMs: options.harmEveryMs,
  });
  const startedMs = Date.now();
  let isKept = false;
  try {
    room.workload.start();
    nemesis.start();
    await waitWith(options, crowd, startedMs);
    onProgress?.({ phase: "settles", share: 1, heard: crowd.counts });
    await nemesis.stop();
    await comeToRest(room, crowd, lines);
    onProgress?.({ phase: "is judged", share: 1, heard: crowd.counts });
    const truth = room.scribe.toTruth();
    const history = crowd.readHistory();
    const findings = [
      ...nemesis.stuck.map((words) => ({ law: "nothing-lost" as const, words })),
      ...judge({ history, truth, ledger }),
    ];
    isKept = findings.length > 0;
    const steps = truth.lines.flatMap((line) => truth.steps(line));
    return {
      seed,
      seconds: Math.round((Date.now() - startedMs) / 1_000),
      clients: countDoors(plans),
      heard: crowd.counts,
      done: room.workload.done,
      steps: steps.length,
      epochs: new Set(steps.map(({ epoch }) => epoch)).size,
      harm: nemesis.done,
      repeats: room.desk.repeats,
      unclear: room.workload.unclear,
      refused: room.workload.refused,
      stalls: room.watch.stalls,
      killMs: measureKills(history, truth),
      findings,
      ...(isKept && { heardIn: crowd.dir }),
    };
  } finally {
    crowd.end();
    if (!isKept) crowd.removeFiles();
    await room.stop();
  }
}

async function waitWith(options: RunOptions, crowd: Crowd, startedMs: number): Promise<void> {
  for (;;) {
    const share = (Date.now() - startedMs) / options.ms;
    if (share >= 1) return;
    options.onProgress?.({ phase: "runs", share, heard: crowd.counts });
    await sleep(PROGRESS_MS);
  }
}

/** No more harm, then no more changes, then nobody moves; what everybody holds by then is what they end with. */
async function comeToRest(room: Room, crowd: Crowd, lines: readonly string[]): Promise<void> {
  await room.workload.stop();
  const positions = await readFinals(room, lines);
  await crowd.settle(positions, SETTLE_MS);
  await crowd.stop();
  if (!(await room.scribe.read())) throw new Error("the log cannot be read at the end");
}
