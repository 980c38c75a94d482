import { type ConnectionOptions, Queue, type QueueOptions } from "bullmq";
import {
  closeQueueConnection,
  queueConnection,
  type RedisClient,
  type RedisTarget,
} from "../redis/connect.ts";

/**
 * Three lanes. The desk has its own, so that an editor's push never waits behind a backlog of feed items; polls
 * have theirs, so that a slow endpoint delays no delivery.
 */
export const LANES = {
  desk: {
    name: "desk",
    /** A killed worker's command is done by another before the editor's deadline of 5 s has passed twice. */
    worker: { concurrency: 16, lockDuration: 5_000, stalledInterval: 2_500, maxStalledCount: 100 },
    job: {
      attempts: 1,
      removeOnComplete: { age: 600, count: 2_000 },
      removeOnFail: { age: 86_400, count: 2_000 },
    },
  },
  ingest: {
    name: "ingest",
    /** Many at once: with `appendfsync always` a job mostly waits for the disk, and one write to it serves all. */
    worker: { concurrency: 24, lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 100 },
    job: {
      attempts: 5,
      backoff: { type: "exponential", delay: 500 },
      removeOnComplete: { age: 3_600, count: 1_000 },
      removeOnFail: { age: 7 * 86_400, count: 5_000 },
    },
  },
  poll: {
    name: "poll",
    worker: { concurrency: 8, lockDuration: 60_000, stalledInterval: 15_000, maxStalledCount: 100 },
    job: { attempts: 1, removeOnComplete: true, removeOnFail: { age: 86_400, count: 1_000 } },
  },
} as const;
export type Lane = keyof typeof LANES;

/** A job that was begun more often than this kills its workers: it goes to quarantine instead. */
export const MOST_STARTS = 5;

/** BullMQ's keys have a hash tag of their own: its scripts need one slot, and it need not be the store's. */
export function toQueuePrefix(edition: string): string {
  return `{nlq-${edition}}`;
}

/**
 * A lane as a producer sees it. `fail-fast` refuses at once while Redis is away (a caller is waiting);
 * `patient` waits for it (a worker that adds jobs).
 */
export function createLane(
  target: RedisTarget,
  edition: string,
  lane: Lane,
  use: "fail-fast" | "patient",
): Queue {
  return new OwningQueue(LANES[lane].name, toLaneOptions(queueConnection(target, use), edition, lane));
}

/** BullMQ leaves open what it was handed, which a cluster is: it would keep the process alive. */
class OwningQueue extends Queue {
  override async close(): Promise<void> {
    await super.close();
    closeQueueConnection(this.opts.connection);
  }
}

/**
 * The same on a connection that is open and that the caller ends: BullMQ cannot end one of its own while Redis is
 * away, and a gateway must end then too.
 */
export function createLaneOn(connection: RedisClient, edition: string, lane: Lane): Queue {
  return new Queue(LANES[lane].name, toLaneOptions(connection, edition, lane));
}

function toLaneOptions(connection: ConnectionOptions, edition: string, lane: Lane): QueueOptions {
  return { connection, prefix: toQueuePrefix(edition), defaultJobOptions: LANES[lane].job };
}
