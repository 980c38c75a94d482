/** For so long a busy stream is left to gather: one reading, and one delta for each reader, then serve for it all. */
const GATHER_MS = 200;
/** So many in that time are a busy stream: 100 changes a second. */
const BUSY = 20;
/** It stays one until it falls a little below that, so that it does not change its mind all the time. */
const STILL_BUSY = 16;
/** Half of what the log of one line gives in one piece. */
const MOST_LETTERS = 256 * 1024;

/** What was read just now; `isWoken`: sooner than it would have been, for the sake of something in it. */
export interface Reading {
  count: number;
  letters: number;
  isWoken: boolean;
}

/**
 * When the stream is read again. A reading costs the gateway about as much as twenty deliveries, however little it
 * finds, and each delta a system call for each reader: so while very much comes, the stream is read five times a
 * second, unless something comes that must not wait (`wake` in the store's keys).
 */
export class ReadPace {
  #isBusy = false;
  #readAtMs = 0;
  /** While it is not busy: what came since. */
  #count = 0;
  #sinceMs = Number.NEGATIVE_INFINITY;

  note(reading: Reading, nowMs: number): void {
    this.#isBusy = this.#isBusy ? isStillBusy(reading) : this.#isMuch(reading.count, nowMs);
    this.#readAtMs = nowMs;
    if (this.#isBusy) this.#count = 0;
  }

  #isMuch(count: number, nowMs: number): boolean {
    if (nowMs - this.#sinceMs > GATHER_MS) {
      this.#sinceMs = nowMs;
      this.#count = 0;
    }
    this.#count += count;
    return this.#count >= BUSY;
  }

  /** How long the stream may be left alone, in whole milliseconds; 0: it is to be read as soon as something comes. */
  restMs(nowMs: number): number {
    return this.#isBusy ? Math.max(1, Math.ceil(this.#readAtMs + GATHER_MS - nowMs)) : 0;
  }
}

/** Where most changes wake the reader, leaving the stream alone gains nothing. */
function isStillBusy({ count, letters, isWoken }: Reading): boolean {
  if (letters > MOST_LETTERS) return false;
  return count >= (isWoken ? STILL_BUSY / 8 : STILL_BUSY);
}
