import { setTimeout as sleep } from "node:timers/promises";
import type { Ledger, Trouble } from "../ledger.ts";
import type { Chance } from "./chance.ts";
import type { GatewayServer, Servers } from "./servers.ts";

/** What is done to the servers and the wires between them, and how often beside the others. */
export const MISCHIEF = {
  "cut connections": 5,
  "stall connections": 3,
  "refuse connections": 1,
  "kill a gateway": 4,
  "restart Redis": 3,
  "cut a gateway from Redis": 2,
  "stall a gateway's Redis": 2,
  "leave a gateway behind": 1,
} as const;
export type Mischief = keyof typeof MISCHIEF;

export interface NemesisOptions {
  servers: Servers;
  ledger: Ledger;
  chance: Chance;
  /** Between two acts, on the average. */
  everyMs: number;
  /** Which acts; all when not given. */
  only?: readonly Mischief[];
}

/** After a gateway hears of changes again, its views are whole. */
const GRACE_MS = 1_000;
const COME_BACK_MS = 60_000;
const BEHIND_MS = 6_000;
/** Redis is not killed again before its file has been read and somebody has written to it. */
const REDIS_PAUSE_MS = 20_000;

/** Does harm at random, but the same harm for the same seed, and notes what a gateway could not help. */
export class Nemesis {
  readonly #options: NemesisOptions;
  readonly #stop = new AbortController();
  readonly #acts = new Set<Promise<void>>();
  #redisAtMs = 0;
  #running: Promise<void> = Promise.resolve();
  readonly done: Partial<Record<Mischief, number>> = {};
  /** What did not come back by itself, in words. */
  readonly stuck: string[] = [];

  constructor(options: NemesisOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Ends when everything stands again. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await Promise.all(this.#acts);
  }

  async #run(): Promise<void> {
    const { chance, everyMs, only } = this.#options;
    for (;;) {
      const pause = chance.between(0.4, 1.6) * everyMs;
      await sleep(pause, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      if (this.#stop.signal.aborted) return;
      const what = chance.weigh(MISCHIEF);
      if (only !== undefined && !only.includes(what)) continue;
      const act = this.#do(what).finally(() => this.#acts.delete(act));
      this.#acts.add(act);
    }
  }

  async #do(what: Mischief): Promise<void> {
    const { servers } = this.#options;
    // Its own chance for each act: how long one takes must not change what the next one draws.
    const chance = this.#options.chance.fork(
      `${what} ${Object.values(this.done).reduce((a, b) => a + b, 0)}`,
    );
    const gateway = chance.pick(servers.gateways);
    if (gateway === undefined) return;
    const isOfRedis = what === "restart Redis" || what === "leave a gateway behind";
    if (isOfRedis && Date.now() < this.#redisAtMs + REDIS_PAUSE_MS) return;
    this.done[what] = (this.done[what] ?? 0) + 1;
    switch (what) {
      case "cut connections":
        gateway.front.cut(chance.between(0.1, 0.6), chance);
        return;
      case "stall connections":
        await gateway.front.stall(chance.between(0.1, 0.5), chance.between(500, 8_000), chance);
        return;
      case "refuse connections":
        gateway.front.cut(0.3, chance);
        gateway.front.refuse(chance.between(500, 4_000));
        return;
      case "kill a gateway":
        return await this.#trouble(what, [gateway], () => Promise.resolve(gateway.kill9()));
      case "restart Redis":
        this.#redisAtMs = Date.now();
        return await this.#trouble(what, servers.gateways, () => {
          return servers.restartRedis(chance.between(0, 2_500));
        });
      case "cut a gateway from Redis":
        return await this.#trouble(what, [gateway], async () => {
          gateway.link.refuse(chance.between(0, 3_000));
          gateway.link.cut(1, chance);
          await Promise.resolve();
        });
      case "stall a gateway's Redis":
        return await this.#trouble(what, [gateway], async () => {
          await gateway.link.stall(1, chance.between(1_000, 7_000), chance);
        });
      case "leave a gateway behind":
        this.#redisAtMs = Date.now();
        return await this.#trouble(what, servers.gateways, () => this.#leaveBehind(gateway, chance));
    }
  }

  /** The logs begin anew without it, and then readers of the others come to it. */
  async #leaveBehind(gateway: GatewayServer, chance: Chance): Promise<void> {
    const { servers } = this.#options;
    gateway.link.refuse(BEHIND_MS);
    gateway.link.cut(1, chance);
    await servers.restartRedis(0);
    for (let moves = 0; moves < 3; moves += 1) {
      await sleep(BEHIND_MS / 4);
      for (const other of servers.gateways) if (other !== gateway) other.front.cut(0.5, chance);
    }
  }

  /** Meanwhile, and until they hear of changes again, these gateways serve what they have, as they are meant to. */
  async #trouble(why: Mischief, gateways: readonly GatewayServer[], act: () => Promise<void>): Promise<void> {
    const fromMs = Date.now();
    const troubles = gateways.map(({ index }): Trouble => {
      return { gateway: index, fromMs, toMs: Number.POSITIVE_INFINITY, why };
    });
    this.#options.ledger.troubles.push(...troubles);
    await act();
    for (const [at, gateway] of gateways.entries()) {
      // It needs a moment to notice.
      await sleep(500);
      if (!(await isLiveWithin(gateway, COME_BACK_MS))) {
        this.stuck.push(`gateway ${gateway.index} did not come back after: ${why}`);
        return;
      }
      const trouble = troubles[at];
      if (trouble !== undefined) trouble.toMs = Date.now() + GRACE_MS;
    }
  }
}

async function isLiveWithin(gateway: GatewayServer, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms;
  while (!(await gateway.isLive())) {
    if (Date.now() > deadline) return false;
    await sleep(100);
  }
  return true;
}
