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
  /** Whose headline each region still holds. */
  readonly #said: Record<keyof Regions, string | undefined> = { polite: undefined, assertive: undefined };

  constructor(regions: Regions) {
    this.#regions = regions;
  }

  announce(items: readonly LineItem[], words: Words, isBreaking: (item: LineItem) => boolean): void {
    const breaking = items.find(isBreaking);
    if (breaking !== undefined) {
      this.#tell("assertive", `${words.breaking}: ${breaking.headline}`, breaking.id);
    }
    this.#waiting.push(...items.filter((item) => !isBreaking(item)));
    if (this.#waiting.length === 0 || this.#timer !== undefined) return;
    const waitMs = Math.max(0, this.#saidAtMs + QUIET_MS - Date.now());
    this.#timer = setTimeout(() => this.#say(words), waitMs);
  }

  /** What has left is not announced any more, and does not stay where a screen reader can still find it (KIL3). */
  forget(ids: ReadonlySet<string>): void {
    this.#waiting = this.#waiting.filter((item) => !ids.has(item.id));
    for (const region of ["polite", "assertive"] as const) {
      const id = this.#said[region];
      if (id !== undefined && ids.has(id)) this.#tell(region, "", undefined);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }

  #tell(region: keyof Regions, text: string, id: string | undefined): void {
    this.#regions[region].textContent = text;
    this.#said[region] = id;
  }

  #say(words: Words): void {
    this.#timer = undefined;
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#tell("polite", words.announced(this.#waiting.length, first.headline), first.id);
    this.#saidAtMs = Date.now();
    this.#waiting = [];
  }
}
