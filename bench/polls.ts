import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { createLane } from "../src/queue/queues.ts";
import { readPollState, writePollState } from "../src/store/poll-state.ts";
import { startRedis, type TestRedis } from "../test/support/redis.ts";
import { openSourceRoom, type SourceRoom } from "../test/support/source-room.ts";
import { createPoller } from "../workers/sources/poll.ts";
import { type Cost, measure, round } from "./measure.ts";
import { progress, report } from "./report.ts";

const SOURCES = 1_000;

/** Each source on a host of its own: this machine has 16 million loopback addresses. */
function toUrl(index: number, port: number): string {
  return `http://127.1.${Math.floor(index / 250)}.${(index % 250) + 1}:${port}/feed`;
}

async function startServer(): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(fileURLToPath(new URL("polls-server.ts", import.meta.url)));
  const [port] = z.tuple([z.number()]).parse((await once(child, "message")).slice(0, 1));
  return { child, port };
}

async function untilPolled(room: SourceRoom, sinceMs: number): Promise<void> {
  for (let next = 0; next < SOURCES; ) {
    const { lastMs = 0 } = await readPollState(room.edition, `source-${next}`);
    if (lastMs < sinceMs) await sleep(20);
    else next += 1;
    progress(`polls: ${next} of ${SOURCES} sources`);
  }
}

function tell(figure: string, { wallMs, nodeUs, redisUs }: Cost): void {
  report({
    bench: "polls",
    figure: `${figure}, ${SOURCES} sources`,
    value: round(wallMs / 1_000),
    unit: "s",
  });
  report({
    bench: "polls",
    figure: `${figure}, worker CPU a source`,
    value: round(nodeUs / SOURCES / 1_000, 2),
    unit: "ms",
  });
  report({
    bench: "polls",
    figure: `${figure}, Redis CPU a source`,
    value: round(redisUs / SOURCES / 1_000, 2),
    unit: "ms",
  });
}

async function runCycle(room: SourceRoom, redis: TestRedis): Promise<Cost> {
  const poller = createPoller({ ...room, target: redis.target, fetchAllow: ["127.0.0.0/8"] });
  const startedMs = Date.now();
  try {
    return await measure(room.edition.redis, async () => {
      poller.start();
      await untilPolled(room, startedMs);
    });
  } finally {
    await poller.close();
  }
}

/** As if their hour had passed: every source is due, and nothing is scheduled. */
async function makeAllDue({ edition }: SourceRoom, redis: TestRedis): Promise<void> {
  for (let i = 0; i < SOURCES; i += 1) {
    const state = await readPollState(edition, `source-${i}`);
    await writePollState(edition, `source-${i}`, { ...state, nextMs: 0 });
  }
  const lane = createLane(redis.target, edition.keys.edition, "poll", "patient");
  await lane.obliterate({ force: true });
  await lane.close();
}

/** One cycle in which every source brings its first document, then one in which none has anything new. */
export async function benchPolls(): Promise<void> {
  const { child, port } = await startServer();
  const redis = await startRedis();
  const room = await openSourceRoom(redis);
  try {
    for (let i = 0; i < SOURCES; i += 1) {
      await room.add(`source-${i}`, { kind: "poll", url: toUrl(i, port), every: 3_600 });
    }
    tell("all new", await runCycle(room, redis));
    await makeAllDue(room, redis);
    tell("nothing new", await runCycle(room, redis));
  } finally {
    await room.close();
    await redis.stop();
    child.kill();
  }
}
