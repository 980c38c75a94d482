/** Reads of the public door, as the screens need them. Answers are checked; what cannot be read throws. */
import type { Item, RevisionEntry } from "../../src/contract/item.ts";
import type { DiffRun, RevisionDiff } from "../../src/contract/screens.ts";
import {
  type Fields,
  isFields,
  isInstant,
  isLineItem,
  parseRefusal,
  parseSlice,
  type Slice,
} from "./guards.ts";

/** A call that the server refused, or that did not reach it (`status` 0). */
export class CallError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  readonly current: unknown;

  constructor(status: number, body: unknown) {
    const refusal = parseRefusal(body);
    super(refusal?.message ?? `The server answered ${status}.`);
    this.name = "CallError";
    this.status = status;
    this.code = refusal?.code ?? (status === 0 ? "unreachable" : "unreadable");
    this.retryAfterMs = refusal?.retryAfterMs;
    this.current = refusal?.current;
  }
}

export async function callJson(url: URL, init: RequestInit = {}): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted === true) throw cause;
    throw new CallError(0, undefined);
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new CallError(response.status, body);
  return body;
}

/** Which server, and who asks: with a token the desk's view of things is given. */
export interface Door {
  readonly server: URL;
  readonly token?: string;
}

interface PageQuery {
  line: string;
  before: string;
  limit: number;
}

export async function fetchPage(door: Door, query: PageQuery): Promise<Slice> {
  const url = new URL(`v1/lines/${query.line}`, door.server);
  url.searchParams.set("limit", String(query.limit));
  url.searchParams.set("before", query.before);
  if (door.token !== undefined) url.searchParams.set("channel", "desk");
  const slice = parseSlice(await callJson(url, toInit(door)));
  if (slice === undefined) throw new CallError(200, undefined);
  return slice;
}

export async function fetchItem(door: Door, id: string): Promise<Item> {
  const body = await callJson(toItemUrl(door, id), toInit(door));
  if (!isItem(body)) throw new CallError(200, undefined);
  return body;
}

export async function fetchRevisions(door: Door, id: string): Promise<RevisionEntry[]> {
  const body = await callJson(toItemUrl(door, id, "/revisions"), toInit(door));
  const revisions = isFields(body) ? body["revisions"] : undefined;
  return Array.isArray(revisions) ? revisions.filter(isRevision) : [];
}

export async function fetchDiff(
  door: Door,
  id: string,
  between: { from: number; to: number },
): Promise<RevisionDiff> {
  const url = toItemUrl(door, id, "/diff");
  url.searchParams.set("from", String(between.from));
  url.searchParams.set("to", String(between.to));
  const body = await callJson(url, toInit(door));
  const fields: Fields = isFields(body) ? body : {};
  return { id, ...between, headline: toRuns(fields["headline"]), bodyText: toRuns(fields["bodyText"]) };
}

function toItemUrl(door: Door, id: string, rest = ""): URL {
  return new URL(`v1/items/${encodeURIComponent(id)}${rest}`, door.server);
}

function toInit({ token }: Door): RequestInit {
  return token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } };
}

export function isItem(value: unknown): value is Item {
  return isLineItem(value) && (!("bodyText" in value) || typeof value.bodyText === "string");
}

function isRevision(value: unknown): value is RevisionEntry {
  if (!isFields(value)) return false;
  return (
    typeof value["revision"] === "number" &&
    typeof value["headline"] === "string" &&
    typeof value["bodyText"] === "string" &&
    isInstant(value["receivedAt"])
  );
}

function toRuns(value: unknown): DiffRun[] {
  return Array.isArray(value) ? value.filter(isRun) : [];
}

function isRun(value: unknown): value is DiffRun {
  if (!isFields(value) || typeof value["text"] !== "string") return false;
  return value["mark"] === "same" || value["mark"] === "added" || value["mark"] === "removed";
}
