/**
 * Every error a caller can meet, one row each. `message` tells the caller what to change; a place that knows
 * more replaces it. `temporary` says whether the same call may succeed later.
 */
interface ErrorRow {
  status: number;
  temporary: boolean;
  message: string;
}

export const ERRORS = {
  bad_json: { status: 400, temporary: false, message: "The body is not valid JSON. Send one JSON object." },
  invalid: { status: 400, temporary: false, message: "A field is missing or has the wrong form." },
  bad_cursor: {
    status: 400,
    temporary: false,
    message: "The cursor is not one this server gave out. Leave `before` away to begin at the top.",
  },
  unauthorized: {
    status: 401,
    temporary: false,
    message: "This needs a token. Send `Authorization: Bearer <token>`.",
  },
  forbidden: {
    status: 403,
    temporary: false,
    message: "The token's role does not allow this. Ask for a token with a higher role.",
  },
  origin_refused: {
    status: 403,
    temporary: false,
    message: "Pages of this origin may not connect. Add it to NEWSLINE_ORIGINS.",
  },
  not_found: {
    status: 404,
    temporary: false,
    message: "There is nothing at this address. See /docs for what there is.",
  },
  unknown_line: {
    status: 404,
    temporary: false,
    message: "There is no such line. GET /v1/lines lists them.",
  },
  unknown_item: { status: 404, temporary: false, message: "There is no such item." },
  unknown_source: {
    status: 404,
    temporary: false,
    message: "There is no such source. PUT /v1/sources/:source makes one.",
  },
  unknown_delivery: {
    status: 404,
    temporary: false,
    message: "There is no such delivery, or it is older than 7 days.",
  },
  unknown_revision: {
    status: 404,
    temporary: false,
    message: "The item has no such public revision. GET /v1/items/:id/revisions lists them.",
  },
  unknown_quarantine: {
    status: 404,
    temporary: false,
    message: "There is no such quarantine entry. GET /v1/quarantine lists them.",
  },
  unknown_token: {
    status: 404,
    temporary: false,
    message: "There is no such token. GET /v1/tokens lists them.",
  },
  stale_revision: {
    status: 409,
    temporary: false,
    message:
      "The item has changed since the revision you sent. `current` is what it is now; send its revision in If-Match.",
  },
  conflict: { status: 409, temporary: false, message: "The item's state does not allow this." },
  killed: { status: 410, temporary: false, message: "This item has been withdrawn." },
  too_large: {
    status: 413,
    temporary: false,
    message: "The body is too large. Items may have 256 KB, deliveries 15 MB when decoded.",
  },
  unsupported_type: {
    status: 415,
    temporary: false,
    message: "This Content-Type or charset is not read here.",
  },
  unknown_format: {
    status: 415,
    temporary: false,
    message:
      "The bytes are in no format that is read here. docs/formats.md lists them; a source profile can name one.",
  },
  unreadable: { status: 422, temporary: false, message: "The document is broken and cannot be read." },
  address_refused: {
    status: 422,
    temporary: false,
    message:
      "This address is not fetched: it is no plain http or https address, or it leads into a private network. NEWSLINE_FETCH_ALLOW lists private addresses that may be fetched.",
  },
  key_reused: {
    status: 422,
    temporary: false,
    message: "This Idempotency-Key was used with another body. Use a new key for a new command.",
  },
  if_match_required: {
    status: 428,
    temporary: false,
    message: 'Send the revision you have read as If-Match: "<revision>".',
  },
  rate: { status: 429, temporary: true, message: "Too many requests. Wait and repeat." },
  backlog: {
    status: 429,
    temporary: true,
    message: "Too many deliveries are waiting. Wait and send this one again.",
  },
  fetch_failed: {
    status: 503,
    temporary: true,
    message: "The address could not be fetched. Try again later.",
  },
  not_stored: {
    status: 503,
    temporary: true,
    message: "The command was not stored and will not be. Send it again.",
  },
  outcome_unknown: {
    status: 503,
    temporary: true,
    message: "It is not known whether the command was stored. Repeat it with the same Idempotency-Key.",
  },
  unavailable: {
    status: 503,
    temporary: true,
    message: "The store or the workers cannot be reached just now. Try again.",
  },
  not_ready: { status: 503, temporary: true, message: "The server is starting or stopping. Try again." },
  internal: {
    status: 503,
    temporary: true,
    message: "Something failed here, not in your call. Try again; the log has the cause.",
  },
  draining: { status: 503, temporary: true, message: "This server is stopping. Connect again." },
  slow: {
    status: 503,
    temporary: true,
    message: "The connection could not keep up. Connect again with your position.",
  },
  revoked: { status: 401, temporary: false, message: "The token has been revoked." },
  too_many: { status: 429, temporary: true, message: "Too many connections." },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}

export interface ErrorBody {
  error: {
    code: ErrorCode;
    message: string;
    temporary: boolean;
    field?: string;
    retryAfterMs?: number;
    current?: unknown;
  };
}

interface ErrorDetails {
  message?: string;
  field?: string;
  retryAfterMs?: number;
  /** For stale_revision: the item as it is now. */
  current?: unknown;
  cause?: unknown;
}

/** An error with a row in the table; anything else that is thrown is a fault of ours. */
export class NewsLineError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(details.message ?? ERRORS[code].message, { cause: details.cause });
    this.name = "NewsLineError";
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  toBody(): ErrorBody {
    const { field, retryAfterMs, current } = this.details;
    return {
      error: {
        code: this.code,
        message: this.message,
        temporary: ERRORS[this.code].temporary,
        ...(field !== undefined && { field }),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
        ...(current !== undefined && { current }),
      },
    };
  }
}
