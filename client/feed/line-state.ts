import type { Delta } from "../../src/contract/delta.ts";
import { type Position, parsePosition } from "../../src/contract/position.ts";
import { DEFAULT_LIMIT } from "../../src/contract/protocol.ts";
import type { CatchUp, Goodbye, Snapshot, Tick } from "../../src/contract/socket.ts";
import { applyOps, type Held, mergePage, type Removal, toHeld } from "./held.ts";

/** What the screen may honestly say about its connection. */
export type Status =
  | { readonly kind: "connecting" }
  | { readonly kind: "catching-up" }
  | { readonly kind: "live" }
  /** Connected, but the gateway itself has lost its store: nothing new can come. */
  | { readonly kind: "stale"; readonly since: string }
  | { readonly kind: "polling"; readonly everyMs: number }
  | { readonly kind: "offline"; readonly since: string }
  /** Refused for good: a revoked token, too many connections. */
  | { readonly kind: "ended"; readonly code: string };

/** What the connection should do next for this line. */
export type Need =
  | "nothing"
  /** Subscribe with the position that is held. */
  | "subscribe"
  /** Subscribe without one: what is held cannot be continued. */
  | "snapshot"
  /** Fetch the page below the floor. */
  | "page";

/** Polled answers carry no `at`: a cache may have kept them. */
type Answer<T extends { at: string }> = Omit<T, "at"> & { everyMs?: number };
export type Page = Pick<Snapshot, "position" | "count" | "items" | "next">;

export type FeedEvent =
  /** A link is up. `resumes`: it goes on from our position without an answer of its own (SSE). */
  | { type: "opened"; resumes: boolean }
  | { type: "snapshot"; answer: Answer<Snapshot> }
  | { type: "catch-up"; answer: Answer<CatchUp> }
  | { type: "delta"; delta: Delta }
  | { type: "tick"; tick: Tick }
  | { type: "reset" }
  | { type: "goodbye"; goodbye: Goodbye; at: string }
  | { type: "lost"; at: string }
  | { type: "refused"; code: string }
  | { type: "page"; before: string; page: Page }
  | { type: "page-failed" }
  /** A reader asks for the page below. */
  | { type: "older" }
  /** The view asks for `limit` items at least. */
  | { type: "wanted"; limit: number }
  /** The list has grown long and nobody reads its end: begin again with a short one. */
  | { type: "shorten" }
  /** The server's time and ours at the same moment, from an ack or a tick only. */
  | { type: "clock"; at: string; nowMs: number };

export interface LineState {
  readonly line: string;
  readonly status: Status;
  readonly held: Held | undefined;
  readonly limit: number;
  readonly need: Need;
  /** Server time minus ours. */
  readonly clockOffsetMs: number;
  /** What left with the last event, so that an open item can say why. */
  readonly removals: readonly Removal[];
  /** The offset at which a tick found us behind; a second tick there means that a delta was lost. */
  readonly behindAt: number | undefined;
}

type Step<E extends FeedEvent> = (state: LineState, event: E) => LineState;
type Row = { readonly [T in FeedEvent["type"]]: Step<Extract<FeedEvent, { type: T }>> };

export function toLineState(line: string, limit: number = DEFAULT_LIMIT): LineState {
  return {
    line,
    limit,
    status: { kind: "connecting" },
    held: undefined,
    need: "nothing",
    clockOffsetMs: 0,
    removals: [],
    behindAt: undefined,
  };
}

/** Pure: the same state and event always give the same new state. */
export function reduce(state: LineState, event: FeedEvent): LineState {
  const cleared = state.removals.length === 0 ? state : { ...state, removals: [] };
  return step(TABLE[state.status.kind], cleared, event);
}

const keep = (state: LineState): LineState => state;

/** These do not depend on the link. */
const ALWAYS = {
  opened: handleOpened,
  lost: handleLost,
  refused: (state: LineState, event: { code: string }) => {
    return { ...state, status: { kind: "ended", code: event.code } as const, need: "nothing" as const };
  },
  goodbye: handleGoodbye,
  page: handlePage,
  "page-failed": (state: LineState) => settle(state, "nothing"),
  older: (state: LineState) => (typeof state.held?.next === "string" ? settle(state, "page") : state),
  wanted: handleWanted,
  shorten: keep,
  clock: (state: LineState, event: { at: string; nowMs: number }) => {
    const serverMs = Date.parse(event.at);
    return Number.isNaN(serverMs) ? state : { ...state, clockOffsetMs: serverMs - event.nowMs };
  },
};

/** An answer we asked for is welcome; a delta or tick has no list that it could continue. */
const WAITING: Row = {
  ...ALWAYS,
  snapshot: handleSnapshot,
  "catch-up": handleCatchUp,
  delta: keep,
  tick: keep,
  reset: askAgain,
};

const FOLLOWING: Row = {
  ...WAITING,
  delta: handleDelta,
  tick: handleTick,
  shorten: (state) => ({ ...state, status: { kind: "catching-up" }, need: "snapshot" }),
};

/** Every state × event pair: a new state or event does not compile before its row or column is stated. */
const TABLE: Readonly<Record<Status["kind"], Row>> = {
  connecting: WAITING,
  "catching-up": WAITING,
  live: FOLLOWING,
  stale: FOLLOWING,
  // Deltas come inside answers here; ticks and resets are the socket's.
  polling: { ...WAITING, reset: keep },
  // Late words of a link that is gone: the next one starts from our position anyhow.
  offline: { ...WAITING, reset: keep },
  ended: {
    ...WAITING,
    opened: keep,
    snapshot: keep,
    "catch-up": keep,
    reset: keep,
    lost: keep,
    goodbye: keep,
  },
};

function handleOpened(state: LineState, event: { resumes: boolean }): LineState {
  if (event.resumes && state.held !== undefined) return { ...state, status: { kind: "live" } };
  return { ...state, status: { kind: "catching-up" }, behindAt: undefined };
}

function handleSnapshot(state: LineState, { answer }: { answer: Answer<Snapshot> }): LineState {
  const position = parsePosition(answer.position);
  if (position === undefined) return state;
  const held = toHeld({ position, count: answer.count, items: answer.items, next: answer.next });
  const ids = new Set(held.items.map((item) => item.id));
  const gone = (state.held?.items ?? []).filter((item) => !ids.has(item.id));
  const removals = gone.map((item) => ({ id: item.id, reason: undefined }));
  return settle({ ...state, held, removals, status: toFollowing(answer), behindAt: undefined }, "nothing");
}

function handleCatchUp(state: LineState, { answer }: { answer: Answer<CatchUp> }): LineState {
  let held = state.held;
  const removals: Removal[] = [];
  for (const delta of answer.deltas) {
    const next = held === undefined ? undefined : follow(held, delta);
    if (next === undefined) return { ...state, need: "snapshot" };
    held = next.held;
    removals.push(...next.removals);
  }
  const reached = parsePosition(answer.position);
  if (held === undefined || reached === undefined || !isSame(held.position, reached)) {
    return { ...state, need: "snapshot" };
  }
  return settle({ ...state, held, removals, status: toFollowing(answer), behindAt: undefined }, "nothing");
}

/** A delta that does not begin where we stand is never applied: we ask for what lies between (P4). */
function handleDelta(state: LineState, { delta }: { delta: Delta }): LineState {
  const next = state.held === undefined ? undefined : follow(state.held, delta);
  if (next === undefined) return askAgain(state);
  return settle({ ...state, ...next, behindAt: undefined }, state.need);
}

function handleTick(state: LineState, { tick }: { tick: Tick }): LineState {
  const position = state.held?.position;
  if (position === undefined || position.epoch !== tick.epoch) return askAgain(state);
  const isBehind = tick.offset > position.offset;
  // A delta may be on its way when the tick is written; it cannot be so for two ticks.
  if (isBehind && state.behindAt === position.offset) return askAgain(state);
  const status: Status = tick.live ? { kind: "live" } : { kind: "stale", since: tick.since ?? tick.at };
  return { ...state, status, behindAt: isBehind ? position.offset : undefined };
}

function handleGoodbye(state: LineState, event: { goodbye: Goodbye; at: string }): LineState {
  if (event.goodbye.temporary) return handleLost(state, event);
  return { ...state, status: { kind: "ended", code: event.goodbye.code }, need: "nothing" };
}

function handleLost(state: LineState, event: { at: string }): LineState {
  if (state.status.kind === "offline") return state;
  const since = state.status.kind === "stale" ? state.status.since : event.at;
  const need = state.need === "page" ? "page" : "nothing";
  return { ...state, status: { kind: "offline", since }, need, behindAt: undefined };
}

/** A page older than our position might bring back what has left since: it is asked for again (SNP1). */
function handlePage(state: LineState, event: { before: string; page: Page }): LineState {
  const held = state.held;
  const position = parsePosition(event.page.position);
  if (held === undefined || held.next !== event.before) return state;
  const isOlder = position?.epoch !== held.position.epoch || position.offset < held.position.offset;
  if (isOlder) return settle(state, "page");
  return settle({ ...state, held: mergePage(held, { ...event.page, position }) }, "nothing");
}

function handleWanted(state: LineState, event: { limit: number }): LineState {
  return settle({ ...state, limit: Math.max(state.limit, event.limit) }, state.need);
}

function askAgain(state: LineState): LineState {
  const need = state.held === undefined ? "snapshot" : "subscribe";
  return { ...state, status: { kind: "catching-up" }, need, behindAt: undefined };
}

/** After removes the list is filled up from below; a resubscribe that is due comes first. */
function settle(state: LineState, need: Need): LineState {
  const held = state.held;
  const isShort = held !== undefined && held.next !== null && held.items.length < state.limit;
  return { ...state, need: need === "nothing" && isShort ? "page" : need };
}

function follow(held: Held, delta: Delta): { held: Held; removals: Removal[] } | undefined {
  const continues = isSame(held.position, { epoch: delta.epoch, offset: delta.from });
  if (!continues || delta.to <= delta.from) return undefined;
  const applied = applyOps(held, delta.ops);
  return { ...applied, held: { ...applied.held, position: { epoch: delta.epoch, offset: delta.to } } };
}

function toFollowing(answer: { everyMs?: number }): Status {
  return answer.everyMs === undefined ? { kind: "live" } : { kind: "polling", everyMs: answer.everyMs };
}

function isSame(a: Position, b: Position): boolean {
  return a.epoch === b.epoch && a.offset === b.offset;
}

function step(row: Row, state: LineState, event: FeedEvent): LineState {
  switch (event.type) {
    case "opened":
      return row.opened(state, event);
    case "snapshot":
      return row.snapshot(state, event);
    case "catch-up":
      return row["catch-up"](state, event);
    case "delta":
      return row.delta(state, event);
    case "tick":
      return row.tick(state, event);
    case "reset":
      return row.reset(state, event);
    case "goodbye":
      return row.goodbye(state, event);
    case "lost":
      return row.lost(state, event);
    case "refused":
      return row.refused(state, event);
    case "page":
      return row.page(state, event);
    case "page-failed":
      return row["page-failed"](state, event);
    case "older":
      return row.older(state, event);
    case "wanted":
      return row.wanted(state, event);
    case "shorten":
      return row.shorten(state, event);
    case "clock":
      return row.clock(state, event);
  }
}
