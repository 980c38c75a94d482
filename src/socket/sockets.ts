import type { Server as HttpServer, IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Server } from "socket.io";
import type { Logger } from "../log.ts";
import { type ReaderCounts, toTotals } from "../reader-counts.ts";
import type { LineViews } from "../stream/line-views.ts";
import { broadcastLines } from "./broadcast.ts";
import { type Authenticate, guardDesk } from "./desk-door.ts";
import { limitEvents } from "./event-rate.ts";
import { sayGoodbye } from "./goodbye.ts";
import type { AllowOrigin } from "./origin.ts";
import { PrebuiltFrames } from "./prebuilt-frames.ts";
import { countReaders } from "./readers.ts";
import { readyParser } from "./ready-json.ts";
import { countScreens, hearScreens, type ItemScreens, type Place } from "./screens.ts";
import { SlowReaders } from "./slow-readers.ts";
import { handleSubscriptions } from "./subscriptions.ts";
import { AUDIENCES, type LineServer, type LineSocket, NAMESPACES } from "./wire.ts";

export interface SocketOptions {
  views: LineViews;
  authenticate: Authenticate;
  allowOrigin: AllowOrigin;
  /** Whether one more connection may be opened for this request (50/s an address). */
  mayConnect?: (request: IncomingMessage) => Promise<boolean>;
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

export function attachSockets(httpServer: HttpServer, options: SocketOptions): Sockets {
  const { views, allowOrigin, authenticate, log } = options;
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
    pingInterval: 20_000,
    pingTimeout: 15_000,
    perMessageDeflate: false,
  });

  async function admit(request: IncomingMessage): Promise<string | undefined> {
    if (isDraining) return "draining";
    if (!allowOrigin(request, "public") && !allowOrigin(request, "desk")) return "origin_refused";
    return (await options.mayConnect?.(request)) === false ? "too_many" : undefined;
  }

  const slow = new SlowReaders();
  const frames = new PrebuiltFrames(log, options.hasDirectFrames);
  const broadcast = broadcastLines(io, { views, frames, onWritten: (bytes) => slow.noteWritten(bytes) });
  const stops = [
    guardDesk(io.of(NAMESPACES.desk), { views, authenticate, allowOrigin }),
    broadcast.stop,
    () => slow.close(),
  ];
  for (const audience of AUDIENCES) {
    io.of(NAMESPACES[audience]).on("connection", (socket) => {
      slow.watch(socket);
      limitEvents(socket);
      if (audience === "public") hearScreens(socket);
      handleSubscriptions(socket, { views, audience, log, onJoin: broadcast.join });
    });
  }

  return {
    io,
    readersByDoor: () => countReaders(io, views),
    readers: () => toTotals(countReaders(io, views)),
    screens: (places) => countScreens(io, views, places),
    async drain(spreadMs = 2_000) {
      isDraining = true;
      const sockets = [...allSockets(io)];
      const pauseMs = 50;
      const rounds = Math.max(1, Math.floor(spreadMs / pauseMs));
      const share = Math.max(1, Math.ceil(sockets.length / rounds));
      while (sockets.length > 0) {
        for (const socket of sockets.splice(0, share)) sayGoodbye(socket, "draining");
        if (sockets.length > 0) await sleep(pauseMs);
      }
    },
    close() {
      isDraining = true;
      for (const stop of stops) stop();
      io.engine.close();
    },
  };
}

function* allSockets(io: LineServer): Iterable<LineSocket> {
  for (const audience of AUDIENCES) yield* io.of(NAMESPACES[audience]).sockets.values();
}
