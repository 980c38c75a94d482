import { describe, expect, test } from "vitest";
import { toDirtyPage as dirty, expectVersions, INSTANT, PAGE } from "./dirty-page.ts";
import { read } from "./profile.ts";

const NAMED = { zone: "Asia/Baku", format: "agency-page" } as const;
const STAMP = PAGE.stamp;

describe("dirty agency pages: parts in odd places", () => {
  const STORY = "The port of Riverton has opened to larger ships. It was calm.";
  const OTHER = "2017 October 16 (Monday) 10:00:00";
  const one = (...parts: string[]) => {
    const { drafts } = read(parts.join("\n\n"), { profile: NAMED });
    expect(drafts).toHaveLength(1);
    return drafts[0];
  };

  test("TIM1 a stamp below the only text is its time", () => {
    for (const end of [" -02D-", ""])
      expect(one("Port opens", STORY + end, STAMP, "Leave a review")).toMatchObject({
        bodyText: STORY,
        versionCreated: INSTANT,
      });
  });

  test("TXT2 the last line above a stamp with nothing below it stays in the text", () => {
    expect(one("Port opens", STORY, "It is calm here", STAMP)?.bodyText).toBe(`${STORY}\n\nIt is calm here`);
  });

  test("TIM1 a page with nothing but headline and stamp has its time", () => {
    expect(one("Port opens", STAMP)).toMatchObject({ headline: "Port opens", versionCreated: INSTANT });
  });

  test("TIM1 stamps of teasers below the furniture are no times of the story", () => {
    const teasers = ["News Line", OTHER, "Bridge closes", "It is closed."];
    expect(one("Port opens", STAMP, `${STORY} -02D-`, ...teasers)).toMatchObject({
      bodyText: STORY,
      versionCreated: INSTANT,
    });
  });

  test("ORD2 the original may stand below furniture, if its stamp is the page's first", () => {
    expectVersions(dirty({ separator: "Leave a review" }));
  });

  test("TXT1 a page that shows its headline only in its title has it from there", () => {
    const html = `<html><head><title>Port opens to ships | Agency</title></head><body><div>${STAMP}</div><p>${STORY}</p></body></html>`;
    expect(one(html)).toMatchObject({
      headline: "Port opens to ships",
      bodyText: STORY,
      versionCreated: INSTANT,
    });
  });

  test("TXT2 the lines of a numbered list stay apart", () => {
    expect(one("Port opens", STAMP, "The plan:\n1. Dig\n2. Build", STORY)?.bodyText).toBe(
      `The plan:\n\n1. Dig\n\n2. Build\n\n${STORY}`,
    );
  });

  test.each(["KILL: Port opens", "Port opens (WITHDRAWN)"])(
    "KIL2 a page with the headline %j waits for an editor",
    (headline) => {
      expect(one(headline, STAMP, STORY)).toMatchObject({ pubStatus: "withheld" });
    },
  );

  test("SNF a list of dates is text, however long", () => {
    const dates = Array.from({ length: 900 }, (_, day) => `${(day % 28) + 1} May 2015 12:00`);
    expect(one("Dates", STORY, ...dates)?.bodyText?.split("\n\n")).toHaveLength(901);
  });
});
