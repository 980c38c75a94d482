import type { ErrorRequestHandler, RequestHandler, Response } from "express";
import { type ErrorCode, NewsLineError } from "../contract/errors.ts";
import type { Logger } from "../log.ts";
import { requestIdOf } from "./request-log.ts";

/** What the parsers of bodies and addresses complain about, in our words. */
const PARSER_ERRORS: Record<string, ErrorCode> = {
  "entity.parse.failed": "bad_json",
  "entity.too.large": "too_large",
  "charset.unsupported": "unsupported_type",
  "encoding.unsupported": "unsupported_type",
};

/** Without it a loss of Redis would read as a fault of ours. */
const REDIS_AWAY =
  /Stream isn't writeable|Connection is closed|max retries per request|Command timed out|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|READONLY|LOADING|CLUSTERDOWN|MASTERDOWN|NOREPLICAS|MISCONF|OOM command/i;
const RETRY_MS = 1_000;

export function handleUnknown(): RequestHandler {
  return () => {
    throw new NewsLineError("not_found");
  };
}

/** The one place where an error becomes an answer. */
export function handleErrors(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const known = toKnownError(error);
    if (known.code === "internal" || known.code === "unavailable") {
      log.error({ err: error, code: known.code, request: requestIdOf(request) }, "a request failed");
    }
    if (response.headersSent) {
      // Half an answer must not pass for a whole one.
      next(error);
      return;
    }
    sendError(response, known);
  };
}

export function sendError(response: Response, error: NewsLineError): void {
  const { retryAfterMs } = error.details;
  if (retryAfterMs !== undefined) response.set("Retry-After", String(Math.ceil(retryAfterMs / 1_000)));
  if (error.status === 401) response.set("WWW-Authenticate", "Bearer");
  response.set("Cache-Control", "no-store").removeHeader("ETag");
  response.status(error.status).json(error.toBody());
}

function toKnownError(error: unknown): NewsLineError {
  if (error instanceof NewsLineError) return withRetry(error);
  if (!(error instanceof Error))
    return new NewsLineError("internal", { cause: error, retryAfterMs: RETRY_MS });
  const parserCode =
    "type" in error && typeof error.type === "string" ? PARSER_ERRORS[error.type] : undefined;
  if (parserCode !== undefined) return new NewsLineError(parserCode, { cause: error });
  if ("status" in error && error.status === 400) return new NewsLineError("invalid", { cause: error });
  if (REDIS_AWAY.test(error.message)) {
    return new NewsLineError("unavailable", { cause: error, retryAfterMs: RETRY_MS });
  }
  return new NewsLineError("internal", { cause: error, retryAfterMs: RETRY_MS });
}

/** Every answer with 429 or 503 says when to come again. */
function withRetry(error: NewsLineError): NewsLineError {
  if (error.details.retryAfterMs !== undefined || (error.status !== 429 && error.status !== 503))
    return error;
  return new NewsLineError(error.code, { ...error.details, message: error.message, retryAfterMs: RETRY_MS });
}
