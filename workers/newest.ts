import { toChannel } from "../src/contract/names.ts";
import type { Edition } from "../src/store/keys.ts";

/** The newest `orderedAt` on any of the lines, as readers see them; undefined when they are empty (TIM2). */
export async function readNewest(edition: Edition, lines: readonly string[]): Promise<number | undefined> {
  const pipeline = edition.redis.pipeline();
  for (const line of lines)
    pipeline.zrevrange(edition.keys.order(toChannel("public", line)), 0, 0, "WITHSCORES");
  const answers = (await pipeline.exec()) ?? [];
  const scores = answers.flatMap(([error, found]) => {
    if (error) throw error;
    return Array.isArray(found) && found.length === 2 ? [Number(found[1])] : [];
  });
  return scores.length === 0 ? undefined : Math.max(...scores);
}
