import { type Job, Worker } from "bullmq";
import { afterEach, describe, expect, test } from "vitest";
import { deskJob } from "../src/contract/jobs.ts";
import { LANES, toQueuePrefix } from "../src/queue/queues.ts";
import { queueConnection } from "../src/redis/connect.ts";
import { defineApply } from "../src/store/apply.ts";
import { readItem } from "../src/store/items.ts";
import { handleDesk } from "../workers/desk.ts";
import { startTestGateway, type TestGateway } from "./support/gateway.ts";
import { type LaneWorkers, startLaneWorkers } from "./support/lane-workers.ts";

let gate: TestGateway;
let workers: LaneWorkers[] = [];
afterEach(async () => {
  await endWorkers();
  await gate.stop();
});

async function endWorkers(): Promise<void> {
  await Promise.all(workers.map((worker) => worker.close()));
  workers = [];
}

const item = { headline: "Ferry runs again" };

/** A worker of the desk lane that does with its jobs what the test says. */
function startDeskWorker(work: (job: Job) => Promise<unknown>): void {
  const worker = new Worker(LANES.desk.name, work, {
    connection: queueConnection(gate.redis.target, "patient"),
    prefix: toQueuePrefix("main"),
    ...LANES.desk.worker,
  });
  worker.on("error", () => undefined);
  // By force: what it was told to do may never end.
  workers.push({ close: () => worker.close(true) });
}

async function count(): Promise<number> {
  const answer = await gate.http.get("/v1/status");
  expect(answer.status).toBe(200);
  return gate.client.zcard(gate.edition.keys.order("desk:main"));
}

describe("an Idempotency-Key", () => {
  const post = (key: string, body: object = item) =>
    gate.desk.post("/v1/items").set("Idempotency-Key", key).send(body);

  test("P1 sent again with the same body gives the item as it is now, once", async () => {
    gate = await startTestGateway();
    const first = await post("key-1");
    expect(first.status).toBe(201);
    expect(first.headers["idempotent-replayed"]).toBeUndefined();
    const { id } = first.body.item;
    await gate.desk
      .put(`/v1/items/${id}`)
      .set("If-Match", '"1"')
      .send({ headline: "Ferry stops" })
      .expect(200);
    const again = await post("key-1", { ...item, lines: ["main"] });
    expect(again.status).toBe(201);
    expect(again.headers["idempotent-replayed"]).toBe("true");
    expect(again.body.item).toMatchObject({ id, revision: 2, headline: "Ferry stops" });
    expect(again.body.position).toBe(first.body.position);
    expect(await count()).toBe(1);
  });

  test("P1 with another body is refused, and another token's is another key", async () => {
    gate = await startTestGateway();
    await post("key-1").expect(201);
    const other = await post("key-1", { headline: "Something else" });
    expect([other.status, other.body.error.code]).toEqual([422, "key_reused"]);
    const editor = gate.as(await gate.token("editor"));
    await editor
      .post("/v1/items")
      .set("Idempotency-Key", "key-1")
      .send({ headline: "Something else" })
      .expect(201);
    expect(await count()).toBe(2);
  });

  test("P1 sent ten times at once makes one item, and everybody hears of it", async () => {
    gate = await startTestGateway();
    const answers = await Promise.all(Array.from({ length: 10 }, async () => await post("key-1")));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201));
    expect(new Set(answers.map(({ body }) => body.item.id)).size).toBe(1);
    expect(new Set(answers.map(({ body }) => body.position)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers["idempotent-replayed"] === "true")).toHaveLength(9);
    expect(await count()).toBe(1);
  });

  test("P1 lets a change be repeated that has had its effect", async () => {
    gate = await startTestGateway();
    const { id } = (await post("key-1")).body.item;
    const put = () =>
      gate.desk
        .put(`/v1/items/${id}`)
        .set("If-Match", '"1"')
        .set("Idempotency-Key", "key-2")
        .send({ urgency: 3 });
    await put().expect(200);
    const again = await put();
    expect([again.status, again.body.item.revision]).toEqual([200, 2]);
    expect(again.headers["idempotent-replayed"]).toBe("true");
  });

  test("P1 of the wrong form is refused", async () => {
    gate = await startTestGateway();
    const answer = await post("x".repeat(256));
    expect(answer.body.error).toMatchObject({ code: "invalid", field: "Idempotency-Key" });
  });
});

describe("a command whose end is not seen", () => {
  test("P1 by no worker is not stored, and is never carried out later", async () => {
    gate = await startTestGateway({ worker: false, deadlineMs: 700 });
    const answer = await gate.desk.post("/v1/items").send(item);
    expect(answer.status).toBe(503);
    expect(answer.body.error).toMatchObject({ code: "not_stored", temporary: true });
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
    workers.push(await startLaneWorkers(gate.redis.target));
    // A later command is done after it: by then the first has been refused.
    const later = await gate.desk.post("/v1/items").send({ headline: "A later one" });
    expect(later.status).toBe(201);
    expect(await count()).toBe(1);
  });

  test("P1 since its worker threw is not stored", async () => {
    gate = await startTestGateway({ worker: false, deadlineMs: 700 });
    startDeskWorker(() => Promise.reject(new Error("a fault")));
    const answer = await gate.desk.post("/v1/items").send(item);
    expect(answer.body.error).toMatchObject({ code: "not_stored" });
  });

  test("P1 since its worker hangs after the apply is stored, and answered so", async () => {
    gate = await startTestGateway({ worker: false, deadlineMs: 700 });
    defineApply(gate.client);
    startDeskWorker(async (job) => {
      await handleDesk(gate.edition, deskJob.parse(job.data));
      await new Promise(() => undefined);
    });
    const answer = await gate.desk.post("/v1/items").send(item);
    expect(answer.status).toBe(201);
    expect(answer.body.item).toMatchObject({ revision: 1, headline: item.headline });
    expect(answer.body.position).toMatch(/:1$/);
  });

  test("P6 since Redis died under it is unknown, and the same key finds out", async () => {
    gate = await startTestGateway({ worker: false, deadlineMs: 700 });
    defineApply(gate.client);
    startDeskWorker(async (job) => {
      await handleDesk(gate.edition, deskJob.parse(job.data));
      await gate.redis.kill9();
    });
    const post = () => gate.desk.post("/v1/items").set("Idempotency-Key", "key-1").send(item);
    const answer = await post();
    expect(answer.status).toBe(503);
    expect(answer.body.error).toMatchObject({ code: "outcome_unknown", temporary: true });
    await endWorkers();
    await gate.redis.restart();
    workers.push(await startLaneWorkers(gate.redis.target));
    await expect.poll(async () => (await post()).status, { timeout: 10_000 }).toBe(201);
    expect((await post()).headers["idempotent-replayed"]).toBe("true");
    expect(await count()).toBe(1);
  });
});

test("P6 without Redis a command is refused at once and readers are still served", async () => {
  gate = await startTestGateway();
  await gate.desk.post("/v1/items").send(item).expect(201);
  await gate.redis.kill9();
  const answer = await gate.desk.post("/v1/items").send(item);
  expect(answer.body.error).toMatchObject({ code: "not_stored", temporary: true });
  await expect
    .poll(async () => (await gate.http.get("/readyz")).body, { timeout: 10_000 })
    .toMatchObject({ ready: true, live: false, worker: false });
  expect((await gate.http.get("/readyz")).status).toBe(200);
  await gate.redis.restart();
  await expect
    .poll(async () => (await gate.desk.post("/v1/items").send({ headline: "Back" })).status, {
      timeout: 15_000,
    })
    .toBe(201);
});

test("P6 a gateway ends also while Redis is away", async () => {
  gate = await startTestGateway({ worker: false });
  await gate.redis.kill9();
  await gate.gateway.close();
  await expect(fetch(`${gate.url}/healthz`)).rejects.toThrow();
});

test("P1 an item's text is stored before its 201 and not only in the answer", async () => {
  gate = await startTestGateway();
  const answer = await gate.desk.post("/v1/items").send({ ...item, body: "One.\n\nTwo." });
  const stored = await readItem(gate.edition, answer.body.item.id);
  expect(stored?.record.content).toMatchObject({ headline: item.headline, bodyText: "One.\n\nTwo." });
});
