import type { PollState } from "../../src/store/poll-state.ts";

/** So often a feed is asked within the time that usually passes between two of its changes. */
const ASKS_PER_GAP = 10;
/** What a feed is taken for before it has changed: with the ten asks, once a minute. */
const FIRST_GAP_MS = 600_000;
const LONGEST_GAP_MS = 86_400_000;
/** How much the newest gap counts. */
const WEIGHT = 0.2;
const JITTER = 0.1;

/** How a feed has changed so far. */
export type Habit = Pick<PollState, "changedMs" | "gapMs" | "lastGapMs">;

/**
 * `changedMs`: when something of the feed last took effect; a body that differs only in a time stamp is no change.
 * Gaps are averaged by their logarithms: a night counts for one long gap, not for all the short ones of a day.
 */
export function learnGap(habit: Habit, changedMs: number | undefined): Habit {
  const { changedMs: before, gapMs = FIRST_GAP_MS } = habit;
  if (changedMs === undefined || changedMs <= (before ?? 0)) return habit;
  if (before === undefined) return { ...habit, changedMs };
  const lastGapMs = Math.min(LONGEST_GAP_MS, changedMs - before);
  const mean = (1 - WEIGHT) * Math.log(gapMs) + WEIGHT * Math.log(lastGapMs);
  return { changedMs, lastGapMs, gapMs: Math.round(Math.exp(mean)) };
}

/**
 * How long to wait by the feed's habit. Two changes close together speed it up at once, and the longer nothing comes,
 * the slower it gets. Undefined before the first change. `random` is from 0 to 1.
 */
export function toLearnedMs(habit: Habit, nowMs: number, random = Math.random()): number | undefined {
  const { changedMs, gapMs = FIRST_GAP_MS, lastGapMs = gapMs } = habit;
  if (changedMs === undefined) return undefined;
  const gap = Math.max(nowMs - changedMs, Math.min(gapMs, lastGapMs));
  return Math.round((gap / ASKS_PER_GAP) * (1 - JITTER + 2 * JITTER * random));
}
