import type { Queue } from "bullmq";
import { z } from "zod";
import { NewsLineError } from "../contract/errors.ts";
import type { IngestJob } from "../contract/jobs.ts";
import { type DeliveryStatus, deliveryStatus } from "../contract/rest.ts";
import type { Edition } from "./keys.ts";
import { RAW_MS, toRawMember } from "./raw-deliveries.ts";

/** How long a delivery and its bytes are kept. */
export const DELIVERY_SECONDS = RAW_MS / 1_000;

/** Decoded, by whatever door it comes. */
export const MOST_DELIVERY_BYTES = 15 * 2 ** 20;

/** New work is refused before the queue's memory becomes a danger to readers (P7). */
const MOST_WAITING = 20_000;
const BACKLOG_RETRY_MS = 5_000;

export interface NewDelivery {
  source: string;
  bytes: Buffer;
  contentType?: string;
  /** Where it was fetched from. */
  address?: string;
  filename?: string;
  /** An import: as a source's first delivery always is, never late, never shown as new (TIM2). */
  backfill?: boolean;
  /** Names the thing handed over: the same name again from the same source is the delivery that it already was. */
  once?: string;
}

export interface Delivery extends DeliveryStatus {
  id: string;
  source: string;
  /** Edition-wide: which of two deliveries came first, whatever order their jobs run in (REV1). */
  arrival: number;
  receivedAt: string;
  contentType?: string;
  address?: string;
  filename?: string;
  backfill: boolean;
}

/**
 * KEYS delivery, bytes, source state, raw deliveries, bytes of all sources, once (if it has a name) · ARGV id, the
 * bytes, seconds, source, raw member, then field/value pairs of the delivery. Answers the id under which it is stored: an earlier one if its name is known.
 * Notes the source's first delivery in the step that stores it: of two at once, one is the first.
 */
const STORE = `
if KEYS[6] then
  local known = redis.call("GET", KEYS[6])
  if known then return known end
  redis.call("SET", KEYS[6], ARGV[1], "EX", ARGV[3])
end
local clock = redis.call("TIME")
local at = clock[1] * 1000 + math.floor(clock[2] / 1000)
local first = redis.call("HSETNX", KEYS[3], "firstDelivery", ARGV[1])
redis.call("HSET", KEYS[3], "receivedMs", at)
redis.call("SET", KEYS[2], ARGV[2], "EX", ARGV[3])
redis.call("ZADD", KEYS[4], at, ARGV[5])
redis.call("HINCRBY", KEYS[5], ARGV[4], #ARGV[2])
redis.call("HSET", KEYS[1], "receivedMs", at, "first", first, "size", #ARGV[2])
for i = 6, #ARGV, 2 do redis.call("HSET", KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call("EXPIRE", KEYS[1], ARGV[3])
return ARGV[1]
`;

/** KEYS source state · ARGV id. */
const GIVE_BACK_FIRST = `
if redis.call("HGET", KEYS[1], "firstDelivery") == ARGV[1] then redis.call("HDEL", KEYS[1], "firstDelivery") end
return 1
`;

/** Stores the bytes, numbers the delivery and queues it. Accepted means: on disk, and a worker will take it. */
export async function acceptDelivery(
  edition: Edition,
  lane: Queue,
  delivery: NewDelivery,
): Promise<{ id: string; arrival: number }> {
  await refuseBacklog(lane);
  const { redis, keys } = edition;
  const { source, once } = delivery;
  const arrival = await redis.hincrby(keys.meta, "arrivals", 1);
  const newId = toDeliveryId(arrival);
  const own = [keys.delivery(newId), keys.bytes(newId), keys.sourceState(source)];
  const named = [...own, keys.raw(source), keys.rawBytes];
  if (once !== undefined) named.push(keys.once(source, once));
  const head = [newId, delivery.bytes, DELIVERY_SECONDS, source, toRawMember(newId, delivery.bytes.length)];
  const fields = toFields(delivery, arrival);
  const id = String(await redis.eval(STORE, named.length, ...named, ...head, ...fields));
  try {
    // Also when it is known: whoever stored it may have died before this line. The queue takes an id only once.
    await queueDelivery(lane, { delivery: id, source }, id);
  } catch (error) {
    // Its sender will send it again; that one is then the source's first.
    await Promise.allSettled([redis.eval(GIVE_BACK_FIRST, 1, keys.sourceState(source), id)]);
    throw error;
  }
  return { id, arrival: toArrival(id) };
}

export function toDeliveryId(arrival: number): string {
  return `d-${arrival}`;
}

function toArrival(deliveryId: string): number {
  return Number(deliveryId.slice(2));
}

/** BullMQ takes a job id that it still knows for done, without a word: a retry needs an id of its own. */
export async function queueDelivery(lane: Queue, job: IngestJob, jobId: string): Promise<void> {
  await lane.add("ingest", job, { jobId });
}

async function refuseBacklog(lane: Queue): Promise<void> {
  const counts = await lane.getJobCounts("waiting", "delayed", "prioritized");
  const waiting = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (waiting >= MOST_WAITING) throw new NewsLineError("backlog", { retryAfterMs: BACKLOG_RETRY_MS });
}

function toFields(delivery: NewDelivery, arrival: number): string[] {
  const { source, contentType, address, filename, backfill } = delivery;
  const fields = {
    state: "queued",
    outcomes: "[]",
    source,
    arrival: String(arrival),
    contentType,
    address,
    filename,
    backfill: backfill === true ? "1" : undefined,
  };
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}

const storedDelivery = z.object({
  state: deliveryStatus.shape.state,
  outcomes: z.string().transform((json) => deliveryStatus.shape.outcomes.parse(JSON.parse(json))),
  quarantine: z
    .string()
    .transform((json) => deliveryStatus.shape.quarantine.parse(JSON.parse(json)))
    .optional(),
  source: z.string(),
  arrival: z.coerce.number(),
  receivedMs: z.coerce.number(),
  first: z.string(),
  backfill: z.string().optional(),
  contentType: z.string().optional(),
  address: z.string().optional(),
  filename: z.string().optional(),
});

export async function readDelivery(edition: Edition, id: string): Promise<Delivery | undefined> {
  const fields = await edition.redis.hgetall(edition.keys.delivery(id));
  if (fields.state === undefined) return undefined;
  const stored = storedDelivery.parse(fields);
  return {
    id,
    state: stored.state,
    outcomes: stored.outcomes,
    ...(stored.quarantine !== undefined && { quarantine: stored.quarantine }),
    source: stored.source,
    arrival: stored.arrival,
    receivedAt: new Date(stored.receivedMs).toISOString(),
    ...(stored.contentType !== undefined && { contentType: stored.contentType }),
    ...(stored.address !== undefined && { address: stored.address }),
    ...(stored.filename !== undefined && { filename: stored.filename }),
    backfill: stored.backfill !== undefined || stored.first === "1",
  };
}

export async function readDeliveryBytes(edition: Edition, id: string): Promise<Buffer | undefined> {
  return (await edition.redis.getBuffer(edition.keys.bytes(id))) ?? undefined;
}

/** KEYS delivery · ARGV field/value pairs. An expired delivery is not made again: it would stay for ever. */
const UPDATE = `
if redis.call("EXISTS", KEYS[1]) == 0 then return 0 end
redis.call("HSET", KEYS[1], unpack(ARGV))
if ARGV[2] ~= "quarantined" then redis.call("HDEL", KEYS[1], "quarantine") end
return 1
`;

export async function updateDelivery(edition: Edition, id: string, status: DeliveryStatus): Promise<void> {
  const { state, outcomes, quarantine } = status;
  const fields = ["state", state, "outcomes", JSON.stringify(outcomes)];
  if (quarantine !== undefined) fields.push("quarantine", JSON.stringify(quarantine));
  await edition.redis.eval(UPDATE, 1, edition.keys.delivery(id), ...fields);
}
