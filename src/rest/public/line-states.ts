import { setTimeout as sleep } from "node:timers/promises";
import { type Audience, type Channel, toChannel } from "../../contract/names.ts";
import type { LineState } from "../../stream/line-view.ts";
import type { LineViews } from "../../stream/line-views.ts";

/** Hashing a long line costs milliseconds: it is done once a second at most, for all who ask. */
const LEAST_PAUSE_MS = 1_000;

/** What each line holds, for comparing. A state is never older than the question. */
export class LineStates {
  readonly #views: LineViews;
  readonly #made = new Map<Channel, { state: LineState; atMs: number }>();
  readonly #coming = new Map<Channel, Promise<LineState>>();

  constructor(views: LineViews) {
    this.#views = views;
  }

  async read(audience: Audience, line: string): Promise<LineState> {
    const view = this.#views.find(audience, line);
    const channel = toChannel(audience, line);
    const made = this.#made.get(channel);
    if (made?.state.epoch === view.epoch && made.state.offset === view.offset) return made.state;
    const coming = this.#coming.get(channel);
    if (coming !== undefined) return await coming;
    const waitMs = made === undefined ? 0 : made.atMs + LEAST_PAUSE_MS - Date.now();
    if (waitMs <= 0) return this.#make(audience, line);
    const next = sleep(waitMs)
      .then(() => this.#make(audience, line))
      .finally(() => this.#coming.delete(channel));
    this.#coming.set(channel, next);
    return await next;
  }

  #make(audience: Audience, line: string): LineState {
    const state = this.#views.find(audience, line).toState();
    this.#made.set(toChannel(audience, line), { state, atMs: Date.now() });
    return state;
  }
}
