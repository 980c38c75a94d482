import type { Config } from "../config.ts";
import type { Logger } from "../log.ts";
import { checkRedis, type RedisHealth } from "../redis/check.ts";
import { connectRedis, type RedisClient } from "../redis/connect.ts";
import { launchRedisServer } from "../redis/server.ts";
import { describeTarget, type RedisTarget } from "../redis/target.ts";
import { toKeys } from "../store/keys.ts";
import { markCleanStop } from "../store/run.ts";
import { launchCommand, type ServiceReady } from "./child.ts";
import { Keeper } from "./keeper.ts";
import { Supervisor } from "./supervise.ts";

/** In the order in which they stop: readers are sent away before the writer goes. */
export const SERVICES = ["gateway", "worker"] as const;

export interface DataFolder {
  dir: string;
  /** Where the private Redis listens. */
  socket: string;
  pidFile: (name: string) => string;
}

export interface ProductOptions {
  config: Config;
  folder: DataFolder;
  script: string;
  log: Logger;
  onLogLine: ((line: string) => void) | undefined;
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

/** Private Redis, gateway and worker, put together by hand. */
export function createProduct(options: ProductOptions): Product {
  const { config, folder, log } = options;
  const target: RedisTarget = config.redis ?? { kind: "socket", path: folder.socket };
  const services = createServices(options);
  const supervisor = new Supervisor({
    redis: config.redis === undefined ? createRedisKeeper(options) : undefined,
    services: services.keepers,
    beforeRedisStops: () => leaveCleanMark(target, config.edition, log),
  });
  return {
    async start() {
      await supervisor.startRedis();
      const health = await withRedis(target, (redis) => checkRedis(redis, REDIS_PATIENCE_MS));
      for (const warning of health.warnings) log.warn(warning);
      const [gateway] = await supervisor.startServices();
      const port = gateway?.port ?? config.port;
      services.usePort(port);
      return { port, redis: `${health.version} at ${describeTarget(target)}`, durability: health.durability };
    },
    stop: () => supervisor.stop(),
  };
}

function createServices({ config, folder, script, log, onLogLine }: ProductOptions) {
  let { port } = config;
  const keepers = SERVICES.map(
    (name) =>
      new Keeper<ServiceReady>({
        name,
        pidFile: folder.pidFile(name),
        log,
        launch: () =>
          launchCommand({
            script,
            command: name,
            env: { ...process.env, PORT: String(port), NEWSLINE_DATA: folder.dir },
            onLogLine,
          }),
      }),
  );
  return {
    keepers,
    /** A gateway that got any free port must come back on the same one: its readers know no other. */
    usePort(used: number) {
      port = used;
    },
  };
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
