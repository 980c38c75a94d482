import { createHash } from "node:crypto";
import type { PollState } from "../../src/store/poll-state.ts";
import { readFeedHints } from "./feed-hints.ts";
import type { Fetched } from "./fetch.ts";
import { parseRetryAfter } from "./poll-pace.ts";

/** What an answer means for its source. */
export type Answer =
  | { kind: "new"; hash: string }
  | { kind: "same" }
  /** 410: there will never be anything here again. */
  | { kind: "gone" }
  | { kind: "failed"; message: string; retryAfterMs?: number };

/** A move for good is believed once so many good answers in a row have told it. */
const EQUAL_MOVES = 3;

/** A 304 to a question without conditions, or a body without a byte, is a fault of the server, not news. */
export function toAnswer(fetched: Fetched, state: PollState, nowMs: number): Answer {
  const { status, headers, body } = fetched;
  if (status === 410) return { kind: "gone" };
  if (status === 304 && state.hash !== undefined) return { kind: "same" };
  if ((status === 200 || status === 203) && body.length > 0) {
    const hash = createHash("sha256").update(body).digest("base64url");
    return hash === state.hash ? { kind: "same" } : { kind: "new", hash };
  }
  const { host } = new URL(fetched.url);
  const what = status === 200 || status === 203 ? "an empty body" : String(status);
  const retryAfterMs = parseRetryAfter(headers.get("retry-after"), nowMs);
  return {
    kind: "failed",
    message: `${host} answered with ${what}.`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** The conditions that spare the server sending what we have. */
export function toConditions(state: PollState): Record<string, string> {
  return {
    ...(state.etag !== undefined && { "if-none-match": state.etag }),
    ...(state.lastModified !== undefined && { "if-modified-since": state.lastModified }),
  };
}

type Remembered = Pick<PollState, "etag" | "lastModified" | "ttlSeconds" | "skipHours" | "skipDays">;

/** What to remember of a good answer. A 304 repeats only what has changed; a body stands for all. */
export function toRemembered(fetched: Fetched, state: PollState): Remembered {
  const etag = toSendable(fetched.headers.get("etag"));
  const lastModified = toSendable(fetched.headers.get("last-modified"));
  if (fetched.status === 304) {
    const { ttlSeconds, skipHours, skipDays } = state;
    return {
      etag: etag ?? state.etag,
      lastModified: lastModified ?? state.lastModified,
      ttlSeconds,
      skipHours,
      skipDays,
    };
  }
  const { ttlSeconds, skipHours, skipDays } = readFeedHints(fetched.body);
  return { etag, lastModified, ttlSeconds, skipHours: skipHours?.join(), skipDays: skipDays?.join() };
}

type Moves = Pick<PollState, "movedTo" | "moving" | "movingCount">;

/** Counts how often in a row a good answer came from the same new address. */
export function toMoves(fetched: Fetched, state: PollState): Moves {
  const { movedTo } = state;
  if (fetched.movedTo === undefined) return { movedTo, moving: undefined, movingCount: 0 };
  const movingCount = fetched.movedTo === state.moving ? state.movingCount + 1 : 1;
  if (movingCount < EQUAL_MOVES) return { movedTo, moving: fetched.movedTo, movingCount };
  const isHome = fetched.movedTo === state.for;
  return { movedTo: isHome ? undefined : fetched.movedTo, moving: undefined, movingCount: 0 };
}

/** Sent back as it came, so it must be what a request may hold. */
function toSendable(value: string | undefined): string | undefined {
  return value !== undefined && /^[\x20-\x7e]{1,500}$/u.test(value) ? value : undefined;
}
