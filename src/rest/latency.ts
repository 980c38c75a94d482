/** The wall shows what it is like now, not what it was like this morning. */
const WINDOW_MS = 5 * 60_000;
const MOST_SAMPLES = 4_096;

/** How long changes took from stored to sent here, over the last minutes. */
export class Latency {
  /** A ring: the newest overwrite the oldest. */
  readonly #samples: { atMs: number; tookMs: number }[] = [];
  #next = 0;

  add(tookMs: number, nowMs = Date.now()): void {
    // Two machines' clocks may differ by more than the way takes.
    this.#samples[this.#next] = { atMs: nowMs, tookMs: Math.max(0, tookMs) };
    this.#next = (this.#next + 1) % MOST_SAMPLES;
  }

  /** Null before the first change. */
  percentiles(nowMs = Date.now()): { p50: number | null; p99: number | null } {
    const recent = this.#samples.filter(({ atMs }) => nowMs - atMs < WINDOW_MS);
    const sorted = recent.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
    const at = (share: number) =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
    return { p50: at(0.5), p99: at(0.99) };
  }
}
