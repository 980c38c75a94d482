import { spawn } from "node:child_process";
import { once } from "node:events";
import { createConnection } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface RedisServerOptions {
  /** Holds the append-only file and the log. */
  dir: string;
  /** Path of the unix socket; at most 107 bytes. */
  socket: string;
  appendfsync: "always" | "everysec";
}

export interface RedisServer {
  readonly pid: number;
  /** Fulfilled when the process is gone, whatever ended it. */
  readonly exited: Promise<void>;
  /** Lets it write what it has and waits until it is gone; a second call waits as well. */
  stop(): Promise<void>;
}

/**
 * The shell turns into Redis, so our child's pid is Redis's own; beside it stays one reader of a pipe that only we
 * hold. If we die, by whatever signal, the pipe closes and Redis is told to end. If Redis ends first, a line on the
 * pipe sends the reader home: the pid may be somebody else's by then.
 */
const LAUNCHER = '{ read -r _ <&3 || kill -TERM $$; } & exec redis-server "$@" 3<&-';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;

export async function startRedisServer(options: RedisServerOptions): Promise<RedisServer> {
  const child = spawn("sh", ["-c", LAUNCHER, "redis-server", ...toArguments(options)], {
    // A group of its own: Ctrl-C in the terminal must not end it before those who still write to it.
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const complaints: string[] = [];
  child.stderr?.on("data", (chunk: Buffer) => complaints.push(chunk.toString()));
  const pipe = child.stdio[3];
  const over = new AbortController();
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => {
      over.abort();
      if (pipe && "end" in pipe) pipe.on("error", () => undefined).end("over\n");
      child.stderr?.destroy();
      resolve();
    });
  });
  await once(child, "spawn");
  const { pid } = child;
  if (pid === undefined) throw new Error("redis-server has no process id");
  if (!(await waitUntilLive(options.socket, over.signal))) {
    await exited;
    const why = complaints.join("").trim() || `see ${join(options.dir, "redis.log")}`;
    throw new Error(`redis-server ended before it was ready: ${why}`);
  }
  return { pid, exited, stop: () => stop(pid, exited) };
}

/** Whether a Redis answers on the socket: `loading` while it still reads its file. */
export async function probeSocket(path: string): Promise<"live" | "loading" | "dead"> {
  const socket = createConnection({ path });
  socket.setTimeout(1_000, () => socket.destroy(new Error("no answer")));
  try {
    await once(socket, "connect");
    socket.write("PING\r\n");
    const [answer] = await once(socket, "data");
    return String(answer).startsWith("-LOADING") ? "loading" : "live";
  } catch {
    return "dead";
  } finally {
    socket.destroy();
  }
}

/** False when the process ended while we waited. */
async function waitUntilLive(path: string, over: AbortSignal): Promise<boolean> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (let pause = 5; Date.now() < deadline; pause = Math.min(pause * 2, 200)) {
    if (over.aborted) return false;
    if ((await probeSocket(path)) === "live") return true;
    await sleep(pause);
  }
  throw new Error(`redis-server was not ready within ${START_LIMIT_MS / 1000} s`);
}

async function stop(pid: number, exited: Promise<void>): Promise<void> {
  signal(pid, "SIGTERM");
  const patience = new AbortController();
  const late = sleep(STOP_LIMIT_MS, "late", { signal: patience.signal }).catch(() => "ended");
  if ((await Promise.race([exited, late])) === "late") signal(pid, "SIGKILL");
  patience.abort();
  await exited;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already, which is what was wanted.
  }
}

function toArguments({ dir, socket, appendfsync }: RedisServerOptions): string[] {
  const settings = {
    port: "0",
    unixsocket: socket,
    unixsocketperm: "700",
    dir,
    logfile: join(dir, "redis.log"),
    appendonly: "yes",
    appendfsync,
    // The append-only file is the whole truth; a second kind of file would only cost writes.
    save: "",
    "maxmemory-policy": "noeviction",
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}
