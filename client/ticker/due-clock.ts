/** Somebody who must repaint at a certain time: a breaking mark that ends. */
export interface Due {
  /** Local time in ms of the next change; undefined when nothing is due. */
  nextDueMs(): number | undefined;
  onDue(): void;
}

const LONGEST_MS = 2 ** 31 - 1;

/** One timer for every element of the page, set to the nearest due moment. */
class DueClock {
  readonly #all = new Set<Due>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  add(due: Due): void {
    this.#all.add(due);
    this.touch();
  }

  remove(due: Due): void {
    this.#all.delete(due);
    this.touch();
  }

  /** Call when somebody's due time has changed. */
  touch(): void {
    clearTimeout(this.#timer);
    const nearest = Math.min(...[...this.#all].map((due) => due.nextDueMs() ?? Number.POSITIVE_INFINITY));
    if (!Number.isFinite(nearest)) return;
    const waitMs = Math.min(Math.max(0, nearest - Date.now()), LONGEST_MS);
    this.#timer = setTimeout(() => this.#run(), waitMs + 20);
  }

  #run(): void {
    const now = Date.now();
    for (const due of this.#all) if ((due.nextDueMs() ?? Number.POSITIVE_INFINITY) <= now) due.onDue();
    this.touch();
  }
}

export const dueClock = new DueClock();
