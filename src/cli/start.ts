import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Config, readConfig, toUrl } from "../config.ts";
import { ConfigError } from "../config-error.ts";
import { createLog, type Logger } from "../log.ts";
import { choosePrivateSocket } from "../redis/private-socket.ts";
import { probeSocket } from "../redis/server.ts";
import { showStarted, showStopped, showStopping } from "./banner.ts";
import { holdFolder } from "./folder-lock.ts";
import { requireGatewayNames } from "./gateways.ts";
import type { DataFolder } from "./launch.ts";
import { waitForLeftovers } from "./leftovers.ts";
import { toReadableLine } from "./log-lines.ts";
import { requireFreePort } from "./port.ts";
import { createProduct } from "./product.ts";

export interface StartOptions {
  /** The program whose `gateway` and `worker` commands are run. */
  script: string;
  /** JSON lines for programs instead of words for people. */
  json: boolean;
  /** How many gateways share the port; 1. */
  gateways?: number;
  /** How long to wait for a predecessor in the same folder to end; 20 s. */
  patienceMs?: number;
}

const PREDECESSOR_PATIENCE_MS = 20_000;
const SAME_REQUEST_MS = 1_000;

/** `newsline start`: the whole product in one data folder, until somebody asks it to stop. */
export async function start({ script, json, gateways = 1, patienceMs }: StartOptions): Promise<void> {
  const startedAt = Date.now();
  const config = readConfig(process.env);
  requireGatewayNames(config, gateways);
  const onLogLine = !json && process.stderr.isTTY ? writeReadable : undefined;
  const log = createLog(config.logLevel, "supervisor", onLogLine && { write: onLogLine });
  const asked = whenAskedToStop(log);
  const { folder, release } = await takeFolder(config, patienceMs ?? PREDECESSOR_PATIENCE_MS);
  await requireFreePort(config);
  const product = createProduct({ config, folder, gateways, script, log, onLogLine });
  try {
    const running = await Promise.race([product.start(), asked]);
    if (running !== undefined) {
      showStarted(
        {
          ...running,
          gateways,
          url: toUrl(config.host, running.port),
          adminTokenFile: findTokenFile(config),
          hasFixedToken: config.adminToken !== undefined,
          dataDir: config.dataDir,
          ms: Date.now() - startedAt,
        },
        json,
      );
      await asked;
    }
    showStopping(json);
  } finally {
    await product.stop();
    release();
  }
  showStopped(json);
}

interface Taken {
  folder: DataFolder;
  release: () => void;
}

/** Makes the folder ours alone, and waits until nothing of a predecessor that was killed runs in it any more. */
async function takeFolder(config: Config, patienceMs: number): Promise<Taken> {
  const socket = await choosePrivateSocket(config.dataDir);
  const folder = { dir: config.dataDir, socket, pidFile: (name: string) => join(runDir, `${name}.pid`) };
  const runDir = join(config.dataDir, "run");
  await mkdir(runDir, { recursive: true });
  const deadline = Date.now() + patienceMs;
  const release = await holdFolder(join(dirname(socket), "lock.sock"), patienceMs);
  if (release === undefined) throw taken(config.dataDir);
  const noted = (await readdir(runDir)).filter((name) => /^(gateway|worker)/.test(name));
  await waitForLeftovers(
    noted.map((name) => join(runDir, name)),
    deadline - Date.now(),
  );
  while (config.redis === undefined && (await probeSocket(socket)) !== "dead") {
    if (Date.now() > deadline) throw taken(config.dataDir);
    await sleep(100);
  }
  return { folder, release };
}

/** Written by the gateway when the store had no admin token yet. */
function findTokenFile({ adminToken, dataDir }: Config): string | undefined {
  const file = join(dataDir, "admin-token");
  return adminToken === undefined && existsSync(file) ? file : undefined;
}

function taken(dir: string): ConfigError {
  return new ConfigError(
    "NEWSLINE_DATA",
    `News Line already runs in ${dir}: stop it first, or set NEWSLINE_DATA to another folder.`,
  );
}

/**
 * Fulfilled by the first signal. At one that comes later we leave at once: with us close the channels to all
 * children, which then end by themselves. Ctrl-C below npm comes twice, from the terminal and from npm, and is one.
 */
function whenAskedToStop(log: Logger): Promise<undefined> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    const handleSignal = (signal: NodeJS.Signals) => {
      if (askedAt === undefined) {
        askedAt = Date.now();
        log.info({ signal }, "asked to stop");
        resolve(undefined);
      } else if (Date.now() - askedAt > SAME_REQUEST_MS) {
        log.warn({ signal }, "asked again; leaving at once");
        process.exit(1);
      }
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, handleSignal);
  });
}

function writeReadable(line: string): void {
  process.stderr.write(`${toReadableLine(line.trimEnd())}\n`);
}
