import { Client, type Dispatcher } from "undici";
import { NewsLineError } from "../../src/contract/errors.ts";
import { MOST_DELIVERY_BYTES } from "../../src/store/deliveries.ts";
import type { AddressGuard } from "./address-guard.ts";
import { ACCEPT_ENCODING, readBody } from "./body.ts";

/** All hops and the whole body together: a body that comes byte by byte ends here. */
export const FETCH_TIMEOUT_MS = 30_000;

const CONNECT_TIMEOUT_MS = 10_000;
const MOST_HEADER_BYTES = 32 * 1024;
const MOST_REDIRECTS = 5;
const FORM_TYPE = { "content-type": "application/x-www-form-urlencoded" };
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const PERMANENT = new Set([301, 308]);
/** The only ones that send what was posted on to another place. */
const REPOSTING = new Set([307, 308]);

export interface FetchOptions {
  guard: AddressGuard;
  headers?: Record<string, string>;
  /** Sent as a form with POST instead of asking with GET. */
  form?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  timeoutMs?: number;
  mostBytes?: number;
  /** Awaited before each hop's connection is made. */
  beforeHop?: (url: URL) => Promise<void>;
}

export interface Fetched {
  status: number;
  /** By lower-case name; what came several times is joined by commas. */
  headers: ReadonlyMap<string, string>;
  /** Decoded; empty unless the status is 2xx. */
  body: Buffer;
  /** Of the last hop. */
  url: string;
  /** Where the first hops sent us for good. */
  movedTo?: string;
}

/**
 * Asks at an http or https address that somebody else wrote. It goes only to addresses that `guard` allows, at every
 * hop, and ends by itself whatever the server does. Throws a NewsLineError with a sentence for the source's health.
 */
export async function guardedFetch(address: string, options: FetchOptions): Promise<Fetched> {
  const { timeoutMs = FETCH_TIMEOUT_MS, signal } = options;
  const controller = new AbortController();
  const stop = () => controller.abort(signal?.reason);
  const late = () => controller.abort(failed(`There was no whole answer within ${timeoutMs / 1000} s.`));
  const timer = setTimeout(late, timeoutMs);
  // Not AbortSignal.any: on Node 20 a signal that lives long remembers every signal made from it.
  signal?.addEventListener("abort", stop, { once: true });
  try {
    signal?.throwIfAborted();
    return await follow(toUrl(address), options, controller.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

async function follow(first: URL, options: FetchOptions, signal: AbortSignal): Promise<Fetched> {
  const redirects = options.form === undefined ? REDIRECTS : REPOSTING;
  let url = first;
  let movedTo: string | undefined;
  let isForGood = true;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    await options.beforeHop?.(url);
    const answer = await ask(url, options, signal);
    const location = answer.headers.get("location");
    if (!redirects.has(answer.status) || location === undefined) {
      return { ...answer, url: url.href, ...(movedTo !== undefined && { movedTo }) };
    }
    url = toUrl(location, url);
    isForGood &&= PERMANENT.has(answer.status);
    if (isForGood) movedTo = url.href;
  }
  throw failed(`It redirects more than ${MOST_REDIRECTS} times.`);
}

type Answer = Pick<Fetched, "status" | "headers" | "body">;

/** A connection of its own for each hop: none is shared or kept, so none can lead where it was not judged for. */
async function ask(url: URL, options: FetchOptions, signal: AbortSignal): Promise<Answer> {
  const { guard, form, mostBytes = MOST_DELIVERY_BYTES } = options;
  const client = new Client(url.origin, {
    connect: guard.connector({ timeout: CONNECT_TIMEOUT_MS }),
    maxHeaderSize: MOST_HEADER_BYTES,
  });
  try {
    const response = await client.request({
      path: url.pathname + url.search,
      headers: { ...options.headers, "accept-encoding": ACCEPT_ENCODING, ...(form && FORM_TYPE) },
      ...(form === undefined
        ? { method: "GET" }
        : { method: "POST", body: new URLSearchParams({ ...form }).toString() }),
      // One exchange, then the end: the server need not wait for another.
      reset: true,
      signal,
    });
    return await toAnswer(response, mostBytes);
  } catch (error) {
    throw toFault(url, error, signal);
  } finally {
    client.destroy(null, ignoreEnd);
  }
}

async function toAnswer(response: Dispatcher.ResponseData, mostBytes: number): Promise<Answer> {
  const headers = new Map(
    Object.entries(response.headers).map(([name, value = ""]) => [name, [value].flat().join(", ")]),
  );
  const status = response.statusCode;
  const hasBody = status >= 200 && status < 300;
  if (!hasBody) {
    // An unread body that breaks off would be an error that nobody listens to.
    response.body.on("error", ignoreEnd);
    return { status, headers, body: Buffer.alloc(0) };
  }
  return { status, headers, body: await readBody(response.body, headers.get("content-encoding"), mostBytes) };
}

/** The connection is of no more use; how it ends changes nothing. */
function ignoreEnd(): void {}

function toUrl(text: string, base?: URL): URL {
  if (!URL.canParse(text, base?.href)) throw refused("It is no address that can be read.");
  const url = new URL(text, base);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw refused(`Only http and https addresses are fetched, not ${url.protocol.slice(0, 20)}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw refused("It has a user name or password in it. Leave them out: addresses are shown and logged.");
  }
  url.hash = "";
  return url;
}

function refused(message: string): NewsLineError {
  return new NewsLineError("address_refused", { message });
}

function failed(message: string, cause?: unknown): NewsLineError {
  return new NewsLineError("fetch_failed", { message, cause });
}

const FAULTS: Record<string, string> = {
  ENOTFOUND: "has no address: the name is unknown",
  EAI_AGAIN: "has no address just now: the name server does not answer",
  ECONNREFUSED: "refuses connections",
  ECONNRESET: "broke the connection off",
  EHOSTUNREACH: "cannot be reached",
  ENETUNREACH: "cannot be reached",
  ETIMEDOUT: "does not answer",
  UND_ERR_CONNECT_TIMEOUT: "does not answer",
  UND_ERR_SOCKET: "broke the connection off",
  UND_ERR_HEADERS_OVERFLOW: `sends more than ${MOST_HEADER_BYTES / 1024} KB of headers`,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "sent less or more than it announced",
  Z_DATA_ERROR: "sent a compressed answer that is broken",
  Z_BUF_ERROR: "sent a compressed answer that is cut off",
};

function toFault(url: URL, error: unknown, signal: AbortSignal): unknown {
  if (error instanceof NewsLineError) return error;
  if (signal.aborted) return signal.reason;
  const code = toCode(error);
  const known = code === undefined ? undefined : FAULTS[code];
  const what = known ?? `cannot be read (${code ?? toMessage(error)})`;
  return failed(`${url.host} ${what}.`, error);
}

/** With several addresses tried, each has a fault of its own; the first tells enough. */
function toCode(error: unknown): string | undefined {
  if (error instanceof AggregateError) return toCode(error.errors[0]);
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
