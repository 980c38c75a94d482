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
  /** More settings by their names in redis.conf; they win over ours. */
  settings?: Readonly<Record<string, string>>;
}

export interface RedisServer {
  readonly pid: number;
  /** Fulfilled when it answers; rejected when it ends before that. */
  readonly ready: Promise<void>;
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

/** How long nothing may answer at all; reading a large file does not count. */
const SILENCE_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 15_000;
const STOP_REPEAT_MS = 2_000;

export function launchRedisServer(options: RedisServerOptions): RedisServer {
  const child = spawn("sh", ["-c", LAUNCHER, "redis-server", ...toArguments(options)], {
    // A group of its own: Ctrl-C in the terminal must not end it before those who still write to it.
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("no shell could be started for redis-server");
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
  const whyEnded = () => complaints.join("").trim() || `see ${join(options.dir, "redis.log")}`;
  const ready = waitUntilLive(options.socket, over.signal, whyEnded);
  // Whoever only keeps it alive does not look at `ready`.
  ready.catch(() => undefined);
  return { pid, ready, exited, stop: () => (over.signal.aborted ? exited : stop(pid, exited)) };
}

/** Whether a Redis is at the socket: `busy` while it reads its file, or does not find the time to answer. */
export async function probeSocket(path: string): Promise<"live" | "busy" | "dead"> {
  const socket = createConnection({ path });
  try {
    await once(socket, "connect");
    socket.write("PING\r\n");
    const [answer] = await once(socket, "data", { signal: AbortSignal.timeout(1_000) });
    return String(answer).startsWith("-LOADING") ? "busy" : "live";
  } catch (error) {
    return error instanceof Error && error.name === "AbortError" ? "busy" : "dead";
  } finally {
    socket.destroy();
  }
}

async function waitUntilLive(path: string, over: AbortSignal, whyEnded: () => string): Promise<void> {
  let silentSince = Date.now();
  for (let pause = 5; Date.now() - silentSince < SILENCE_LIMIT_MS; pause = Math.min(pause * 2, 200)) {
    if (over.aborted) throw new Error(`redis-server ended before it was ready: ${whyEnded()}`);
    const state = await probeSocket(path);
    if (state === "live") return;
    if (state === "busy") silentSince = Date.now();
    await sleep(pause);
  }
  throw new Error(`redis-server does not answer at ${path}`);
}

/** Asked again and again: Redis forgets a request to stop that comes while it writes its file anew. */
async function stop(pid: number, exited: Promise<void>): Promise<void> {
  const over = exited.then(() => true);
  const deadline = Date.now() + STOP_LIMIT_MS;
  const patience = new AbortController();
  do {
    signal(pid, Date.now() < deadline ? "SIGTERM" : "SIGKILL");
  } while (!(await Promise.race([over, sleep(STOP_REPEAT_MS, false, { signal: patience.signal })])));
  patience.abort();
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already, which is what was wanted.
  }
}

function toArguments({ dir, socket, appendfsync, settings }: RedisServerOptions): string[] {
  const all = {
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
    ...settings,
  };
  return Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
}
