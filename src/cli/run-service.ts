import { type Config, readConfig } from "../config.ts";
import { createLog, type Logger } from "../log.ts";
import { resolveRedis } from "../redis/resolve.ts";
import type { ServiceReady } from "./child.ts";
import { explainListenError } from "./port.ts";

export interface Service {
  start(): Promise<{ port: number } | undefined | void>;
  close(): Promise<void>;
}

/** Past this, beside draining, the process ends all the same: a hung close must not keep its successor waiting. */
const CLOSE_LIMIT_MS = 10_000;
/** A supervised service may come up while its Redis is being started again. */
const REDIS_PATIENCE_MS = 10_000;

/**
 * Runs one service as this process: until a signal, until the supervisor's channel closes, or until something
 * unforeseen is thrown. It closes once, then ends: 0 when asked to, 1 when something was wrong.
 */
export async function runService(
  name: string,
  create: (config: Config) => Service | Promise<Service>,
): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel, name);
  const isSupervised = process.send !== undefined;
  // Nothing to close yet, but the supervisor can already be gone.
  let end: (code: number) => void = (code) => process.exit(code);
  listenForEnd(log, (code) => end(code));
  const redis = await resolveRedis(config, isSupervised ? REDIS_PATIENCE_MS : undefined);
  const service = await create({ ...config, redis });
  end = endOnce(service, log, config.drainWaitMs + config.drainSpreadMs + CLOSE_LIMIT_MS);
  try {
    const started = await service.start();
    log.info({ port: started?.port }, "serving");
    sayReady({ ready: true, ...(started && { port: started.port }) });
  } catch (error) {
    throw explainListenError(error, config) ?? error;
  }
}

function listenForEnd(log: Logger, end: (code: number) => void): void {
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => end(0));
  if (process.send !== undefined) process.on("disconnect", () => end(0));
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error) => {
      log.fatal({ err: error }, "something unforeseen was thrown; ending");
      end(1);
    });
  }
}

function endOnce(service: Service, log: Logger, limitMs: number): (code: number) => void {
  let isEnding = false;
  return (code) => {
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => {
      log.error({ ms: limitMs }, "closing took too long; ending without it");
      process.exit(1);
    }, limitMs);
    service.close().then(
      () => process.exit(code),
      (error: unknown) => {
        log.error({ err: error }, "closing failed");
        process.exit(1);
      },
    );
  };
}

/** The supervisor may be gone by now; the closed channel then ends us anyway. */
function sayReady(message: ServiceReady): void {
  process.send?.(message, undefined, undefined, () => undefined);
}
