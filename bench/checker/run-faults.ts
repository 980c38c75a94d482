import { setTimeout as sleep } from "node:timers/promises";
import { FAULTS, type FaultName } from "./clients/faults.ts";
import { Chance } from "./harness/chance.ts";
import { Crowd } from "./harness/crowd.ts";
import { Nemesis } from "./harness/nemesis.ts";
import { type Pace, toPlans } from "./harness/plans.ts";
import { openRoom, type Room } from "./harness/room.ts";
import { judge, type LawName, type Verdict } from "./laws/judge.ts";

export interface FaultOptions {
  seed: number;
  clients: number;
  /** How long each may stay unfound. */
  limitMs: number;
  names: readonly FaultName[];
  onFound?: (found: FaultOutcome) => void;
}

export interface FaultOutcome {
  fault: FaultName;
  /** From the first moment that it could be told; undefined: it was not found. */
  seconds: number | undefined;
  /** How often it was told by then. */
  lies: number;
  laws: LawName[];
  /** The law that is there for it is among them. */
  isRightLaw: boolean;
  /** What was found before anybody lied: there must be nothing. */
  before: Verdict[];
  words: string;
}

/** Which law is there for which fault. */
const MEANT: Record<FaultName, LawName> = {
  "drop-one": "no-gap",
  "send-twice": "no-duplicate",
  "swap-two": "no-gap",
  "partial-catch-up": "whole",
  "forget-tombstone": "no-resurrection",
  "reuse-offset": "offsets",
  "leak-withheld": "withheld",
  "stale-cache": "fresh",
};

const LINES = ["main", "harbour"];
const RATE = 15;
const LONGEST_DUE_MS = 4_000;
const PROCESSES = 2;
const HARM_EVERY_MS = 2_000;
const LOOK_EVERY_MS = 500;
const TRUTHFUL_MS = 2_500;
const PACE: Pace = { stayMs: 3_000, awayMs: 1_500, retryMs: 500, spreadMs: 500, pageMs: 500 };

/** One room, and for each fault new clients: they hear the truth, then lies, until somebody notices. */
export async function runFaults(options: FaultOptions): Promise<FaultOutcome[]> {
  const chance = new Chance(options.seed);
  const pace = { rate: RATE, longestDueMs: LONGEST_DUE_MS };
  const room = await openRoom({ gateways: 2, lines: LINES, chance, ...pace });
  const nemesis = new Nemesis({
    servers: room.servers,
    ledger: room.ledger,
    chance: chance.fork("nemesis"),
    everyMs: HARM_EVERY_MS,
    only: ["cut connections"],
  });
  const outcomes: FaultOutcome[] = [];
  try {
    room.workload.start();
    nemesis.start();
    for (const name of options.names) {
      const outcome = await findFault(name, room, options);
      outcomes.push(outcome);
      options.onFound?.(outcome);
    }
    await nemesis.stop();
    await room.workload.stop();
  } finally {
    await room.stop();
  }
  return outcomes;
}

async function findFault(
  fault: FaultName,
  room: Room,
  { seed, clients, limitMs }: FaultOptions,
): Promise<FaultOutcome> {
  const plans = toPlans(clients, LINES, new Chance(seed).fork(fault), PACE);
  const crowd = new Crowd({ plans, ports: room.ports, processes: PROCESSES, seed, fault });
  const leaking = setInterval(() => crowd.leak(toLeaks(room)), 200);
  try {
    await sleep(TRUTHFUL_MS);
    const before = await look(room, crowd);
    const liesMs = Date.now();
    crowd.lie();
    let findings: Verdict[] = [];
    // One lie may break several laws, and a leak that comes late is no leak: it goes on until the right one speaks.
    const isMeant = ({ law }: Verdict) => law === MEANT[fault];
    while (!findings.some(isMeant) && Date.now() < liesMs + limitMs) {
      await sleep(LOOK_EVERY_MS);
      findings = await look(room, crowd);
    }
    const laws = [...new Set(findings.map(({ law }) => law))];
    return {
      fault,
      seconds: findings.some(isMeant) ? (Date.now() - liesMs) / 1_000 : undefined,
      lies: crowd.lies,
      laws,
      isRightLaw: laws.includes(MEANT[fault]),
      before,
      words: findings.find(isMeant)?.words ?? findings[0]?.words ?? "",
    };
  } finally {
    clearInterval(leaking);
    crowd.end();
    crowd.removeFiles();
  }
}

/** First what was heard, then what is true: nobody can have heard what is not in the log by then. */
async function look({ scribe, ledger }: Room, crowd: Crowd): Promise<Verdict[]> {
  const history = crowd.readHistory();
  if (!(await scribe.read())) return [];
  return judge({ history, truth: scribe.toTruth(), ledger });
}

function toLeaks({ workload }: Room) {
  return workload.sealed.map(({ line, id, revision, mark }) => {
    const item = { id, revision, orderedAt: new Date().toISOString(), mark, print: "leaked" };
    return { line, item };
  });
}

export function isFaultName(name: string): name is FaultName {
  return FAULTS.some((fault) => fault === name);
}
