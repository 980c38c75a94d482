import { describe, expect, test } from "vitest";
import { NewsLineError } from "../../src/contract/errors.ts";
import { readDocument } from "../../workers/read.ts";
import { expectToBearDamage } from "./damage.ts";
import { read, testProfile } from "./profile.ts";

const LIST = "Port opens to larger ships ** Bridge closed for repairs ** CORRECTION: Tower stands ** ";

function readAt(text: string, receivedAt: string, zone = "UTC") {
  const profile = testProfile({ zone });
  return readDocument(Buffer.from(text), { profile, receivedAt }).drafts;
}

describe("ticker lists", () => {
  test.each([
    ["in one line", LIST],
    ["without a blank at the end", LIST.trimEnd()],
    ["broken into lines", LIST.replaceAll("** ", "**\r\n")],
    ["wrapped inside a headline", LIST.replace("larger ", "larger\r\n")],
    ["opened by the sign, too", `** ${LIST}`],
    ["with control bytes", `\u0002${LIST}\u0003`],
  ])("TXT1 LIST1 a list %s gives one item for each headline, in its order", (_what, text) => {
    const { format, drafts } = read(text);
    expect(format).toBe("ticker-list");
    expect(drafts.map(({ headline }) => headline)).toEqual([
      "Port opens to larger ships",
      "Bridge closed for repairs",
      "CORRECTION: Tower stands",
    ]);
    expect(drafts.map(({ bodyText }) => bodyText)).toEqual([undefined, undefined, undefined]);
    expect(drafts[2]).toMatchObject({ change: "correction", continues: true });
  });

  test("REV1 LIST2 a line is named by its text and the day in the source's zone", () => {
    const [first] = readAt(LIST, "2013-11-13T22:30:00.000Z", "Asia/Baku");
    expect(first?.identity).toBe("port opens to larger ships 2013-11-14");
    const [again] = readAt(
      "PORT  opens to larger ships. ** Other ** ",
      "2013-11-14T10:00:00.000Z",
      "Asia/Baku",
    );
    expect(again?.identity).toBe(first?.identity);
    const [later] = readAt(LIST, "2013-11-15T10:00:00.000Z", "Asia/Baku");
    expect(later?.identity).not.toBe(first?.identity);
  });

  test("TIM1 a date among the lines is the list's time and no headline", () => {
    const drafts = readAt(`2013-11-13 10:00 ** ${LIST}`, "2013-11-20T10:00:00.000Z");
    expect(drafts).toHaveLength(3);
    expect(drafts[0]).toMatchObject({
      versionCreated: "2013-11-13T10:00:00.000Z",
      identity: "port opens to larger ships 2013-11-13",
    });
  });

  test("PRV1 a line for editors is no headline", () => {
    expect(read(`${LIST}Eds: more at noon ** `).drafts).toHaveLength(3);
  });

  test.each([
    "Some **bold** words and **more**",
    "One headline ** only the start of a list",
    "* one\n* two\n* three **bold**\n",
    `${"A long paragraph. ".repeat(40)} ** another ** `,
    "<p>One ** two ** </p>",
    '["one ** two ** "]',
  ])("SNF %j is not taken for it", (text) => {
    try {
      expect(read(text).format).not.toBe("ticker-list");
    } catch (error) {
      expect(error).toBeInstanceOf(NewsLineError);
    }
  });

  test("TXT3 any damage gives a reading or a refusal", () => {
    expectToBearDamage(LIST, { format: "ticker-list" });
  });
});
