import { Worker as BullWorker, Queue, type Worker } from "bullmq";
import { sourceProfile } from "../src/contract/profile.ts";
import { createLog } from "../src/log.ts";
import { createLane } from "../src/queue/queues.ts";
import { connectRedis, queueConnection } from "../src/redis/connect.ts";
import { defineApply } from "../src/store/apply.ts";
import { acceptDelivery } from "../src/store/deliveries.ts";
import { openEdition } from "../src/store/edition.ts";
import { writeSource } from "../src/store/sources.ts";
import { startRedis, type TestRedis } from "../test/support/redis.ts";
import { createIngestWorker } from "../workers/lanes.ts";
import { type Cost, measure, round } from "./measure.ts";
import { progress, report } from "./report.ts";

const SINGLES = 3_000;
const PER_DELIVERY = 1_000;
const DELIVERIES = 5;

/** A JSON Feed of so many synthetic items of about 1 KB. */
function toFeed(from: number, count: number): Buffer {
  const items = Array.from({ length: count }, (_, i) => ({
    id: `story-${from + i}`,
    title: `Harbour of Selin reopens berth ${from + i} after repairs`,
    content_text: `Berth ${from + i} is open. ${"The port expects ships again from Friday on. ".repeat(18)}`,
    date_published: new Date(Date.UTC(2026, 2, 4) + (from + i) * 1_000).toISOString(),
  }));
  return Buffer.from(JSON.stringify({ version: "https://jsonfeed.org/version/1.1", title: "Selin", items }));
}

async function drained(worker: Worker, count: number): Promise<void> {
  let done = 0;
  await new Promise<void>((resolve, reject) => {
    worker.on("failed", (_, error) => reject(error));
    worker.on("completed", () => {
      done += 1;
      if (done === count) resolve();
    });
    void worker.run();
  });
  worker.removeAllListeners("completed").removeAllListeners("failed");
  await worker.close();
}

/** Our path from accepted bytes to the line, for so many deliveries of so many items. */
async function runOurs(redis: TestRedis, deliveries: number, perDelivery: number): Promise<Cost> {
  const client = connectRedis(redis.target, "patient");
  defineApply(client);
  const edition = await openEdition(client, `b${deliveries}x${perDelivery}`);
  const lane = createLane(redis.target, edition.keys.edition, "ingest", "patient");
  await writeSource(
    edition,
    "bench",
    sourceProfile.parse({ kind: "push", lines: ["main"], format: "json-feed" }),
  );
  const cost = await measure(client, async () => {
    for (let i = 0; i < deliveries; i += 100) {
      const batch = Array.from({ length: Math.min(100, deliveries - i) }, (_, n) => i + n);
      await Promise.all(
        batch.map((n) =>
          acceptDelivery(edition, lane, { source: "bench", bytes: toFeed(n * perDelivery, perDelivery) }),
        ),
      );
      progress(`ingest: ${i + batch.length} of ${deliveries} deliveries accepted`);
    }
    await drained(
      createIngestWorker({ edition, target: redis.target, log: createLog("silent", "bench") }),
      deliveries,
    );
  });
  const stored = await client.zcard(edition.keys.order("public:main"));
  if (stored !== deliveries * perDelivery)
    throw new Error(`${stored} of ${deliveries * perDelivery} items are stored`);
  await lane.close();
  client.disconnect();
  return cost;
}

/** The peer: BullMQ alone, jobs of the same size that do nothing. */
async function runBare(redis: TestRedis, jobs: number): Promise<Cost> {
  const client = connectRedis(redis.target, "patient");
  const connection = queueConnection(redis.target, "patient");
  const queue = new Queue("bare", { connection, prefix: "{bare}" });
  const cost = await measure(client, async () => {
    for (let i = 0; i < jobs; i += 100) {
      await Promise.all(
        Array.from({ length: 100 }, (_, n) =>
          queue.add("bare", { body: toFeed(i + n, 1).toString() }, { jobId: `j-${i + n}` }),
        ),
      );
    }
    const worker = new BullWorker("bare", async () => undefined, {
      connection,
      prefix: "{bare}",
      autorun: false,
      concurrency: 8,
    });
    await drained(worker, jobs);
  });
  await queue.close();
  client.disconnect();
  return cost;
}

export async function benchIngest(): Promise<void> {
  const redis = await startRedis({ appendfsync: "always" });
  try {
    const bare = await runBare(redis, SINGLES);
    const singles = await runOurs(redis, SINGLES, 1);
    const bulk = await runOurs(redis, DELIVERIES, PER_DELIVERY);
    const bulkItems = DELIVERIES * PER_DELIVERY;
    const each = (cost: Cost, count: number) => (cost.nodeUs + cost.redisUs) / count;
    const tell = (figure: string, cost: Cost, count: number) => {
      report({
        bench: "ingest",
        figure: `${figure}, items/s`,
        value: round((count / cost.wallMs) * 1_000, 0),
        unit: "1/s",
      });
      const ratio = round(each(cost, count) / each(bare, SINGLES), 2);
      report({
        bench: "ingest",
        figure: `${figure}, CPU an item`,
        value: round(each(cost, count), 0),
        unit: "µs",
        peer: "bare BullMQ job",
        ratio,
      });
    };
    tell("one job an item", singles, SINGLES);
    tell("one delivery of 1,000 items", bulk, bulkItems);
  } finally {
    await redis.stop();
  }
}
