import { setTimeout as sleep } from "node:timers/promises";
import type { Chance } from "../harness/chance.ts";
import type { Door } from "../history.ts";
import { followByEvents } from "./events.ts";
import type { Ear } from "./faults.ts";
import { HeldLine } from "./held-line.ts";
import { followByLongPoll } from "./long-poll.ts";
import type { Plan } from "./messages.ts";
import { followByPolling } from "./polling.ts";
import type { Recorder, Unsigned } from "./recorder.ts";
import type { Said } from "./said.ts";
import type { FollowDoor } from "./talk.ts";
import { followByWebSocket } from "./websocket.ts";

const DOORS: Partial<Record<Door, FollowDoor>> = {
  websocket: followByWebSocket,
  polling: followByPolling,
  events: followByEvents,
  "long-poll": followByLongPoll,
};

export interface FollowerOptions {
  plan: Plan;
  /** Where each gateway is. */
  ports: readonly number[];
  recorder: Recorder;
  ear: Ear;
  chance: Chance;
}

/** One reader of one line, as docs/protocol.md describes it, that is cut off, sleeps, and comes back elsewhere. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #held = new HeldLine();
  readonly #stop = new AbortController();
  #isAsking = false;
  #mayLeave = true;
  #running: Promise<void> = Promise.resolve();

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  start(): void {
    const { client, line, limit } = this.#options.plan;
    this.#options.recorder.write({ kind: "client", client, atMs: Date.now(), line, limit });
    this.#running = this.#run();
  }

  get position(): string | undefined {
    return this.#held.position;
  }

  get line(): string {
    return this.#options.plan.line;
  }

  /** From now on it stays connected as long as it can. */
  stay(): void {
    this.#mayLeave = false;
  }

  /** Writes down what it holds, for good. */
  noteHeld(): void {
    const { position, items, isWhole } = this.#held;
    if (position === undefined) return;
    this.#write({ kind: "held", position, list: this.#options.recorder.list(items), isWhole });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { chance, plan } = this.#options;
    // Not all in one moment.
    await this.#pause(chance.between(0, plan.spreadMs));
    while (!this.#stop.signal.aborted) {
      const isLid = await this.#follow();
      if (this.#stop.signal.aborted) return;
      await this.#pause(isLid ? chance.between(300, plan.awayMs) : chance.between(100, plan.retryMs));
    }
  }

  /** True when it left by itself. */
  async #follow(): Promise<boolean> {
    const { chance, plan, ports, ear } = this.#options;
    const door = chance.pick(plan.doors) ?? "websocket";
    const gateway = chance.whole(0, ports.length - 1);
    const lid = new AbortController();
    const stayMs = -Math.log(1 - chance.next()) * plan.stayMs;
    const timer = setTimeout(() => this.#mayLeave && lid.abort(), stayMs);
    ear.begin();
    this.#isAsking = false;
    try {
      const follow = DOORS[door] ?? followByWebSocket;
      const why = await follow({
        port: ports[gateway] ?? 0,
        line: plan.line,
        limit: plan.limit,
        offersCompression: plan.client % 2 === 0,
        signal: AbortSignal.any([lid.signal, this.#stop.signal]),
        ask: () => this.#ask(door, gateway),
        hear: (said) => this.#hear(said),
      });
      this.#write({ kind: "lost", why });
    } finally {
      clearTimeout(timer);
    }
    return lid.signal.aborted;
  }

  #ask(door: Door, gateway: number): string | undefined {
    const since = this.#held.position;
    this.#isAsking = true;
    this.#write({ kind: "asked", door, gateway, ...(since !== undefined && { since }) });
    // An event stream may begin with what continues the position.
    if (door === "events" && since !== undefined) this.#isAsking = false;
    return since;
  }

  #hear(said: Said): boolean {
    const heard = this.#options.ear.hear(said);
    return heard.map((one) => this.#take(one)).every((isWhole) => isWhole);
  }

  /** Writes it down, then does what the protocol says. False: something is missing, it must ask again. */
  #take(said: Said): boolean {
    this.#note(said);
    switch (said.kind) {
      case "snapshot":
        this.#isAsking = false;
        this.#held.replace(said.position, said.items, said.isWhole);
        return true;
      case "catch-up": {
        this.#isAsking = false;
        const isWhole = said.deltas.every((delta) => this.#held.apply(delta));
        return isWhole && this.#held.position === said.position;
      }
      case "delta":
        return this.#isAsking || this.#held.apply(said);
      default:
        return true;
    }
  }

  #note(said: Said): void {
    if (said.kind === "snapshot") {
      const { items, ...rest } = said;
      this.#write({ ...rest, list: this.#options.recorder.list(items) });
    } else if (said.kind === "refused") {
      this.#write({ kind: "refused", code: said.code });
    } else if (said.kind !== "page") {
      this.#write(said);
    }
  }

  #write(one: Unsigned): void {
    this.#options.recorder.write({ ...one, client: this.#options.plan.client, atMs: Date.now() });
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}
