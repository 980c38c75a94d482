import { type ChildProcess, fork } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { launchRedisServer, type RedisServer } from "../../../src/redis/server.ts";
import { call } from "./http-call.ts";
import { TcpProxy } from "./tcp-proxy.ts";

export const ADMIN_TOKEN = "checker-admin-token";
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const MAIN = join(ROOT, "src/cli/main.ts");
const RESTART_MS = 300;
const START_LIMIT_MS = 30_000;

const ready = z.object({ ready: z.literal(true), port: z.int().optional() });
const readyz = z.object({ ready: z.boolean(), live: z.boolean() });

/** One of the product's own commands as a child, kept alive however it ends. */
class Kept {
  readonly #launch: () => ChildProcess;
  readonly #onReady: (port: number | undefined) => void;
  #child: ChildProcess | undefined;
  #isStopping = false;

  constructor(launch: () => ChildProcess, onReady: (port: number | undefined) => void) {
    this.#launch = launch;
    this.#onReady = onReady;
  }

  start(): void {
    const child = this.#launch();
    this.#child = child;
    child.on("message", (message) => {
      const said = ready.safeParse(message);
      if (said.success) this.#onReady(said.data.port);
    });
    child.once("exit", () => {
      this.#child = undefined;
      if (!this.#isStopping) setTimeout(() => !this.#isStopping && this.start(), RESTART_MS);
    });
  }

  kill9(): void {
    this.#child?.kill("SIGKILL");
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    const child = this.#child;
    if (child === undefined) return;
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 5_000);
    await exited;
    clearTimeout(late);
  }
}

/** A gateway process with a proxy towards its clients and one towards its Redis. */
export interface GatewayServer {
  readonly index: number;
  /** What clients connect to. */
  readonly front: TcpProxy;
  /** What it connects to. */
  readonly link: TcpProxy;
  kill9(): void;
  /** Whether it serves and hears of changes, asked for without the proxy. */
  isLive(): Promise<boolean>;
}

export interface Servers {
  readonly gateways: readonly GatewayServer[];
  readonly redisPort: number;
  /** Kills Redis, as a power cut does it, and starts it again on the same files. */
  restartRedis(awayMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** Redis (every write forced to disk), a worker and some gateways, each a process of its own on loopback ports. */
export async function startServers(count: number): Promise<Servers> {
  const dir = mkdtempSync(join(tmpdir(), "nl-checker-"));
  const redisPort = await findPort();
  const launch = () => launchRedis(dir, redisPort);
  let redis = launch();
  await redis.ready;
  const worker = new Kept(
    () => launchCommand("worker", { dir, redisPort, log: "worker" }),
    () => {},
  );
  worker.start();
  const opened = await Promise.all(
    Array.from({ length: count }, (_, index) => openGateway(index, dir, redisPort)),
  );
  const gateways = opened.map(({ gateway }) => gateway);
  const stop = async () => {
    await Promise.all([...opened.map(({ close }) => close()), worker.stop()]);
    await redis.stop();
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  };
  if (!(await areAllLive(gateways))) {
    const words = readLogs(dir);
    await stop();
    throw new Error(`the servers did not start:\n${words}`);
  }
  return {
    gateways,
    redisPort,
    async restartRedis(awayMs) {
      process.kill(redis.pid, "SIGKILL");
      await redis.exited;
      await sleep(awayMs);
      redis = launch();
      await redis.ready;
    },
    stop,
  };
}

function launchRedis(dir: string, port: number): RedisServer {
  const settings = { port: String(port), bind: "127.0.0.1" };
  return launchRedisServer({ dir, socket: join(dir, "redis.sock"), appendfsync: "always", settings });
}

function toLoopback(port: number) {
  return { port, host: "127.0.0.1", noDelay: true };
}

async function openGateway(index: number, dir: string, redisPort: number) {
  const [front, link] = await Promise.all([TcpProxy.listen(), TcpProxy.listen(toLoopback(redisPort))]);
  let port: number | undefined;
  const kept = new Kept(
    () => {
      port = undefined;
      front.leadTo(undefined);
      return launchCommand("gateway", { dir, redisPort: link.port, log: `gateway-${index}` });
    },
    (served) => {
      port = served;
      front.leadTo(served === undefined ? undefined : toLoopback(served));
    },
  );
  kept.start();
  const gateway: GatewayServer = {
    index,
    front,
    link,
    kill9: () => kept.kill9(),
    async isLive() {
      if (port === undefined) return false;
      const answer = await call(`http://127.0.0.1:${port}/readyz`, { timeoutMs: 2_000 }).catch(
        () => undefined,
      );
      if (answer?.status !== 200) return false;
      return readyz.parse(JSON.parse(answer.text)).live;
    },
  };
  const close = async () => {
    await kept.stop();
    await Promise.all([front.close(), link.close()]);
  };
  return { gateway, close };
}

function launchCommand(
  command: "gateway" | "worker",
  { dir, redisPort, log }: { dir: string; redisPort: number; log: string },
): ChildProcess {
  const file = openSync(join(dir, `${log}.log`), "a");
  const child = fork(MAIN, [command], {
    cwd: ROOT,
    execArgv: ["--import", "tsx"],
    // A group of its own: Ctrl-C in the terminal is for us, who end them in order.
    detached: true,
    stdio: ["ignore", "ignore", file, "ipc"],
    env: {
      PATH: process.env["PATH"],
      PORT: "0",
      REDIS_URL: `redis://127.0.0.1:${redisPort}`,
      NEWSLINE_DATA: dir,
      NEWSLINE_ADMIN_TOKEN: ADMIN_TOKEN,
      LOG_LEVEL: "info",
    },
  });
  closeSync(file);
  return child;
}

/** Also the worker lives then: without one a gateway is not ready. */
async function areAllLive(gateways: readonly GatewayServer[]): Promise<boolean> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (const gateway of gateways) {
    while (!(await gateway.isLive())) {
      if (Date.now() > deadline) return false;
      await sleep(100);
    }
  }
  return true;
}

/** The last words of each process. */
function readLogs(dir: string): string {
  const files = readdirSync(dir).filter((name) => name.endsWith(".log"));
  return files.map((name) => `${name}: ${readFileSync(join(dir, name), "utf8").slice(-600)}`).join("\n");
}

async function findPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("there is no free port");
  return address.port;
}
