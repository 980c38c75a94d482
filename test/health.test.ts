import { once } from "node:events";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { serviceStatus } from "../src/contract/screens.ts";
import { createGateway } from "../src/gateway.ts";
import { startTestGateway, type TestGateway } from "./support/gateway.ts";
import { startLaneWorkers } from "./support/lane-workers.ts";

let gate: TestGateway;
beforeAll(async () => {
  gate = await startTestGateway();
});
afterAll(() => gate.stop());

describe("P7 /readyz", () => {
  test("is 503 until a worker has been seen, and stays 200 when it is gone", async () => {
    const alone = await startTestGateway({ worker: false });
    try {
      const early = await alone.http.get("/readyz");
      expect([early.status, early.body]).toEqual([
        503,
        expect.objectContaining({ ready: false, worker: false }),
      ]);
      await expect.poll(async () => (await alone.http.get("/readyz")).body.waitingFor).toBe("worker");
      expect((await alone.http.get("/healthz")).status).toBe(200);
      const workers = await startLaneWorkers(alone.redis.target);
      await expect.poll(async () => (await alone.http.get("/readyz")).status, { timeout: 5_000 }).toBe(200);
      const ready = await alone.http.get("/readyz");
      expect(ready.body).toEqual({ ready: true, live: true, worker: true, durability: "everysec" });
      await workers.close();
      await expect
        .poll(async () => (await alone.http.get("/readyz")).body.worker, { timeout: 10_000 })
        .toBe(false);
      expect((await alone.http.get("/readyz")).status).toBe(200);
    } finally {
      await alone.stop();
    }
  });

  test("is 503 while the gateway drains, and a reader is still answered", async () => {
    const leaving = await startTestGateway({ drainMs: 600 });
    try {
      await expect.poll(async () => (await leaving.http.get("/readyz")).status, { timeout: 5_000 }).toBe(200);
      const socket = await leaving.follow();
      const closing = leaving.gateway.close();
      const ready = await leaving.http.get("/readyz");
      expect([ready.status, ready.body.waitingFor]).toEqual([503, "draining"]);
      expect((await leaving.http.get("/v1/lines")).status).toBe(200);
      expect(await socket.goodbye).toMatchObject({ code: "draining", temporary: true });
      await closing;
      await leaving.gateway.close();
    } finally {
      await leaving.stop();
    }
  });
});

test("CFG a port that is in use ends the start with its code, and leaves nothing open", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const config = readConfig({
    PORT: String(port),
    REDIS_URL: `unix://${gate.redis.path}`,
    NEWSLINE_DATA: gate.dataDir,
    LOG_LEVEL: "silent",
  });
  const gateway = createGateway(config);
  await expect(gateway.start()).rejects.toMatchObject({ code: "EADDRINUSE" });
  await gateway.close();
  taken.close();
});

test("P7 /v1/status tells times and counts that anybody may see", async () => {
  await gate.desk.post("/v1/items").send({ headline: "Something measurable" }).expect(201);
  const { body } = await gate.http.get("/v1/status");
  expect(serviceStatus.parse(body)).toEqual(body);
  expect(body).toMatchObject({ live: true, queue: { waiting: 0, oldestMs: 0 }, version: expect.any(String) });
  expect(body.latency.p50).toBeGreaterThanOrEqual(0);
  expect(body.latency.p99).toBeGreaterThanOrEqual(body.latency.p50);
});

test("P7 what waits for a worker is told with its age", async () => {
  const alone = await startTestGateway({ worker: false, deadlineMs: 300 });
  try {
    await alone.desk.post("/v1/items").send({ headline: "Nobody takes this" }).expect(503);
    await expect
      .poll(async () => (await alone.http.get("/v1/status")).body.queue.waiting, { timeout: 5_000 })
      .toBe(1);
    expect((await alone.http.get("/v1/status")).body.queue.oldestMs).toBeGreaterThan(0);
  } finally {
    await alone.stop();
  }
});

test("EMB4 /metrics has numbers of this process and no word of any item", async () => {
  await gate.desk
    .post("/v1/items")
    .send({ headline: "Secretheadline", slugline: "secretslug", embargoedUntil: "2099-01-01T00:00:00Z" })
    .expect(201);
  const socket = await gate.follow();
  await expect
    .poll(async () => (await gate.http.get("/metrics")).text)
    .toContain('newsline_readers{line="main"} 1');
  socket.disconnect();
  const { text, headers } = await gate.http.get("/metrics");
  expect(headers["content-type"]).toMatch(/^text\/plain/);
  for (const line of [
    /^process_resident_memory_bytes \d+/m,
    /^process_cpu_seconds_total [\d.]+/m,
    /^newsline_live 1$/m,
    /^newsline_deltas_total \d+/m,
    /^newsline_deliveries_total 0$/m,
    /^newsline_queue_waiting 0$/m,
    /^newsline_delta_latency_seconds_count \d+/m,
  ]) {
    expect(text).toMatch(line);
  }
  expect(text).not.toMatch(/secret/i);
});
