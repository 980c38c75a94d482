import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect } from "vitest";
import { launchRedisServer, type RedisServer } from "../../src/redis/server.ts";

/** Several Redis servers that together are one, on loopback ports. */
export interface RedisGroup {
  /** As REDIS_URL has it. */
  readonly url: string;
  /** Ends the server that takes the writes, as a power cut does it. */
  killPrimary(): Promise<void>;
  /** What each server that takes writes holds. */
  keysByServer(): Promise<string[][]>;
  /** How many programs are connected by the network. */
  countCallers(): Promise<number>;
  stop(): Promise<void>;
}

const LAST_SLOT = 16_383;

/** Three primaries that share the slots. */
export async function startCluster(): Promise<RedisGroup> {
  const nodes = await Promise.all([1, 2, 3].map(() => startNode({ "cluster-enabled": "yes" })));
  const share = Math.ceil((LAST_SLOT + 1) / nodes.length);
  for (const [index, { client }] of nodes.entries()) {
    const last = Math.min((index + 1) * share - 1, LAST_SLOT);
    await client.call("CLUSTER", "ADDSLOTSRANGE", String(index * share), String(last));
    await client.call("CLUSTER", "MEET", "127.0.0.1", String(nodes[0]?.port));
  }
  for (const { client } of nodes) {
    await expect
      .poll(() => client.call("CLUSTER", "INFO"), { timeout: 15_000 })
      .toContain("cluster_state:ok");
  }
  return {
    url: nodes.map(({ port }) => `redis://127.0.0.1:${port}`).join(","),
    killPrimary: () => Promise.reject(new Error("this cluster has no replicas to take over")),
    countCallers: () => countCallers(nodes),
    keysByServer: () => Promise.all(nodes.map(({ client }) => client.keys("*"))),
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

/** A primary, a replica that holds what it holds, and a sentinel that watches both. */
export async function startSentinelGroup(): Promise<RedisGroup> {
  const primary = await startNode({ "min-replicas-to-write": "0" });
  const replica = await startNode({ replicaof: `127.0.0.1 ${primary.port}` });
  await expect
    .poll(() => replica.client.info("replication"), { timeout: 15_000 })
    .toContain("master_link_status:up");
  const port = await findPort();
  const sentinel = await startSentinel(port, primary.port);
  return {
    url: `redis+sentinel://127.0.0.1:${port}/newsline`,
    async killPrimary() {
      process.kill(primary.server.pid, "SIGKILL");
      await primary.server.exited;
      await expect
        .poll(() => replica.client.info("replication"), { timeout: 30_000 })
        .toContain("role:master");
    },
    countCallers: () => countCallers([primary]),
    keysByServer: async () => [await primary.client.keys("*")],
    async stop() {
      await sentinel.stop();
      await Promise.all([primary.stop(), replica.stop()]);
    },
  };
}

interface Node {
  port: number;
  server: RedisServer;
  client: Redis;
  stop(): Promise<void>;
}

/** The tests' own connections come by a unix socket. */
async function countCallers(nodes: readonly Node[]): Promise<number> {
  const lists = await Promise.all(nodes.map(({ client }) => client.call("CLIENT", "LIST", "TYPE", "normal")));
  return lists.flatMap((list) => String(list).match(/ addr=127\.0\.0\.1:/g) ?? []).length;
}

async function startNode(settings: Record<string, string>): Promise<Node> {
  const dir = mkdtempSync(join(tmpdir(), "nl-node-"));
  const port = await findPort();
  const socket = join(dir, "redis.sock");
  const server = launchRedisServer({
    dir,
    socket,
    appendfsync: "everysec",
    settings: { port: String(port), bind: "127.0.0.1", ...settings },
  });
  await server.ready;
  const client = new Redis({ path: socket, retryStrategy: () => 100, maxRetriesPerRequest: null });
  client.on("error", () => undefined);
  return {
    port,
    server,
    client,
    async stop() {
      client.disconnect();
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function startSentinel(port: number, primaryPort: number): Promise<{ stop: () => Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), "nl-sentinel-"));
  const file = join(dir, "sentinel.conf");
  const lines = [
    `port ${port}`,
    "bind 127.0.0.1",
    `dir ${dir}`,
    `sentinel monitor newsline 127.0.0.1 ${primaryPort} 1`,
    "sentinel down-after-milliseconds newsline 1000",
    "sentinel failover-timeout newsline 5000",
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  const child = spawn("redis-server", [file, "--sentinel"], { stdio: "ignore" });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const exited = once(child, "exit");
  const client = new Redis({ port, retryStrategy: () => 100, maxRetriesPerRequest: null });
  client.on("error", () => undefined);
  // It must know the replica before it can choose it.
  await expect
    .poll(() => client.call("SENTINEL", "REPLICAS", "newsline"), { timeout: 20_000 })
    .toHaveLength(1);
  client.disconnect();
  return {
    async stop() {
      process.off("exit", kill);
      child.kill("SIGTERM");
      await exited;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Free, as is the one 10,000 above it, by which the nodes of a cluster talk. */
async function findPort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 30_000);
    if ((await isFree(port)) && (await isFree(port + 10_000))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
