import { describe, expect, test } from "vitest";
import { BackOff } from "../../client/feed/back-off.ts";
import { parseAnswer, parseDelta, parseGoodbye, parseRefusal, parseTick } from "../../client/feed/guards.ts";
import { toTimes } from "../../client/ticker/times.ts";
import { chooseWords } from "../../client/ticker/words/choose.ts";
import { lineItem } from "../../src/contract/item.ts";
import { toItem } from "../support/line-model.ts";

const item = toItem({ id: "item-0001" });

describe("what arrives", () => {
  test("WID unknown fields, ops and reasons are no fault: the contract may grow", () => {
    const ops = [{ op: "put", item: { ...item, mood: "calm" } }, { op: "shuffle" }];
    const remove = { op: "remove", id: "item-0002", revision: 2, reason: "faded" };
    const delta = parseDelta({
      line: "demo",
      epoch: "epoch0001",
      from: 0,
      to: 3,
      at: item.orderedAt,
      ops: [...ops, remove],
    });
    expect(delta?.ops.map((op) => op.op)).toEqual(["put", "remove"]);
    expect(delta?.ops[1]).toMatchObject({ reason: "retired" });
  });

  test("WID what is not of the contract is not let in", () => {
    for (const value of [undefined, null, 7, "text", [], {}, { line: "demo" }, { kind: "snapshot" }]) {
      expect(parseDelta(value)).toBeUndefined();
      expect(parseTick(value)).toBeUndefined();
      expect(parseAnswer("demo", value)).toBeUndefined();
      expect(parseRefusal(value)).toBeUndefined();
    }
    const items = [
      item,
      { ...item, headline: 5 },
      { ...item, link: { href: "x" } },
      { ...item, orderedAt: "today" },
    ];
    expect(parseAnswer("demo", { kind: "snapshot", position: "epoch0001:1", items })).toMatchObject({
      items: [item],
    });
  });

  test("WID a goodbye that cannot be read is a temporary one", () => {
    expect(parseGoodbye("?")).toEqual({ code: "draining", temporary: true, retryAfterMs: 0 });
  });

  test("WID the test's own items are of the contract", () => {
    expect(lineItem.parse(item)).toEqual(item);
  });
});

test("WID waits grow to their most and are spread over their upper half", () => {
  const low = new BackOff(1000, 8000, () => 0);
  const high = new BackOff(1000, 8000, () => 1);
  const five = (backOff: BackOff) => [1, 2, 3, 4, 5].map(() => backOff.nextMs());
  expect(five(low)).toEqual([500, 1000, 2000, 4000, 4000]);
  expect(five(high)).toEqual([1000, 2000, 4000, 8000, 8000]);
  high.reset();
  expect(high.nextMs()).toBe(1000);
});

describe("times and words", () => {
  const instant = "2016-09-28T06:34:24.000Z";

  test("TIM a time is written in the wanted zone, with digits of one width", () => {
    const times = toTimes("en", "Asia/Baku");
    expect([times.clock(instant), times.short(instant)]).toEqual(["10:34:24", "10:34"]);
    expect(times.day(instant)).toBe("Wednesday 28 September 2016");
    expect(toTimes("ar", "Asia/Baku").clock(instant)).toBe("10:34:24");
    expect(toTimes("en", "UTC").dayKey("2016-09-28T23:59:59.000Z")).toBe("2016-09-28");
  });

  test("TIM an unknown zone or locale falls back and does not throw", () => {
    expect(toTimes("no such locale", "Nowhere/Else").clock(instant)).toMatch(/^\d\d:34:24$/u);
  });

  test("WID every language says everything", () => {
    const english = chooseWords("en");
    for (const language of ["az", "ru", "ar"]) {
      const words = chooseWords(`${language}-XX`);
      expect(Object.keys(words).sort()).toEqual(Object.keys(english).sort());
      expect(words.live).not.toBe(english.live);
    }
    expect(chooseWords("fr")).toBe(english);
    expect([1, 2, 5, 21].map(chooseWords("ru").newItems)).toEqual([
      "1 новая",
      "2 новых",
      "5 новых",
      "21 новая",
    ]);
  });
});
