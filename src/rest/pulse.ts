import type { Queue } from "bullmq";
import type { SourceReport } from "../contract/screens.ts";
import type { Logger } from "../log.ts";
import { readClockMs } from "../store/clock.ts";
import type { Edition } from "../store/keys.ts";
import { readReports } from "../store/reports.ts";

/** A worker says every 2 s that it lives. */
const WORKER_SILENT_MS = 7_000;
const LOOK_MS = 1_000;
/** Workers look at their sources every 15 s. */
const REPORTS_MS = 10_000;

export interface PulseState {
  /** A worker has been heard of just now. */
  worker: boolean;
  /** One was heard of at least once since this gateway started. */
  workerSeen: boolean;
  queue: { waiting: number; oldestMs: number };
}

/**
 * What goes on behind the gateway: whether workers live, how much waits for them. Looked at on a timer, so that
 * asking for it costs the store nothing, however many ask.
 */
export class Pulse {
  readonly #edition: Edition;
  readonly #lanes: readonly Queue[];
  readonly #log: Logger;
  #state: PulseState = { worker: false, workerSeen: false, queue: { waiting: 0, oldestMs: 0 } };
  #reports: ReadonlyMap<string, SourceReport> = new Map();
  #reportsAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #looking: Promise<void> = Promise.resolve();

  constructor(edition: Edition, lanes: readonly Queue[], log: Logger) {
    this.#edition = edition;
    this.#lanes = lanes;
    this.#log = log;
  }

  get state(): PulseState {
    return this.#state;
  }

  /** What a worker last said of each source. */
  get reports(): ReadonlyMap<string, SourceReport> {
    return this.#reports;
  }

  start(): void {
    this.#looking = this.#lookAgain();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  async #lookAgain(): Promise<void> {
    try {
      this.#state = await this.#look();
      await this.#lookAtReports();
    } catch (error) {
      // Without the store nobody can tell whether workers live; what waits is what waited.
      this.#state = { ...this.#state, worker: false };
      this.#log.debug({ err: error }, "the store did not tell about workers and queues");
    }
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#lookAgain();
    }, LOOK_MS);
  }

  async #lookAtReports(): Promise<void> {
    const nowMs = performance.now();
    if (nowMs - this.#reportsAtMs < REPORTS_MS) return;
    this.#reports = await readReports(this.#edition);
    this.#reportsAtMs = nowMs;
  }

  async #look(): Promise<PulseState> {
    const { redis, keys } = this.#edition;
    const [nowMs, beats] = await Promise.all([readClockMs(this.#edition), redis.hgetall(keys.worker)]);
    const lastMs = Math.max(0, ...Object.values(beats).map(Number));
    const worker = nowMs - lastMs < WORKER_SILENT_MS;
    const lanes = await Promise.all(this.#lanes.map((lane) => lookAtLane(lane, nowMs)));
    return {
      worker,
      workerSeen: this.#state.workerSeen || worker,
      queue: {
        waiting: lanes.reduce((sum, lane) => sum + lane.waiting, 0),
        oldestMs: Math.max(0, ...lanes.map((lane) => lane.oldestMs)),
      },
    };
  }
}

async function lookAtLane(lane: Queue, nowMs: number): Promise<{ waiting: number; oldestMs: number }> {
  const counts = await lane.getJobCounts("waiting", "delayed", "prioritized");
  const waiting = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (waiting === 0) return { waiting, oldestMs: 0 };
  const [oldest] = await lane.getJobs(["waiting"], 0, 0, true);
  return { waiting, oldestMs: oldest === undefined ? 0 : Math.max(0, nowMs - oldest.timestamp) };
}
