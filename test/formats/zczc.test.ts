import { describe, expect, test } from "vitest";
import { NewsLineError } from "../../src/contract/errors.ts";
import type { SourceProfileInput } from "../../src/contract/profile.ts";
import { readDocument } from "../../workers/read.ts";
import { expectToBearDamage } from "./damage.ts";
import { testProfile } from "./profile.ts";

const HEAD = ["#Riverton Port", "$Port opens to larger ships", ":", "@", "%d", "*", "&A", "~"];
const BODY = [
  "The council of the harbour town voted on Tuesday evening to open the",
  "port to larger ships from the spring, a plan that has been argued over",
  "for years.",
  "",
  "The vote was close.",
];

function message(head = HEAD, body = BODY, opening = "ZCZC"): string {
  return [opening, ...head, "", ...body, "NNNN", ""].join("\r\n");
}

function read(text: string, profile: Partial<SourceProfileInput> = {}) {
  return readDocument(Buffer.from(text), {
    profile: testProfile(profile),
    receivedAt: "2013-11-13T12:00:00.000Z",
  });
}

function one(text: string, profile: Partial<SourceProfileInput> = {}) {
  const { format, drafts } = read(text, profile);
  expect(format).toBe("zczc");
  expect(drafts).toHaveLength(1);
  const [draft] = drafts;
  if (draft === undefined) throw new Error("no draft");
  return draft;
}

const STORY = {
  headline: "Port opens to larger ships",
  slugline: "Riverton Port",
  storyKey: "Riverton Port",
  bodyText:
    "The council of the harbour town voted on Tuesday evening to open the port to larger ships from the spring, a plan that has been argued over for years.\n\nThe vote was close.",
};

describe("ZCZC, the frame", () => {
  test.each([
    ["as it should be", (text: string) => text],
    ["without NNNN", (text: string) => text.replace("NNNN", "")],
    ["without ZCZC", (text: string) => text.replace("ZCZC", "")],
    ["with junk around it", (text: string) => `xx 12\r\n${text}\r\njunk`],
    [
      "with control bytes in it",
      (text: string) => text.replace("ZCZC", "\u0002ZCZC\u0010").replace("vote was", "vo\u0008te\u001fwas"),
    ],
    [
      "with NNNN on the last line of the text",
      (text: string) => text.replace("close.\r\nNNNN", "close. NNNN"),
    ],
  ])("TXT2 ZCZC5 a message is read %s", (_what, change) => {
    expect(one(change(message()))).toMatchObject(STORY);
  });

  test("TXT2 ZCZC5 several stories of one file are several drafts in their order, also when an NNNN is lost", () => {
    const file = message() + message(["$Bridge closed"]) + message(["$Tower falls"]);
    for (const text of [file, file.replace("NNNN", ""), file.replaceAll("\r\n", "\n")]) {
      expect(read(text).drafts.map(({ headline }) => headline)).toEqual([
        STORY.headline,
        "Bridge closed",
        "Tower falls",
      ]);
    }
  });

  test("REV1 a number behind ZCZC names the message of that day", () => {
    expect(one(message(HEAD, BODY, "ZCZC ABC123")).identity).toBe("ABC123 2013-11-13 Riverton Port");
    expect(one(message()).identity).toBeUndefined();
  });
});

describe("ZCZC, header lines", () => {
  test("TXT1 ZCZC3 empty header lines are ignored", () => {
    const draft = one(message(["#", "$Port opens", ":", "*"]));
    expect(draft.headline).toBe("Port opens");
    expect(draft).not.toHaveProperty("slugline");
    expect(draft).not.toHaveProperty("subjects");
  });

  test("TXT2 a city in brackets and a place give the dateline, a subject the subjects", () => {
    expect(one(message([...HEAD, ":(RIVERTON)", "*Shipping"]))).toMatchObject({
      dateline: "RIVERTON",
      subjects: ["Shipping"],
    });
    expect(one(message(["$Port opens", "@Riverton"]))).toMatchObject({ dateline: "Riverton" });
  });

  test("TXT2 ZCZC4 a star with a blank is a bullet", () => {
    const draft = one(message(HEAD, ["* One point.", "* Another point."]));
    expect(draft.bodyText).toBe("* One point.\n\n* Another point.");
  });

  test("TXT2 ZCZC4 the same signs inside the text are text", () => {
    const body = ["$5 million is the price.", "", "#port was the word of the day.", "", "@harbour wrote it."];
    expect(one(message(HEAD, body)).bodyText).toBe(body.join("\n"));
  });

  test("PRV1 a notebook right below the head is private", () => {
    const draft = one(message(HEAD, ["# Notebook", "Phone 1"]));
    expect(draft).not.toHaveProperty("bodyText");
    expect(draft.edNote).toContain("Phone 1");
  });

  test.each([
    [":1ST LEAD", "update"],
    [":CORRECTION", "correction"],
    [":ADD 1", "update"],
  ])("REV3 the take key %j continues an earlier story", (key, change) => {
    expect(one(message([...HEAD, key]))).toMatchObject({
      continues: true,
      change,
      storyKey: "Riverton Port",
    });
  });

  test("KIL2 a kill as take key acts on the slug", () => {
    const draft = one(message([...HEAD, ":KILL"], ["Editors: please kill the story."]));
    expect(draft).toMatchObject({
      noticeOnly: true,
      actsOn: [{ slug: "Riverton Port", status: "canceled" }],
    });
  });

  test("EMB2 an embargo in the take key holds it", () => {
    expect(one(message([...HEAD, ":EMBARGO 1800"])).embargoOpen).toBe("words");
  });
});

describe("ZCZC without header lines", () => {
  const codes = ["XCI36612_XYZ_QBXB", "R CRO S0A QBXB"];

  test("TXT1 ZCZC6 codes are left out, a block of its own is the headline, the closing line gives the time", () => {
    const text = [
      "ZCZC8042/XYZ",
      ...codes,
      "  Port opens to larger ships",
      "",
      ...BODY,
      "",
      "13-NOV-13 15:09 NNNN",
    ].join("\n");
    expect(one(text, { zone: "Europe/Rome" })).toMatchObject({
      headline: STORY.headline,
      bodyText: STORY.bodyText,
      versionCreated: "2013-11-13T14:09:00.000Z",
      identity: "8042/XYZ 2013-11-13",
    });
  });

  test("TXT1 ZCZC6 where the text begins at once its first sentence is the headline", () => {
    const text = ["ZCZC", ...codes, "RIVERTON, 13 NOV - The port opens. Ships come.", "NNNN"].join("\n");
    expect(one(text)).toMatchObject({
      headline: "The port opens.",
      bodyText: "RIVERTON, 13 NOV - The port opens. Ships come.",
    });
  });
});

describe("ZCZC, what it is not", () => {
  test.each(["The story of ZCZC and NNNN\n\nMore.", "<p>ZCZC</p>", "# Title\n\n* one\n* two\n"])(
    "SNF %j is not taken for it",
    (text) => {
      try {
        expect(read(text).format).not.toBe("zczc");
      } catch (error) {
        expect(error).toBeInstanceOf(NewsLineError);
      }
    },
  );

  test("TXT3 any damage gives a reading or a refusal", () => {
    expectToBearDamage(message() + message(["$Bridge closed"]), { format: "zczc" });
  });
});
