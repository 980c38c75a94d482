/**
 * Delays of a day in a few dozen counters. Each is √2 times as long as the one before, so that a median is told
 * within a fifth of its value, be it seconds or days.
 */
const FIRST_MS = 1_000;
const PER_OCTAVE = 2;
/** 1 s · √2^42: about 24 days. */
const LAST_BIN = 42;

/** Less than a second is bin 0. */
export function toBin(ms: number): number {
  if (ms < FIRST_MS) return 0;
  return Math.min(LAST_BIN, 1 + Math.floor(Math.log2(ms / FIRST_MS) * PER_OCTAVE));
}

/** The middle of a bin, in ms. */
export function fromBin(bin: number): number {
  if (bin === 0) return FIRST_MS / 2;
  return Math.round(FIRST_MS * 2 ** ((bin - 0.5) / PER_OCTAVE));
}

/** `share` from 0 to 1 of all delays are at most this long; undefined without any. */
export function toQuantile(bins: ReadonlyMap<number, number>, share: number): number | undefined {
  const sorted = [...bins].filter(([, count]) => count > 0).toSorted(([a], [b]) => a - b);
  const total = sorted.reduce((all, [, count]) => all + count, 0);
  let seen = 0;
  for (const [bin, count] of sorted) {
    seen += count;
    if (seen >= share * total) return fromBin(bin);
  }
  return undefined;
}
