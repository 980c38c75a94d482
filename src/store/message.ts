import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Edition } from "./keys.ts";

const MESSAGE = readFileSync(new URL("./message.lua", import.meta.url), "utf8");

/** What the store tells every gateway besides changes of items. Unknown types are passed over. */
export const controlMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("token-revoked"), id: z.string() }),
  /** A line was made, or its settings were changed. */
  z.object({ type: z.literal("line"), line: z.string() }),
  /** Every log has begun anew. */
  z.object({ type: z.literal("renewed") }),
]);
export type ControlMessage = z.infer<typeof controlMessage>;

export async function appendMessage(edition: Edition, message: ControlMessage): Promise<void> {
  const { redis, keys } = edition;
  await redis.eval(MESSAGE, 3, keys.stream, keys.meta, keys.wake, JSON.stringify(message));
}
