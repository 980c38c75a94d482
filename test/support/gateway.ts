import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { io } from "socket.io-client";
import supertest from "supertest";
import { readConfig } from "../../src/config.ts";
import { createGateway, type Gateway } from "../../src/gateway.ts";
import { connectRedis, type RedisClient } from "../../src/redis/connect.ts";
import { type Edition, toKeys } from "../../src/store/keys.ts";
import { startLaneWorkers } from "./lane-workers.ts";
import { startRedis, type TestRedis } from "./redis.ts";

export const ADMIN_TOKEN = "test-admin-token";

export interface TestGateway {
  redis: TestRedis;
  /** A connection of the test's own, to look at what is stored. */
  client: RedisClient;
  edition: Edition;
  gateway: Gateway;
  port: number;
  url: string;
  dataDir: string;
  /** Calls without a token. */
  http: supertest.Agent;
  /** Calls with the fixed admin token. */
  desk: supertest.Agent;
  /** A new token's text. */
  token(role: string, name?: string): Promise<string>;
  /** An agent that sends the token with every call. */
  as(token: string): supertest.Agent;
  /** A reader's socket that follows the line `main`. */
  follow(): Promise<{ goodbye: Promise<unknown>; disconnect: () => void }>;
  stop(): Promise<void>;
}

export interface TestGatewayOptions {
  env?: NodeJS.ProcessEnv;
  /** False: nobody works on the lanes but what the test starts itself. */
  worker?: boolean;
  clientDir?: string;
  /** How long a desk command may take; 5 s. */
  deadlineMs?: number;
  /** Over how long readers are sent away. */
  drainMs?: number;
  /** How often gateways tell each other who reads. */
  presenceMs?: number;
}

/** A gateway on a free port and a worker beside it, both in this process, over a Redis of the test's own. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const redis = await startRedis();
  const dataDir = await mkdtemp(join(tmpdir(), "nl-data-"));
  const config = readConfig({
    PORT: "0",
    REDIS_URL: `unix://${redis.path}`,
    NEWSLINE_DATA: dataDir,
    NEWSLINE_ADMIN_TOKEN: ADMIN_TOKEN,
    LOG_LEVEL: process.env["LOG_LEVEL"] ?? "silent",
    ...options.env,
  });
  const worker = options.worker === false ? undefined : await startLaneWorkers(redis.target, config.edition);
  const gateway = createGateway(config, {
    drainMs: options.drainMs ?? 50,
    ...(options.clientDir !== undefined && { clientDir: options.clientDir }),
    ...(options.presenceMs !== undefined && { presenceMs: options.presenceMs }),
    ...(options.deadlineMs !== undefined && { deadlineMs: options.deadlineMs }),
  });
  const { port } = await gateway.start();
  const url = `http://127.0.0.1:${port}`;
  const client = connectRedis(redis.target, "patient");
  const as = (token: string) => supertest.agent(url).set("Authorization", `Bearer ${token}`);
  const desk = as(ADMIN_TOKEN);
  return {
    redis,
    client,
    edition: { redis: client, keys: toKeys(config.edition) },
    gateway,
    port,
    url,
    dataDir,
    http: supertest.agent(url),
    desk,
    as,
    async token(role, name = role) {
      const answer = await desk.post("/v1/tokens").send({ name, role }).expect(201);
      return String(answer.body.token);
    },
    async follow() {
      const socket = io(url, { transports: ["websocket"], forceNew: true, reconnection: false });
      const goodbye = new Promise((resolve) => socket.once("goodbye", resolve));
      await new Promise((resolve) => socket.once("connect", () => resolve(undefined)));
      await socket.timeout(5_000).emitWithAck("subscribe", { line: "main" });
      return { goodbye, disconnect: () => socket.disconnect() };
    },
    async stop() {
      await gateway.close();
      await worker?.close();
      client.disconnect();
      await redis.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
