import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Queue, QueueEvents } from "bullmq";
import { NewsLineError } from "../contract/errors.ts";
import {
  type DeskCommand,
  type DeskJob,
  type DeskQuestion,
  type DeskResult,
  deskResult,
} from "../contract/jobs.ts";
import { closeQueueConnection, queueConnection, type RedisTarget } from "../redis/connect.ts";
import type { CommandResult } from "../store/apply.ts";
import { readClockMs } from "../store/clock.ts";
import { readCommand } from "../store/commands.ts";
import type { Edition } from "../store/keys.ts";
import { LANES, toQueuePrefix } from "./queues.ts";

/** After this a command is refused inside `apply`, by Redis's clock. */
const DEADLINE_MS = 5_000;
/** How long after the deadline a command's end may still be on its way to us. */
const GRACE_MS = 250;
const LOOK_AGAIN_MS = 200;
const RETRY_MS = 1_000;
const CLOSE_MS = 1_000;

type WithoutDeadline<C> = C extends DeskCommand ? Omit<C, "deadline"> : never;
export type NewCommand = WithoutDeadline<DeskCommand>;

type Ending =
  | { kind: "completed"; value: unknown }
  | { kind: "failed"; reason: string }
  | { kind: "silent"; cause?: unknown };

/** The producer of the desk lane: adds a job and waits for its end. */
export interface DeskCommands {
  /** Throws `not_stored` when it is certain that nothing happened and nothing will, else `outcome_unknown`. */
  send(command: NewCommand): Promise<DeskResult>;
  /** For a job that changes nothing. */
  ask(job: DeskQuestion): Promise<DeskResult>;
  close(): Promise<void>;
}

/** One reader of the lane's events serves all that wait. */
interface Ends {
  waiting: Map<string, (ending: Ending) => void>;
  close(): Promise<void>;
}

export interface DeskCommandsOptions {
  target: RedisTarget;
  edition: Edition;
  lane: Queue;
  /** For tests; 5 s. */
  deadlineMs?: number | undefined;
}

export async function createDeskCommands(options: DeskCommandsOptions): Promise<DeskCommands> {
  const { target, edition, lane, deadlineMs = DEADLINE_MS } = options;
  const ends = await followEnds(target, edition, lane);

  /** A job's id is chosen and waited for before the job is added, so no end is missed. */
  async function run(job: DeskJob, patienceMs: number): Promise<Ending> {
    const jobId = `c-${randomUUID()}`;
    const patience = new AbortController();
    try {
      const ended = new Promise<Ending>((resolve) => ends.waiting.set(jobId, resolve));
      const silent = sleep(patienceMs, { kind: "silent" } as const, { signal: patience.signal });
      const added = lane.add(job.command, job, { jobId }).then(() => ended);
      return await Promise.race([ended, added, silent]);
    } catch (cause) {
      return { kind: "silent", cause };
    } finally {
      ends.waiting.delete(jobId);
      patience.abort();
    }
  }

  return {
    async send(command) {
      const deadline = (await readClockOrRefuse(edition)) + deadlineMs;
      const ending = await run(toJob(command, deadline), deadlineMs + GRACE_MS);
      if (ending.kind === "completed")
        return await withRepeated(edition, command, deskResult.parse(ending.value));
      return await findOutcome(edition, { id: command.commandId, deadline, ending });
    },
    async ask(job) {
      const ending = await run(job, deadlineMs);
      if (ending.kind === "completed") return deskResult.parse(ending.value);
      throw new NewsLineError("unavailable", { retryAfterMs: RETRY_MS, cause: ending });
    },
    async close() {
      await ends.close();
    },
  };
}

function toJob(command: NewCommand, deadline: number): DeskJob {
  return { ...command, deadline };
}

async function followEnds(target: RedisTarget, edition: Edition, lane: Queue): Promise<Ends> {
  const connection = queueConnection(target, "patient");
  const waiting: Ends["waiting"] = new Map();
  // Without a place to begin at, what happens between two reads is lost until the first event has come.
  const [last] = await edition.redis.xrevrange(lane.toKey("events"), "+", "-", "COUNT", 1);
  const events = new QueueEvents(LANES.desk.name, {
    connection,
    prefix: toQueuePrefix(edition.keys.edition),
    lastEventId: last?.[0] ?? "0-0",
  });
  events.on("error", ignoreConnectionError);
  events.on("completed", ({ jobId, returnvalue }) => {
    const value: unknown = returnvalue;
    waiting.get(jobId)?.({ kind: "completed", value });
  });
  events.on("failed", ({ jobId, failedReason }) => {
    waiting.get(jobId)?.({ kind: "failed", reason: failedReason });
  });
  return {
    waiting,
    async close() {
      for (const end of waiting.values()) end({ kind: "silent" });
      // Between two tries to reach Redis a connection has no end that BullMQ could wait for.
      await Promise.race([events.close(), sleep(CLOSE_MS, undefined, { ref: false })]);
      closeQueueConnection(connection);
    },
  };
}

/** Commands that wait are told by their own deadline; the connection comes back by itself. */
function ignoreConnectionError(): void {}

/** Nothing has been sent yet: whatever fails here, nothing was stored. */
async function readClockOrRefuse(edition: Edition): Promise<number> {
  try {
    return await readClockMs(edition);
  } catch (cause) {
    throw new NewsLineError("not_stored", { retryAfterMs: RETRY_MS, cause });
  }
}

/**
 * The end of a command was not seen. It may have been carried out all the same, and until its deadline it still
 * may be; after that the store knows.
 */
async function findOutcome(
  edition: Edition,
  command: { id: string; deadline: number; ending: Ending },
): Promise<DeskResult> {
  for (;;) {
    const { nowMs, result } = await readCommand(edition, command.id).catch((cause: unknown) => {
      throw new NewsLineError("outcome_unknown", { retryAfterMs: RETRY_MS, cause });
    });
    if (result !== undefined) return toDeskResult(result);
    if (nowMs > command.deadline) {
      throw new NewsLineError("not_stored", { retryAfterMs: RETRY_MS, cause: command.ending });
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

/**
 * Of two jobs of one command that run at once, the later may find its work done and report that nothing changed.
 * The store knows what the command did.
 */
async function withRepeated(edition: Edition, command: NewCommand, result: DeskResult): Promise<DeskResult> {
  if (!("revision" in result) || Object.keys(result.deskPositions).length > 0) return result;
  const known = await readCommand(edition, command.commandId);
  return known.result === undefined ? result : { ...toDeskResult(known.result), replayed: true };
}

/** What the store kept of a command, as the worker would have told it. */
function toDeskResult({ id, revision, positions }: CommandResult): DeskResult {
  const ofAudience = (audience: string) =>
    Object.fromEntries(
      Object.entries(positions).flatMap(([channel, position]) =>
        channel.startsWith(`${audience}:`) ? [[channel.slice(audience.length + 1), position]] : [],
      ),
    );
  return { id, revision, positions: ofAudience("public"), deskPositions: ofAudience("desk") };
}
