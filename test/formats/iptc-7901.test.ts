import { describe, expect, test } from "vitest";
import { NewsLineError } from "../../src/contract/errors.ts";
import type { SourceProfileInput } from "../../src/contract/profile.ts";
import { readDocument } from "../../workers/read.ts";
import { expectToBearDamage, FRAME, without } from "./damage.ts";
import { testProfile } from "./profile.ts";

const HEADER = "abc062 4 i 211 awp dpa 0123";
const BODY = [
  "   Riverton (Agency) - The council of the harbour town voted on Tuesday",
  "to open the port to larger ships from the spring, a plan that has been",
  "argued over for years.",
  "   The vote was close.",
];
const TRAILER = "131137 GMT Nov 13";

interface Parts {
  header?: string;
  slug?: string;
  head?: string[];
  body?: string[];
  trailer?: string;
}

/** A message as the standard frames it. */
function message({
  header = HEADER,
  slug = "Riverton-port/",
  head = ["Port opens to larger ships ="],
  body = BODY,
  trailer = TRAILER,
}: Parts = {}) {
  const lines = [`\u0001${header}`, slug, `\u0002${head.join("\r\n")}`, "", ...body, `\u0003`, trailer];
  return `${lines.join("\r\n")}\r\n\u007f\u007f\u007f\u0004`;
}

function read(text: string, profile: Partial<SourceProfileInput> = {}, charset: BufferEncoding = "utf8") {
  return readDocument(Buffer.from(text, charset), {
    profile: testProfile(profile),
    receivedAt: "2013-11-13T12:00:00.000Z",
  });
}

function one(text: string, profile: Partial<SourceProfileInput> = {}, charset: BufferEncoding = "utf8") {
  const { format, drafts } = read(text, profile, charset);
  expect(format).toBe("iptc-7901");
  expect(drafts).toHaveLength(1);
  const [draft] = drafts;
  if (draft === undefined) throw new Error("no draft");
  return draft;
}

const STORY = {
  headline: "Port opens to larger ships",
  slugline: "Riverton-port",
  urgency: 4,
  versionCreated: "2013-11-13T11:37:00.000Z",
  bodyText:
    "Riverton (Agency) - The council of the harbour town voted on Tuesday to open the port to larger ships from the spring, a plan that has been argued over for years.\n\nThe vote was close.",
};

describe("7901, the frame", () => {
  test("TXT2 IPTC1 header, slug line, headline, text and closing line are told apart", () => {
    const draft = one(message());
    expect(draft).toMatchObject({ ...STORY, firstCreated: STORY.versionCreated, pubStatus: "usable" });
    expect(draft).not.toHaveProperty("continues");
  });

  test.each([
    ["all control bytes are missing", (text: string) => without(text, FRAME)],
    [
      "DEL stands before every control byte",
      (text: string) => FRAME.reduce((rest, sign) => rest.replaceAll(sign, `\u007f${sign}`), text),
    ],
    ["ETX and EOT are missing", (text: string) => without(text, ["\u0003", "\u0004"])],
    [
      "the message ends without frame after its closing line",
      (text: string) => without(text, FRAME.slice(2)),
    ],
    ["STX is missing", (text: string) => text.replace("\u0002", "")],
    ["lines end in LF", (text: string) => text.replaceAll("\r", "")],
    ["lines end in CR CR LF", (text: string) => text.replaceAll("\r", "\r\r")],
    ["routing junk stands before it", (text: string) => `\u0016\u0016VZCZC junk 12\r\n+++\r\n${text}`],
    ["junk stands behind EOT", (text: string) => `${text}\r\nNNNN junk\r\n`],
    [
      "junk stands behind the closing line",
      (text: string) => `${without(text, FRAME.slice(2))}\r\nXX99 9\r\n`,
    ],
  ])("TXT2 IPTC10 it is read when %s", (_what, change) => {
    expect(one(change(message()))).toMatchObject(STORY);
  });

  test("TXT2 several messages of one file are several drafts in their order", () => {
    const second = message({
      header: "abc063 3 i 90 dpa 0124",
      slug: "Hilltown-bridge/",
      head: ["Bridge closed ="],
    });
    for (const file of [message() + second, without(message() + second, FRAME)]) {
      const { drafts } = read(file);
      expect(drafts.map(({ headline }) => headline)).toEqual(["Port opens to larger ships", "Bridge closed"]);
      expect(drafts.map(({ bodyText }) => bodyText)).toEqual([STORY.bodyText, STORY.bodyText]);
    }
  });

  test("TXT3 WIRE23 no control character is left, in words, between words or in the headline", () => {
    const body = ["   The har\u0008bour\u001fcouncil\u001emet\u0010.\u007f"];
    expect(one(message({ head: ["Port\u001f opens\u0010 ="], body }))).toMatchObject({
      headline: "Port opens",
      bodyText: "The harbour council met .",
    });
  });

  test("URG1 the priority digit is the urgency, a profile's map outranks it", () => {
    expect(one(message({ header: "abc062 1 i 21" })).urgency).toBe(1);
    expect(one(message({ header: "abc062 1 i 21" }), { urgencyMap: { "1": 3 } }).urgency).toBe(3);
  });

  test("REV1 IPTC4 a message is named by service, number, day and slug", () => {
    const own = one(message()).identity;
    expect(own).toBe("abc062 2013-11-13 Riverton-port");
    expect(one(message({ body: ["   Other text."] })).identity).toBe(own);
    expect(one(message({ trailer: "141137 GMT Nov 13" })).identity).not.toBe(own);
    expect(one(message({ header: HEADER.replace("062", "063") })).identity).not.toBe(own);
  });
});

describe("7901, the head", () => {
  test.each([
    [["EXTRA", "Port opens ="], "Port opens", undefined],
    [["EXTRA", "Port opens", "By Jane Doe, dpa ="], "Port opens", "By Jane Doe, dpa"],
    [["Port opens", "Von Max Muster, dpa ="], "Port opens", "Von Max Muster, dpa"],
    [["(Eil)", "Port opens ="], "Port opens", undefined],
    [["Port opens =", "By Jane Doe ="], "Port opens", "By Jane Doe"],
    [["By the river, a port opens ="], "By the river, a port opens", undefined],
    [["", "Port opens="], "Port opens=", undefined],
    [["Port opens"], "Port opens", undefined],
    [["EXTRA", "Port opens"], "Port opens", undefined],
    [
      ["Port of the harbour town opens to much larger ships from spring, the", "council decides ="],
      "Port of the harbour town opens to much larger ships from spring, the council decides",
      undefined,
    ],
  ])("TXT1 IPTC8 the head %j has the headline %j", (head, headline, byline) => {
    const draft = one(message({ head }));
    expect(draft.headline).toBe(headline.replace(/=$/u, ""));
    expect(draft.byline).toBe(byline);
    expect(draft.bodyText).toBe(STORY.bodyText);
  });

  test("TXT1 a message without a headline has its first sentence", () => {
    const draft = one(message({ head: [""] }));
    expect(draft.headline).toContain("The council of the harbour town voted");
    expect(draft.bodyText).toBe(STORY.bodyText);
    expect(draft.notes.some(({ rule }) => rule.includes("first sentence"))).toBe(true);
  });

  test("TXT1 IPTC9 the slug line's outer slashes are marks, inner ones are not", () => {
    expect(one(message({ slug: "/Riverton/port/" })).slugline).toBe("Riverton/port");
  });

  test("TXT1 IPTC13 typewriter quotes and dashes are shown as “ ” and —", () => {
    expect(
      one(message({ head: ["``Port'' opens ="], body: ["   ``We open,'' he said _ at last."] })),
    ).toMatchObject({
      headline: "“Port” opens",
      bodyText: "“We open,” he said — at last.",
    });
  });
});

describe("7901, times and characters", () => {
  test.each([
    ["131137 GMT Nov 13", "2013-11-13T11:37:00.000Z"],
    ["131137 GMT Nov 2013", "2013-11-13T11:37:00.000Z"],
    ["131137 Nov 13 GMT", "2013-11-13T11:37:00.000Z"],
    ["131137 Okt 13", "2013-10-13T09:37:00.000Z"],
    ["131137 Dez 13", "2013-12-13T10:37:00.000Z"],
    ["131137 GMT Set 13", "2013-09-13T11:37:00.000Z"],
    ["131137 GMT Oktyabr 13", "2013-10-13T11:37:00.000Z"],
    ["dpa ab yyzz n1 cd 131137 Nov 13", "2013-11-13T10:37:00.000Z"],
    ["311137 GMT Nov 13", undefined],
    ["132537 GMT Nov 13", undefined],
    ["YYMMDD", undefined],
  ])("TIM1 IPTC11 the closing line %j is %s", (trailer, instant) => {
    const draft = one(message({ trailer }), { zone: "Europe/Berlin" });
    expect(draft.versionCreated).toBe(instant);
    expect(draft.firstCreated).toBe(instant);
    expect(draft.bodyText).toBe(STORY.bodyText);
  });

  test("TIM1 IPTC11 a time inside the text is none of the message's", () => {
    const body = [
      ...BODY,
      "   The log says",
      "121137 GMT Nov 13",
      ...Array.from({ length: 9 }, () => "   More."),
    ];
    expect(one(message({ body }))).toMatchObject({ versionCreated: STORY.versionCreated });
  });

  test("TXT2 IPTC6 Latin-1 without a label is read", () => {
    expect(one(message({ head: ["Häfen öffnen ="] }), {}, "latin1").headline).toBe("Häfen öffnen");
  });

  test("TXT2 IPTC6 a national 7-bit code is read as its letters", () => {
    const head = ["H{fen f}r gro~e Schiffe ="];
    expect(one(message({ head })).headline).toBe("Häfen für große Schiffe");
    expect(one(message({ head: ["Hamnen |ppnar f|r st|rre fartyg ="] }), { language: "sv" }).headline).toBe(
      "Hamnen öppnar för större fartyg",
    );
    expect(one(message({ head: ["Use {x} or [y] ="] })).headline).toBe("Use {x} or [y]");
  });
});

describe("7901, private text", () => {
  test.each([
    [["# Notebook", "", "## Editorial contacts", "Phone 1"]],
    [["# dpa NOTEBOOK", "Phone 1"]],
    [["* * * *", "The following information is not intended for publication", "Phone 1"]],
    [["* * * *", "Phone 1"]],
    [["The following information is not for publication", "Phone 1"]],
  ])("PRV1 IPTC3 what follows %j goes to the editors", (lines) => {
    for (const body of [
      [...BODY, "", ...lines],
      [...BODY, ...lines],
    ]) {
      const draft = one(message({ body }));
      expect(draft.bodyText).toBe(STORY.bodyText);
      expect(draft.edNote).toContain("Phone 1");
    }
  });

  test("PRV1 WIRE9 the closing desk line goes to the editors", () => {
    const draft = one(message({ body: [...BODY, "hh/ph/ts/hd"] }));
    expect(draft).toMatchObject({ bodyText: STORY.bodyText, edNote: "hh/ph/ts/hd" });
  });

  test("PRV1 a profile can switch the four asterisks off", () => {
    const body = ["   One.", "* * * *", "   Two."];
    const draft = one(message({ body }), { habitsOff: ["not-for-publication"] });
    expect(draft.bodyText).toContain("Two.");
  });
});

describe("7901, words", () => {
  test.each([
    [{ slug: "Riverton-port/LEAD/" }, "update"],
    [{ slug: "Riverton-port/2nd Lead/" }, "update"],
    [{ slug: "Riverton-port/ADD 1/" }, "update"],
    [{ slug: "Riverton-port/CORRECTION/" }, "correction"],
    [{ head: ["1st LEAD", "Port opens to larger ships ="] }, "update"],
    [{ head: ["CORRECTION: Port opens to larger ships ="] }, "correction"],
    [{ head: ["UPDATE 2-Port opens to larger ships ="] }, "update"],
    [{ head: ["(Berichtigung)", "Port opens to larger ships ="] }, "correction"],
  ])("REV3 IPTC5 %j continues an earlier story under the same key", (parts, change) => {
    expect(one(message(parts))).toMatchObject({ continues: true, change, storyKey: "Riverton-port" });
  });

  test("REV3 IPTC5 a repeat is the same story and no change", () => {
    const draft = one(message({ slug: "Riverton-port/REPEAT/" }));
    expect(draft).toMatchObject({ continues: true, storyKey: "Riverton-port" });
    expect(draft.change).toBeUndefined();
  });

  test.each([
    [{ slug: "Riverton-port/KILL/" }, "canceled"],
    [{ slug: "Riverton-port", head: ["KILL ="] }, "canceled"],
    [{ slug: "Riverton-port", head: ["BULLETIN KILL", "Port opens ="] }, "canceled"],
    [{ slug: "Advisory", head: ["KILL: Riverton-port ="] }, "canceled"],
    [{ slug: "Riverton-port/HOLD/" }, "withheld"],
    [{ slug: "Riverton-port/WITHDRAWAL/" }, "canceled"],
  ])("KIL2 IPTC5 %j acts on the slug and is no story", (parts, status) => {
    const draft = one(message({ ...parts, body: ["   Editors: do not use."] }));
    expect(draft.noticeOnly).toBe(true);
    expect(draft.actsOn).toContainEqual({ slug: "Riverton-port", status });
  });

  test("KIL2 IPTC5 a kill that names no story waits for an editor", () => {
    const draft = one(message({ slug: "KILL/", head: ["KILL ="], body: ["   Please withdraw it."] }));
    expect(draft).toMatchObject({ pubStatus: "withheld" });
    expect(draft.noticeOnly).toBeUndefined();
  });

  test.each([
    { slug: "Police-kill/", head: ["Police kill a bear ="] },
    { slug: "POLICE-KILL/", head: ["Police kill a bear ="] },
    { slug: "Market/", head: ["Hold or sell? Brokers argue ="] },
    { slug: "Market/", head: ["Withdrawal from the harbour treaty begins ="] },
  ])("KIL2 IPTC15 the same words as news are a story: %j", (parts) => {
    expect(one(message(parts)).actsOn).toBeUndefined();
  });

  test.each([
    { slug: "Riverton-port/EMBARGO/" },
    { head: ["EMBARGOED until 1800 GMT", "Port opens ="] },
    { head: ["EMBARGO: Port opens ="] },
    { body: ["Embargoed until Friday 18:00", "", ...BODY] },
  ])("EMB2 IPTC5 an embargo told in words holds it: %j", (parts) => {
    expect(one(message(parts)).embargoOpen).toBe("words");
  });
});

describe("7901, what it is not", () => {
  test.each([
    "Plain words about abc062 4 i 211 and the port.\n\nMore.\n",
    "abc 12 4 i\nPlain text",
    "<html><body>abc062 4 i 211 awp =</body></html>",
    '{"abc062": 4}',
  ])("SNF %j is not taken for it", (text) => {
    try {
      expect(read(text).format).not.toBe("iptc-7901");
    } catch (error) {
      expect(error).toBeInstanceOf(NewsLineError);
    }
  });

  test.each([
    [
      "a story larger than an item may be",
      message({ body: ["   The port opens and ships come in.\n".repeat(9000)] }),
    ],
    ["a flood of lines", `\u0001${HEADER}\n${"^\n".repeat(100_000)}`],
    ["a file of many megabytes", `\u0001${HEADER}\n${"x".repeat(5_000_000)}`],
  ])("SNF %s is refused before work is spent on it", (_what, text) => {
    expect(() => read(text)).toThrow(
      /larger than 256 KB|more than (?:30,000 lines|[24],000,000 characters)/u,
    );
  });

  test("TXT3 any damage gives a reading or a refusal", () => {
    expectToBearDamage(message() + message({ header: "abc063 4 i 22" }), { format: "iptc-7901" });
  });
});
