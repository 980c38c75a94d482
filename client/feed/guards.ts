/**
 * What arrives is checked by hand, lightly: a schema library would double the bundle. Unknown fields pass,
 * unknown events and ops are ignored, since the contract may grow.
 */
import type { Delta, Op, RemoveReason } from "../../src/contract/delta.ts";
import type { LineItem } from "../../src/contract/item.ts";
import type { CatchUp, Goodbye, GoodbyeCode, Snapshot, Tick } from "../../src/contract/socket.ts";

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const OPTIONAL_TEXT = ["lead", "credit", "link", "slugline", "language", "correctionNote"];
const OPTIONAL_INSTANTS = ["firstCreated", "versionCreated", "publishedAt", "breakingUntil"];

export function isInstant(value: unknown): value is string {
  return typeof value === "string" && INSTANT.test(value);
}

export function isLineItem(value: unknown): value is LineItem {
  if (!isFields(value)) return false;
  return (
    typeof value["id"] === "string" &&
    typeof value["revision"] === "number" &&
    typeof value["headline"] === "string" &&
    typeof value["urgency"] === "number" &&
    typeof value["source"] === "string" &&
    Array.isArray(value["lines"]) &&
    isInstant(value["orderedAt"]) &&
    OPTIONAL_TEXT.every((name) => value[name] === undefined || typeof value[name] === "string") &&
    OPTIONAL_INSTANTS.every((name) => value[name] === undefined || isInstant(value[name]))
  );
}

export function parseItems(value: unknown): LineItem[] {
  return Array.isArray(value) ? value.filter(isLineItem) : [];
}

const REASONS: readonly RemoveReason[] = ["killed", "held", "embargoed", "expired", "retired", "moved"];

function parseOp(value: unknown): Op | undefined {
  if (!isFields(value)) return undefined;
  if (value["op"] === "put" && isLineItem(value["item"])) return { op: "put", item: value["item"] };
  const { id, revision } = value;
  if (value["op"] !== "remove" || typeof id !== "string" || typeof revision !== "number") return undefined;
  // A reason we do not know yet is still a remove.
  const reason = REASONS.find((known) => known === value["reason"]) ?? "retired";
  return { op: "remove", id, revision, reason };
}

export function parseDelta(value: unknown): Delta | undefined {
  if (!isFields(value)) return undefined;
  const { line, epoch, from, to, at, ops } = value;
  if (typeof line !== "string" || typeof epoch !== "string" || !Array.isArray(ops)) return undefined;
  if (typeof from !== "number" || typeof to !== "number") return undefined;
  const known = ops.map(parseOp).filter((op) => op !== undefined);
  return { line, epoch, from, to, at: isInstant(at) ? at : "", ops: known };
}

export function parseTick(value: unknown): Tick | undefined {
  if (!isFields(value)) return undefined;
  const { line, epoch, offset, at, live, since } = value;
  if (typeof line !== "string" || typeof epoch !== "string" || typeof offset !== "number") return undefined;
  if (!isInstant(at)) return undefined;
  return { line, epoch, offset, at, live: live !== false, ...(isInstant(since) && { since }) };
}

const GOODBYE_CODES: readonly GoodbyeCode[] = ["draining", "slow", "revoked", "rate", "too_many"];

export function parseGoodbye(value: unknown): Goodbye {
  const fields = isFields(value) ? value : {};
  const retryAfterMs = fields["retryAfterMs"];
  return {
    code: GOODBYE_CODES.find((code) => code === fields["code"]) ?? "draining",
    temporary: fields["temporary"] !== false,
    retryAfterMs: typeof retryAfterMs === "number" && retryAfterMs > 0 ? retryAfterMs : 0,
  };
}

/** The line that a `reset` names. */
export function parseResetLine(value: unknown): string | undefined {
  return isFields(value) && typeof value["line"] === "string" ? value["line"] : undefined;
}

export type Slice = Pick<Snapshot, "position" | "count" | "items" | "next">;

/** A snapshot or a page of a line: the same fields at every door. */
export function parseSlice(value: unknown): Slice | undefined {
  if (!isFields(value) || typeof value["position"] !== "string") return undefined;
  const { position, count, next } = value;
  const items = parseItems(value["items"]);
  return {
    position,
    count: typeof count === "number" ? count : items.length,
    items,
    next: typeof next === "string" ? next : null,
  };
}

type Untimed<T extends { at: string }> = Omit<T, "at"> & { at?: string };

/** An answer to `subscribe`, or to a poll (which has neither `line` nor `at`). */
export function parseAnswer(line: string, value: unknown): Untimed<Snapshot> | Untimed<CatchUp> | undefined {
  if (!isFields(value)) return undefined;
  const at = isInstant(value["at"]) ? { at: value["at"] } : {};
  if (value["kind"] === "snapshot") {
    const slice = parseSlice(value);
    return slice === undefined ? undefined : { kind: "snapshot", line, ...at, ...slice };
  }
  const { position, deltas } = value;
  if (value["kind"] !== "catch-up" || typeof position !== "string" || !Array.isArray(deltas))
    return undefined;
  const parsed = deltas.map(parseDelta).filter((delta) => delta !== undefined);
  // One that cannot be read leaves a gap, which the reducer finds by the offsets.
  return { kind: "catch-up", line, position, ...at, deltas: parsed };
}

export interface Refusal {
  code: string;
  message: string;
  temporary: boolean;
  field?: string;
  retryAfterMs?: number;
  current?: unknown;
}

export function parseRefusal(value: unknown): Refusal | undefined {
  const error = isFields(value) && isFields(value["error"]) ? value["error"] : undefined;
  if (error === undefined || typeof error["code"] !== "string") return undefined;
  const { code, message, temporary, field, retryAfterMs, current } = error;
  return {
    code,
    message: typeof message === "string" ? message : code,
    temporary: temporary === true,
    ...(typeof field === "string" && { field }),
    ...(typeof retryAfterMs === "number" && { retryAfterMs }),
    ...(current !== undefined && { current }),
  };
}
