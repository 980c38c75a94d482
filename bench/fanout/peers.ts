import { type ChildProcess, execFileSync, fork, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Compression } from "../../src/config.ts";
import { write } from "../../test/support/items.ts";
import { startStore } from "../../test/support/store.ts";
import { fromServer, type Protocol, toFields, toMessage } from "./messages.ts";

/** A server that can tell many readers one thing. */
export interface Peer {
  readonly name: string;
  readonly protocol: Protocol;
  /** undefined when this machine does not have it. */
  start(): Promise<RunningPeer | undefined>;
}
export interface RunningPeer {
  readonly port: number;
  readonly path: string;
  /** Whose CPU and memory count. */
  readonly pids: readonly number[];
  /** Makes the change with this number. */
  publish(n: number): Promise<void>;
  stop(): Promise<void>;
}

const SOCKET_IO_PATH = "/socket.io/?EIO=4&transport=websocket";

/** In the order in which they run. */
export const PEERS: readonly Peer[] = [
  { name: "nchan", protocol: "plain", start: startNchan },
  { name: "ws-prebuilt", protocol: "plain", start: () => startText("ws-prebuilt", "/") },
  { name: "ws-send", protocol: "plain", start: () => startText("ws-send", "/") },
  { name: "socket.io", protocol: "socket.io", start: () => startText("socket.io", SOCKET_IO_PATH) },
  { name: "news-line", protocol: "news-line", start: () => startNewsLine("off") },
  { name: "news-line-deflated", protocol: "news-line-deflated", start: () => startNewsLine("shared") },
];

async function startServer(
  kind: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ child: ChildProcess; pid: number; port: number }> {
  const program = fileURLToPath(new URL("./server.ts", import.meta.url));
  const child = fork(program, [kind], { env: { ...process.env, ...env } });
  const said = await new Promise<unknown>((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", () => reject(new Error(`${kind} did not start`)));
  });
  return { child, pid: child.pid ?? 0, port: fromServer.parse(said).port };
}

async function startText(kind: string, path: string): Promise<RunningPeer> {
  const { child, pid, port } = await startServer(kind);
  return {
    port,
    path,
    pids: [pid],
    publish: async (n) => {
      await new Promise((resolve) => child.send({ publish: toMessage(n) }, resolve));
    },
    stop: () => end(child),
  };
}

async function startNewsLine(compression: Compression): Promise<RunningPeer> {
  const store = await startStore();
  const { child, pid, port } = await startServer("news-line", {
    PORT: "0",
    REDIS_URL: `unix://${store.redis.path}`,
    NEWSLINE_EDITION: store.edition.keys.edition,
    NEWSLINE_ADMIN_TOKEN: "fanout-admin-token",
    NEWSLINE_COMPRESSION: compression,
    LOG_LEVEL: "warn",
  });
  return {
    port,
    path: SOCKET_IO_PATH,
    pids: [pid],
    publish: async (n) => {
      await write(store.edition, `fanout-item-${String(n).padStart(6, "0")}`, toFields(n));
    },
    stop: async () => {
      await end(child);
      await store.stop();
    },
  };
}

/** A push server in C: Debian's packages nginx and libnginx-mod-nchan. */
async function startNchan(): Promise<RunningPeer | undefined> {
  const module = "/usr/lib/nginx/modules/ngx_nchan_module.so";
  const dir = mkdtempSync(join(tmpdir(), "nl-nchan-"));
  const port = await findPort();
  writeFileSync(join(dir, "nginx.conf"), toNginxConf(module, dir, port));
  const args = ["-c", join(dir, "nginx.conf"), "-p", dir];
  try {
    execFileSync("nginx", [...args, "-t"], { stdio: "ignore" });
  } catch {
    rmSync(dir, { recursive: true });
    return undefined;
  }
  const child = spawn("nginx", args, { stdio: "ignore" });
  const publish = async (n: number) => {
    await fetch(`http://127.0.0.1:${port}/pub`, { method: "POST", body: toMessage(n) });
  };
  await untilAnswered(() => publish(0));
  return {
    port,
    path: "/sub",
    // One process: nginx is told not to make workers.
    pids: [child.pid ?? 0],
    publish,
    stop: async () => {
      await end(child);
      rmSync(dir, { recursive: true });
    },
  };
}

function toNginxConf(module: string, dir: string, port: number): string {
  return `
    load_module ${module};
    daemon off; master_process off;
    pid ${dir}/pid; error_log /dev/null;
    events { worker_connections 60000; }
    http {
      access_log off; client_body_temp_path ${dir}/body;
      server {
        listen 127.0.0.1:${port} backlog=4096;
        location = /pub { nchan_publisher; nchan_channel_id main; nchan_message_buffer_length 10; }
        location = /sub { nchan_subscriber websocket; nchan_channel_id main; nchan_subscriber_first_message newest; }
      }
    }`;
}

async function findPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function untilAnswered(ask: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    try {
      return await ask();
    } catch {
      await sleep(100);
    }
  }
  throw new Error("nginx does not answer");
}

async function end(child: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => child.once("exit", resolve));
  if (child.connected) child.disconnect();
  else child.kill("SIGTERM");
  await exited;
}
