import { toChannel } from "../src/contract/names.ts";
import type { Edition } from "../src/store/keys.ts";

/** The newest `orderedAt` on any of the lines, as readers see them; undefined when they are empty (TIM2). */
export async function readNewest(edition: Edition, lines: readonly string[]): Promise<number | undefined> {
  return toNewest(await readNewestByLine(edition, lines), lines);
}

/** The same, of each line; lines that are empty are left out. */
export async function readNewestByLine(
  edition: Edition,
  lines: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const pipeline = edition.redis.pipeline();
  for (const line of lines)
    pipeline.zrevrange(edition.keys.order(toChannel("public", line)), 0, 0, "WITHSCORES");
  const answers = (await pipeline.exec()) ?? [];
  const scores = answers.flatMap(([error, found], i): [string, number][] => {
    if (error) throw error;
    return Array.isArray(found) && found.length === 2 ? [[lines[i] ?? "", Number(found[1])]] : [];
  });
  return new Map(scores);
}

export function toNewest(byLine: ReadonlyMap<string, number>, lines: readonly string[]): number | undefined {
  const scores = lines.map((line) => byLine.get(line)).filter((score) => score !== undefined);
  return scores.length === 0 ? undefined : Math.max(...scores);
}
