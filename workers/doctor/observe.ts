import type { Draft } from "../../src/contract/draft.ts";
import type { Delivery } from "../../src/store/deliveries.ts";
import { type Observation, observe } from "../../src/store/observations.ts";
import type { Arrival } from "../arrival.ts";
import { toBin } from "./delays.ts";
import { SPELL_MS, toSlot, toWallHour } from "./rhythm.ts";

/** A clock may be a little fast. */
const CLOCK_TOLERANCE_MS = 60_000;

export interface Effects {
  hasItems: boolean;
  /** The drafts that made new items. */
  fresh: readonly Draft[];
}

/** Notes what a delivery that could be read tells of its source's habits (WIR1, WIR4 to WIR6). */
export async function observeDelivery(
  { edition, source, profile, receivedMs, backfill }: Arrival,
  drafts: readonly Draft[],
  { hasItems, fresh }: Effects,
): Promise<void> {
  const wallHour = toWallHour(receivedMs, profile.zone);
  await observe(edition, {
    source,
    atMs: receivedMs,
    hasItems,
    // An import comes when somebody starts it, and its items are old.
    ...(hasItems &&
      !backfill && { spell: { number: Math.floor(receivedMs / SPELL_MS), ...toSlot(wallHour) } }),
    counts: { read: 1, ...(!backfill && countDelays(fresh, receivedMs)) },
    numbers: profile.sequence === true ? toNumbers(drafts) : new Map(),
  });
}

/** One that could not be read. */
export async function observeUnreadable(edition: Arrival["edition"], delivery: Delivery): Promise<void> {
  await observe(edition, {
    source: delivery.source,
    atMs: Date.parse(delivery.receivedAt),
    hasItems: false,
    counts: { unreadable: 1 },
    numbers: new Map(),
  });
}

/** Received minus source time of each new item; an update often repeats the time of the first version. */
function countDelays(fresh: readonly Draft[], receivedMs: number): Observation["counts"] {
  const counts: Record<string, number> = {};
  for (const { versionCreated, firstCreated, dateOnly } of fresh) {
    const time = versionCreated ?? firstCreated;
    if (time === undefined || dateOnly === true) continue;
    const delayMs = receivedMs - Date.parse(time);
    const bin = delayMs < -CLOCK_TOLERANCE_MS ? `ahead:${toBin(-delayMs)}` : `late:${toBin(delayMs)}`;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

function toNumbers(drafts: readonly Draft[]): Map<string, number[]> {
  const numbers = new Map<string, number[]>();
  for (const { sequence } of drafts) {
    if (sequence === undefined) continue;
    numbers.set(sequence.service, [...(numbers.get(sequence.service) ?? []), sequence.number]);
  }
  return numbers;
}
