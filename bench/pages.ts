import { performance } from "node:perf_hooks";
import { z } from "zod";
import { readConfig } from "../src/config.ts";
import { createGateway } from "../src/gateway.ts";
import { createLog } from "../src/log.ts";
import { parseInfo } from "../src/redis/check.ts";
import { connectRedis, type RedisClient } from "../src/redis/connect.ts";
import { applyChanges, defineApply } from "../src/store/apply.ts";
import type { ItemChange } from "../src/store/change.ts";
import { openEdition } from "../src/store/edition.ts";
import { toHash } from "../src/store/keys.ts";
import { toRecord } from "../test/support/records.ts";
import { startRedis } from "../test/support/redis.ts";
import { percentile, round } from "./measure.ts";
import { progress, report } from "./report.ts";

const ITEMS = 100_000;
const BATCH = 500;
const FIRST_PAGES = 300;

function toChange(n: number): ItemChange {
  const orderedAt = new Date(Date.UTC(2026, 0, 1) + n * 20_000).toISOString();
  const content = {
    headline: `Harbour of Selin reopens berth ${n} after repairs`,
    bodyText: `Berth ${n} is open. ${"The port expects ships again from Friday on. ".repeat(18)}`,
    urgency: 5,
  };
  const versions = [
    {
      a: [n, 0] as [number, number],
      t: Date.parse(orderedAt),
      o: Date.parse(orderedAt),
      h: toHash(String(n)),
      x: toHash(`x${n}`),
    },
  ];
  const record = toRecord({
    id: toHash(`item ${n}`),
    orderedAt,
    firstCreated: orderedAt,
    versionCreated: orderedAt,
    publishedAt: orderedAt,
    content,
    versions,
  });
  return { expected: 0, before: undefined, after: [record] };
}

async function readMemory(redis: RedisClient): Promise<number> {
  return Number(parseInfo(await redis.info("memory")).get("used_memory"));
}

const page = z.object({
  count: z.number(),
  items: z.array(z.object({ id: z.string() })),
  next: z.string().nullable(),
});

async function readPage(url: string): Promise<z.infer<typeof page>> {
  return page.parse(await (await fetch(url)).json());
}

async function walk(base: string): Promise<number> {
  let seen = 0;
  let next: string | null = "";
  while (next !== null) {
    const before: string = next === "" ? "" : `&before=${encodeURIComponent(next)}`;
    const one: z.infer<typeof page> = await readPage(`${base}?limit=200${before}`);
    seen += one.items.length;
    next = one.next;
  }
  return seen;
}

export async function benchPages(): Promise<void> {
  const redis = await startRedis({ appendfsync: "everysec" });
  const client = connectRedis(redis.target, "patient");
  defineApply(client);
  const edition = await openEdition(client, "main");
  try {
    const memoryBefore = await readMemory(client);
    for (let n = 0; n < ITEMS; n += BATCH) {
      await applyChanges(
        edition,
        Array.from({ length: BATCH }, (_, i) => toChange(n + i)),
        Date.now(),
      );
      progress(`pages: ${n + BATCH} of ${ITEMS} items stored`);
    }
    const perThousand = ((await readMemory(client)) - memoryBefore) / (ITEMS / 1_000) / 1_024;
    report({
      bench: "memory",
      figure: "Redis, 1,000 items of 1 KB with their logs",
      value: round(perThousand, 0),
      unit: "KiB",
    });

    const config = { ...readConfig({ PORT: "0", NEWSLINE_ADMIN_TOKEN: "bench" }), redis: redis.target };
    const startedAt = performance.now();
    const gateway = createGateway(config, { log: createLog("silent", "bench"), drainMs: 0 });
    const { port } = await gateway.start();
    const base = `http://127.0.0.1:${port}/v1/lines/main`;
    while ((await fetch(base)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 10));
    report({
      bench: "pages",
      figure: "gateway start until 100,000 items are in view",
      value: round(performance.now() - startedAt, 0),
      unit: "ms",
    });
    await benchReads(base);
    await gateway.close();
  } finally {
    client.disconnect();
    await redis.stop();
  }
}

async function benchReads(base: string): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < FIRST_PAGES; i += 1) {
    const startedAt = performance.now();
    await readPage(base);
    times.push(performance.now() - startedAt);
  }
  report({
    bench: "pages",
    figure: "first page of 50, p50",
    value: round(percentile(times, 0.5), 2),
    unit: "ms",
  });
  report({
    bench: "pages",
    figure: "first page of 50, p99",
    value: round(percentile(times, 0.99), 2),
    unit: "ms",
  });
  const startedAt = performance.now();
  const seen = await walk(base);
  if (seen !== ITEMS) throw new Error(`the walk saw ${seen} of ${ITEMS} items`);
  report({
    bench: "pages",
    figure: "full walk of 100,000 items, 200 a page",
    value: round(performance.now() - startedAt, 0),
    unit: "ms",
  });
}
