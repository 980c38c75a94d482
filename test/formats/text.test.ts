import { describe, expect, test } from "vitest";
import { NewsLineError } from "../../src/contract/errors.ts";
import { expectToBearDamage } from "./damage.ts";
import { read } from "./profile.ts";

const STORY = [
  "Port opens to larger ships",
  "",
  "RIVERTON (Agency) - The council of the harbour town voted on Tuesday to",
  "open the port to larger ships from the spring, a plan that was argued",
  "over for years.",
  "",
  "The vote was close.",
].join("\n");
const BODY =
  "RIVERTON (Agency) - The council of the harbour town voted on Tuesday to open the port to larger ships from the spring, a plan that was argued over for years.\n\nThe vote was close.";
const plain = { contentType: "text/plain; charset=utf-8" };

function one(text: string, options: Parameters<typeof read>[1] = plain) {
  const { format, drafts } = read(text, options);
  expect(format).toBe("text");
  expect(drafts).toHaveLength(1);
  const [draft] = drafts;
  if (draft === undefined) throw new Error("no draft");
  return draft;
}

describe("plain text of unwrapped lines", () => {
  test("TXT2 lines that all end a sentence are paragraphs, however wide they are", () => {
    const lines = ["The council voted.", "It was calm, the mayor said.", "Work begins in spring."];
    expect(one(["Port opens", "", ...lines].join("\n"))?.bodyText).toBe(lines.join("\n\n"));
    const wide = lines.map((line) => `The plan for the port was argued over for many long years. ${line}`);
    expect(one(["Port opens", "", ...wide].join("\n"))?.bodyText).toBe(wide.join("\n\n"));
  });

  test("TXT2 two lines of a usual width are one paragraph though the first ends a sentence", () => {
    const lines = [
      "The council of Riverton voted for the plan on Tuesday evening.",
      "It took nine votes to six, and work begins in the spring.",
    ];
    expect(one(["Port opens", "", ...lines].join("\n"))?.bodyText).toBe(lines.join(" "));
  });

  test("TXT3 U+2029 ends a paragraph and U+2028 a line", () => {
    const draft = one("Port opens\u2029The council voted\u2028of Riverton\u2028for the plan.");
    expect(draft).toMatchObject({
      headline: "Port opens",
      bodyText: "The council voted of Riverton for the plan.",
    });
  });
});

describe("plain text", () => {
  test("TXT1 TEXT2 the first paragraph is the headline, the rest is the text", () => {
    expect(one(STORY)).toMatchObject({
      headline: "Port opens to larger ships",
      bodyText: BODY,
      pubStatus: "usable",
    });
    expect(one(STORY, { profile: { format: "text" } })).toMatchObject({ bodyText: BODY });
  });

  test("TXT1 TEXT2 the first line is the headline where no blank line stands below it", () => {
    expect(one(STORY.replace("\n\n", "\n"))).toMatchObject({
      headline: "Port opens to larger ships",
      bodyText: BODY,
    });
  });

  test("TXT1 TEXT2 a headline may be wrapped", () => {
    const wrapped = STORY.replace(
      "Port opens to larger ships",
      "Port of the harbour town of Riverton opens to much larger ships, the\ncouncil decides",
    );
    expect(one(wrapped).headline).toBe(
      "Port of the harbour town of Riverton opens to much larger ships, the council decides",
    );
  });

  test("TXT1 TEXT2 a text without a headline has its first sentence", () => {
    expect(one("The port opens. Ships come.")).toMatchObject({
      headline: "The port opens.",
      bodyText: "The port opens. Ships come.",
    });
    const long = `${"The port opens and ".repeat(20)}ships come. It rains.`;
    expect(one(long).bodyText).toBe(long);
  });

  test("TXT2 a headline alone is enough", () => {
    expect(one("Port opens\n")).not.toHaveProperty("bodyText");
  });

  test("PRV1 a note to editors is neither headline nor text", () => {
    const draft = one(`Eds: moves on Friday\n\n${STORY}\n\nNot for publication\n\nPhone 1`);
    expect(draft).toMatchObject({ headline: "Port opens to larger ships", bodyText: BODY });
    expect(draft.edNote).toContain("moves on Friday");
    expect(draft.edNote).toContain("Phone 1");
  });

  test("EMB2 an embargo in the first line holds it and is no headline", () => {
    const draft = one(`EMBARGOED until 10:00 on Friday\n\n${STORY}`);
    expect(draft).toMatchObject({ headline: "Port opens to larger ships", embargoOpen: "words" });
    expect(one(`EMBARGOED: ${STORY}`)).toMatchObject({
      headline: "EMBARGOED: Port opens to larger ships",
      embargoOpen: "words",
    });
  });

  test("TXT1 words of change stay in the headline and are understood", () => {
    expect(one(`UPDATE 2-${STORY}`)).toMatchObject({
      headline: "UPDATE 2-Port opens to larger ships",
      change: "update",
    });
  });

  test("SNF TEXT1 without a profile or a media type that says so it is refused", () => {
    expect(() => read(STORY)).toThrow(NewsLineError);
    expect(() => read(STORY, { contentType: "application/octet-stream" })).toThrow(NewsLineError);
  });

  test("SNF a text for editors only is refused", () => {
    expect(() => one("Not for publication\n\nPhone 1")).toThrow(NewsLineError);
  });

  test("TXT3 any damage gives a reading or a refusal", () => {
    expectToBearDamage(STORY, { format: "text" });
  });
});
