import type { Ledger } from "../ledger.ts";

const BEAT_MS = 200;
/** Longer than any process of ours keeps the processor. */
const STALL_MS = 1_500;
const GRACE_MS = 3_000;

/** Notes when the machine itself stood still: nobody can be fresh then. */
export class StallWatch {
  readonly #timer: NodeJS.Timeout;
  stalls = 0;
  longestMs = 0;

  constructor(ledger: Ledger) {
    let lastMs = Date.now();
    this.#timer = setInterval(() => {
      const nowMs = Date.now();
      const lateMs = nowMs - lastMs - BEAT_MS;
      this.longestMs = Math.max(this.longestMs, lateMs);
      if (lateMs > STALL_MS) {
        this.stalls += 1;
        ledger.troubles.push({ gateway: "all", fromMs: lastMs, toMs: nowMs + GRACE_MS, why: "stall" });
      }
      lastMs = nowMs;
    }, BEAT_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
