const KEPT_SECONDS = 6;

/**
 * How many were there at once, at most, during the last seconds. Long polls are answered all together and come back a
 * moment later: counted at that moment, nobody would be there.
 */
export class RecentMost {
  #present = 0;
  /** The most of each of the last seconds in which somebody came or went. */
  #peaks: { second: number; most: number }[] = [];

  /** Gives back what takes it off again. */
  enter(): () => void {
    this.#present += 1;
    this.#note();
    return () => {
      this.#note();
      this.#present -= 1;
    };
  }

  count(nowMs = Date.now()): number {
    this.#forget(nowMs);
    return Math.max(this.#present, ...this.#peaks.map(({ most }) => most));
  }

  #note(): void {
    const nowMs = Date.now();
    const second = Math.floor(nowMs / 1_000);
    const last = this.#peaks.at(-1);
    if (last?.second === second) {
      last.most = Math.max(last.most, this.#present);
      return;
    }
    this.#forget(nowMs);
    this.#peaks.push({ second, most: this.#present });
  }

  #forget(nowMs: number): void {
    const oldest = Math.floor(nowMs / 1_000) - KEPT_SECONDS;
    this.#peaks = this.#peaks.filter(({ second }) => second >= oldest);
  }
}
