import { type Applied, applyChanges } from "../src/store/apply.ts";
import type { ItemChange } from "../src/store/change.ts";
import { readClockMs } from "../src/store/clock.ts";
import { readItems, type StoredItem } from "../src/store/items.ts";
import type { Edition } from "../src/store/keys.ts";

/** Something that is to be done to one item, decided again whenever somebody else wrote it first. */
export interface Task {
  id: string;
  /** Pure: undefined = nothing is to be written. */
  decide: (stored: StoredItem | undefined, nowMs: number) => ItemChange | undefined;
  onApplied?: (applied: Applied & { kind: "ok" | "done" }) => void;
}

/** Items that are written in one round trip. */
const BATCH = 200;
/** A race is lost to someone who won it, so the work goes on; this many losses in a row are a fault of ours. */
const MOST_TRIES = 50;

/** A write that found its deadline passed. Nothing was done and nothing will be. */
export class DeadlinePassed extends Error {}

/** Carries out tasks on different items, each in one step of its own. */
export async function applyAll(edition: Edition, tasks: readonly Task[]): Promise<void> {
  for (let i = 0; i < tasks.length; i += BATCH) {
    let rest = tasks.slice(i, i + BATCH);
    for (let tries = 0; rest.length > 0; tries += 1) {
      if (tries >= MOST_TRIES)
        throw new Error(`item ${rest[0]?.id} could not be written in ${MOST_TRIES} tries`);
      rest = await applyOnce(edition, rest);
    }
  }
}

/** Gives back the tasks that lost a race. */
async function applyOnce(edition: Edition, tasks: readonly Task[]): Promise<Task[]> {
  const [nowMs, stored] = await Promise.all([
    readClockMs(edition),
    readItems(
      edition,
      tasks.map((task) => task.id),
    ),
  ]);
  const decided = tasks.flatMap((task, i) => {
    const change = task.decide(stored[i], nowMs);
    return change === undefined ? [] : [{ task, change }];
  });
  if (decided.length === 0) return [];
  const answers = await applyChanges(
    edition,
    decided.map(({ change }) => change),
    nowMs,
  );
  return decided.flatMap(({ task }, i) => {
    const answer = answers[i];
    if (answer === undefined || answer.kind === "conflict") return [task];
    if (answer.kind === "late") throw new DeadlinePassed();
    if (answer.kind === "alias") throw new IdentityTaken(answer.field);
    task.onApplied?.(answer);
    return [];
  });
}

/** Another delivery gave the same name to another item meanwhile: who identifies must look again. */
export class IdentityTaken extends Error {}
