import { setTimeout as sleep } from "node:timers/promises";
import { kill, write } from "../../test/support/items.ts";
import type { TestStore } from "../../test/support/store.ts";

/** Fewer than a snapshot may have: a client that holds the first page holds the whole line. */
const ITEMS = 150;
/** With what news has in every language: letters and marks outside of ASCII. */
const LEAD = "The harbour of Şəlin expects “ships again” – after the storm of the week. ".repeat(7);
const FIRST_MS = Date.UTC(2026, 2, 4, 11);

/** A line of items of about 1 KB, to which new ones come, and of which some are updated and some killed. */
export class Wire {
  readonly #store: TestStore;
  /** Numbers of the items that stand. */
  readonly #standing: number[] = [];
  #next = 0;
  /** How many changes were stored. */
  changes = 0;
  #following: Promise<void> | undefined;
  readonly #ending = new AbortController();

  constructor(store: TestStore) {
    this.#store = store;
  }

  async fill(): Promise<void> {
    while (this.#next < ITEMS) await this.#add();
  }

  /** Changes come at this pace until the end. */
  start(perSecond: number): void {
    this.#following = this.#follow(1_000 / perSecond);
  }

  async end(): Promise<void> {
    this.#ending.abort();
    await this.#following;
  }

  async #follow(pauseMs: number): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await this.#change();
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** By turns, so that as many leave as come. */
  async #change(): Promise<void> {
    const turn = this.changes % 5;
    if (turn === 0) await this.#add();
    else if (turn === 1) await kill(this.#store.edition, toId(this.#standing.shift() ?? 0));
    else await this.#update();
    this.changes += 1;
  }

  async #add(): Promise<void> {
    const n = this.#next;
    this.#next += 1;
    const orderedAt = new Date(FIRST_MS + n * 1_000).toISOString();
    await write(this.#store.edition, toId(n), { headline: `Berth ${n} opens`, lead: LEAD, orderedAt });
    this.#standing.push(n);
  }

  async #update(): Promise<void> {
    const n = this.#standing[Math.floor(Math.random() * this.#standing.length)] ?? 0;
    await write(this.#store.edition, toId(n), { headline: `Berth ${n} opens, update ${this.changes}` });
  }
}

function toId(n: number): string {
  return `storm-item-${String(n).padStart(6, "0")}`;
}
