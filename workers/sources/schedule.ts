import type { Queue } from "bullmq";
import type { PollJob } from "../../src/contract/jobs.ts";

/** A schedule whose next moment is so long past, though nothing waits, has lost its next job. */
const STUCK_MS = 120_000;

/**
 * Keeps one job scheduler per source in step with `wanted`, which says how often (ms) each is due. Any number of
 * workers may do so at once.
 */
export async function keepSchedules(lane: Queue, wanted: ReadonlyMap<string, number>): Promise<void> {
  const kept = new Map((await lane.getJobSchedulers()).map((scheduler) => [scheduler.key, scheduler]));
  const isIdle = (await lane.getWaitingCount()) === 0;
  const stuckBefore = Date.now() - STUCK_MS;
  for (const source of kept.keys()) {
    if (!wanted.has(source)) await lane.removeJobScheduler(source);
  }
  for (const [source, every] of wanted) {
    const scheduler = kept.get(source);
    const isStuck = isIdle && (scheduler?.next ?? 0) < stuckBefore - every;
    if (scheduler?.every === every && !isStuck) continue;
    const data: PollJob = { source };
    await lane.upsertJobScheduler(source, { every }, { name: "poll", data });
  }
}
