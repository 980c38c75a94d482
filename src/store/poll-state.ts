import { z } from "zod";
import type { PollHealth } from "../contract/screens.ts";
import type { Edition } from "./keys.ts";

/**
 * What a poll must remember between two visits. All times are milliseconds since 1970. An absent field and one that
 * cannot be read are alike: the source is then asked as if for the first time.
 */
const storedPoll = z.object({
  /** The profile's address for which all this holds; another one makes it void. */
  for: z.string().catch(""),
  /** Where it moved to for good; set by an answer that came three times. */
  movedTo: z.string().optional(),
  /** An address that a permanent redirect named, and how often in a row. */
  moving: z.string().optional(),
  movingCount: z.coerce.number().catch(0),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  /** Of the last accepted body. */
  hash: z.string().optional(),
  /** The feed's own pace, from its last body. */
  ttlSeconds: z.coerce.number().optional().catch(undefined),
  skipHours: z.string().optional(),
  skipDays: z.string().optional(),
  failures: z.coerce.number().catch(0),
  message: z.string().optional(),
  lastMs: z.coerce.number().optional().catch(undefined),
  nextMs: z.coerce.number().catch(0),
  /** The pace by which `nextMs` was reckoned. */
  everyMs: z.coerce.number().catch(0),
  goneMs: z.coerce.number().optional().catch(undefined),
  /** When something of it last took effect, and the gaps between such moments: their mean and the newest. */
  changedMs: z.coerce.number().optional().catch(undefined),
  gapMs: z.coerce.number().optional().catch(undefined),
  lastGapMs: z.coerce.number().optional().catch(undefined),
  /** `nextMs` was reckoned while the hub pushed: polling was only the net below. */
  isNet: z.string().optional(),
});
export type PollState = z.infer<typeof storedPoll>;

const POLL_PREFIX = "poll:";

export function toPollState(fields: Record<string, string>): PollState {
  const known = Object.entries(fields).flatMap(([name, value]) =>
    name.startsWith(POLL_PREFIX) && value !== "" ? [[name.slice(POLL_PREFIX.length), value]] : [],
  );
  return storedPoll.parse(Object.fromEntries(known));
}

/** Undefined before the first poll. */
export function toPollHealth(state: PollState): PollHealth | undefined {
  const { lastMs, nextMs, goneMs, message, failures, movedTo } = state;
  if (lastMs === undefined) return undefined;
  return {
    state: goneMs !== undefined ? "gone" : failures > 0 ? "failing" : "ok",
    lastPollAt: new Date(lastMs).toISOString(),
    ...(goneMs === undefined && { nextPollAt: new Date(nextMs).toISOString() }),
    ...(message !== undefined && { message }),
    failuresInARow: failures,
    ...(movedTo !== undefined && { movedTo }),
  };
}

export async function readPollState(edition: Edition, source: string): Promise<PollState> {
  return toPollState(await edition.redis.hgetall(edition.keys.sourceState(source)));
}

/** Replaces the whole state: what is absent is forgotten. */
export async function writePollState(edition: Edition, source: string, state: PollState): Promise<void> {
  const values = new Map(Object.entries(state));
  const fields = Object.keys(storedPoll.shape).flatMap((name) => [
    POLL_PREFIX + name,
    String(values.get(name) ?? ""),
  ]);
  await edition.redis.hset(edition.keys.sourceState(source), ...fields);
}

/** A hub has pushed what the next poll will find: the same bytes are not taken twice. */
export async function writeAcceptedHash(edition: Edition, source: string, hash: string): Promise<void> {
  await edition.redis.hset(edition.keys.sourceState(source), `${POLL_PREFIX}hash`, hash);
}

/** When something of the source last took effect. */
export async function readLastItemMs(edition: Edition, source: string): Promise<number | undefined> {
  const at = await edition.redis.hget(edition.keys.sourceState(source), "lastItemAt");
  const ms = Date.parse(at ?? "");
  return Number.isNaN(ms) ? undefined : ms;
}
