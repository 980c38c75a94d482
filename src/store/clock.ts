import { z } from "zod";
import type { Edition } from "./keys.ts";

/** Named with a key, so that on a cluster the node answers that also runs the edition's scripts. */
const CLOCK = `
local clock = redis.call("TIME")
return clock[1] * 1000 + math.floor(clock[2] / 1000)
`;

/** Milliseconds of the clock by which deadlines and embargoes are judged. */
export async function readClockMs(edition: Edition): Promise<number> {
  return z.number().parse(await edition.redis.eval(CLOCK, 1, edition.keys.meta));
}
