import type { Queue } from "bullmq";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createLane } from "../src/queue/queues.ts";
import { readSourceHealth, removeSource } from "../src/store/sources.ts";
import { createPoller } from "../workers/sources/poll.ts";
import { keepSchedules } from "../workers/sources/schedule.ts";
import { type Endpoint, startEndpoint } from "./support/endpoint.ts";
import { startRedis, type TestRedis } from "./support/redis.ts";
import { openSourceRoom, type SourceRoom } from "./support/source-room.ts";

let redis: TestRedis;
let room: SourceRoom;
let server: Endpoint;
let lane: Queue;
const pollers: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  room = await openSourceRoom(redis);
  let count = 0;
  server = await startEndpoint((_request, response) => {
    count += 1;
    response.end(`<rss><channel><item><title>${count}</title></item></channel></rss>`);
  });
  lane = createLane(redis.target, room.edition.keys.edition, "poll", "patient");
});
afterEach(async () => {
  await Promise.all(pollers.splice(0).map((poller) => poller.close()));
  await server.close();
  await lane.close();
  await room.close();
});

function startPoller() {
  const poller = createPoller({ ...room, target: redis.target, fetchAllow: ["127.0.0.0/8"] });
  pollers.push(poller);
  poller.start();
  return poller;
}

const readSchedules = async () =>
  (await lane.getJobSchedulers()).map(({ key, every }) => `${key} ${every}`).toSorted();

const eventually = <T>(check: () => Promise<T>) => vi.waitFor(check, { timeout: 15_000, interval: 50 });

test("POL22 schedules follow the profiles: made, changed, paused, removed", async () => {
  startPoller();
  await room.add("a", { kind: "poll", url: `${server.url}/a`, every: 3600 });
  await room.add("b", { kind: "poll", url: `${server.url}/b` });
  await room.add("c", { kind: "push" });
  await eventually(async () => expect(await readSchedules()).toEqual(["a 3600000", "b 60000"]));
  await room.add("a", { kind: "poll", url: `${server.url}/a`, every: 1800 });
  await room.add("b", { kind: "poll", url: `${server.url}/b`, paused: true });
  await eventually(async () => expect(await readSchedules()).toEqual(["a 1800000"]));
  await room.add("b", { kind: "poll", url: `${server.url}/b` });
  await removeSource(room.edition, "a");
  await eventually(async () => expect(await readSchedules()).toEqual(["b 60000"]));
});

test("POL22 a new source is asked at once, then at its pace, however many workers there are", async () => {
  for (let i = 0; i < 3; i += 1) startPoller();
  await room.add("a", { kind: "poll", url: `${server.url}/a`, every: 5 });
  await eventually(async () => expect(await room.deliveries()).toHaveLength(2));
  const gaps = server.requests.slice(1).map(({ at }, index) => at - (server.requests[index]?.at ?? 0));
  // The request is noted a moment after the visit began, by which the pace goes.
  for (const gap of gaps) expect(gap).toBeGreaterThan(4_900);
  expect(server.requests).toHaveLength(2);
});

test("POL22 sources on one host take turns and lose none", async () => {
  const names = Array.from({ length: 6 }, (_, index) => `wire-${index}`);
  server.answer((request, response) => setTimeout(() => response.end(`<rss>${request.url}</rss>`), 50));
  for (const name of names) await room.add(name, { kind: "poll", url: `${server.url}/${name}`, every: 3600 });
  startPoller();
  startPoller();
  await eventually(async () => expect(await room.deliveries()).toHaveLength(6));
  expect(new Set((await room.deliveries()).map(({ source }) => source))).toEqual(new Set(names));
});

test("POL22 a worker that starts again asks no source before its time", async () => {
  await room.add("a", { kind: "poll", url: `${server.url}/a`, every: 3600 });
  const first = startPoller();
  await eventually(async () => expect(await room.deliveries()).toHaveLength(1));
  await first.close();
  await lane.obliterate({ force: true });
  startPoller();
  await eventually(async () => expect(await readSchedules()).toEqual(["a 3600000"]));
  await eventually(async () =>
    expect(await lane.getJobCounts("waiting", "active")).toEqual({ waiting: 0, active: 0 }),
  );
  expect(server.requests).toHaveLength(1);
});

test("POL20 closing waits for nothing that a server holds back, and may be called twice", async () => {
  server.answer(() => {});
  await room.add("a", { kind: "poll", url: `${server.url}/a` });
  const poller = startPoller();
  await eventually(async () => expect(server.requests).toHaveLength(1));
  await Promise.all([poller.close(), poller.close()]);
  expect(await readSourceHealth(room.edition, "a")).toMatchObject({ failures: 0 });
});

test("POL23 a schedule that lost its next job is laid anew", async () => {
  await keepSchedules(lane, new Map([["a", 5_000]]));
  const toKey = (name: string) => `${lane.opts.prefix}:${lane.name}:${name}`;
  await room.edition.redis.del(toKey("wait"), toKey("delayed"));
  await room.edition.redis.zadd(toKey("repeat"), Date.now() - 3_600_000, "a");
  expect(await lane.getJobs(["waiting", "delayed"])).toEqual([]);
  await keepSchedules(lane, new Map([["a", 5_000]]));
  expect(await lane.getJobs(["waiting", "delayed"])).toHaveLength(1);
});

test("POL24 polling goes on after Redis was killed and came back", async () => {
  await room.add("a", { kind: "poll", url: `${server.url}/a`, every: 3600 });
  startPoller();
  await eventually(async () => expect(await room.deliveries()).toHaveLength(1));
  await redis.kill9();
  await redis.restart();
  await room.add("b", { kind: "poll", url: `${server.url}/b`, every: 3600 });
  await eventually(async () => expect((await room.deliveries()).map(({ source }) => source)).toContain("b"));
});
