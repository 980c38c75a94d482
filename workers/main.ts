import { join } from "node:path";
import type { Config } from "../src/config.ts";
import { createLog } from "../src/log.ts";
import { createLane } from "../src/queue/queues.ts";
import { checkRedis } from "../src/redis/check.ts";
import { connectRedis } from "../src/redis/connect.ts";
import { resolveRedis } from "../src/redis/resolve.ts";
import { defineApply } from "../src/store/apply.ts";
import { openEdition } from "../src/store/edition.ts";
import { readLines } from "../src/store/lines.ts";
import { createDemo } from "./demo.ts";
import { Doctor } from "./doctor/doctor.ts";
import { createDuty } from "./duty.ts";
import { createHeartbeat } from "./heartbeat.ts";
import { createDeskWorker, createIngestWorker } from "./lanes.ts";
import { createLoop } from "./loop.ts";
import { releaseDue } from "./release.ts";
import { retain } from "./retain.ts";
import { createFolderDrop } from "./sources/folder.ts";
import { createPoller } from "./sources/poll.ts";
import { createSubscriber } from "./sources/subscriber.ts";

/** How soon an embargo that has ended, or an item that has expired, is noticed. */
const RELEASE_MS = 250;
const RETAIN_MS = 60_000;
/** How soon a silence is noticed. */
const DOCTOR_MS = 15_000;

/**
 * A worker process: the only writer of items. Lanes for the desk and for deliveries, and the work that nobody
 * sends: polling, the wire folder, the end of embargoes, retention, the demo.
 */
export async function createWorker(
  config: Config,
): Promise<{ start(): Promise<void>; close(): Promise<void> }> {
  const log = createLog(config.logLevel, "worker");
  const target = await resolveRedis(config);
  const redis = connectRedis(target, "busy");
  await checkRedis(redis);
  defineApply(redis);
  const edition = await openEdition(redis, config.edition);
  const ingestLane = createLane(target, config.edition, "ingest", "patient");
  ingestLane.on("error", (error) => log.warn({ err: error, queue: "ingest" }, "the queue reported a fault"));

  const lanes = [createDeskWorker({ edition, target, log }), createIngestWorker({ edition, target, log })];
  const heartbeat = createHeartbeat(edition);
  const doctor = new Doctor(edition);
  const retention = {
    edition,
    archiveDir: join(config.dataDir, "archive"),
    lines: () => readLines(edition),
  };
  const duties = [
    { name: "release", everyMs: RELEASE_MS, work: () => releaseDue(edition) },
    { name: "doctor", everyMs: DOCTOR_MS, work: () => doctor.round() },
    { name: "retain", everyMs: RETAIN_MS, work: () => retain(retention) },
  ];
  const loops = [
    createLoop("heartbeat", heartbeat.beat, log),
    ...duties.map((duty) => createDuty(duty, edition, log)),
  ];
  const goers = [
    createPoller({
      edition,
      target,
      ingestLane,
      fetchAllow: config.fetchAllow,
      takesPushes: config.publicUrl !== undefined,
      log,
    }),
    ...createSubscriber(config, edition, log),
    createFolderDrop({ edition, ingestLane, wireDir: config.wireDir, log }),
    createDemo({ edition, log }),
  ];

  let closing: Promise<void> | undefined;
  const close = async () => {
    await Promise.all(goers.map((goer) => goer.close()));
    await Promise.all(loops.map((loop) => loop.close()));
    await Promise.all(lanes.map((lane) => lane.close()));
    await Promise.allSettled([heartbeat.stop()]);
    await ingestLane.close();
    redis.disconnect();
  };
  return {
    start: async () => {
      for (const lane of lanes)
        void lane.run().catch((error: unknown) => log.error({ err: error }, "a lane ended"));
      for (const loop of loops) loop.start();
      for (const goer of goers) goer.start();
      log.info("the worker is ready");
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
