import { performance } from "node:perf_hooks";
import { parseInfo } from "../src/redis/check.ts";
import type { RedisClient } from "../src/redis/connect.ts";

/** What a piece of work cost: CPU of this process and of Redis, and the wall. */
export interface Cost {
  wallMs: number;
  nodeUs: number;
  redisUs: number;
}

async function readRedisCpuUs(redis: RedisClient): Promise<number> {
  const info = parseInfo(await redis.info("cpu"));
  return (Number(info.get("used_cpu_user")) + Number(info.get("used_cpu_sys"))) * 1e6;
}

/** CPU time is the figure to compare: the wall of a shared machine says little. */
export async function measure(redis: RedisClient, work: () => Promise<void>): Promise<Cost> {
  const redisBefore = await readRedisCpuUs(redis);
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wallMs, nodeUs: user + system, redisUs: (await readRedisCpuUs(redis)) - redisBefore };
}

/** The value below which `share` of the sorted values lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
