import type { Said } from "./said.ts";

/** One connection of a follower, whichever door it goes through. */
export interface Talk {
  port: number;
  line: string;
  limit: number;
  /** Whether a WebSocket offers to compress. */
  offersCompression: boolean;
  /** The client wants to go. */
  signal: AbortSignal;
  /** Notes that a question goes out, and gives the position that it is asked from. */
  ask: () => string | undefined;
  /** Takes what the server said. False: it does not continue what the client has, so it must ask again. */
  hear: (said: Said) => boolean;
}

/** Follows until either side ends it. Never throws; gives the reason. */
export type FollowDoor = (talk: Talk) => Promise<string>;

/** A connection on which nothing at all comes for so long is dead, whatever it looks like. */
export const SILENT_MS = 40_000;
export const ANSWER_MS = 10_000;
