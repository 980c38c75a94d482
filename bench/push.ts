import { fork } from "node:child_process";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { runProduct } from "../test/support/running-product.ts";
import { percentile, round } from "./measure.ts";
import { report } from "./report.ts";

const PUSHES = 200;
/** Between two pushes, so that each finds the machine idle. */
const PAUSE_MS = 40;

const answer = z.object({ item: z.object({ id: z.string() }) });
const told = z.union([z.object({ ready: z.literal(true) }), z.object({ id: z.string(), atMs: z.number() })]);

/** An editor's POST to the delta on a socket of another process, with Redis on `appendfsync always`. */
export async function benchPush(): Promise<void> {
  const product = await runProduct();
  const reader = fork(fileURLToPath(new URL("./push-client.ts", import.meta.url)), [product.url, "main"]);
  const arrivals = new Map<string, number>();
  await new Promise<void>((resolve) => {
    reader.on("message", (raw) => {
      const message = told.parse(raw);
      if ("ready" in message) resolve();
      else arrivals.set(message.id, message.atMs);
    });
  });
  const waits: number[] = [];
  const answers: number[] = [];
  for (let i = 0; i < PUSHES; i += 1) {
    const startMs = performance.timeOrigin + performance.now();
    const response = await fetch(`${product.url}/v1/items`, {
      method: "POST",
      headers: { Authorization: `Bearer ${product.token}`, "Content-Type": "application/json" },
      body: JSON.stringify({
        headline: `Harbour of Selin opens berth ${i}`,
        body: "The port expects ships again.",
      }),
    });
    const { item } = answer.parse(await response.json());
    answers.push(performance.timeOrigin + performance.now() - startMs);
    await sleep(PAUSE_MS);
    const atMs = arrivals.get(item.id);
    if (atMs === undefined) throw new Error(`push ${i} did not reach the reader`);
    waits.push(atMs - startMs);
  }
  const tell = (figure: string, values: number[], share: number) =>
    report({ bench: "push", figure, value: round(percentile(values, share), 1), unit: "ms" });
  tell("POST to delta on another process, p50 of 200", waits, 0.5);
  tell("POST to delta on another process, p99 of 200", waits, 0.99);
  tell("POST to its 201, p50 of 200", answers, 0.5);
  reader.disconnect();
  await product.stop();
}
