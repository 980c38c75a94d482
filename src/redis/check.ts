import { setTimeout as sleep } from "node:timers/promises";
import { Cluster, type Redis } from "ioredis";
import { z } from "zod";
import { ConfigError } from "../config-error.ts";
import type { RedisClient } from "./connect.ts";

/** What a 2xx to an editor is worth if the power goes: `everysec` may lose up to 2 s, `none` much more. */
export type Durability = "always" | "everysec" | "none";

export interface RedisHealth {
  version: string;
  durability: Durability;
  /** One sentence each. */
  warnings: string[];
}

const OLDEST: readonly [number, number] = [6, 2];
const WORST_FIRST: readonly Durability[] = ["none", "everysec", "always"];
const configReply = z.tuple([z.string(), z.string()]);

/**
 * Waits for the connection, then looks. Throws a `ConfigError` when this Redis must not be used at all, or does not
 * answer. A cluster is as good as its worst primary.
 */
export async function checkRedis(client: RedisClient, patienceMs = 10_000): Promise<RedisHealth> {
  await waitUntilReady(client, patienceMs);
  const nodes = client instanceof Cluster ? client.nodes("master") : [client];
  const judged = await Promise.all(
    nodes.map(async (node) => judgeRedis(parseInfo(await node.info()), await readFsyncPolicy(node))),
  );
  const worst = WORST_FIRST.flatMap((level) => judged.filter(({ durability }) => durability === level))[0];
  if (worst === undefined) throw refused("The Redis cluster has no primary.");
  return worst;
}

/** Not by waiting for the event: a refused connection is tried again, and its error would end the wait. */
async function waitUntilReady(client: RedisClient, patienceMs: number): Promise<void> {
  let reason = "";
  const noteReason = (error: Error) => {
    reason = ` (${error.message})`;
  };
  client.on("error", noteReason);
  const deadline = Date.now() + patienceMs;
  while (client.status !== "ready" && Date.now() < deadline) await sleep(20);
  client.off("error", noteReason);
  if (client.status !== "ready")
    throw refused(`Redis does not answer${reason}: start it, or correct REDIS_URL.`);
}

/** `name:value` lines of INFO. */
export function parseInfo(text: string): Map<string, string> {
  const pairs = text.split(/\r?\n/).filter((line) => /^\w+:/.test(line));
  return new Map(pairs.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]));
}

/** `fsync` is undefined when Redis would not tell it: then it is taken for the weaker one. */
export function judgeRedis(info: ReadonlyMap<string, string>, fsync: string | undefined): RedisHealth {
  const version = info.get("redis_version") ?? "0";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw refused(`Redis ${version} is too old: News Line needs ${OLDEST.join(".")} or newer.`);
  }
  const policy = info.get("maxmemory_policy") ?? "noeviction";
  if (policy !== "noeviction") {
    throw refused(
      `Redis may throw items away when memory is short: set its maxmemory-policy to noeviction (it is ${policy}).`,
    );
  }
  if (info.get("role") === "slave") {
    throw refused("REDIS_URL leads to a replica, which takes no writes: it must name the primary.");
  }
  const durability = toDurability(info, fsync);
  return { version, durability, warnings: warningsFor(durability) };
}

function toDurability(info: ReadonlyMap<string, string>, fsync: string | undefined): Durability {
  if (info.get("aof_enabled") !== "1" || fsync === "no") return "none";
  return fsync === "always" ? "always" : "everysec";
}

function warningsFor(durability: Durability): string[] {
  switch (durability) {
    case "always":
      return [];
    case "everysec":
      return [
        "Redis answers before it has written to disk (appendfsync is not always): up to 2 s of accepted items may be lost in a power cut.",
      ];
    case "none":
      return [
        "Redis keeps no append-only file that is forced to disk, so accepted items are lost when it stops: set appendonly yes and appendfsync always.",
      ];
  }
}

/** INFO does not tell it, and hosted services often refuse CONFIG. */
async function readFsyncPolicy(node: Redis): Promise<string | undefined> {
  try {
    return configReply.parse(await node.config("GET", "appendfsync"))[1];
  } catch {
    return undefined;
  }
}

function refused(sentence: string): ConfigError {
  return new ConfigError("REDIS_URL", sentence);
}
