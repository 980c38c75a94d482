import { randomBytes } from "node:crypto";
import type { Queue } from "bullmq";
import { type Logger, pino } from "pino";
import { type SourceProfileInput, sourceProfile } from "../../src/contract/profile.ts";
import { createLane } from "../../src/queue/queues.ts";
import { connectRedis, type RedisClient } from "../../src/redis/connect.ts";
import { type Delivery, readDelivery, readDeliveryBytes } from "../../src/store/deliveries.ts";
import { openEdition } from "../../src/store/edition.ts";
import type { Edition } from "../../src/store/keys.ts";
import { writeSource } from "../../src/store/sources.ts";
import type { TestRedis } from "./redis.ts";

/** An edition of the test's own, whose deliveries nobody ingests: they can be looked at. */
export interface SourceRoom {
  readonly edition: Edition;
  readonly ingestLane: Queue;
  readonly log: Logger;
  add(source: string, profile: Omit<SourceProfileInput, "lines">): Promise<void>;
  /** What was accepted, in order of arrival. */
  deliveries(): Promise<(Delivery & { text: string })[]>;
  close(): Promise<void>;
}

export async function openSourceRoom(server: TestRedis): Promise<SourceRoom> {
  const name = `t${randomBytes(6).toString("hex")}`;
  const redis: RedisClient = connectRedis(server.target, "patient");
  const edition = await openEdition(redis, name);
  const ingestLane = createLane(server.target, name, "ingest", "patient");
  return {
    edition,
    ingestLane,
    log: pino({ level: "silent" }),
    async add(source, profile) {
      await writeSource(edition, source, sourceProfile.parse({ lines: ["main"], ...profile }));
    },
    async deliveries() {
      const jobs = await ingestLane.getJobs(["waiting", "active", "completed", "delayed"]);
      const ids = jobs
        .map((job) => String(job.id))
        .toSorted((a, b) => Number(a.slice(2)) - Number(b.slice(2)));
      const found = await Promise.all(
        ids.map(async (id) => {
          const delivery = await readDelivery(edition, id);
          const bytes = await readDeliveryBytes(edition, id);
          return delivery === undefined ? [] : [{ ...delivery, text: bytes?.toString() ?? "" }];
        }),
      );
      return found.flat();
    },
    async close() {
      await ingestLane.close();
      redis.disconnect();
    },
  };
}
