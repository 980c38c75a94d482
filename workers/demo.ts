import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { type DeskCommand, deskJob } from "../src/contract/jobs.ts";
import type { Logger } from "../src/log.ts";
import { readClockMs } from "../src/store/clock.ts";
import { readItem } from "../src/store/items.ts";
import { type Edition, toItemId } from "../src/store/keys.ts";
import { handleDesk } from "./desk.ts";

/** The only line that the examples go to. */
export const DEMO_LINE = "demo";
const MOST_MS = 120_000;
const DEADLINE_MS = 5_000;

/** One step of `examples/demo.json`: what an editor does to the item of that key, how long after the start. */
const step = z.strictObject({
  afterMs: z.int().min(0).max(MOST_MS),
  command: z.enum(["publish", "update", "correct", "kill"]),
  key: z.string(),
  /** `agoMs` stands for `versionCreated`: so long before the start. */
  fields: z.record(z.string(), z.unknown()).default({}),
});
type Step = z.infer<typeof step>;

const SCRIPT = new URL(
  import.meta.url.endsWith(".ts") ? "../examples/demo.json" : "../../examples/demo.json",
  import.meta.url,
);

/** An empty store plays the examples, so that a newcomer sees a line move; nothing ever again after that. */
export function createDemo(options: { edition: Edition; log: Logger }): {
  start(): void;
  close(): Promise<void>;
} {
  const { edition, log } = options;
  const ending = new AbortController();
  let playing: Promise<void> = Promise.resolve();
  return {
    start: () => {
      playing = playOnEmpty(edition, ending.signal).catch((error: unknown) => {
        if (!ending.signal.aborted) log.warn({ err: error, line: DEMO_LINE }, "the examples stopped");
      });
    },
    close: async () => {
      ending.abort();
      await playing;
    },
  };
}

async function playOnEmpty(edition: Edition, signal: AbortSignal): Promise<void> {
  if (await isEmpty(edition)) await play(edition, signal);
}

/** Nothing came and nothing was put so far. Of several workers on such a store one plays. */
async function isEmpty(edition: Edition): Promise<boolean> {
  const { redis, keys } = edition;
  const known = await redis.hkeys(keys.meta);
  if (known.some((field) => field === "arrivals" || field.startsWith("o:"))) return false;
  return (await redis.hsetnx(keys.meta, "demo", 1)) === 1;
}

async function play(edition: Edition, signal: AbortSignal): Promise<void> {
  const steps = z.array(step).parse(JSON.parse(await readFile(SCRIPT, "utf8")));
  const startMs = await readClockMs(edition);
  for (const one of steps.toSorted((a, b) => a.afterMs - b.afterMs)) {
    const waitMs = startMs + one.afterMs - (await readClockMs(edition));
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
    await handleDesk(edition, await toCommand(edition, one, startMs));
  }
}

async function toCommand(edition: Edition, one: Step, startMs: number): Promise<DeskCommand> {
  const id = toItemId(edition.keys.edition, "desk", `demo:${one.key}`);
  const { agoMs, ...fields } = one.fields;
  const times = typeof agoMs === "number" ? { versionCreated: new Date(startMs - agoMs).toISOString() } : {};
  const nowMs = await readClockMs(edition);
  const command = {
    id,
    by: "demo",
    commandId: `demo-${one.key}-${one.afterMs}`,
    deadline: nowMs + DEADLINE_MS,
  };
  const parsed = deskJob.parse({ ...command, ...(await toWork(edition, one, { ...fields, ...times }, id)) });
  if (!("commandId" in parsed)) throw new Error("the examples ask nothing");
  return parsed;
}

async function toWork(
  edition: Edition,
  one: Step,
  fields: Record<string, unknown>,
  id: string,
): Promise<object> {
  if (one.command === "publish") return { command: "publish", fields: { lines: [DEMO_LINE], ...fields } };
  if (one.command === "kill") return { command: "kill", reason: "an example of a withdrawal" };
  const stored = await readItem(edition, id);
  const change = one.command === "correct" ? "correction" : "update";
  return { command: "change", revision: stored?.record.revision ?? 1, fields: { change, ...fields } };
}
