import type { LogStep } from "./entry.ts";

export interface RingLimits {
  entries: number;
  bytes: number;
}
const RING_LIMITS: RingLimits = { entries: 10_000, bytes: 8 * 1024 * 1024 };

/** A catch-up that would be larger is worth less than the line itself (CAT1). */
export interface CatchUpLimits {
  ops: number;
  bytes: number;
}

/** The last steps of one log in memory, without gaps, bounded like the log itself. */
export class DeltaRing {
  readonly #limits: RingLimits;
  #steps: { step: LogStep; bytes: number }[] = [];
  /** Steps before this index are gone; cut off in large pieces. */
  #head = 0;
  #bytes = 0;

  constructor(limits: RingLimits = RING_LIMITS) {
    this.#limits = limits;
  }

  /** Must continue the last one. */
  push(step: LogStep): void {
    const bytes = step.op.kind === "put" ? Buffer.byteLength(step.op.item) : 0;
    this.#steps.push({ step, bytes });
    this.#bytes += bytes;
    while (this.#size > this.#limits.entries || this.#bytes > this.#limits.bytes) this.#shift();
  }

  get #size(): number {
    return this.#steps.length - this.#head;
  }

  #shift(): void {
    this.#bytes -= this.#steps[this.#head]?.bytes ?? 0;
    this.#head += 1;
    if (this.#head > 1_000 && this.#head * 2 > this.#steps.length) {
      this.#steps = this.#steps.slice(this.#head);
      this.#head = 0;
    }
  }

  /**
   * The last step of each item after `offset`, in log order; a remove counts even if a put came before it, since
   * the client may have had the item. Undefined when `offset` is out of reach or the answer is too large.
   */
  since(offset: number, limits?: CatchUpLimits): LogStep[] | undefined {
    const first = this.#steps[this.#head]?.step.offset;
    if (first === undefined || offset < first - 1) return undefined;
    const kept: LogStep[] = [];
    const seen = new Set<string>();
    let bytes = 0;
    for (let i = this.#steps.length - 1; i >= this.#head; i -= 1) {
      const entry = this.#steps[i];
      if (entry === undefined || entry.step.offset <= offset) break;
      if (seen.has(entry.step.id)) continue;
      seen.add(entry.step.id);
      kept.push(entry.step);
      bytes += entry.bytes;
      if (limits !== undefined && (kept.length > limits.ops || bytes > limits.bytes)) return undefined;
    }
    return kept.toReversed();
  }

  /** Items that have left lately and were not put again since, the last one first. */
  recentRemoves(most: number): LogStep[] {
    const removes: LogStep[] = [];
    const seen = new Set<string>();
    for (let i = this.#steps.length - 1; i >= this.#head && removes.length < most; i -= 1) {
      const step = this.#steps[i]?.step;
      if (step === undefined || seen.has(step.id)) continue;
      seen.add(step.id);
      if (step.op.kind === "remove") removes.push(step);
    }
    return removes;
  }

  /** When each of the items was put last, as far back as the ring goes. */
  putTimes(ids: ReadonlySet<string>): Map<string, number> {
    const times = new Map<string, number>();
    for (let i = this.#steps.length - 1; i >= this.#head && times.size < ids.size; i -= 1) {
      const step = this.#steps[i]?.step;
      if (step?.op.kind === "put" && ids.has(step.id) && !times.has(step.id)) times.set(step.id, step.atMs);
    }
    return times;
  }
}
