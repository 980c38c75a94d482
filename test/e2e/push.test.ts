import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { createWorker } from "../../workers/main.ts";
import { type Endpoint, startEndpoint } from "../support/endpoint.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import { type Hub, startHub } from "../support/hub.ts";

let gate: TestGateway;
let hub: Hub;
let server: Endpoint;
let worker: Awaited<ReturnType<typeof createWorker>>;
beforeAll(async () => {
  gate = await startTestGateway({ worker: false });
  hub = await startHub();
  server = await startEndpoint((_request, response) => {
    response.setHeader("link", `<${hub.url}>; rel="hub", </feed>; rel="self"`);
    response.end(feed("One"));
  });
  const config = readConfig({
    REDIS_URL: `unix://${gate.redis.path}`,
    NEWSLINE_DATA: gate.dataDir,
    NEWSLINE_PUBLIC_URL: `${gate.url}/`,
    NEWSLINE_FETCH_ALLOW: "127.0.0.0/8",
    LOG_LEVEL: "silent",
  });
  worker = await createWorker(config);
  await worker.start();
});
afterAll(async () => {
  await worker.close();
  await Promise.all([hub.close(), server.close()]);
  await gate.stop();
});

const feed = (title: string) =>
  `<rss version="2.0"><channel><title>T</title><item><guid>${title}</guid><title>${title}</title></item></channel></rss>`;

const titles = async () =>
  (await gate.http.get("/v1/lines/pushed")).body.items?.map(({ headline }: { headline: string }) => headline);
const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 30_000, interval: 100 });

async function readHealth() {
  const { sources } = (await gate.desk.get("/v1/sources")).body;
  return sources.find(({ source }: { source: string }) => source === "city").health;
}

test("PUS2 a worker that may be reached finds a feed's hub, subscribes, and takes its pushes, by itself", async () => {
  const profile = { kind: "poll", url: `${server.url}/feed`, every: 3_600, lines: ["pushed"] };
  await gate.desk.put("/v1/sources/city").send(profile).expect(200);
  await eventually(titles).toEqual(["One"]);
  await eventually(async () => hub.asked.length).toBe(1);
  expect(hub.asked[0]).toMatchObject({ mode: "subscribe", topic: `${server.url}/feed` });
  expect((await hub.verify()).status).toBe(200);
  expect(await hub.push(feed("Two"))).toBe(202);
  await eventually(titles).toEqual(["Two", "One"]);
  expect(server.requests).toHaveLength(1);
  expect(await readHealth()).toMatchObject({ push: { state: "active", lastPushAt: expect.any(String) } });
  await gate.desk.delete("/v1/sources/city").expect(204);
  await eventually(async () => hub.asked.at(-1)?.mode).toBe("unsubscribe");
  expect((await hub.verify()).status).toBe(200);
});

test("WIR9 a worker looks at its sources by itself", async () => {
  const profile = { kind: "push", lines: ["pushed"] };
  await gate.desk.put("/v1/sources/city").send(profile).expect(200);
  await gate.desk
    .post("/v1/sources/city/deliveries")
    .set("Content-Type", "text/xml")
    .send(feed("Three"))
    .expect(202);
  await eventually(async () => (await readHealth()).report?.deliveries).toBe(1);
  expect((await readHealth()).report).toMatchObject({ isLearned: false, alarms: [] });
});
