import type { Logger } from "../log.ts";
import { checkRedis, type RedisHealth } from "../redis/check.ts";
import { connectRedis, type RedisClient } from "../redis/connect.ts";
import { launchRedisServer } from "../redis/server.ts";
import { describeTarget, type RedisTarget } from "../redis/target.ts";
import { toKeys } from "../store/keys.ts";
import { markCleanStop } from "../store/run.ts";
import type { ServiceReady } from "./child.ts";
import { createOneGateway, createSeveralGateways } from "./gateways.ts";
import { Keeper } from "./keeper.ts";
import { type LaunchOptions, launchService } from "./launch.ts";
import { Supervisor } from "./supervise.ts";

export interface ProductOptions extends LaunchOptions {
  /** How many share the port. */
  gateways: number;
}

export interface RunningProduct {
  port: number;
  redis: string;
  durability: RedisHealth["durability"];
}

export interface Product {
  start(): Promise<RunningProduct>;
  stop(): Promise<void>;
}

/** How long an outside Redis may take to answer at all. */
const REDIS_PATIENCE_MS = 5_000;

/** Private Redis, gateways and worker, put together by hand. */
export function createProduct(options: ProductOptions): Product {
  const { config, folder, log } = options;
  const target: RedisTarget = config.redis ?? { kind: "socket", path: folder.socket };
  const gateways =
    options.gateways === 1 ? createOneGateway(options) : createSeveralGateways(options, options.gateways);
  const supervisor = new Supervisor({
    redis: config.redis === undefined ? createRedisKeeper(options) : undefined,
    // Readers are sent away before the writer goes.
    services: [gateways.keepers, [createWorkerKeeper(options)]],
    beforeRedisStops: () => leaveCleanMark(target, config.edition, log),
  });
  return {
    async start() {
      await supervisor.startRedis();
      const health = await withRedis(target, (redis) => checkRedis(redis, REDIS_PATIENCE_MS));
      for (const warning of health.warnings) log.warn(warning);
      await gateways.open();
      const [first] = await supervisor.startServices();
      const port = gateways.toPort(first);
      return { port, redis: `${health.version} at ${describeTarget(target)}`, durability: health.durability };
    },
    async stop() {
      await supervisor.stop();
      gateways.close();
    },
  };
}

function createWorkerKeeper(options: ProductOptions): Keeper<ServiceReady> {
  const { config, folder, log } = options;
  return new Keeper({
    name: "worker",
    pidFile: folder.pidFile("worker"),
    log,
    launch: () => launchService(options, { command: ["worker"], port: config.port }),
  });
}

function createRedisKeeper({ folder, log }: ProductOptions): Keeper<void> {
  return new Keeper({
    name: "redis",
    pidFile: folder.pidFile("redis"),
    log,
    launch: () => launchRedisServer({ dir: folder.dir, socket: folder.socket, appendfsync: "always" }),
  });
}

/** Without the mark everybody is made to read anew after the next start; a nuisance, so its failure is told. */
async function leaveCleanMark(target: RedisTarget, edition: string, log: Logger): Promise<void> {
  try {
    await withRedis(target, (redis) => markCleanStop({ redis, keys: toKeys(edition) }));
  } catch (error) {
    log.warn({ err: error }, "no mark of a clean stop could be left; positions will be renewed");
  }
}

async function withRedis<T>(target: RedisTarget, use: (redis: RedisClient) => Promise<T>): Promise<T> {
  const redis = connectRedis(target, "patient");
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}
