import { toChannel } from "../contract/names.ts";
import { type Edition, newEpoch } from "./keys.ts";

/** Makes the line if there is none of that name. */
export async function ensureLine(edition: Edition, line: string): Promise<void> {
  const { redis, keys } = edition;
  await redis.hsetnx(keys.lines, line, "{}");
  for (const channel of [toChannel("public", line), toChannel("desk", line)]) {
    await redis.hsetnx(keys.meta, `e:${channel}`, newEpoch());
  }
}
