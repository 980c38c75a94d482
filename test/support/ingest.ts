import type { Queue } from "bullmq";
import type { LineItem } from "../../src/contract/item.ts";
import { type SourceProfileInput, sourceProfile } from "../../src/contract/profile.ts";
import type { DeliveryStatus } from "../../src/contract/rest.ts";
import { createLog } from "../../src/log.ts";
import { createLane } from "../../src/queue/queues.ts";
import { acceptDelivery, readDelivery } from "../../src/store/deliveries.ts";
import { writeSource } from "../../src/store/sources.ts";
import { ingest } from "../../workers/ingest.ts";
import { startStore, type TestStore } from "./store.ts";

export const silent = createLog("silent", "test");

/** A store with what a worker does to it, without the queue between: tests say themselves when a job runs. */
export class IngestBench {
  readonly store: TestStore;
  readonly #lane: Queue;

  private constructor(store: TestStore) {
    this.store = store;
    this.#lane = createLane(store.redis.target, "test", "ingest", "patient");
  }

  static async start(): Promise<IngestBench> {
    return new IngestBench(await startStore());
  }

  async stop(): Promise<void> {
    await this.#lane.close();
    await this.store.stop();
  }

  async source(name: string, profile: Partial<SourceProfileInput> = {}): Promise<void> {
    const input = { kind: "push" as const, lines: ["main"], ...profile };
    await writeSource(this.store.edition, name, sourceProfile.parse(input));
  }

  /** Accepted, not yet read. */
  async accept(
    source: string,
    body: unknown,
    options: { contentType?: string; address?: string } = {},
  ): Promise<string> {
    const isText = typeof body === "string";
    const bytes = Buffer.from(isText ? body : JSON.stringify(body));
    const contentType = options.contentType ?? (isText ? "text/plain" : "application/json");
    const { id } = await acceptDelivery(this.store.edition, this.#lane, {
      source,
      bytes,
      ...options,
      contentType,
    });
    return id;
  }

  async run(delivery: string): Promise<DeliveryStatus> {
    await ingest(this.store.edition, delivery, silent);
    const status = await readDelivery(this.store.edition, delivery);
    if (status === undefined) throw new Error("no such delivery");
    return status;
  }

  async deliver(...given: Parameters<IngestBench["accept"]>): Promise<DeliveryStatus> {
    return await this.run(await this.accept(...given));
  }

  /** The public line in its order. */
  async line(name: string): Promise<LineItem[]> {
    const { redis, keys } = this.store.edition;
    const ids = await redis.zrevrange(keys.order(`public:${name}`), 0, -1);
    const items = await Promise.all(ids.map((id) => redis.hget(keys.item(id), "p")));
    return items.map((json) => JSON.parse(json ?? "null"));
  }
}
