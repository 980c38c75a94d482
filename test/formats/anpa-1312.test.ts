import { describe, expect, test } from "vitest";
import { NewsLineError } from "../../src/contract/errors.ts";
import type { SourceProfileInput } from "../../src/contract/profile.ts";
import { readDocument } from "../../workers/read.ts";
import { expectToBearDamage, FRAME, without } from "./damage.ts";
import { testProfile } from "./profile.ts";

const NUMBER = "w2870\u001fxyzwf-----";
const KEYWORD = "r i \u0013\u0011 bc-RIV--Port-Ships1stLd-W 11-13 0416";
const HEAD = [
  "^BC-RIV--Port-Ships, 1st Ld-Writethru,416<",
  "^Port opens to larger ships<",
  "^Eds: With photos. Adds quotes.<",
  "^By JANE DOE=",
  "^Wire Press Writer=",
];
const BODY = [
  "\tRIVERTON (WP) _ ``We open the port,'' the mayor said on Tuesday.<",
  "\tThe vote was close, and the council of the harbour town will meet once",
  "more in the spring.<",
];
const TRAILER = "XX-WF-11-13-13 1509GMT<";

interface Parts {
  number?: string;
  keyword?: string;
  head?: string[];
  body?: string[];
  trailer?: string;
}

function message({
  number = NUMBER,
  keyword = KEYWORD,
  head = HEAD,
  body = BODY,
  trailer = TRAILER,
}: Parts = {}) {
  const lines = [
    `\u0016\u0016\u0001${number}`,
    keyword,
    `\u0002${[...head, ...body].join("\r\n")}`,
    `\u0003${trailer}`,
  ];
  return `${lines.join("\r\n")}\r\n\f\u0004`;
}

function read(text: string, profile: Partial<SourceProfileInput> = {}) {
  return readDocument(Buffer.from(text), {
    profile: testProfile(profile),
    receivedAt: "2013-11-13T16:00:00.000Z",
  });
}

function one(text: string, profile: Partial<SourceProfileInput> = {}) {
  const { format, drafts } = read(text, profile);
  expect(format).toBe("anpa-1312");
  expect(drafts).toHaveLength(1);
  const [draft] = drafts;
  if (draft === undefined) throw new Error("no draft");
  return draft;
}

const STORY = {
  headline: "Port opens to larger ships",
  slugline: "BC-RIV--Port-Ships, 1st Ld-Writethru",
  storyKey: "RIV--Port-Ships",
  urgency: 5,
  byline: "By JANE DOE",
  edNote: "Eds: With photos. Adds quotes.",
  versionCreated: "2013-11-13T15:09:00.000Z",
  bodyText:
    "RIVERTON (WP) — “We open the port,” the mayor said on Tuesday.\n\nThe vote was close, and the council of the harbour town will meet once more in the spring.",
};

describe("ANPA, the frame", () => {
  test("TXT2 ANPA1 number, keyword, header lines, text and closing line are told apart", () => {
    expect(one(message())).toMatchObject({
      ...STORY,
      firstCreated: STORY.versionCreated,
      pubStatus: "usable",
    });
  });

  const controls = [...FRAME, "\u0013", "\u0011", "\u0016"];
  test.each([
    ["all control bytes are missing", (text: string) => without(text, [...controls, "\u001f", "\f"])],
    ["only the unit separator is left", (text: string) => without(text, controls)],
    [
      "DEL stands before every control byte",
      (text: string) => controls.reduce((t, c) => t.replaceAll(c, `\u007f${c}`), text),
    ],
    ["ETX and EOT are missing", (text: string) => without(text, ["\u0003", "\u0004"])],
    ["STX is missing", (text: string) => without(text, ["\u0002"])],
    ["ETX stands on a line of its own", (text: string) => text.replace("\u0003", "\u0003\r\n")],
    ["lines end in LF", (text: string) => text.replaceAll("\r", "")],
    ["tabs have become blanks", (text: string) => text.replaceAll("\t", "     ")],
    ["junk stands around it", (text: string) => `junk 1\r\n${text}\r\njunk 2`],
    ["header lines have no end marks", (text: string) => text.replaceAll("<", "").replaceAll("=", "")],
  ])("TXT2 ANPA1 it is read when %s", (_what, change) => {
    expect(one(change(message()))).toMatchObject(STORY);
  });

  test("TXT2 several messages of one file are several drafts in their order", () => {
    const second = message({
      number: "w2871\u001fxyz",
      keyword: "r i \u0013\u0011 bc-Bridge 11-13 0020",
      head: ["^BC-Bridge,20<", "^Bridge closed<"],
    });
    for (const file of [message() + second, without(message() + second, controls)]) {
      expect(read(file).drafts.map(({ headline }) => headline)).toEqual([STORY.headline, "Bridge closed"]);
    }
  });

  test("REV1 a message is named by service, number, day and slug", () => {
    const own = one(message()).identity;
    expect(own).toBe("w2870 2013-11-13 RIV--Port-Ships");
    expect(one(message({ trailer: "XX-11-14-13 1509GMT" })).identity).not.toBe(own);
    expect(one(message({ number: "w2871\u001fxyz" })).identity).not.toBe(own);
  });

  test.each([
    ["XX-WF-11-13-13 1509GMT", "2013-11-13T15:09:00.000Z"],
    ["11-13-13 1509EST", "2013-11-13T20:09:00.000Z"],
    ["XX-WF-11-13-13 1509", "2013-11-13T14:09:00.000Z"],
    ["XX-WF-13-13-13 1509GMT", undefined],
    ["", undefined],
  ])("TIM1 ANPA9 the closing line %j is %s", (trailer, instant) => {
    const draft = one(message({ trailer }), { zone: "Europe/Berlin" });
    expect([draft.firstCreated, draft.versionCreated]).toEqual([instant, instant]);
  });
});

describe("ANPA, header lines", () => {
  test("TXT1 ANPA8 without `^` lines the first line is the headline", () => {
    const draft = one(message({ head: ["Port opens to larger ships"], keyword: KEYWORD }));
    expect(draft).toMatchObject({
      headline: STORY.headline,
      bodyText: STORY.bodyText,
      storyKey: STORY.storyKey,
    });
    const bare = one(
      message({ head: ["Port opens to larger ships"], body: ["The vote was close.", "", "It rained."] }),
    );
    expect(bare).toMatchObject({ headline: STORY.headline, bodyText: "The vote was close.\n\nIt rained." });
  });

  test("TXT2 ANPA8 without tab lines the `^` lines behind the headline are text, line by line", () => {
    const body = ["^City High Low<", "^Riverton 10 2<", "^Hilltown 8 1<"];
    const draft = one(message({ head: ["^BC-Weather,20<", "^Weather table<"], body }));
    expect(draft).toMatchObject({
      headline: "Weather table",
      bodyText: "City High Low\nRiverton 10 2\nHilltown 8 1",
    });
  });

  test("TXT2 ANPA10 a tabular text keeps its lines", () => {
    const body = ["\tRiverton\u001f\u001f10\u001f2", "\tHilltown\u001f\u001f8\u001f1"];
    const draft = one(message({ keyword: KEYWORD.replace("\u0011", "\u0012"), body }));
    expect(draft.bodyText).toBe("Riverton 10 2\nHilltown 8 1");
  });

  test("TXT2 a header line inside the text is a paragraph of it", () => {
    const draft = one(message({ body: [...BODY, "^Online:=", "\tMore at the port.<", "\t___<"] }));
    expect(draft.bodyText).toBe(`${STORY.bodyText}\n\nOnline:\n\nMore at the port.`);
  });

  test("PRV1 ANPA13 an `Eds:` line goes to the editors with the lines in which it goes on", () => {
    const head = [
      "^BC-Port,416<",
      "^Port opens<",
      "^Eds: Adds quotes",
      "from the mayor.<",
      "^AP Photos XY101-104<",
    ];
    const draft = one(message({ head }));
    expect(draft.edNote).toBe("Eds: Adds quotes from the mayor.\n\nAP Photos XY101-104");
    expect(draft.bodyText).toBe(STORY.bodyText);
  });

  test("TXT1 an alert without a headline has its first sentence", () => {
    const draft = one(
      message({ keyword: "b i \u0013\u0011 bc-APNewsAlert 11-13 0010", head: ["^BC-APNewsAlert,10<"] }),
    );
    expect(draft.headline).toBe("“We open the port,” the mayor said on Tuesday.");
  });
});

describe("ANPA, urgency", () => {
  test.each([
    ["f", 3],
    ["b", 3],
    ["u", 4],
    ["r", 5],
    ["d", 6],
    ["a", 6],
    ["q", undefined],
  ])("URG1 ANPA4 the letter %s alone gives %s, never a flash", (letter, urgency) => {
    expect(one(message({ keyword: KEYWORD.replace(/^r/u, letter) })).urgency).toBe(urgency);
  });

  test("URG1 ANPA5 an alert is a bulletin, and a flash when its letter says so", () => {
    const alert = (letter: string) =>
      one(
        message({
          keyword: `${letter} i \u0013\u0011 bc-APNewsAlert 11-13 0010`,
          head: ["^BC-APNewsAlert,10<"],
        }),
      ).urgency;
    expect([alert("b"), alert("u"), alert("f")]).toEqual([2, 2, 1]);
  });

  test("URG1 ANPA4 the profile's map outranks the letter", () => {
    const keyword = KEYWORD.replace(/^r/u, "F");
    expect(one(message({ keyword }), { urgencyMap: { f: 1 } }).urgency).toBe(1);
  });
});

describe("ANPA, words", () => {
  test.each([
    ["BC-RIV--Port-Ships, 1st Ld-Writethru,416", "update"],
    ["BC-RIV--Port-Ships, 2nd Ld,416", "update"],
    ["PM-RIV--Port-Ships, 3rd Add,41", "update"],
    ["BC-RIV--Port-Ships, CORRECTION,41", "correction"],
  ])("REV3 ANPA15 %j continues an earlier story under the same key", (slug, change) => {
    const draft = one(message({ head: [`^${slug}<`, "^Port opens<"] }));
    expect(draft).toMatchObject({ continues: true, change, storyKey: "RIV--Port-Ships" });
  });

  test("REV3 ANPA3 the keyword is squeezed, its take is read all the same", () => {
    const draft = one(
      message({ head: ["^Port opens<"], keyword: "r i \u0013\u0011 bc-RIV--Port-Ships1stLd 11-13 0416" }),
    );
    expect(draft).toMatchObject({ continues: true, change: "update", storyKey: "RIV--Port-Ships" });
  });

  test("COR1 ANPA15 a note that begins with CORRECTS makes it a correction", () => {
    const head = ["^BC-Port, 1st Ld-Writethru,416<", "^Port opens<", "^Eds: CORRECTS name of mayor.<"];
    expect(one(message({ head })).change).toBe("correction");
  });

  test.each([
    ["BC-RIV--Port-Ships, KILL,50", "Kill note"],
    ["BC-RIV--Port-Ships,50", "BULLETIN KILL"],
    ["BC-Advisory,50", "MANDATORY KILL"],
  ])("KIL2 ANPA14 %j with the headline %j acts on the slug and is no story", (slug, headline) => {
    const body = ["\tEditors: Kill the story slugged BC-RIV--Port-Ships. It is wrong.<"];
    const draft = one(
      message({
        keyword: "b i \u0013\u0011 bc-RIV--Port-ShipsKILL 11-13 50",
        head: [`^${slug}<`, `^${headline}<`],
        body,
      }),
    );
    expect(draft.noticeOnly).toBe(true);
    expect(draft.actsOn).toContainEqual({ slug: "RIV--Port-Ships", status: "canceled" });
  });

  test.each([
    [["^BC-Port,416<", "^Port opens<", "^For release Sunday, Nov. 17, and thereafter<"]],
    [["^BC-Port,416<", "^Port opens<", "^Eds: EMBARGOED until 6 p.m.<"]],
    [["^BC-Port, EMBARGO,416<", "^Port opens<"]],
  ])("EMB2 an embargo told in words holds it: %j", (head) => {
    expect(one(message({ head })).embargoOpen).toBe("words");
  });
});

describe("ANPA, what it is not", () => {
  test.each(["w2870 is a number.\n\nr i bc-Port is none.\n", "a1234\nplain text", "<p>w2870</p>"])(
    "SNF %j is not taken for it",
    (text) => {
      try {
        expect(read(text).format).not.toBe("anpa-1312");
      } catch (error) {
        expect(error).toBeInstanceOf(NewsLineError);
      }
    },
  );

  test("TXT3 any damage gives a reading or a refusal", () => {
    expectToBearDamage(message() + message({ number: "w2871\u001fxyz" }), { format: "anpa-1312" });
  });
});
