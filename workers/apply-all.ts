import { type Applied, applyChanges } from "../src/store/apply.ts";
import type { ItemChange } from "../src/store/change.ts";
import { readClockMs } from "../src/store/clock.ts";
import { toDeliveryId } from "../src/store/deliveries.ts";
import { readItems, type StoredItem } from "../src/store/items.ts";
import type { Edition } from "../src/store/keys.ts";
import { forgetRaw } from "../src/store/raw-deliveries.ts";

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
  const killed: ItemChange[] = [];
  const lost = decided.flatMap(({ task, change }, i) => {
    const answer = answers[i];
    if (answer === undefined || answer.kind === "conflict") return [task];
    if (answer.kind === "late") throw new DeadlinePassed();
    if (answer.kind === "alias") throw new IdentityTaken(answer.field);
    task.onApplied?.(answer);
    if (isKill(change)) killed.push(change);
    return [];
  });
  await forgetRaw(edition, killed.flatMap(toDeliveries));
  return lost;
}

function isKill({ before, after }: ItemChange): boolean {
  return after.at(-1)?.pubStatus === "canceled" && before !== undefined && before.pubStatus !== "canceled";
}

/** The deliveries that brought its versions: a withdrawn text is not kept in its raw form either (KIL4). */
function toDeliveries({ before }: ItemChange): string[] {
  return [...new Set((before?.versions ?? []).map(({ a }) => toDeliveryId(a[0])))];
}

/** Another delivery gave the same name to another item meanwhile: who identifies must look again. */
export class IdentityTaken extends Error {}
