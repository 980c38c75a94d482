import { toChannel } from "../contract/names.ts";
import { type LineSettings, lineSettings } from "../contract/rest.ts";
import { type Edition, newEpoch } from "./keys.ts";
import { appendMessage } from "./message.ts";

/** Makes the line if there is none of that name, and tells every gateway. */
export async function ensureLine(edition: Edition, line: string): Promise<void> {
  const { redis, keys } = edition;
  const made = await redis.hsetnx(keys.lines, line, "{}");
  for (const channel of [toChannel("public", line), toChannel("desk", line)]) {
    await redis.hsetnx(keys.meta, `e:${channel}`, newEpoch());
  }
  if (made === 1) await appendMessage(edition, { type: "line", line });
}

/** Every line's settings. */
export async function readLines(edition: Edition): Promise<Map<string, LineSettings>> {
  const stored = await edition.redis.hgetall(edition.keys.lines);
  return new Map(
    Object.entries(stored).map(([line, json]) => [line, lineSettings.parse(JSON.parse(json))] as const),
  );
}

/** Makes the line or changes it, and tells every gateway. */
export async function writeLine(edition: Edition, line: string, settings: LineSettings): Promise<void> {
  await ensureLine(edition, line);
  await edition.redis.hset(edition.keys.lines, line, JSON.stringify(settings));
  await appendMessage(edition, { type: "line", line });
}
