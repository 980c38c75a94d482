import type { ClientEntry, ClientHistory, SeenDelta } from "../history.ts";
import { type Place, toPlace, toText } from "../place.ts";
import { type Step, walk } from "../walk.ts";
import type { Finding, Law } from "./law.ts";

/** SUB1, CAT1, P3: what comes begins where what came before has ended, and ends where it is said to end. */
export const noGap: Law = ({ history }) => [...history.clients.values()].flatMap(findGaps);

function findGaps(of: ClientHistory): Finding[] {
  const findings: Finding[] = [];
  for (const step of walk(of)) {
    const words = toGap(step);
    if (words !== undefined) findings.push({ client: of.client, atMs: step.entry.atMs, words });
  }
  return findings;
}

function toGap({ entry, state, reached }: Step): string | undefined {
  switch (entry.kind) {
    case "delta":
      return state === "following" ? gapBefore(entry, reached) : undefined;
    case "tick":
      return state === "following" ? gapBeforeTick(entry, reached) : undefined;
    case "catch-up":
      return gapWithin(entry, reached);
    default:
      return undefined;
  }
}

function gapBefore({ epoch, from }: SeenDelta, reached: Place | undefined): string | undefined {
  if (reached === undefined) return `a delta from ${epoch}:${from} came to a client without a position`;
  const isJoined = epoch === reached.epoch && from <= reached.offset;
  return isJoined ? undefined : `a delta from ${epoch}:${from} came at ${toText(reached)}`;
}

/** Everything that a tick counts must have been sent before it. */
function gapBeforeTick(
  { epoch, offset }: Extract<ClientEntry, { kind: "tick" }>,
  reached: Place | undefined,
): string | undefined {
  if (reached === undefined) return undefined;
  const isCovered = epoch === reached.epoch && offset <= reached.offset;
  return isCovered ? undefined : `a tick at ${epoch}:${offset} came at ${toText(reached)}`;
}

function gapWithin(
  { position, deltas }: Extract<ClientEntry, { kind: "catch-up" }>,
  since: Place | undefined,
): string | undefined {
  if (since === undefined) return "a catch-up came to a client that had no position";
  let at = since;
  for (const delta of deltas) {
    const gap = gapBefore(delta, at);
    if (gap !== undefined) return `in a catch-up ${gap}`;
    at = { epoch: delta.epoch, offset: delta.to };
  }
  const end = toPlace(position);
  if (end !== undefined && end.epoch === at.epoch && end.offset <= at.offset) return undefined;
  return `a catch-up since ${toText(since)} led to ${toText(at)} and says ${position}`;
}
