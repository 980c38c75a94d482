import type { Queue } from "bullmq";
import { NewsLineError } from "../../src/contract/errors.ts";
import type { SourceProfile } from "../../src/contract/profile.ts";
import type { Logger } from "../../src/log.ts";
import { acceptDelivery } from "../../src/store/deliveries.ts";
import type { Edition } from "../../src/store/keys.ts";
import { type PollState, readLastItemMs, readPollState, writePollState } from "../../src/store/poll-state.ts";
import { noteSourceHealth, readSource } from "../../src/store/sources.ts";
import {
  changeSubscription,
  isPushed,
  readSubscription,
  type Subscription,
} from "../../src/store/subscriptions.ts";
import type { AddressGuard } from "./address-guard.ts";
import type { FeedHints } from "./feed-hints.ts";
import { type Fetched, guardedFetch } from "./fetch.ts";
import { HostTurn } from "./host-turn.ts";
import { learnGap, toLearnedMs } from "./learned-pace.ts";
import { type Answer, toAnswer, toConditions, toMoves, toRemembered } from "./poll-answer.ts";
import { keepHub } from "./poll-hub.ts";
import { type Pace, toFreshMs, toNetPace, toNextMs, toPace, toRetryMs } from "./poll-pace.ts";

export interface Visiting {
  edition: Edition;
  ingestLane: Queue;
  guard: AddressGuard;
  /** Hubs that feeds name can push to us: this gateway can be reached from outside. */
  takesPushes?: boolean;
  log: Logger;
  /** Aborted when the worker closes: what has not been answered by then counts for nothing. */
  signal: AbortSignal;
}

/** `wait`: it is too early, or somebody else fetches from this host. */
export type Visit = { kind: "done" } | { kind: "wait"; untilMs: number; everyMs: number };

const DONE: Visit = { kind: "done" };
const HOST_BUSY_MS = 500;
/** A new address that fails so often was no good one: back to the profile's. */
const MOVE_TRIES = 3;

const HEADERS = {
  "user-agent": "NewsLine/0.1",
  accept:
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5",
};

/** One visit to one source's endpoint, if it is time for one. */
export async function visit(source: string, visiting: Visiting): Promise<Visit> {
  const early = await plan(source, visiting.edition);
  if ("kind" in early) return early;
  const turn = new HostTurn(visiting.edition, visiting.signal);
  const { host } = new URL(early.address);
  if (!(await turn.take(host))) return { kind: "wait", untilMs: soon(), everyMs: early.pace.everyMs };
  try {
    // Whoever had the turn before may have visited this very source.
    const planned = await plan(source, visiting.edition);
    if ("kind" in planned) return planned;
    await fetchAndAccept(planned, turn, visiting);
    return DONE;
  } finally {
    await turn.giveBack();
  }
}

function soon(): number {
  return Date.now() + HOST_BUSY_MS * (0.5 + Math.random());
}

interface Plan {
  source: string;
  url: string;
  address: string;
  pace: Pace;
  state: PollState;
  subscription: Subscription | undefined;
}

async function plan(source: string, edition: Edition): Promise<Plan | Visit> {
  const url = toPollUrl(await readSource(edition, source));
  if (url === undefined) return DONE;
  const [stored, subscription, changedMs] = await Promise.all([
    readPollState(edition, source),
    readSubscription(edition, source),
    readLastItemMs(edition, source),
  ]);
  const known: PollState = stored.for === url.url ? stored : toFirstState(url.url);
  if (known.goneMs !== undefined) return DONE;
  const { everyMs } = url.pace;
  const nowMs = Date.now();
  const dueMs = toDueMs(known, everyMs, isPushed(subscription, nowMs));
  if (dueMs > nowMs) return { kind: "wait", untilMs: dueMs, everyMs };
  const state = { ...known, ...learnGap(known, changedMs) };
  return { source, state, subscription, address: state.movedTo ?? url.url, ...url };
}

/** A new pace counts at once, but for the time that a failing endpoint was given; so does the end of pushes. */
function toDueMs(
  { nextMs, lastMs, failures, ...state }: PollState,
  everyMs: number,
  isPushed: boolean,
): number {
  const isNetTorn = state.isNet !== undefined && !isPushed;
  if (lastMs === undefined || (state.everyMs === everyMs && !isNetTorn)) return nextMs;
  return failures > 0 ? Math.max(nextMs, lastMs + everyMs) : lastMs + everyMs;
}

/** Where and how often a profile wants to be polled; undefined when it does not. */
export function toPollUrl(profile: SourceProfile | undefined): { url: string; pace: Pace } | undefined {
  if (profile?.kind !== "poll" || profile.url === undefined || profile.paused === true) return undefined;
  return { url: profile.url, pace: toPace(profile) };
}

function toFirstState(url: string): PollState {
  return { for: url, movingCount: 0, failures: 0, nextMs: 0, everyMs: 0 };
}

async function fetchAndAccept(plan: Plan, turn: HostTurn, visiting: Visiting): Promise<void> {
  const { edition, signal } = visiting;
  const startedMs = Date.now();
  const result = await fetchPlanned(plan, turn, visiting);
  if (signal.aborted) return;
  // The profile may have been changed or removed meanwhile; then this answer is nobody's.
  if (toPollUrl(await readSource(edition, plan.source))?.url !== plan.url) return;
  const next = await carryOut(plan, startedMs, result, visiting);
  const { everyMs } = plan.pace;
  await writePollState(edition, plan.source, { ...next, lastMs: startedMs, everyMs });
}

type Result = { fetched: Fetched; answer: Answer } | { fetched?: undefined; answer: Answer };

async function fetchPlanned(plan: Plan, turn: HostTurn, { guard, signal }: Visiting): Promise<Result> {
  try {
    const fetched = await guardedFetch(plan.address, {
      guard,
      signal,
      headers: { ...HEADERS, ...toConditions(plan.state) },
      beforeHop: (url) => turn.moveTo(url.host),
    });
    return { fetched, answer: toAnswer(fetched, plan.state, Date.now()) };
  } catch (error) {
    if (!signal.aborted && !(error instanceof NewsLineError)) throw error;
    return { answer: { kind: "failed", message: error instanceof Error ? error.message : String(error) } };
  }
}

type NextState = Omit<PollState, "lastMs" | "everyMs">;

async function carryOut(
  plan: Plan,
  startedMs: number,
  { fetched, answer }: Result,
  visiting: Visiting,
): Promise<NextState> {
  if (answer.kind === "failed" || fetched === undefined) {
    return await fail(plan, answer.kind === "failed" ? answer : { message: "no answer" }, visiting);
  }
  if (answer.kind === "gone") return await close(plan, visiting);
  const { state, pace, source } = plan;
  let { hash } = state;
  if (answer.kind === "new") {
    const refusedForMs = await accept(plan, fetched, answer.hash, visiting);
    if (refusedForMs !== undefined) {
      return { ...state, nextMs: startedMs + Math.max(pace.everyMs, refusedForMs) };
    }
    hash = answer.hash;
  }
  if (state.failures > 0) visiting.log.info({ source, count: state.failures }, "a poll works again");
  // Only now, with the bytes accepted: an ETag stored before them would hide them for ever (P2).
  const remembered = toRemembered(fetched, state);
  if (visiting.takesPushes === true) await keepHub(visiting.edition, plan, fetched);
  const isNet = await isStillPushed(plan, answer, startedMs, visiting);
  const learned = { ...pace, learnedMs: toLearnedMs(state, startedMs) ?? pace.everyMs };
  const nextMs = toNextMs(
    isNet ? toNetPace(pace) : learned,
    startedMs,
    toFreshMs(fetched.headers),
    toHints(remembered),
  );
  const { changedMs, gapMs, lastGapMs } = state;
  return {
    for: plan.url,
    ...remembered,
    ...toMoves(fetched, state),
    changedMs,
    gapMs,
    lastGapMs,
    isNet: isNet ? "1" : undefined,
    hash,
    failures: 0,
    nextMs,
  };
}

/** What is new and was not pushed since the last visit, the hub did not tell of: polling goes on as without it. */
async function isStillPushed(
  { source, state, subscription }: Plan,
  answer: Answer,
  startedMs: number,
  { edition, log }: Visiting,
): Promise<boolean> {
  if (subscription === undefined || !isPushed(subscription, startedMs)) return false;
  const { lastMs = startedMs } = state;
  const { activeMs = startedMs, pushMs = 0 } = subscription;
  if (answer.kind !== "new" || activeMs > lastMs || pushMs > lastMs) return true;
  log.warn({ source }, "a poll found what the hub had not told of; polling goes on as without it");
  await changeSubscription(edition, source, subscription, { missedMs: startedMs });
  return false;
}

/** Undefined when the bytes are ours; else in how many ms there may be room for them. */
async function accept(
  plan: Plan,
  fetched: Fetched,
  hash: string,
  visiting: Visiting,
): Promise<number | undefined> {
  const contentType = fetched.headers.get("content-type");
  try {
    const { id } = await acceptDelivery(visiting.edition, visiting.ingestLane, {
      source: plan.source,
      bytes: fetched.body,
      address: fetched.url,
      ...(contentType !== undefined && { contentType }),
      // A worker that dies between this and storing the state finds the same bytes again, after the same visit.
      once: `poll ${plan.state.lastMs ?? 0} ${hash}`,
    });
    visiting.log.debug({ source: plan.source, delivery: id }, "a poll brought something new");
    return undefined;
  } catch (error) {
    if (!(error instanceof NewsLineError) || error.code !== "backlog") throw error;
    return error.details.retryAfterMs ?? 0;
  }
}

async function fail(
  plan: Plan,
  { message, retryAfterMs = 0 }: { message: string; retryAfterMs?: number },
  { edition, log }: Visiting,
): Promise<NextState> {
  const { state, pace, source } = plan;
  const failures = state.failures + 1;
  // The health of the source tells of the others: a log line for each would drown what is new.
  if (failures === 1) log.warn({ source, reason: message }, "a poll failed");
  await noteSourceHealth(edition, source, { failures: 1 });
  const nextMs = toRetryMs(pace, Date.now(), failures, { retryAfterMs });
  const keepsMove = failures % MOVE_TRIES !== 0;
  return { ...state, movedTo: keepsMove ? state.movedTo : undefined, failures, message, nextMs };
}

async function close(plan: Plan, visiting: Visiting): Promise<NextState> {
  // The address it moved to has closed, which says nothing of the profile's.
  if (plan.state.movedTo !== undefined) {
    return {
      ...(await fail(plan, { message: "Its new address is closed (410)." }, visiting)),
      movedTo: undefined,
    };
  }
  visiting.log.warn({ source: plan.source }, "an endpoint is closed for good (410); it is not asked again");
  const message =
    "The endpoint is closed for good (410). It is asked again when the profile has another address.";
  return { ...plan.state, goneMs: Date.now(), message };
}

function toHints({ ttlSeconds, skipHours, skipDays }: ReturnType<typeof toRemembered>): FeedHints {
  return {
    ...(ttlSeconds !== undefined && { ttlSeconds }),
    ...(skipHours !== undefined && { skipHours: skipHours.split(",").map(Number) }),
    ...(skipDays !== undefined && { skipDays: skipDays.split(",").map(Number) }),
  };
}
