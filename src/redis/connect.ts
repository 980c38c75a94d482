import type { ConnectionOptions } from "bullmq";
import { Cluster, Redis } from "ioredis";
import type { RedisTarget } from "./target.ts";

export type { RedisTarget } from "./target.ts";
export type RedisClient = Redis | Cluster;

/**
 * What a connection does while Redis is away:
 * - `patient`: commands wait until it is back. For workers, which have time.
 * - `fail-fast`: commands fail at once, at the latest after 5 s. For answers that somebody waits for.
 * - `blocking`: the command in flight fails with the connection instead of being sent again unseen, so that a
 *   reader of the stream gets to compare its place before it reads on. Block for at most 10 s: a link that is
 *   silent for longer is taken for dead.
 * - `busy`: as patient, and what is asked in one turn of the event loop is sent in one write. For the workers' own
 *   connection, on which many jobs ask at once.
 */
export type RedisUse = "patient" | "busy" | "fail-fast" | "blocking";

const LONGEST_RETRY_MS = 2_000;
const FAIL_FAST_MS = 5_000;
const SILENT_LINK_MS = 15_000;

/** ioredis and BullMQ wait up to 5 s and 20 s between two tries, which readers would see after every restart. */
function retryStrategy(times: number): number {
  return Math.min(times * 200, LONGEST_RETRY_MS);
}

/** After a failover an old primary answers READONLY: the connection must be made again, to the new one. */
function reconnectOnError(error: Error): false | 2 {
  return error.message.startsWith("READONLY") ? 2 : false;
}

/** The caller ends it with `quit()` or `disconnect()`. */
export function connectRedis(
  target: RedisTarget,
  use: RedisUse,
  onError: (error: Error) => void = ignoreConnectionError,
): RedisClient {
  const client =
    target.kind === "cluster"
      ? new Cluster([...target.nodes], toClusterOptions(target, use))
      : new Redis(toOptions(target, use));
  client.on("error", onError);
  return client;
}

/**
 * What a BullMQ `Queue` (fail-fast) or `Worker` (patient) takes as `connection`. A fail-fast `Queue` needs
 * `skipWaitingForReady: true` as well, or its first command waits for Redis all the same. BullMQ opens and ends
 * its own connections from options; a cluster it gets ready-made, so end it with `closeQueueConnection`.
 */
export function queueConnection(target: RedisTarget, use: "patient" | "fail-fast"): ConnectionOptions {
  return target.kind === "cluster" ? connectRedis(target, use) : toOptions(target, use);
}

export function closeQueueConnection(connection: ConnectionOptions): void {
  if (connection instanceof Cluster) connection.disconnect();
}

/**
 * Without a listener the first refused connection would end the process. The loss itself is not news here: every
 * command tells its caller, and whoever owns the connection watches its status.
 */
function ignoreConnectionError(): void {}

interface UseOptions {
  maxRetriesPerRequest: number | null;
  enableOfflineQueue?: boolean;
  enableAutoPipelining?: boolean;
  commandTimeout?: number;
  socketTimeout?: number;
}

function toUse(use: RedisUse): UseOptions {
  switch (use) {
    case "patient":
      return { maxRetriesPerRequest: null };
    case "busy":
      return { maxRetriesPerRequest: null, enableAutoPipelining: true };
    case "fail-fast":
      return { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: FAIL_FAST_MS };
    case "blocking":
      return { maxRetriesPerRequest: 0, socketTimeout: SILENT_LINK_MS };
  }
}

type StandaloneTarget = Exclude<RedisTarget, { kind: "cluster" }>;

function toOptions(target: StandaloneTarget, use: RedisUse) {
  return {
    ...toUse(use),
    ...toPlace(target),
    retryStrategy,
    reconnectOnError,
    connectTimeout: FAIL_FAST_MS,
    ...(target.db !== undefined && { db: target.db }),
  };
}

function toPlace(target: StandaloneTarget) {
  switch (target.kind) {
    case "socket":
      return { path: target.path };
    case "single":
      return { host: target.host, port: target.port, ...toLogin(target), ...(target.tls && { tls: {} }) };
    case "sentinel":
      return {
        sentinels: [...target.sentinels],
        name: target.name,
        sentinelRetryStrategy: retryStrategy,
        // A primary that was paused comes back believing it still is one; the sentinels know better.
        failoverDetector: true,
        ...toLogin(target),
        ...(target.sentinelPassword !== undefined && { sentinelPassword: target.sentinelPassword }),
        ...(target.tls && { tls: {}, enableTLSForSentinelMode: true }),
      };
  }
}

function toLogin(target: { username?: string; password?: string }) {
  return {
    ...(target.username !== undefined && { username: target.username }),
    ...(target.password !== undefined && { password: target.password }),
  };
}

function toClusterOptions(target: RedisTarget & { kind: "cluster" }, use: RedisUse) {
  const { enableOfflineQueue, ...perNode } = toUse(use);
  return {
    clusterRetryStrategy: retryStrategy,
    ...(enableOfflineQueue !== undefined && { enableOfflineQueue }),
    redisOptions: {
      ...perNode,
      ...toLogin(target),
      connectTimeout: FAIL_FAST_MS,
      ...(target.tls && { tls: {} }),
    },
    // A certificate is for the name, so the name must not be replaced by its address.
    ...(target.tls && { dnsLookup: keepName }),
  };
}

function keepName(name: string, done: (error: null, address: string) => void): void {
  done(null, name);
}
