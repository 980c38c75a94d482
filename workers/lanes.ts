import { type Job, Worker } from "bullmq";
import { NewsLineError } from "../src/contract/errors.ts";
import { type DeskResult, deskJob, ingestJob } from "../src/contract/jobs.ts";
import type { Logger } from "../src/log.ts";
import { LANES, type Lane, MOST_STARTS, toQueuePrefix } from "../src/queue/queues.ts";
import { closeQueueConnection, queueConnection, type RedisTarget } from "../src/redis/connect.ts";
import { readDelivery } from "../src/store/deliveries.ts";
import type { Edition } from "../src/store/keys.ts";
import { handleDesk } from "./desk.ts";
import { ingest, putAway } from "./ingest.ts";

interface LaneOptions {
  edition: Edition;
  target: RedisTarget;
  log: Logger;
}

/** Takes the jobs of one lane and does them with `work`. */
function createLaneWorker<T>(lane: Lane, options: LaneOptions, work: (job: Job) => Promise<T>): Worker {
  const { edition, target, log } = options;
  const connection = queueConnection(target, "patient");
  const worker = new Worker(LANES[lane].name, work, {
    connection,
    prefix: toQueuePrefix(edition.keys.edition),
    autorun: false,
    ...LANES[lane].worker,
  });
  worker.once("closed", () => closeQueueConnection(connection));
  worker.on("error", (error) => log.warn({ err: error, queue: lane }, "the queue reported a fault"));
  worker.on("failed", (job, error) => log.warn({ err: error, queue: lane, job: job?.id }, "a job failed"));
  return worker;
}

export function createDeskWorker(options: LaneOptions): Worker {
  return createLaneWorker("desk", options, async (job): Promise<DeskResult> => {
    const parsed = deskJob.safeParse(job.data);
    if (!parsed.success) return { refused: { code: "invalid", message: parsed.error.message } };
    return await handleDesk(options.edition, parsed.data);
  });
}

export function createIngestWorker(options: LaneOptions): Worker {
  const { edition, log } = options;
  return createLaneWorker("ingest", options, async (job) => {
    const { delivery } = ingestJob.parse(job.data);
    if (job.attemptsStarted > MOST_STARTS || isLastTry(job)) {
      await giveUp(edition, delivery, job);
      return;
    }
    await ingest(edition, delivery, log);
  });
}

/** It failed on every try before: one more would end in a failed job that nobody sees. */
function isLastTry(job: Job): boolean {
  return job.attemptsMade >= (job.opts.attempts ?? 1) - 1 && job.attemptsMade > 0;
}

/** A delivery that fails again and again, or ends the workers that take it, is kept for somebody to look at. */
async function giveUp(edition: Edition, id: string, job: Job): Promise<void> {
  const delivery = await readDelivery(edition, id);
  if (delivery === undefined) return;
  const cause = job.stacktrace?.at(-1)?.split("\n", 1)[0] ?? "its workers ended while they read it";
  const message = `It was begun ${job.attemptsStarted - 1} times and never finished: ${cause}.`;
  await putAway(edition, delivery, new NewsLineError("unreadable", { message }));
}
