import type { LineItem } from "../../src/contract/item.ts";
import type { Words } from "./words/words.ts";

const QUIET_MS = 10_000;

type Region = Pick<HTMLElement, "textContent">;

interface Regions {
  polite: Region;
  assertive: Region;
}

/** Tells a screen reader what came: one summary in 10 seconds at most, breaking at once. */
export class Announcer {
  readonly #regions: Regions;
  #waiting: LineItem[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saidAtMs = Number.NEGATIVE_INFINITY;

  constructor(regions: Regions) {
    this.#regions = regions;
  }

  announce(items: readonly LineItem[], words: Words, isBreaking: (item: LineItem) => boolean): void {
    const breaking = items.find(isBreaking);
    if (breaking !== undefined) {
      this.#regions.assertive.textContent = `${words.breaking}: ${breaking.headline}`;
    }
    this.#waiting.push(...items.filter((item) => !isBreaking(item)));
    if (this.#waiting.length === 0 || this.#timer !== undefined) return;
    const waitMs = Math.max(0, this.#saidAtMs + QUIET_MS - Date.now());
    this.#timer = setTimeout(() => this.#say(words), waitMs);
  }

  /** What has left meanwhile is not announced any more. */
  forget(ids: ReadonlySet<string>): void {
    this.#waiting = this.#waiting.filter((item) => !ids.has(item.id));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }

  #say(words: Words): void {
    this.#timer = undefined;
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#regions.polite.textContent = words.announced(this.#waiting.length, first.headline);
    this.#saidAtMs = Date.now();
    this.#waiting = [];
  }
}
