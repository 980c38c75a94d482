import type { Server as HttpServer, IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Server } from "socket.io";
import type { Compression } from "../config.ts";
import type { Logger } from "../log.ts";
import { type ReaderCounts, toTotals } from "../reader-counts.ts";
import { spread } from "../spread.ts";
import type { LineViews } from "../stream/line-views.ts";
import { broadcastLines } from "./broadcast.ts";
import { type Authenticate, guardDesk } from "./desk-door.ts";
import { limitEvents } from "./event-rate.ts";
import { sayGoodbye } from "./goodbye.ts";
import { Heartbeats, PING_INTERVAL_MS, PING_TIMEOUT_MS } from "./heartbeats.ts";
import { keepLean, slimDown } from "./lean-connections.ts";
import { limitCloses } from "./let-go.ts";
import type { AllowOrigin } from "./origin.ts";
import { PrebuiltFrames } from "./prebuilt-frames.ts";
import { countReaders } from "./readers.ts";
import { readyParser } from "./ready-json.ts";
import { countScreens, hearScreens, type ItemScreens, type Place } from "./screens.ts";
import { nameSessions, refuseNewcomers } from "./sessions.ts";
import { SHARED_DEFLATE, shareDeflate } from "./shared-deflate.ts";
import { SlowReaders, watchAnswers } from "./slow-readers.ts";
import { handleSubscriptions } from "./subscriptions.ts";
import { AUDIENCES, type LineServer, type LineSocket, NAMESPACES } from "./wire.ts";

export interface SocketOptions {
  views: LineViews;
  authenticate: Authenticate;
  allowOrigin: AllowOrigin;
  /** Whether one more connection may be opened for this request (50/s an address). */
  mayConnect?: (request: IncomingMessage) => Promise<boolean>;
  /** This gateway's name, with which its sessions begin. */
  gateway?: string;
  /** `shared`: what is public is compressed once for all who can read that. */
  compression?: Compression;
  log?: Logger;
  /** False: no frame is written straight to a TCP socket. For comparing. */
  hasDirectFrames?: boolean;
}

export interface Sockets {
  io: LineServer;
  /** Who follows as a reader; editors at their desks do not count. */
  readersByDoor(): ReaderCounts;
  /** The same, by line. */
  readers(): Record<string, number>;
  /** What the screens here show of an item that has left these places, or reads anew from there on. */
  screens(places: readonly Place[]): ItemScreens;
  /** Lets everybody go, spread over the time, so that the other gateways are not asked all at once. */
  drain(spreadMs?: number): Promise<void>;
  /** Ends what is still there; the HTTP server is its owner's to close. */
  close(): void;
}

/** Requests are small; what is larger is refused before it is read. */
const MOST_REQUEST_BYTES = 16 * 1024;
const LAST_WORDS_MS = 500;

export function attachSockets(httpServer: HttpServer, options: SocketOptions): Sockets {
  const { views, allowOrigin, authenticate, log } = options;
  const isDeflating = options.compression === "shared";
  let isDraining = false;
  const io: LineServer = new Server(httpServer, {
    parser: readyParser,
    serveClient: false,
    transports: ["polling", "websocket"],
    // `allowRequest` has refused the others; the answer to a refused one is of no use to them either.
    cors: { origin: true },
    allowRequest: (request, answer) => {
      admit(request).then(
        (refusal) => answer(refusal, refusal === undefined),
        () => answer("unavailable", false),
      );
    },
    maxHttpBufferSize: MOST_REQUEST_BYTES,
    connectTimeout: 10_000,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    perMessageDeflate: isDeflating && SHARED_DEFLATE,
  });

  async function admit(request: IncomingMessage): Promise<string | undefined> {
    if (!allowOrigin(request, "public") && !allowOrigin(request, "desk")) return "origin_refused";
    return (await options.mayConnect?.(request)) === false ? "too_many" : undefined;
  }

  if (options.gateway !== undefined) nameSessions(io, options.gateway);
  refuseNewcomers(io, () => isDraining);
  if (isDeflating) shareDeflate(io, MOST_REQUEST_BYTES);
  keepLean(io);
  limitCloses(io, httpServer);
  watchAnswers(io);
  const slow = new SlowReaders(() => allSockets(io));
  // Before the broadcast hears of it.
  const stopMakingRoom = views.onDelta(({ json }) => slow.makeRoom(json));
  const frames = new PrebuiltFrames(log, options.hasDirectFrames);
  const heartbeats = new Heartbeats(io, frames, log);
  const broadcast = broadcastLines(io, { views, frames, onWritten: (bytes) => slow.noteWritten(bytes) });
  const stops = [
    guardDesk(io.of(NAMESPACES.desk), { views, authenticate, allowOrigin }),
    broadcast.stop,
    stopMakingRoom,
    () => slow.close(),
    () => heartbeats.close(),
  ];
  for (const audience of AUDIENCES) {
    io.of(NAMESPACES[audience]).on("connection", (socket) => {
      slimDown(socket);
      limitEvents(socket);
      if (audience === "public") hearScreens(socket);
      handleSubscriptions(socket, {
        views,
        audience,
        log,
        onJoin: broadcast.join,
        whenRead: (connection) => slow.whenRead(connection),
      });
    });
  }

  return {
    io,
    readersByDoor: () => countReaders(io, views),
    readers: () => toTotals(countReaders(io, views)),
    screens: (places) => countScreens(io, views, places),
    async drain(spreadMs = 2_000) {
      isDraining = true;
      await spread([...allSockets(io)], spreadMs, (socket) => sayGoodbye(socket, "draining", retryAfterMs()));
      await allGone(io);
    },
    close() {
      isDraining = true;
      for (const stop of stops) stop();
      io.engine.close();
    },
  };
}

/** Clients that were let go together do not all come back together. */
function retryAfterMs(): number {
  return 500 + Math.round(Math.random() * 1_000);
}

/** A long poll hears of the end by its next question, a WebSocket answers it: both get a moment for that. */
async function allGone(io: LineServer): Promise<void> {
  const deadline = Date.now() + LAST_WORDS_MS;
  while (io.engine.clientsCount > 0 && Date.now() < deadline) await sleep(20);
}

function* allSockets(io: LineServer): Iterable<LineSocket> {
  for (const audience of AUDIENCES) yield* io.of(NAMESPACES[audience]).sockets.values();
}
