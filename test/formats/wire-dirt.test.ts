import { describe, expect, test } from "vitest";
import { FRAME, without } from "./damage.ts";
import { read } from "./profile.ts";

const [SOH, STX, ETX, EOT, FF] = ["\u0001", "\u0002", "\u0003", "\u0004", "\f"];

const FRAME_BYTES = new RegExp(`[${SOH}-${EOT}]`, "gu");

/** One clean document a format; all that is done to them below changes nothing of what they say. */
const CLEAN = {
  "iptc-7901": `${SOH}abc0123 4 pl 211 xyz 0456\r\n\r\nHarbour/Riverton/\r\n${STX}EXTRA\r\n\r\nRiverton opens its port to larger ships\r\nBy Jane Doe, agency =\r\n\r\n   RIVERTON (agency) - The harbour council of Riverton voted on Tuesday to\r\nopen the port to larger ships, a plan that was argued over for years.\r\n\r\n   "It is a good day," the mayor said; für alle.\r\n\r\n   hh/ph\r\n${ETX}131137 GMT Nov 13\r\n\u007f\u007f${EOT}`,
  "anpa-1312": `\u0016\u0016${SOH}w2870\u001f-----\r\nr i \u0013\u0011bc-RIV--Port-Ships,1stLd-W 11-13 0416\r\n${STX}^BC-RIV--Port-Ships, 1st Ld-Writethru,416<\r\n^Riverton opens its port to larger ships<\r\n^Eds: UPDATES with quote.<\r\n^By JANE DOE<\r\n^Agency Writer<\r\n\tRIVERTON (Agency) _ The harbour council of Riverton voted on Tuesday\r\nto open the port to larger ships.<\r\n\t\`\`It is a good day,'' the mayor said.<\r\n${ETX}\r\nXX-WF-11-13-13 1509GMT${FF}${EOT}`,
  zczc: "ZCZC abc123\r\n#Harbour-Riverton\r\n$Riverton opens its port\r\n:LEAD\r\n:(RIVERTON)\r\n%POL\r\n*Harbour\r\n&usr\r\n~svc\r\n\r\n   The harbour council of Riverton voted on Tuesday to open the port to\r\nlarger ships, a plan that was argued over for years.\r\n\r\n   It was calm; für alle.\r\n13-NOV-13 15:09\r\nNNNN\r\n",
  release:
    "Source: Riverton Port\r\n\r\nMEDIA RELEASE PR12345\r\n\r\nRiverton Port opens to larger ships\r\nafter a vote of the council\r\n\r\nRIVERTON, Nov. 13, 2013 /Distributor-Name/ --\r\n\r\nThe port opens; für alle. The harbour council of Riverton voted on Tuesday\r\nto open the port.\r\n\r\nIt was calm.\r\n\r\nSOURCE: Riverton Port\r\n\r\nContact: Jane Doe\r\n",
  "ticker-list": "Port opens to larger ships ** Bridge closed; für alle ** Ferry fares go up **\r\n",
} as const;
const FORMATS = Object.keys(CLEAN).filter((name): name is keyof typeof CLEAN => Object.hasOwn(CLEAN, name));

const DIRT: readonly (readonly [string, (text: string) => string | Uint8Array])[] = [
  ["LF line ends", (text) => text.replaceAll("\r\n", "\n")],
  ["CR line ends", (text) => text.replaceAll("\r\n", "\r")],
  ["CR CR LF line ends", (text) => text.replaceAll("\r\n", "\r\r\n")],
  ["LF CR line ends", (text) => text.replaceAll("\r\n", "\n\r")],
  ...FRAME.map(
    (sign) => [`no 0x${sign.charCodeAt(0).toString(16)}`, (text: string) => without(text, [sign])] as const,
  ),
  ["no control byte at all", (text) => text.replaceAll(/[^\P{Cc}\t\r\n]/gu, "")],
  ["DEL before each control byte", (text) => text.replaceAll(FRAME_BYTES, "\u007f$&")],
  [
    "control bytes made visible",
    (text) => text.replaceAll(FRAME_BYTES, (sign) => String.fromCharCode(0x2400 + sign.charCodeAt(0))),
  ],
  ["NUL fill around it", (text) => "\0".repeat(20) + text + "\0".repeat(20)],
  ["blank lines before and behind", (text) => `\r\n\r\n${text}\r\n\r\n`],
  ["blanks behind its lines", (text) => text.replaceAll("\r\n", "   \r\n")],
  ["tabs behind its lines", (text) => text.replaceAll("\r\n", "\t\r\n")],
  ["a byte order mark", (text) => `\ufeff${text}`],
  ["Latin-1 bytes", (text) => Buffer.from(text, "latin1")],
  ["UTF-16 without a mark", (text) => Buffer.from(text, "utf16le")],
  [
    "control bytes inside a word and before one",
    (text) => text.replaceAll("council", "coun\u0008cil").replaceAll(" Tuesday", " \u0010Tuesday"),
  ],
  ["the end of file of old systems", (text) => `${text}\u001a`],
];

function draftsOf(text: string | Uint8Array, profile: object) {
  const reading = read(text, { profile: { zone: "UTC", ...profile } });
  return { format: reading.format, drafts: reading.drafts.map(({ notes: _notes, ...draft }) => draft) };
}

describe.each(FORMATS)("dirt on %s", (format) => {
  const clean = draftsOf(CLEAN[format], {});

  test("TXT2 the clean document is read", () => {
    expect(clean.format).toBe(format);
    expect(clean.drafts).toHaveLength(format === "ticker-list" ? 3 : 1);
  });

  test.each(DIRT)("TXT2 %s change nothing", (_title, dirty) => {
    for (const profile of [{}, { format }]) expect(draftsOf(dirty(CLEAN[format]), profile)).toEqual(clean);
  });

  test("TXT2 two documents in one file are two", () => {
    const both = draftsOf(CLEAN[format] + CLEAN[format], {});
    expect(both.drafts).toEqual([...clean.drafts, ...clean.drafts]);
  });
});

describe("words broken at the ends of lines", () => {
  const textOf = (lines: readonly string[]) =>
    read(["Port opens", "", ...lines].join("\n"), { profile: { format: "text" } }).drafts[0]?.bodyText;

  test("TXT2 where a machine broke many words its hyphens go, but not those before `and`", () => {
    const wide = [
      "The council of Riverton, which met in the new hall of the town, deci-",
      "ded on Tuesday evening that the port shall be opened to larger ves-",
      "sels from the spring, a plan that was argued over for years by ferry-",
      "and cargo companies, by the town's own citizens and by the govern-",
      "ment of the province.",
    ];
    expect(textOf(wide)).toBe(
      "The council of Riverton, which met in the new hall of the town, decided on Tuesday evening that the port shall be opened to larger vessels from the spring, a plan that was argued over for years by ferry- and cargo companies, by the town's own citizens and by the government of the province.",
    );
  });

  test("TXT2 a word that was broken at its own hyphen keeps it", () => {
    const lines = [
      "The council of Riverton, which met in the new hall of the town, is well-",
      "known for its long debates, and this one was no different, some said.",
    ];
    expect(textOf(lines)).toContain("is well-known for");
  });

  test("TXT2 a soft hyphen at the end of a line goes", () => {
    const lines = [
      "The council of Riverton, which met in the new hall of the town, deci\u00ad",
      "ded on Tuesday evening that the port shall be opened to larger ships.",
    ];
    expect(textOf(lines)).toContain("decided on Tuesday");
  });
});
