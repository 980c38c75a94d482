import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Announcer } from "../../client/ticker/announcer.ts";
import { en } from "../../client/ticker/words/en.ts";
import { toItem } from "../support/line-model.ts";

const item = (n: number) => toItem({ id: `item-000${n}`, headline: `Number ${n}` });
const calm = () => false;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function listen() {
  const said: string[] = [];
  const region = (kind: string) => ({
    set textContent(text: string) {
      said.push(`${kind}: ${text}`);
    },
  });
  const announcer = new Announcer({ polite: region("polite"), assertive: region("at once") });
  return { said, announcer };
}

test("WID at most one summary is spoken in 10 seconds", async () => {
  const { said, announcer } = listen();
  announcer.announce([item(1)], en, calm);
  await vi.advanceTimersByTimeAsync(0);
  announcer.announce([item(2)], en, calm);
  announcer.announce([item(3), item(4)], en, calm);
  await vi.advanceTimersByTimeAsync(9_900);
  expect(said).toEqual(["polite: 1 new: Number 1"]);
  await vi.advanceTimersByTimeAsync(200);
  expect(said).toEqual(["polite: 1 new: Number 1", "polite: 3 new: Number 2"]);
});

test("WID breaking is spoken at once", () => {
  const { said, announcer } = listen();
  announcer.announce([item(1)], en, () => true);
  expect(said).toEqual(["at once: BREAKING: Number 1"]);
});

test("KIL3 what has left before it was spoken is not spoken", async () => {
  const { said, announcer } = listen();
  announcer.announce([item(1), item(2)], en, calm);
  announcer.forget(new Set(["item-0001"]));
  await vi.advanceTimersByTimeAsync(0);
  expect(said).toEqual(["polite: 1 new: Number 2"]);
});

test("KIL3 a withdrawn headline does not stay in what can be read aloud", () => {
  const { said, announcer } = listen();
  announcer.announce([item(1)], en, () => true);
  announcer.forget(new Set(["item-0002"]));
  announcer.forget(new Set(["item-0001"]));
  expect(said).toEqual(["at once: BREAKING: Number 1", "at once: "]);
});
