import { type DestinationStream, destination, type Logger, pino } from "pino";
import type { LogLevel } from "./config.ts";

export type { Logger } from "pino";

/** The names under which things stand in every log line, so that one search finds them in all processes. */
export interface LogFields {
  /** `supervisor`, `gateway` or `worker`, on every line. */
  process?: string;
  line?: string;
  source?: string;
  item?: string;
  revision?: number;
  delivery?: string;
  queue?: string;
  job?: string;
  /** A code of the error table. */
  code?: string;
  ms?: number;
  count?: number;
  err?: unknown;
}

/** Fields that hold words of an item. They must not be logged; if one slips in, its words do not (EMB4). */
const TEXT_FIELDS = [
  "headline",
  "lead",
  "body",
  "bodyText",
  "bodyHtml",
  "summary",
  "slugline",
  "edNote",
  "correctionNote",
  "item.headline",
  "draft",
  "drafts",
  "ops",
  "fields",
  "token",
  "authorization",
];

/**
 * JSON lines on standard error: standard output belongs to what a command prints. Log about items by id, line and
 * reason; never their words, at any level that runs in production.
 */
export function createLog(
  level: LogLevel,
  process: string,
  sink: DestinationStream = destination({ dest: 2, sync: true }),
): Logger {
  return pino(
    {
      level,
      base: { process },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: toErrorFields },
      redact: { paths: TEXT_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: "[text]" },
    },
    sink,
  );
}

/** Only what identifies the fault: the other properties of an error may hold the item it was about. */
function toErrorFields(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const message = error instanceof SyntaxError ? withoutQuotation(error.message) : error.message;
  return {
    type: error.name,
    message,
    stack: error.stack?.replace(error.message, message),
    ...("code" in error && { code: error.code }),
    ...(error.cause !== undefined && { cause: toErrorFields(error.cause) }),
  };
}

/** `JSON.parse` quotes what it could not read, which may be an item. */
function withoutQuotation(message: string): string {
  return message.replace(/(?:\.\.\.)?"[^]*"(?:\.\.\.)?/, "what was given");
}
