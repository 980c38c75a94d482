import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Queue } from "bullmq";
import { BACKLOG } from "./backlog.ts";
import type { Config } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { readInstalled } from "./installed.ts";
import { createLog, type Logger } from "./log.ts";
import { createDeskCommands, type DeskCommands } from "./queue/desk-commands.ts";
import { createLaneOn, type Lane } from "./queue/queues.ts";
import { joinCounts } from "./reader-counts.ts";
import { checkRedis, type Durability } from "./redis/check.ts";
import { connectRedis, type RedisClient, type RedisTarget } from "./redis/connect.ts";
import { resolveRedis } from "./redis/resolve.ts";
import { describeTarget } from "./redis/target.ts";
import { createProxyTrust, readAddress } from "./rest/address.ts";
import { createApp } from "./rest/app.ts";
import { Auth } from "./rest/auth.ts";
import { createDoors } from "./rest/doors.ts";
import { createLimits } from "./rest/limits.ts";
import { Presence } from "./rest/presence.ts";
import { createPublicRouter, type PublicRouter } from "./rest/public/router.ts";
import { Pulse } from "./rest/pulse.ts";
import { limitStalls } from "./rest/stalls.ts";
import { createJointMetrics } from "./siblings/joint-metrics.ts";
import type { Siblings } from "./siblings/siblings.ts";
import { passStraysOn } from "./siblings/strays.ts";
import { createOriginCheck } from "./socket/origin.ts";
import { attachSockets, type Sockets } from "./socket/sockets.ts";
import { ensureAdminToken } from "./store/admin-token.ts";
import { openEdition } from "./store/edition.ts";
import type { Edition } from "./store/keys.ts";
import { createLineViews, type LineViews } from "./stream/line-views.ts";

export interface Gateway {
  start(): Promise<{ port: number }>;
  /** Lets readers go, then ends; a second call waits for the first. */
  close(): Promise<void>;
}

/** For tests, all but the first: what is made here otherwise. */
export interface GatewayOverrides {
  /** The gateways that share one port with this one, which then does not listen on it itself. */
  siblings?: Siblings | undefined;
  log?: Logger;
  clientDir?: string;
  /** How long each half of draining takes: waiting unready, and sending readers away. */
  drainMs?: number;
  /** How long a desk command may take. */
  deadlineMs?: number;
  /** How often gateways tell each other who reads. */
  presenceMs?: number;
}

const REDIS_PATIENCE_MS = 10_000;
/** How long answers that are on their way may take when the gateway ends. */
const ANSWERS_PATIENCE_MS = 6_000;

/** What the gateway has open towards the store and the queue. */
interface Back {
  redis: RedisClient;
  edition: Edition;
  durability: Durability;
  views: LineViews;
  lanes: { redis: RedisClient; desk: Queue; ingest: Queue };
  commands: DeskCommands;
  pulse: Pulse;
}
/** What it has open towards its callers. */
interface Front {
  server: Server;
  siblings: Siblings | undefined;
  sockets: Sockets;
  publicDoor: PublicRouter;
  presence: Presence;
}

interface Drain {
  waitMs: number;
  spreadMs: number;
}

/** One gateway process: HTTP and sockets over one in-memory view of all lines. */
export function createGateway(config: Config, overrides: GatewayOverrides = {}): Gateway {
  const log = overrides.log ?? createLog(config.logLevel, "gateway");
  let back: Back | undefined;
  let front: Front | undefined;
  let isDraining = false;
  const ending = new AbortController();
  let starting: Promise<{ port: number }> | undefined;
  let closing: Promise<void> | undefined;

  async function start(): Promise<{ port: number }> {
    back = await openBack(config, { log, deadlineMs: overrides.deadlineMs });
    front = openFront(config, back, { ...overrides, log, isDraining: () => isDraining });
    const port = await listen(front, config);
    // It listens, so that `/readyz` can say 503; it has started once there is something to answer with.
    await Promise.race([back.views.ready, whenAborted(ending.signal)]);
    return { port };
  }
  async function close(): Promise<void> {
    isDraining = true;
    overrides.siblings?.drain();
    ending.abort();
    // What is being opened cannot be closed yet; a start that failed is told to whoever started.
    await Promise.allSettled([starting]);
    const waitMs = overrides.drainMs ?? config.drainWaitMs;
    const spreadMs = overrides.drainMs ?? config.drainSpreadMs;
    if (front !== undefined) await closeFront(front, { waitMs, spreadMs });
    if (back !== undefined) await closeBack(back);
  }
  return {
    start() {
      starting ??= start();
      return starting;
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

interface BackOptions {
  log: Logger;
  deadlineMs: number | undefined;
}

async function whenAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}

async function openBack(config: Config, options: BackOptions): Promise<Back> {
  const target = await resolveRedis(config);
  const redis = await openRedis(target);
  try {
    return await openOn(redis, target, { config, ...options });
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

async function openOn(
  redis: RedisClient,
  target: RedisTarget,
  { config, log, deadlineMs }: BackOptions & { config: Config },
): Promise<Back> {
  const { durability, warnings } = await checkRedis(redis);
  for (const warning of warnings) log.warn(warning);
  const edition = await openEdition(redis, config.edition);
  if (config.adminToken === undefined) {
    const path = await ensureAdminToken(edition, config.dataDir);
    if (path !== undefined) log.info({ path }, "the first admin token stands in a file");
  }
  const views = createLineViews(edition, { target, log });
  views.start();
  const lanes = await openLanes(target, edition, log);
  const commands = await createDeskCommands({ target, edition, lane: lanes.desk, deadlineMs });
  const pulse = new Pulse(edition, [lanes.desk, lanes.ingest], log);
  pulse.start();
  return { redis, edition, durability, views, lanes, commands, pulse };
}

/** Commands fail at once without a connection, so the first one waits for it here. */
async function openRedis(target: RedisTarget): Promise<RedisClient> {
  let refusal: Error | undefined;
  const redis = connectRedis(target, "fail-fast", (error) => {
    refusal = error;
  });
  const deadline = Date.now() + REDIS_PATIENCE_MS;
  while (redis.status !== "ready") {
    if (Date.now() > deadline) {
      redis.disconnect();
      const why = refusal === undefined ? "" : ` (${refusal.message})`;
      throw new ConfigError("REDIS_URL", `No Redis answers at ${describeTarget(target)}${why}.`);
    }
    await sleep(20);
  }
  return redis;
}

/** The lanes have a connection of their own: a large delivery on its way to the store must not hold up the desk. */
async function openLanes(target: RedisTarget, edition: Edition, log: Logger): Promise<Back["lanes"]> {
  const redis = await openRedis(target);
  const open = (lane: Lane) => {
    const queue = createLaneOn(redis, edition.keys.edition, lane);
    return queue.on("error", (error) => log.debug({ err: error, queue: lane }, "the queue reported a fault"));
  };
  return { redis, desk: open("desk"), ingest: open("ingest") };
}

function openFront(
  config: Config,
  back: Back,
  options: GatewayOverrides & { log: Logger; isDraining: () => boolean },
): Front {
  const { edition, views, commands, pulse, durability } = back;
  const { siblings, log, isDraining, clientDir, presenceMs } = options;
  const { origins } = config;
  const auth = new Auth(edition, config.adminToken);
  views.onMessage((message) => {
    if (message.type === "token-revoked") auth.forget(message.id);
  });
  const limits = createLimits(auth);
  const isTrusted = createProxyTrust(config.trustProxy);
  const publicDoor = createPublicRouter(views, edition, { identify: (request) => auth.identify(request) });
  const installed = readInstalled();
  const presence = new Presence({
    gateway: config.gateway,
    edition,
    views,
    log,
    readers: () => joinCounts(sockets.readersByDoor(), publicDoor.readersByDoor()),
    screens: (places) => sockets.screens(places),
    ...(presenceMs !== undefined && { tellMs: presenceMs }),
  });
  const { health, doors } = createDoors({
    edition,
    views,
    auth,
    commands,
    ingestLane: back.lanes.ingest,
    pulse,
    durability,
    hasFixedAdmin: config.adminToken !== undefined,
    presence,
    isDraining,
    installed: { ...installed, ...(clientDir !== undefined && { clientDir }) },
  });
  // Before the sockets: they put themselves in front of what is there, for their own path only.
  const server = createServer(
    createApp({
      log,
      limits,
      origins,
      isTrusted,
      health: siblings === undefined ? health : [createJointMetrics(siblings), ...health],
      doors: [publicDoor, ...doors],
    }),
  );
  const sockets = attachSockets(server, {
    views,
    log,
    authenticate: (token) => auth.authenticate(token),
    allowOrigin: createOriginCheck(origins),
    mayConnect: (request) => limits.mayConnect(readAddress(request, isTrusted)),
    gateway: config.gateway,
    compression: config.compression,
  });
  if (siblings !== undefined) passStraysOn(sockets.io, siblings);
  server.prependListener("request", (_request, response) => {
    // A proxy that keeps connections open would send the next request into one that is about to close.
    if (isDraining()) response.setHeader("Connection", "close");
  });
  limitStalls(server);
  presence.start();
  return { server, siblings, sockets, publicDoor, presence };
}

async function listen({ server, siblings }: Front, { port, host }: Config): Promise<number> {
  if (siblings !== undefined) {
    await siblings.open(server);
    return port;
  }
  server.listen({ port, host, backlog: BACKLOG });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");
  return address.port;
}

/**
 * Not ready is told first, while all goes on as before: whoever sends callers here gets the time to see it. Then
 * nobody is let in and everybody is let go, then the last answers go out.
 */
async function closeFront(front: Front, drain: Drain): Promise<void> {
  const { server, siblings, sockets, publicDoor, presence } = front;
  const closed = server.listening ? once(server, "close") : Promise.resolve([]);
  if (server.listening) await sleep(drain.waitMs);
  await Promise.all([sockets.drain(drain.spreadMs), publicDoor.drain(drain.spreadMs)]);
  await presence.close();
  publicDoor.close();
  sockets.close();
  if (!server.listening) return;
  server.close();
  // An idle keep-alive connection would hold the server open for as long as its client likes.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const late = setTimeout(() => server.closeAllConnections(), ANSWERS_PATIENCE_MS);
  await closed;
  await siblings?.close();
  clearInterval(idle);
  clearTimeout(late);
}

async function closeBack({ redis, views, lanes, commands, pulse }: Back): Promise<void> {
  await views.close();
  await pulse.close();
  await commands.close();
  await Promise.all([lanes.desk.close(), lanes.ingest.close()]);
  lanes.redis.disconnect();
  redis.disconnect();
}
