import type { RedisClient } from "../redis/connect.ts";
import { type Edition, toKeys } from "./keys.ts";
import { ensureLine } from "./lines.ts";
import { checkRun } from "./run.ts";

/** What this program writes. A newer program may have written what this one would damage. */
const SCHEMA = 1;

/** The edition's data, ready for use; throws a sentence when it is not for this program. */
export async function openEdition(redis: RedisClient, name: string): Promise<Edition> {
  const edition: Edition = { redis, keys: toKeys(name) };
  await prepareEdition(edition);
  return edition;
}

/** What an empty store needs before anything else; no effect on one that has it. */
export async function prepareEdition(edition: Edition): Promise<void> {
  const { redis, keys } = edition;
  await redis.setnx(keys.schema, SCHEMA);
  const schema = Number(await redis.get(keys.schema));
  if (schema !== SCHEMA) {
    throw new Error(
      `The store of edition "${keys.edition}" has schema ${schema}, and this version of News Line knows ${SCHEMA}. ` +
        "Start the version that wrote it, or a newer one.",
    );
  }
  await checkRun(edition);
  await ensureLine(edition, "main");
}
