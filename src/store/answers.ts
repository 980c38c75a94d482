import { randomUUID } from "node:crypto";
import type { Edition } from "./keys.ts";

/** Long enough for a gateway to fetch it, and no longer. */
const ANSWER_SECONDS = 60;

/**
 * What a worker answers to a question may be megabytes. A queue keeps what a job gives back for minutes and in its
 * events for thousands of jobs: so the answer lies beside it, as a delivery's bytes do, until it is fetched.
 */
export async function layDownAnswer({ redis, keys }: Edition, answer: unknown): Promise<string> {
  const id = `answer-${randomUUID()}`;
  await redis.set(keys.bytes(id), JSON.stringify(answer), "EX", ANSWER_SECONDS);
  return id;
}

/** Undefined when it has lain there too long. */
export async function takeAnswer({ redis, keys }: Edition, id: string): Promise<unknown> {
  const key = keys.bytes(id);
  const text = await redis.get(key);
  if (text === null) return undefined;
  await redis.unlink(key);
  return JSON.parse(text);
}
