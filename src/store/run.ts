import { Cluster } from "ioredis";
import type { Edition } from "./keys.ts";
import { readEpochs, renewEpochs } from "./renew.ts";

/**
 * A Redis that was started again may have lost the end of its file, and with it offsets that clients have seen.
 * Its run id tells: one that is not known, without the mark of a clean stop, means that the logs begin anew.
 * A cluster has many run ids and renews only when an entry is found to differ.
 */
export async function checkRun(edition: Edition): Promise<"known" | "renewed"> {
  const { redis, keys } = edition;
  if (redis instanceof Cluster) return "known";
  const epochs = await readEpochs(edition);
  const [runId, known, stopped] = await Promise.all([
    readRunId(edition),
    redis.get(keys.run),
    redis.get(keys.cleanStop),
  ]);
  if (runId === undefined || known === runId) return "known";
  const isFirst = known === null && epochs.size === 0;
  if (isFirst || (known !== null && stopped === known)) {
    await redis.set(keys.run, runId);
    return "known";
  }
  const seq = Number((await redis.hget(keys.meta, "seq")) ?? 0);
  await renewEpochs(edition, { epochs, seq, runId });
  return "renewed";
}

/** For whoever stops the private Redis, just before: everything written is on disk, positions stay good. */
export async function markCleanStop(edition: Edition): Promise<void> {
  const runId = await readRunId(edition);
  if (runId !== undefined) await edition.redis.set(edition.keys.cleanStop, runId);
}

async function readRunId(edition: Edition): Promise<string | undefined> {
  const info = await edition.redis.info("server");
  return /^run_id:(\w+)/m.exec(info)?.[1];
}
