import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { PushHealth } from "../contract/screens.ts";
import type { Edition } from "./keys.ts";

/**
 * What was agreed with a source's hub (WebSub). All times are milliseconds since 1970. `asking`: the hub has not
 * verified it yet. `leaving`: it was asked to end it. `denied`: it does not want us.
 */
const storedSubscription = z.object({
  state: z.enum(["asking", "active", "denied", "leaving"]),
  /** The profile's address for which it was made. */
  for: z.string(),
  hub: z.string(),
  topic: z.string(),
  /** Part of the callback's address: nobody but the hub is told. */
  token: z.string(),
  secret: z.string(),
  failures: z.coerce.number().default(0),
  message: z.string().optional(),
  activeMs: z.coerce.number().optional(),
  leaseEndMs: z.coerce.number().optional(),
  pushMs: z.coerce.number().optional(),
  /** A poll found what the hub had not told of. */
  missedMs: z.coerce.number().optional(),
  badSignatures: z.coerce.number().default(0),
});
export type Subscription = z.infer<typeof storedSubscription>;
type Fields = Partial<Record<keyof Subscription, string | number>>;

/** Undefined when there is none, or none that can be read. */
export async function readSubscription(
  { redis, keys }: Edition,
  source: string,
): Promise<Subscription | undefined> {
  const fields = await redis.hgetall(keys.subscription(source));
  return storedSubscription.safeParse(fields).data;
}

export interface Offer {
  /** The profile's address. */
  for: string;
  hub: string;
  topic: string;
}

/** Replaces what there was: another hub or topic is another subscription, with names and secrets of its own. */
export async function beginSubscription(
  { redis, keys }: Edition,
  source: string,
  offer: Offer,
): Promise<void> {
  const key = keys.subscription(source);
  const token = randomBytes(24).toString("base64url");
  const secret = randomBytes(32).toString("base64url");
  await redis
    .multi()
    .del(key)
    .hset(key, { ...offer, token, secret, state: "asking" })
    .exec();
  await dueSubscription({ redis, keys }, source, 0);
}

/** KEYS subscription · ARGV token, field/value pairs; an empty value takes the field away. */
const CHANGE = `
if redis.call("HGET", KEYS[1], "token") ~= ARGV[1] then return 0 end
for i = 2, #ARGV, 2 do
  if ARGV[i + 1] == "" then redis.call("HDEL", KEYS[1], ARGV[i])
  else redis.call("HSET", KEYS[1], ARGV[i], ARGV[i + 1]) end
end
return 1
`;

/** False when it was replaced or ended meanwhile: then nothing is written. */
export async function changeSubscription(
  { redis, keys }: Edition,
  source: string,
  { token }: Pick<Subscription, "token">,
  fields: Fields,
): Promise<boolean> {
  const flat = Object.entries(fields).flatMap(([name, value]) => [name, String(value)]);
  return (await redis.eval(CHANGE, 1, keys.subscription(source), token, ...flat)) === 1;
}

/** No profile's address is this. */
const NOBODY = "nobody";

/** Nobody wants it any more: what the hub still pushes is dropped, and it is told so soon. */
export async function giveUpSubscription(
  edition: Edition,
  source: string,
  subscription: Subscription,
): Promise<void> {
  await changeSubscription(edition, source, subscription, { for: NOBODY });
  await dueSubscription(edition, source, 0);
}

export async function countBadSignature({ redis, keys }: Edition, source: string): Promise<number> {
  return await redis.hincrby(keys.subscription(source), "badSignatures", 1);
}

export async function endSubscription({ redis, keys }: Edition, source: string): Promise<void> {
  await redis.del(keys.subscription(source));
  await redis.zrem(keys.subscriptionsDue, source);
}

/** Something has to be done for it at that moment. */
export async function dueSubscription({ redis, keys }: Edition, source: string, atMs: number): Promise<void> {
  await redis.zadd(keys.subscriptionsDue, atMs, source);
}

export async function listDueSubscriptions({ redis, keys }: Edition, nowMs: number): Promise<string[]> {
  return await redis.zrangebyscore(keys.subscriptionsDue, "-inf", nowMs, "LIMIT", 0, 50);
}

export async function listSubscriptions({ redis, keys }: Edition): Promise<string[]> {
  return await redis.zrange(keys.subscriptionsDue, "0", "-1");
}

/** The hub tells of everything: polling is only a net below. */
export function isPushed(subscription: Subscription | undefined, nowMs: number): boolean {
  if (subscription?.state !== "active" || subscription.missedMs !== undefined) return false;
  return (subscription.leaseEndMs ?? 0) > nowMs;
}

export function toPushHealth(subscription: Subscription): PushHealth {
  const { state, hub, leaseEndMs, pushMs, missedMs, badSignatures, message } = subscription;
  return {
    state,
    hub,
    ...(leaseEndMs !== undefined && { leaseUntil: new Date(leaseEndMs).toISOString() }),
    ...(pushMs !== undefined && { lastPushAt: new Date(pushMs).toISOString() }),
    ...(missedMs !== undefined && { silentSince: new Date(missedMs).toISOString() }),
    ...(badSignatures > 0 && { badSignatures }),
    ...(message !== undefined && { message }),
  };
}
