import { createLog } from "../../src/log.ts";
import { connectRedis, type RedisTarget } from "../../src/redis/connect.ts";
import { defineApply } from "../../src/store/apply.ts";
import { openEdition } from "../../src/store/edition.ts";
import { createHeartbeat } from "../../workers/heartbeat.ts";
import { createDeskWorker, createIngestWorker } from "../../workers/lanes.ts";
import { createLoop } from "../../workers/loop.ts";

export interface LaneWorkers {
  close(): Promise<void>;
}

/** The part of a worker process that takes what gateways send, in this process. */
export async function startLaneWorkers(target: RedisTarget, editionName = "main"): Promise<LaneWorkers> {
  const log = createLog("silent", "worker");
  const redis = connectRedis(target, "patient");
  defineApply(redis);
  const edition = await openEdition(redis, editionName);
  const workers = [createDeskWorker({ edition, target, log }), createIngestWorker({ edition, target, log })];
  const running = workers.map((worker) => worker.run());
  const heartbeat = createHeartbeat(edition);
  const beats = createLoop("heartbeat", heartbeat.beat, log);
  beats.start();
  return {
    async close() {
      await beats.close();
      await heartbeat.stop();
      await Promise.all(workers.map((worker) => worker.close()));
      await Promise.all(running);
      redis.disconnect();
    },
  };
}
