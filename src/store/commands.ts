import { z } from "zod";
import { type CommandResult, parseCommandResult } from "./apply.ts";
import type { Edition } from "./keys.ts";

/** How long a key is remembered. */
const KEY_SECONDS = 86_400;

/** KEYS command · gives the clock, and what the command did if it was carried out, both of one moment. */
const LOOK_UP = `
local clock = redis.call("TIME")
return { clock[1] * 1000 + math.floor(clock[2] / 1000), redis.call("GET", KEYS[1]) or "" }
`;

const lookUp = z.tuple([z.number(), z.string()]);

/** A command without a result whose deadline lies before `nowMs` was not stored and never will be. */
export async function readCommand(
  edition: Edition,
  commandId: string,
): Promise<{ nowMs: number; result: CommandResult | undefined }> {
  const raw = await edition.redis.eval(LOOK_UP, 1, edition.keys.command(commandId));
  const [nowMs, json] = lookUp.parse(raw);
  return { nowMs, result: json === "" ? undefined : parseCommandResult(json) };
}

/**
 * Binds an Idempotency-Key to the first body that comes with it. `new` for that first one, `same` for a repeat,
 * `other` when it came with another body.
 */
export async function claimKey(
  edition: Edition,
  claim: { token: string; key: string; bodyHash: string },
): Promise<"new" | "same" | "other"> {
  const { redis, keys } = edition;
  const name = keys.idempotency(claim.token, claim.key);
  const isFirst = await redis.set(name, claim.bodyHash, "EX", KEY_SECONDS, "NX");
  if (isFirst === "OK") return "new";
  return (await redis.get(name)) === claim.bodyHash ? "same" : "other";
}
