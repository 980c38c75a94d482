import { expect, test } from "vitest";
import { readDocument } from "../../workers/read.ts";
import { testProfile } from "./profile.ts";

const BODY = [
  "   Riverton (Agency) - The council of the harbour town voted on Tuesday.",
  "   The vote was close.",
];

function sequences(lines: string[]) {
  const { format, drafts } = readDocument(Buffer.from(lines.join("\r\n")), {
    profile: testProfile(),
    receivedAt: "2013-11-13T12:00:00.000Z",
  });
  return [format, ...drafts.map(({ sequence }) => sequence)];
}

const iptc = (header: string) => [
  `\u0001${header}`,
  "Riverton-port/",
  "\u0002Port opens to larger ships =",
  "",
  ...BODY,
  "\u0003",
  "131137 GMT Nov 13",
  "\u0004",
];

test("WIR6 IPTC7 a 7901 message keeps the running number of its service, each message its own", () => {
  expect(sequences(iptc("abc062 4 i 211 awp dpa 0123"))).toEqual([
    "iptc-7901",
    { service: "abc", number: 62 },
  ]);
  expect(sequences([...iptc("abc0062 4 i 211"), ...iptc("XYZ 063 4 i 211")])).toEqual([
    "iptc-7901",
    { service: "abc", number: 62 },
    { service: "xyz", number: 63 },
  ]);
});

test("WIR6 an ANPA message keeps the number that stands behind its service letter", () => {
  const lines = [
    "\u0016\u0016\u0001w2870\u001fxyzwf-----",
    "r i \u0013\u0011 bc-RIV--Port-Ships 11-13 0416",
    "\u0002^BC-RIV--Port-Ships,416<",
    "^Port opens to larger ships<",
    "\tRIVERTON (WP) _ The council voted on Tuesday.<",
    "\u0003XX-WF-11-13-13 1509GMT<",
    "\u0004",
  ];
  expect(sequences(lines)).toEqual(["anpa-1312", { service: "w", number: 2870 }]);
});

test.each([
  ["ZCZC ABC123", { service: "abc", number: 123 }],
  ["ZCZC 0045", { service: "", number: 45 }],
  ["ZCZC XEF88903_SXA", { service: "xef", number: 88_903 }],
  ["ZCZC", undefined],
  ["ZCZC 2013-11-13T11:37", undefined],
  ["ZCZC S0A", undefined],
])("WIR6 a story opened by %j has the number %j", (opening, sequence) => {
  const lines = [opening, "#Riverton Port", "$Port opens to larger ships", "", ...BODY, "NNNN", ""];
  expect(sequences(lines)).toEqual(["zczc", sequence]);
});
