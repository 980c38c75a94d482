import { randomUUID } from "node:crypto";
import type { Request, RequestHandler } from "express";
import type { Logger } from "../log.ts";

const ids = new WeakMap<Request, string>();
const GIVEN_ID = /^[\w.-]{1,64}$/;

export function requestIdOf(request: Request): string {
  return ids.get(request) ?? "";
}

/** Gives every request an id, or takes the caller's, and logs its end. Never the query: it may hold words. */
export function logRequests(log: Logger): RequestHandler {
  return (request, response, next) => {
    const given = request.get("X-Request-Id");
    const id = given !== undefined && GIVEN_ID.test(given) ? given : randomUUID();
    ids.set(request, id);
    response.set("X-Request-Id", id);
    const begun = performance.now();
    response.once("close", () => {
      log.debug(
        {
          request: id,
          method: request.method,
          path: toLoggedPath(request.path),
          status: response.statusCode,
          ms: Math.round(performance.now() - begun),
        },
        "request",
      );
    });
    next();
  };
}

/** The last part of a hub's address is its right to hand over news. */
function toLoggedPath(path: string): string {
  return path.replace(/^(\/v1\/websub\/[^/]*\/).+$/isu, "$1…");
}
