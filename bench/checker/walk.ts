import type { ClientEntry, ClientHistory } from "./history.ts";
import { type Place, toPlace } from "./place.ts";

/** One entry, and where the client stood when it heard it. */
export interface Step {
  entry: ClientEntry;
  /** `asking`: the answer that states a position has not come yet. */
  state: "away" | "asking" | "following";
  /** What the server had told up to then, or the position the client asked from. */
  reached: Place | undefined;
  gateway: number | undefined;
  /** When the subscription was asked for. */
  askedMs: number | undefined;
}

/** The subscriptions of one client, step by step, as the protocol says that they go. */
export function* walk({ entries }: ClientHistory): Generator<Step> {
  let step: Omit<Step, "entry"> = {
    state: "away",
    reached: undefined,
    gateway: undefined,
    askedMs: undefined,
  };
  for (const entry of entries) {
    yield { ...step, entry };
    step = toNext(step, entry);
  }
}

type Standing = Omit<Step, "entry">;

function toNext(step: Standing, entry: ClientEntry): Standing {
  switch (entry.kind) {
    case "asked": {
      const reached = toPlace(entry.since);
      // An event stream with a good cursor begins with what comes after it, which may be nothing.
      const state = entry.door === "events" && reached !== undefined ? "following" : "asking";
      return { state, reached, gateway: entry.gateway, askedMs: entry.atMs };
    }
    case "snapshot":
    case "catch-up":
      return { ...step, state: "following", reached: toPlace(entry.position) };
    case "delta": {
      // What was sent before is no news; after a gap the one fault is told once.
      const isOld = step.reached?.epoch === entry.epoch && entry.to <= step.reached.offset;
      return isOld ? step : { ...step, reached: { epoch: entry.epoch, offset: entry.to } };
    }
    case "reset":
    case "lost":
    case "refused":
      return { ...step, state: "away" };
    default:
      return step;
  }
}
