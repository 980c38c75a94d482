import type { Edition } from "./keys.ts";

/** How long the bytes of deliveries are kept, and how many of one source's: what came last can be read again. */
export const RAW_MS = 7 * 86_400_000;
export const MOST_RAW_BYTES = 100 * 2 ** 20;
const PAGE = 50;

/**
 * KEYS raw deliveries, bytes of all sources, delivery, bytes · ARGV source, member, size, "1" if quarantined ones
 * may go · gives 1 when they are gone. What is still to be read stays, whatever its age.
 */
const FORGET = `
local state = redis.call("HGET", KEYS[3], "state")
if state == "queued" or state == "active" then return 0 end
if state == "quarantined" and ARGV[4] ~= "1" then return 0 end
if redis.call("ZREM", KEYS[1], ARGV[2]) == 1 then redis.call("HINCRBY", KEYS[2], ARGV[1], -tonumber(ARGV[3])) end
redis.call("DEL", KEYS[4])
return 1
`;

interface RawDelivery {
  id: string;
  bytes: number;
  receivedMs: number;
}

/** The member says how many bytes there are: they may have expired when that is asked. */
export function toRawMember(id: string, bytes: number): string {
  return `${id}:${bytes}`;
}

/** Takes the bytes away; what became of the delivery stays known. False while it waits to be read. */
async function forget(
  edition: Edition,
  source: string,
  raw: Pick<RawDelivery, "id" | "bytes">,
  mayBeQuarantined: boolean,
): Promise<boolean> {
  const { redis, keys } = edition;
  const named = [keys.raw(source), keys.rawBytes, keys.delivery(raw.id), keys.bytes(raw.id)];
  const args = [source, toRawMember(raw.id, raw.bytes), raw.bytes, mayBeQuarantined ? "1" : "0"];
  return (await redis.eval(FORGET, named.length, ...named, ...args)) === 1;
}

/** Takes away the bytes of these deliveries, as far as nobody has to read them any more. */
export async function forgetRaw(
  edition: Edition,
  ids: readonly string[],
  { mayBeQuarantined = false } = {},
): Promise<void> {
  for (const id of ids) {
    const [source, size] = await edition.redis.hmget(edition.keys.delivery(id), "source", "size");
    if (typeof source !== "string") continue;
    await forget(edition, source, { id, bytes: Number(size ?? 0) }, mayBeQuarantined);
  }
}

/** Ids of the newest raw deliveries of a source, newest first. */
export async function listRaw(edition: Edition, source: string, most: number): Promise<string[]> {
  const members = await edition.redis.zrevrange(edition.keys.raw(source), 0, most - 1);
  return members.map((member) => toRaw(member, 0).id);
}

export interface RawLimits {
  nowMs: number;
  /** 100 MB a source. */
  mostBytes?: number;
}

/** Takes the oldest bytes from every source that has too many, or some that are too old. Gives how many left. */
export async function trimRaw(edition: Edition, limits: RawLimits): Promise<number> {
  let left = 0;
  for (const [source, bytes] of Object.entries(await edition.redis.hgetall(edition.keys.rawBytes))) {
    // What nobody could read yet goes last: somebody has to find the time to look at it.
    const rest = await trimSource(edition, source, { ...limits, bytes: Number(bytes) }, false);
    left += rest.left;
    if (rest.bytes > (limits.mostBytes ?? MOST_RAW_BYTES)) {
      left += (await trimSource(edition, source, { ...limits, bytes: rest.bytes }, true)).left;
    }
  }
  return left;
}

async function trimSource(
  edition: Edition,
  source: string,
  { nowMs, mostBytes = MOST_RAW_BYTES, bytes: before }: RawLimits & { bytes: number },
  isLastResort: boolean,
): Promise<{ left: number; bytes: number }> {
  let left = 0;
  let bytes = before;
  for (let from = 0; ; ) {
    const page = await readOldest(edition, source, from);
    for (const raw of page) {
      const isOld = !isLastResort && raw.receivedMs < nowMs - RAW_MS;
      if (bytes <= mostBytes && !isOld) return { left, bytes };
      if (await forget(edition, source, raw, isLastResort)) {
        left += 1;
        bytes -= raw.bytes;
      } else from += 1;
    }
    if (page.length < PAGE) return { left, bytes };
  }
}

async function readOldest(edition: Edition, source: string, from: number): Promise<RawDelivery[]> {
  const flat = await edition.redis.zrange(
    edition.keys.raw(source),
    String(from),
    String(from + PAGE - 1),
    "WITHSCORES",
  );
  const raws: RawDelivery[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) raws.push(toRaw(flat[i] ?? "", Number(flat[i + 1])));
  return raws;
}

function toRaw(member: string, receivedMs: number): RawDelivery {
  const [id = "", bytes = "0"] = member.split(":");
  return { id, bytes: Number(bytes), receivedMs };
}
