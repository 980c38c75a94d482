import { describe, expect, test } from "vitest";
import { read } from "./profile.ts";

const [SOH, STX, ETX, EOT, FF] = ["\u0001", "\u0002", "\u0003", "\u0004", "\f"];
const DATELINE = "RIVERTON, Nov. 13 (Agency) - ";
const LINES = [
  "The harbour council of Riverton voted on Tuesday to open the port to",
  "larger ships from the spring, a plan that was argued over for years.",
];
const TEXT = LINES.join(" ");

function only(text: string, profile: object = {}) {
  const { drafts } = read(text, { profile: { zone: "UTC", ...profile } });
  expect(drafts).toHaveLength(1);
  return drafts[0];
}

function plain(...paragraphs: string[]) {
  return only(["Port opens", ...paragraphs].join("\n\n"), { format: "text" });
}

function zczc(...lines: string[]) {
  return only(["ZCZC", ...lines, "NNNN"].join("\r\n"));
}

function iptc7901(slug: string, ...lines: string[]) {
  const head = `${SOH}abc0123 4 pl 211 xyz 0456\r\n\r\n${slug}\r\n${STX}`;
  return only(`${head}${lines.join("\r\n")}\r\n${ETX}131137 GMT Nov 13\r\n${EOT}`);
}

function anpa(keyword: string, ...lines: string[]) {
  const head = `${SOH}w2870\u001f-----\r\nr i \u0013\u0011${keyword} 11-13 0416\r\n${STX}`;
  return only(`${head}${lines.join("\r\n")}\r\n${ETX}\r\nXX-WF-11-13-13 1509GMT${FF}${EOT}`);
}

describe("end marks", () => {
  test.each([
    "-0-",
    "(END)",
    "ENDS",
    "- END -",
    "// ends //",
    "(ENDS/2013)",
    "-30-",
    "###",
    "=",
    "<",
    "~",
    "Enditem",
    "ENDIT",
    "(Schluss)",
    "KONIEC",
    "F I N",
    "(конец)",
    "(more)",
    "MORE",
    "- more -",
    "(MORE TO COME)",
    "-0- Nov/13/2013 11:37 GMT",
  ])("TXT2 the line %j below a text is no text", (mark) => {
    expect(plain("The council voted.", "It was calm.", mark)?.bodyText).toBe(
      "The council voted.\n\nIt was calm.",
    );
  });

  test.each([
    "-0-",
    "(END)",
    "ENDS",
    "(ends)",
    "###",
    "=",
    "<",
    "Enditem",
    "(Schluss)",
    "(more)",
    "- more -",
    "/ends/",
  ])("TXT2 %j behind the last full stop is no text", (mark) => {
    expect(plain("The council voted.", `It was calm. ${mark}`)?.bodyText).toBe(
      "The council voted.\n\nIt was calm.",
    );
  });

  test.each(["and it wants to have more", "it would all be fine", "He has more."])(
    "TXT2 the same words at the end of a sentence stay: %j",
    (sentence) => {
      expect(plain("The council voted.", sentence)?.bodyText).toBe(`The council voted.\n\n${sentence}`);
    },
  );

  test("TXT2 a word that only the width of the lines put on a line of its own stays", () => {
    const lines = [
      ...LINES.slice(0, 1),
      "larger ships, of which the mayor said that she would like to see",
      "more",
    ];
    expect(plain(lines.join("\n"))?.bodyText).toBe(lines.join(" "));
  });

  test("TXT2 initials, codes and marks below a full line are not joined to it", () => {
    for (const [end, draft] of [
      ["ab/cd", { bodyText: TEXT, edNote: "ab/cd" }],
      ["-02D-", { bodyText: TEXT, signOff: "-02D-" }],
      ["-30-", { bodyText: TEXT }],
    ] as const)
      expect(plain([...LINES, end].join("\n"))).toMatchObject(draft);
  });

  test("PRV1 initials behind the end mark are for the desk", () => {
    expect(iptc7901("Port/", "Port opens =", "", `   ${TEXT}`, "   (Schluss) abc/de")).toMatchObject({
      bodyText: TEXT,
      edNote: "abc/de",
    });
  });

  test("PRV1 a desk's line in double brackets begins and ends a paragraph", () => {
    const draft = plain([...LINES, "((desk@agency.example; +1 555 000 0000))", "Keywords: PORT/"].join("\n"));
    expect(draft).toMatchObject({ edNote: "((desk@agency.example; +1 555 000 0000))" });
    expect(draft?.bodyText).not.toContain("555");
  });
});

describe("7901, heads as agencies write them", () => {
  test("TXT1 an indented headline without ` =` stands above the dateline", () => {
    const draft = iptc7901(
      "Riverton-port,lead",
      "   LEAD Riverton opens its port",
      `   ${DATELINE}${LINES[0]}`,
      LINES[1] ?? "",
    );
    expect(draft).toMatchObject({ headline: "LEAD Riverton opens its port", bodyText: DATELINE + TEXT });
  });

  test("TXT1 an indented text without a headline keeps its first sentence", () => {
    const draft = iptc7901("Riverton-port", `   ${DATELINE}${LINES[0]}`, LINES[1] ?? "");
    expect(draft).toMatchObject({ headline: TEXT, bodyText: DATELINE + TEXT });
  });

  test("TXT1 a subtitle with its own ` =` is no headline", () => {
    const draft = iptc7901(
      "Port/",
      "Riverton opens its port =",
      "",
      "   Utl.: Work begins in spring =",
      "",
      `   ${TEXT}`,
    );
    expect(draft).toMatchObject({ headline: "Riverton opens its port", bodyText: TEXT });
  });

  test("TIM1 a closing line with day and clock behind a slash is read", () => {
    const text = `${SOH}abc0123 4 AI 0211\r\nPort/\r\n${STX}Port opens =\r\n\r\n   ${TEXT}\r\n${ETX}ABC0123    2013-11-13/11:37\r\n${EOT}`;
    expect(only(text)).toMatchObject({ versionCreated: "2013-11-13T11:37:00.000Z" });
  });
});

describe("ZCZC without header signs", () => {
  test("TXT1 the headline stands above the line with place and agency, a slug and codes above it", () => {
    expect(
      zczc(
        "XIN0123",
        "Port-Riverton",
        "Riverton opens its port",
        DATELINE + (LINES[0] ?? ""),
        LINES[1] ?? "",
      ),
    ).toMatchObject({
      headline: "Riverton opens its port",
      slugline: "Port-Riverton",
      bodyText: DATELINE + TEXT,
    });
  });

  test("TXT1 a byline and a bracketed line between headline and text are neither", () => {
    const draft = zczc(
      ":TICKER: ABC.D",
      "UPDATE 2-Riverton opens its port",
      "(Adds mayor's comment)",
      "By Jane Doe",
      DATELINE + (LINES[0] ?? ""),
      LINES[1] ?? "",
    );
    expect(draft).toMatchObject({
      headline: "UPDATE 2-Riverton opens its port",
      byline: "By Jane Doe",
      bodyText: DATELINE + TEXT,
      change: "update",
    });
  });

  test("TXT1 a headline over two lines stands above place and agency between slashes", () => {
    const draft = zczc(
      "Riverton opens its port to larger ships after a debate that took",
      "the whole night",
      "",
      `RIVERTON, November 13. /ABC/. ${LINES[0]}`,
      LINES[1] ?? "",
    );
    expect(draft?.headline).toBe(
      "Riverton opens its port to larger ships after a debate that took the whole night",
    );
  });

  test("TXT2 the frame may be written in lower case", () => {
    expect(only(`zczc abc123\n\nPort opens\n\n${TEXT}\n\nnnnn\n`)).toMatchObject({
      headline: "Port opens",
      bodyText: TEXT,
    });
  });
});

describe("ANPA, parts of a story", () => {
  const BODY = `\t${DATELINE}${LINES[0]}\r\n${LINES[1]}<`;

  test("TXT1 a full header line goes on in the next one", () => {
    const draft = anpa(
      "bc-RIV--Port",
      "^BC-RIV--Port,416<",
      "^Riverton council votes to open port to larger ships after",
      "^years of argument<",
      BODY,
    );
    expect(draft?.headline).toBe(
      "Riverton council votes to open port to larger ships after years of argument",
    );
  });

  test("EMB2 an ADV line is no headline, and the release day below it holds the story", () => {
    const draft = anpa(
      "bc-RIV--Port,ADV17",
      "^BC-RIV--Port, ADV 17,101<",
      "^ADV17<",
      "^FOR RELEASE SUNDAY, NOV. 17<",
      "^Port to open<",
      BODY,
    );
    expect(draft).toMatchObject({ headline: "Port to open", embargoOpen: "words" });
  });

  test("TXT1 the pickup lines of an add are for the desk", () => {
    const draft = anpa(
      "bc-RIV--Port,1stAdd",
      "^BC-RIV--Port, 1st Add,101<",
      "^RIVERTON: said the mayor.<",
      "\tThe ferry stops.<",
      "\tPICKUP 4th graf: The mayor<",
      "\t(MORE)<",
    );
    expect(draft).toMatchObject({
      headline: "The ferry stops.",
      bodyText: "The ferry stops.",
      change: "update",
    });
    expect(draft?.edNote).toContain("PICKUP 4th graf");
    expect(draft?.edNote).toContain("RIVERTON: said the mayor.");
  });

  test.each([
    ["eliminated", "canceled"],
    ["killed", "canceled"],
    ["withdrawn", "canceled"],
    ["withheld", "withheld"],
  ])("KIL2 an advisory that a story has been %s acts on its slug", (act, status) => {
    const draft = anpa(
      "bc-RIV--Port,ADVISORY",
      "^BC-RIV--Port, ADVISORY,41<",
      "^Editors:<",
      `\tThe story BC-RIV--Port-Ships has been ${act}. The vote was last year.<`,
    );
    expect(draft).toMatchObject({ noticeOnly: true, pubStatus: status });
    expect(draft?.actsOn).toContainEqual({ slug: "RIV--Port-Ships", status });
  });

  test("KIL2 a kill that only the note to editors tells acts on the slug", () => {
    const draft = anpa(
      "bc-RIV--Port",
      "^BC-RIV--Port,41<",
      "^Advisory<",
      "^Eds: Please kill the story slugged BC-RIV--Port-Ships. It is wrong.<",
      "\tThe Agency<",
    );
    expect(draft).toMatchObject({ noticeOnly: true, pubStatus: "canceled" });
  });

  test("KIL2 a kill that only the keyword tells acts on the slug", () => {
    const draft = anpa("bc-RIV--Port,KILL", "^BC-RIV--Port,41<", "^Advisory<", "\tThe vote did not happen.<");
    expect(draft).toMatchObject({ noticeOnly: true, pubStatus: "canceled" });
  });

  test.each([
    "Eds: Please disregard earlier versions. CORRECTS the name.",
    "Eds: The ministry's report has been withdrawn.",
  ])("KIL2 a story that comes with the note %j is a story", (note) => {
    const draft = anpa(
      "bc-RIV--Port",
      "^BC-RIV--Port, 1st Ld-Writethru,416<",
      "^Riverton opens its port<",
      `^${note}<`,
      ...Array.from({ length: 6 }, () => BODY),
    );
    expect(draft?.noticeOnly).toBeUndefined();
    expect(draft).toMatchObject({ headline: "Riverton opens its port", pubStatus: "usable" });
  });
});

describe("withdrawals in plain formats", () => {
  test("KIL2 a kill as plain text is no story", () => {
    const draft = only("KILL: Riverton opens its port\n\nDisregard the story slugged PORT-VOTE.\n", {
      format: "text",
    });
    expect(draft).toMatchObject({ noticeOnly: true, actsOn: [{ slug: "PORT-VOTE", status: "canceled" }] });
    expect(only("KILL: Riverton opens its port\n\nIt is wrong.\n", { format: "text" })).toMatchObject({
      pubStatus: "withheld",
    });
  });

  test("KIL2 a kill among ticker lines waits for an editor", () => {
    const { drafts } = read("KILL: Port opens ** Bridge closed **", {});
    expect(drafts.map(({ pubStatus }) => pubStatus)).toEqual(["withheld", "usable"]);
  });

  test("KIL2 news about killings is a story", () => {
    expect(plain("Kill or cure: the port's plan.", "Police killed nobody.")?.pubStatus).toBe("usable");
    const { drafts } = read("Killings in the north ** Hold on, says the mayor **", {});
    expect(drafts.map(({ pubStatus }) => pubStatus)).toEqual(["usable", "usable"]);
  });

  test("TXT2 `ends` in a ticker list is no headline", () => {
    expect(read("Port opens ** ends **", {}).drafts).toHaveLength(1);
  });
});

describe("press releases as offices write them", () => {
  test("PRV1 who can be asked stands above the title, and is for the desk", () => {
    const draft = only(
      "FOR IMMEDIATE RELEASE\n\nContact: Jane Doe\njane@port.example\n\nPRESS RELEASE\n\nPort opens to larger ships\n\nRiverton, 13 November 2013 - The port opens.\n\nIt was calm.\n\n###\n\nAbout the port\n",
    );
    expect(draft).toMatchObject({
      headline: "Port opens to larger ships",
      bodyText: "Riverton, 13 November 2013 - The port opens.\n\nIt was calm.",
      versionCreated: "2013-11-13T00:00:00.000Z",
      edNote: "Contact: Jane Doe\n\njane@port.example\n\nAbout the port",
    });
  });

  test("PRV1 what stands behind ENDS is for the desk", () => {
    const draft = only(
      "PRESS RELEASE\n\nPort opens\n\nThe port opens.\n\n- ENDS -\n\nMedia contact: 555 0000\n",
    );
    expect(draft).toMatchObject({ bodyText: "The port opens.", edNote: "Media contact: 555 0000" });
  });

  test("SNF a first line that is only MEDIA RELEASE is enough", () => {
    expect(read("MEDIA RELEASE\n13 November 2013\n\nPORT OPENS\n\nThe port opens.\n", {}).format).toBe(
      "release",
    );
    expect(
      read("Media release\n\nPORT OPENS\n\nThe port opens.\n", { contentType: "text/plain" }).format,
    ).toBe("text");
  });
});
