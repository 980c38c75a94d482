interface Wait {
  timeoutMs: number;
  /** Gives up early, as when the client has gone. */
  signal?: AbortSignal;
}

/** Those who wait for a view to move. */
export class Waiters {
  readonly #checks = new Map<string, Set<() => void>>();
  /** A set, not an abort signal: taking one of ten thousand listeners off a signal looks through all of them. */
  readonly #giveUps = new Set<() => void>();
  #isClosed = false;

  /** True once `isThere` holds, which is looked at whenever `key` is woken; false when the wait is over. */
  until(key: string, isThere: () => boolean, { timeoutMs, signal }: Wait): Promise<boolean> {
    if (isThere()) return Promise.resolve(true);
    if (signal?.aborted === true || this.#isClosed) return Promise.resolve(false);
    const checks = this.#checks.get(key) ?? new Set();
    this.#checks.set(key, checks);
    return new Promise((resolve) => {
      const settle = (outcome: boolean) => {
        clearTimeout(timer);
        checks.delete(check);
        signal?.removeEventListener("abort", giveUp);
        this.#giveUps.delete(giveUp);
        resolve(outcome);
      };
      const giveUp = () => settle(false);
      const check = () => {
        if (isThere()) settle(true);
      };
      const timer = setTimeout(giveUp, timeoutMs);
      signal?.addEventListener("abort", giveUp);
      this.#giveUps.add(giveUp);
      checks.add(check);
    });
  }

  wake(key: string): void {
    for (const check of this.#checks.get(key) ?? []) check();
  }

  /** Everybody gives up, now and from now on. */
  close(): void {
    this.#isClosed = true;
    for (const giveUp of this.#giveUps) giveUp();
  }
}
