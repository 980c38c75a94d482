import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { NewsLineError } from "../contract/errors.ts";
import type { LineServer } from "./wire.ts";

/**
 * A session of Engine.IO lives in one gateway, and begins with that gateway's name: whoever stands in front can send
 * each request of it there, without a cookie, and without knowing the client by its address.
 */
export function nameSessions(io: LineServer, gateway: string): void {
  io.engine.generateId = () => `${gateway}.${randomBytes(15).toString("base64url")}`;
}

/** The gateway in which the session of a request lives; undefined when it has none yet. */
export function readHome(request: Pick<IncomingMessage, "url">): string | undefined {
  const session = readSession(request);
  if (session === undefined) return undefined;
  const end = session.indexOf(".");
  return end < 1 ? undefined : session.slice(0, end);
}

/**
 * Who wants to begin a session while this gateway drains gets a 503, at which a proxy asks the next gateway. Sessions
 * that are there go on until they are told.
 */
export function refuseNewcomers(io: LineServer, isDraining: () => boolean): void {
  const { status, message } = new NewsLineError("draining");
  io.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (!isDraining() || readSession(request) !== undefined) {
      next();
    } else if (request.headers.upgrade === undefined) {
      response.writeHead(status, { "Retry-After": "1", "Content-Type": "text/plain" }).end(message);
    } else {
      refuseUpgrade(request.socket, `${status} Service Unavailable`);
    }
  });
}

/** An upgrade has no response object that could carry a status. */
export function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on("error", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function readSession({ url = "" }: Pick<IncomingMessage, "url">): string | undefined {
  return new URLSearchParams(url.slice(url.indexOf("?") + 1)).get("sid") ?? undefined;
}
