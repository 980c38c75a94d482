import type { Queue } from "bullmq";
import { z } from "zod";
import { NewsLineError } from "../contract/errors.ts";
import { queueDelivery, readDelivery, readDeliveryBytes, updateDelivery } from "./deliveries.ts";
import type { Edition } from "./keys.ts";
import { forgetRaw } from "./raw-deliveries.ts";

/** A delivery that could not be read, or that broke its workers, with the reason. */
export interface QuarantineEntry {
  id: string;
  delivery: string;
  source: string;
  code: string;
  message: string;
  at: string;
}

/** What is in quarantine outlives other deliveries: somebody has to find the time to look at it. */
const QUARANTINE_SECONDS = 30 * 86_400;
const MOST_ENTRIES = 10_000;

/**
 * KEYS delivery, bytes, quarantine · ARGV delivery id, source, code, message, seconds, most entries
 * gives the entry's id. A delivery has one entry: a job that runs again adds none.
 */
const PUT_AWAY = `
local known = redis.call("HGET", KEYS[1], "quarantine")
if known then
  local id = cjson.decode(known).id
  if #redis.call("XRANGE", KEYS[3], id, id) > 0 then return id end
end
local id = redis.call("XADD", KEYS[3], "MAXLEN", "~", ARGV[6], "*",
  "delivery", ARGV[1], "source", ARGV[2], "code", ARGV[3], "message", ARGV[4])
if redis.call("EXISTS", KEYS[1]) == 1 then
  local told = cjson.encode({ id = id, code = ARGV[3], message = ARGV[4] })
  redis.call("HSET", KEYS[1], "state", "quarantined", "quarantine", told)
  redis.call("EXPIRE", KEYS[1], ARGV[5])
  redis.call("EXPIRE", KEYS[2], ARGV[5])
end
return id
`;

export async function quarantineDelivery(
  edition: Edition,
  entry: Omit<QuarantineEntry, "id" | "at">,
): Promise<string> {
  const { keys } = edition;
  const named = [keys.delivery(entry.delivery), keys.bytes(entry.delivery), keys.quarantine];
  const told = [entry.delivery, entry.source, entry.code, entry.message];
  return z
    .string()
    .parse(
      await edition.redis.eval(PUT_AWAY, named.length, ...named, ...told, QUARANTINE_SECONDS, MOST_ENTRIES),
    );
}

/** Newest first. */
export async function listQuarantine(edition: Edition, limit = 200): Promise<QuarantineEntry[]> {
  const entries = await edition.redis.xrevrange(edition.keys.quarantine, "+", "-", "COUNT", limit);
  return entries.map(([id, fields]) => toEntry(id, fields));
}

/** What could not be read, as it came. */
export async function readQuarantineBytes(edition: Edition, id: string): Promise<Buffer> {
  const { delivery } = await requireEntry(edition, id);
  const bytes = await readDeliveryBytes(edition, delivery);
  if (bytes === undefined) {
    throw new NewsLineError("unknown_delivery", {
      message: "The bytes of this delivery are kept no longer.",
    });
  }
  return bytes;
}

/** Gives the delivery to the workers once more. */
export async function retryQuarantine(edition: Edition, lane: Queue, id: string): Promise<QuarantineEntry> {
  const entry = await requireEntry(edition, id);
  const delivery = await readDelivery(edition, entry.delivery);
  if (delivery === undefined) throw new NewsLineError("unknown_delivery");
  await readQuarantineBytes(edition, id);
  // Before it is queued: should it end here once more, that is an entry of its own.
  await updateDelivery(edition, entry.delivery, { state: "queued", outcomes: [] });
  await queueDelivery(lane, { delivery: entry.delivery, source: entry.source }, `${entry.delivery}-${id}`);
  await edition.redis.xdel(edition.keys.quarantine, id);
  return entry;
}

export async function discardQuarantine(edition: Edition, id: string): Promise<QuarantineEntry> {
  const entry = await requireEntry(edition, id);
  await edition.redis.xdel(edition.keys.quarantine, id);
  await forgetRaw(edition, [entry.delivery], { mayBeQuarantined: true });
  return entry;
}

const STREAM_ID = /^\d{1,15}-\d{1,10}$/;

async function requireEntry(edition: Edition, id: string): Promise<QuarantineEntry> {
  if (!STREAM_ID.test(id)) throw new NewsLineError("unknown_quarantine");
  const [found] = await edition.redis.xrange(edition.keys.quarantine, id, id);
  if (found === undefined) throw new NewsLineError("unknown_quarantine");
  return toEntry(found[0], found[1]);
}

const storedEntry = z.object({
  delivery: z.string(),
  source: z.string(),
  code: z.string(),
  message: z.string(),
});

function toEntry(id: string, flat: string[]): QuarantineEntry {
  const fields: Record<string, string> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) fields[flat[i] ?? ""] = flat[i + 1] ?? "";
  return { id, ...storedEntry.parse(fields), at: new Date(Number.parseInt(id, 10)).toISOString() };
}
