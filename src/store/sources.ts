import { z } from "zod";
import { NewsLineError } from "../contract/errors.ts";
import { DESK_SOURCE } from "../contract/names.ts";
import { type SourceProfile, sourceProfile, toAllLines } from "../contract/profile.ts";
import type { SourceHealth } from "../contract/screens.ts";
import type { Edition } from "./keys.ts";
import { ensureLine } from "./lines.ts";
import { forgetObserved } from "./observations.ts";
import { toPollHealth, toPollState } from "./poll-state.ts";
import { readSubscription, toPushHealth } from "./subscriptions.ts";

/** What editors write is a source like any other; nobody has to set it up. */
const DESK_PROFILE: SourceProfile = sourceProfile.parse({ kind: "desk", lines: ["main"], trust: "flash" });

function parseProfile(json: string): SourceProfile {
  return sourceProfile.parse(JSON.parse(json));
}

export async function readSource(edition: Edition, source: string): Promise<SourceProfile | undefined> {
  const json = await edition.redis.hget(edition.keys.sources, source);
  if (json !== null) return parseProfile(json);
  return source === DESK_SOURCE ? DESK_PROFILE : undefined;
}

/** By name, in order of the names; the desk is always there. */
export async function listSources(edition: Edition): Promise<Map<string, SourceProfile>> {
  const stored = await edition.redis.hgetall(edition.keys.sources);
  const sources = new Map(Object.entries(stored).map(([name, json]) => [name, parseProfile(json)]));
  if (!sources.has(DESK_SOURCE)) sources.set(DESK_SOURCE, DESK_PROFILE);
  return new Map([...sources].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The lines it names exist from now on. */
export async function writeSource(edition: Edition, source: string, profile: SourceProfile): Promise<void> {
  for (const line of toAllLines(profile)) await ensureLine(edition, line);
  await edition.redis.hset(edition.keys.sources, source, JSON.stringify(profile));
  await noteSourcesChange(edition);
}

/** Changes whenever a profile is written or removed: what watches all profiles reads them only then. */
export async function readSourcesVersion(edition: Edition): Promise<string> {
  return (await edition.redis.hget(edition.keys.meta, "sources")) ?? "0";
}

/** After the change, so that whoever sees the new version sees the change as well. */
async function noteSourcesChange(edition: Edition): Promise<void> {
  await edition.redis.hincrby(edition.keys.meta, "sources", 1);
}

/** What it sent stays. False when there was none. */
export async function removeSource(edition: Edition, source: string): Promise<boolean> {
  if (source === DESK_SOURCE) {
    throw new NewsLineError("conflict", { message: "The source `desk` is built in and cannot be removed." });
  }
  const removed = await edition.redis.hdel(edition.keys.sources, source);
  await edition.redis.del(edition.keys.sourceState(source));
  await forgetObserved(edition, source);
  await noteSourcesChange(edition);
  return removed > 0;
}

const storedHealth = z.object({
  receivedMs: z.coerce.number().optional(),
  lastItemAt: z.string().optional(),
  items: z.coerce.number().default(0),
  failures: z.coerce.number().default(0),
});

export async function readSourceHealth(edition: Edition, source: string): Promise<SourceHealth> {
  const [fields, subscription] = await Promise.all([
    edition.redis.hgetall(edition.keys.sourceState(source)),
    readSubscription(edition, source),
  ]);
  const stored = storedHealth.parse(fields);
  const poll = toPollHealth(toPollState(fields));
  return {
    ...(stored.receivedMs !== undefined && { lastReceivedAt: new Date(stored.receivedMs).toISOString() }),
    ...(stored.lastItemAt !== undefined && { lastItemAt: stored.lastItemAt }),
    items: stored.items,
    failures: stored.failures,
    ...(poll !== undefined && { poll }),
    ...(subscription !== undefined && { push: toPushHealth(subscription) }),
  };
}

/** Adds to a source's pulse: items that took effect (`lastItemAt` when), deliveries or polls that failed. */
export async function noteSourceHealth(
  edition: Edition,
  source: string,
  pulse: { items?: number; lastItemAt?: string; failures?: number },
): Promise<void> {
  const key = edition.keys.sourceState(source);
  const pipeline = edition.redis.pipeline();
  if (pulse.items !== undefined) pipeline.hincrby(key, "items", pulse.items);
  if (pulse.failures !== undefined) pipeline.hincrby(key, "failures", pulse.failures);
  if (pulse.lastItemAt !== undefined) pipeline.hset(key, "lastItemAt", pulse.lastItemAt);
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
}
