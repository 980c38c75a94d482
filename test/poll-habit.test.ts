import { afterAll, beforeAll, expect, test } from "vitest";
import { readPollState, writePollState } from "../src/store/poll-state.ts";
import { noteSourceHealth } from "../src/store/sources.ts";
import { AddressGuard } from "../workers/sources/address-guard.ts";
import { type Visiting, visit } from "../workers/sources/poll-visit.ts";
import { type Endpoint, startEndpoint } from "./support/endpoint.ts";
import { startRedis, type TestRedis } from "./support/redis.ts";
import { openSourceRoom, type SourceRoom } from "./support/source-room.ts";

const MINUTE = 60_000;

let redis: TestRedis;
let room: SourceRoom;
let server: Endpoint;
let visiting: Visiting;
beforeAll(async () => {
  redis = await startRedis();
  room = await openSourceRoom(redis);
  let count = 0;
  // A stamp that changes with every answer, as many feeds have it.
  server = await startEndpoint((_request, response) => {
    count += 1;
    response.end(`<rss><channel><lastBuildDate>${count}</lastBuildDate></channel></rss>`);
  });
  const guard = new AddressGuard(["127.0.0.0/8"]);
  visiting = { ...room, guard, signal: new AbortController().signal };
});
afterAll(async () => {
  await server.close();
  await room.close();
  await redis.stop();
});

/** A visit after something of the source took effect so long ago; in how many minutes it is asked again. */
async function visitAfter(minutes: number | undefined): Promise<number> {
  const state = await readPollState(room.edition, "wire");
  await writePollState(room.edition, "wire", { ...state, lastMs: undefined, nextMs: 0 });
  if (minutes !== undefined) {
    const lastItemAt = new Date(Date.now() - minutes * MINUTE).toISOString();
    await noteSourceHealth(room.edition, "wire", { lastItemAt });
  }
  await visit("wire", visiting);
  const { nextMs, lastMs = 0 } = await readPollState(room.edition, "wire");
  return (nextMs - lastMs) / MINUTE;
}

test("PAC5 what took effect sets the pace, over visits; a body that differs in a stamp only does not", async () => {
  await room.add("wire", { kind: "poll", url: `${server.url}/feed` });
  expect(await visitAfter(undefined)).toBe(1);
  expect(await visitAfter(undefined)).toBe(1);
  expect(await visitAfter(100)).toBeGreaterThan(8.9);
  expect(await visitAfter(undefined)).toBeGreaterThan(8.9);
  expect(await visitAfter(2)).toBeLessThan(2);
  expect(await visitAfter(1)).toBe(1);
  expect(await readPollState(room.edition, "wire")).toMatchObject({ lastGapMs: expect.any(Number) });
});

test("PAC5 a profile that names its pace is asked at it, whatever was learned", async () => {
  await room.add("wire", { kind: "poll", url: `${server.url}/feed`, every: 30 });
  expect(await visitAfter(undefined)).toBe(0.5);
  await room.add("wire", { kind: "poll", url: `${server.url}/feed`, every: 30, slowest: 45 });
  await noteSourceHealth(room.edition, "wire", {
    lastItemAt: new Date(Date.now() - 60 * MINUTE).toISOString(),
  });
  expect(await visitAfter(undefined)).toBeLessThanOrEqual(0.75);
});
