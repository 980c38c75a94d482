import type { Queue } from "bullmq";
import { DelayedError, type Job, Worker } from "bullmq";
import { pollJob } from "../../src/contract/jobs.ts";
import type { Logger } from "../../src/log.ts";
import { createLane, LANES, MOST_STARTS, toQueuePrefix } from "../../src/queue/queues.ts";
import { closeQueueConnection, queueConnection, type RedisTarget } from "../../src/redis/connect.ts";
import type { Edition } from "../../src/store/keys.ts";
import { createLoop } from "../loop.ts";
import { AddressGuard } from "./address-guard.ts";
import { toPollUrl, type Visit, type Visiting, visit } from "./poll-visit.ts";
import { watchProfiles } from "./profile-watch.ts";
import { keepSchedules } from "./schedule.ts";

export interface PollerOptions {
  edition: Edition;
  target: RedisTarget;
  /** Takes what was fetched. */
  ingestLane: Queue;
  /** CIDR ranges of private addresses that may be fetched all the same. */
  fetchAllow: readonly string[];
  /** Hubs can reach us: feeds that name one are subscribed to. */
  takesPushes?: boolean;
  log: Logger;
}

/** How soon a new, changed, paused or removed profile takes effect. */
const WATCH_MS = 1_000;

/** Asks every poll source for news, politely: see docs/sources.md. */
export function createPoller(options: PollerOptions): { start(): void; close(): Promise<void> } {
  const { edition, target, ingestLane, fetchAllow, takesPushes = false, log } = options;
  const closing = new AbortController();
  const guard = new AddressGuard(fetchAllow);
  const visiting: Visiting = {
    edition,
    ingestLane,
    guard,
    takesPushes,
    log,
    signal: closing.signal,
  };
  const lane = createLane(target, edition.keys.edition, "poll", "patient");
  const connection = queueConnection(target, "patient");
  const worker = new Worker(LANES.poll.name, (job, token) => work(job, token, visiting), {
    connection,
    prefix: toQueuePrefix(edition.keys.edition),
    autorun: false,
    ...LANES.poll.worker,
  });
  const report = (error: Error) => log.warn({ err: error, queue: "poll" }, "the queue reported a fault");
  lane.on("error", report);
  worker.on("error", report);
  worker.on("failed", (job, error) => log.warn({ err: error, queue: "poll", job: job?.id }, "a job failed"));

  const changedProfiles = watchProfiles(edition);
  const schedule = createLoop(
    "poll schedules",
    async () => {
      const profiles = await changedProfiles();
      if (profiles === undefined) return WATCH_MS;
      const wanted = [...profiles].flatMap(([source, profile]): [string, number][] => {
        const polled = toPollUrl(profile);
        return polled === undefined ? [] : [[source, polled.pace.everyMs]];
      });
      await keepSchedules(lane, new Map(wanted));
      return WATCH_MS;
    },
    log,
  );

  let closed: Promise<void> | undefined;
  const close = async () => {
    closing.abort();
    await schedule.close();
    await worker.close();
    await lane.close();
    closeQueueConnection(connection);
  };
  return {
    start() {
      schedule.start();
      void worker.run().catch((error: unknown) => log.error({ err: error, queue: "poll" }, "the lane ended"));
    },
    close() {
      closed ??= close();
      return closed;
    },
  };
}

async function work(job: Job, token: string | undefined, visiting: Visiting): Promise<void> {
  const { source } = pollJob.parse(job.data);
  if (job.stalledCounter >= MOST_STARTS)
    throw new Error(`Its workers ended ${job.stalledCounter} times while they polled ${source}.`);
  const outcome: Visit = await visit(source, visiting);
  if (outcome.kind === "done" || visiting.signal.aborted) return;
  // By then the source's next job is due, which does the same: two would only follow each other around.
  if (outcome.untilMs > job.timestamp + 2 * outcome.everyMs) return;
  await job.moveToDelayed(outcome.untilMs, token);
  throw new DelayedError();
}
