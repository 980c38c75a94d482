import { describe, expect, test } from "vitest";
import { isFirstWord, parseComposition, toFirstWord, toKeyAction } from "../../client/desk/composing.ts";

const press = (key: string, more = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  isComposing: false,
  ...more,
});
const calm = { urgency: 5, hasPastedBreak: false };

describe("lines by typing", () => {
  test("DSK a # before a known line sends it there and leaves the headline", () => {
    expect(parseComposition("Rates stay #markets where they are #main", ["main", "markets"], "main")).toEqual(
      {
        headline: "Rates stay where they are",
        lines: ["markets", "main"],
        unknown: [],
      },
    );
  });

  test("DSK an unknown name stays in the headline and is told", () => {
    const { headline, lines, unknown } = parseComposition("Taxi drivers strike #fairpay", ["main"], "main");
    expect([headline, lines, unknown]).toEqual(["Taxi drivers strike #fairpay", ["main"], ["fairpay"]]);
  });

  test("DSK a # inside a word is no line", () => {
    expect(parseComposition("The C#main compiler", ["main"], "city").lines).toEqual(["city"]);
  });
});

describe("keys", () => {
  test("DSK Enter publishes a calm item", () => {
    expect(toKeyAction(press("Enter"), calm)).toEqual({ do: "publish" });
  });

  test("DSK Enter never publishes while an input method composes, nor with Shift", () => {
    expect(toKeyAction(press("Enter", { isComposing: true }), calm).do).toBe("nothing");
    expect(toKeyAction(press("Enter", { isComposing: true, ctrlKey: true }), calm).do).toBe("nothing");
    expect(toKeyAction(press("Enter", { shiftKey: true }), calm).do).toBe("nothing");
  });

  test("DSK after a pasted line break, and for urgency 1 and 2, it takes Ctrl+Enter", () => {
    const pasted = { urgency: 5, hasPastedBreak: true };
    expect(toKeyAction(press("Enter"), pasted)).toEqual({ do: "refuse", why: "pasted" });
    expect(toKeyAction(press("Enter"), { ...calm, urgency: 2 })).toEqual({ do: "refuse", why: "urgent" });
    for (const state of [pasted, { ...calm, urgency: 1 }]) {
      expect(toKeyAction(press("Enter", { ctrlKey: true }), state)).toEqual({ do: "publish" });
    }
  });

  test("DSK Ctrl+1 to Ctrl+5 choose the urgency, the digits alone do not", () => {
    expect(toKeyAction(press("3", { ctrlKey: true }), calm)).toEqual({ do: "urgency", urgency: 3 });
    expect(toKeyAction(press("3"), calm).do).toBe("nothing");
    expect(toKeyAction(press("6", { ctrlKey: true }), calm).do).toBe("nothing");
  });
});

test("KIL the first word of a headline is asked for in any script", () => {
  expect(toFirstWord("“Storm” over the bay")).toBe("Storm");
  expect(toFirstWord("Şəhərdə yeni xətt")).toBe("Şəhərdə");
  expect(isFirstWord(" storm ", "“Storm” over the bay")).toBe(true);
  expect(isFirstWord("", "“Storm” over the bay")).toBe(false);
  expect(isFirstWord("over", "“Storm” over the bay")).toBe(false);
});
