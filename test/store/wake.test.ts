import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { appendMessage } from "../../src/store/message.ts";
import { kill, write } from "../support/items.ts";
import { startStore, type TestStore } from "../support/store.ts";

let store: TestStore;
beforeEach(async () => {
  store = await startStore();
});
afterEach(async () => {
  await store.stop();
});

/** Longer than the pause after which a line's next change is a first one. */
const PAUSE_MS = 60;

/** Whether what was written last must not wait, and whether the wake points at it. */
async function isLastAwake(): Promise<boolean> {
  const { client, edition } = store;
  const [[last], [wake]] = await Promise.all([
    client.xrevrange(edition.keys.stream, "+", "-", "COUNT", 1),
    client.xrevrange(edition.keys.wake, "+", "-", "COUNT", 1),
  ]);
  return last !== undefined && wake?.[0] === last[0];
}

/** As if the line had its last change this very moment. */
async function markBusy(): Promise<void> {
  const laterMs = Date.now() + 60_000;
  await store.client.hset(store.edition.keys.meta, "t:public:main", laterMs, "t:desk:main", laterMs);
}

test("BUR2 a line's first change after a pause wakes whoever lets the stream gather", async () => {
  await write(store.edition, "first-0001");
  expect(await isLastAwake()).toBe(true);
  await sleep(PAUSE_MS);
  await write(store.edition, "first-0002");
  expect(await isLastAwake()).toBe(true);
});

test("BUR2 a change close behind another of its line wakes nobody", async () => {
  const { edition } = store;
  await write(edition, "close-0000");
  await markBusy();
  await write(edition, "close-0001");
  expect(await isLastAwake()).toBe(false);
});

test("BUR2 BUR1 a kill, urgency 1 or 2, and a message between gateways wake at any time", async () => {
  const { edition } = store;
  await write(edition, "urgent-001");
  await markBusy();
  await write(edition, "urgent-002", { urgency: 2 });
  expect(await isLastAwake()).toBe(true);
  await markBusy();
  await write(edition, "urgent-003", { urgency: 3 });
  expect(await isLastAwake()).toBe(false);
  await kill(edition, "urgent-001");
  expect(await isLastAwake()).toBe(true);
  await markBusy();
  await write(edition, "urgent-004");
  expect(await isLastAwake()).toBe(false);
  await appendMessage(edition, { type: "line", line: "main" });
  expect(await isLastAwake()).toBe(true);
});
