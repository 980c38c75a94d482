import type { ServiceReady } from "./child.ts";
import type { Keeper } from "./keeper.ts";

export interface Supervised {
  /** undefined when Redis runs elsewhere. */
  redis: Keeper<void> | undefined;
  /** In the order in which they stop; those of one group stop together. */
  services: readonly (readonly Keeper<ServiceReady>[])[];
  /** Runs when nobody writes any more and Redis still answers. */
  beforeRedisStops: () => Promise<void>;
}

/** The order in which processes start and stop. */
export class Supervisor {
  readonly #supervised: Supervised;
  #stopped: Promise<void> | undefined;
  #hasRedis = false;

  constructor(supervised: Supervised) {
    this.#supervised = supervised;
  }

  async startRedis(): Promise<void> {
    await this.#supervised.redis?.start();
    this.#hasRedis = true;
  }

  /** Gives what each service said, in their order. */
  async startServices(): Promise<ServiceReady[]> {
    return Promise.all(this.#supervised.services.flat().map((service) => service.start()));
  }

  /** Also in the middle of a start. Every caller waits for the same stop. */
  async stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    await this.#stopped;
  }

  async #stop(): Promise<void> {
    const { redis, services, beforeRedisStops } = this.#supervised;
    for (const group of services) await Promise.all(group.map((service) => service.stop()));
    if (redis === undefined) return;
    if (this.#hasRedis) await beforeRedisStops();
    await redis.stop();
  }
}
