import type { History } from "./history.ts";
import { toText } from "./place.ts";
import type { Truth } from "./truth.ts";

export interface KillDelays {
  heard: number;
  p50Ms: number;
  p99Ms: number;
  mostMs: number;
}

/** From the store to whoever was connected. No law: the machine that this runs on is nobody's in particular. */
export function measureKills(history: History, truth: Truth): KillDelays {
  const delays: number[] = [];
  for (const { line, entries } of history.clients.values()) {
    for (const entry of entries) {
      if (entry.kind !== "delta" || !entry.ops.some((op) => op.op === "remove" && op.reason === "killed"))
        continue;
      const step = truth.step(line, toText({ epoch: entry.epoch, offset: entry.to }));
      // Several steps in one delta: the first of them may have waited, but no longer than a burst.
      if (step !== undefined) delays.push(entry.atMs - step.atMs);
    }
  }
  const sorted = delays.sort((a, b) => a - b);
  const share = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { heard: sorted.length, p50Ms: share(0.5), p99Ms: share(0.99), mostMs: sorted.at(-1) ?? 0 };
}
