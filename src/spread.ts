import { setTimeout as sleep } from "node:timers/promises";

const SHORTEST_PAUSE_MS = 20;

/** Does something to each of them, evenly spread over the time; the first at once. */
export async function spread<T>(all: readonly T[], overMs: number, act: (one: T) => void): Promise<void> {
  const rounds = Math.min(all.length, Math.max(1, Math.floor(overMs / SHORTEST_PAUSE_MS)));
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0) await sleep(overMs / rounds);
    const share = all.slice(
      Math.floor((round * all.length) / rounds),
      Math.floor(((round + 1) * all.length) / rounds),
    );
    for (const one of share) act(one);
  }
}
