import { expect, test } from "vitest";
import { draftOf, rulesOf } from "../structured.ts";

interface Iptc {
  header?: string;
  slug?: string;
  head?: string[];
  body?: string[];
}
const iptc = ({
  header = "abc062 4 i 211",
  slug = "Riverton-port/",
  head = ["Port opens ="],
  body = [],
}: Iptc = {}) =>
  [
    `\u0001${header}`,
    slug,
    `\u0002${head.join("\r\n")}`,
    "",
    "   The port is open.",
    ...body,
    "\u0003",
    "131137 GMT Nov 13",
    "\u007f\u007f\u007f\u0004",
  ].join("\r\n");

const anpa = (keyword: string, ...head: string[]) =>
  [
    "\u0016\u0016\u0001w2870\u001fxyzwf-----",
    `${keyword} 11-13 0416`,
    `\u0002${head.join("\r\n")}`,
    "\tRIVERTON (WP) _ ``We open,'' the mayor said.<",
    "\u0003XX-WF-11-13-13 1509GMT<",
    "\f\u0004",
  ].join("\r\n");

test.each(["EXTRA", "BLITZ", "(Eil)", "1st LEAD"])(
  "TXT1 IPTC2 the line %j alone before the headline is a mark and no part of it",
  (mark) => {
    expect(draftOf(iptc({ head: [mark, "Port opens ="] }))).toMatchObject({
      headline: "Port opens",
      bodyText: "The port is open.",
    });
  },
);

test("PRV1 IPTC3 all that follows a notebook stays with the desk", () => {
  for (const mark of ["# Notebook", "# dpa NOTEBOOK"]) {
    const draft = draftOf(iptc({ body: ["", mark, "", "## Contacts", "Call 555"] }));
    expect(draft.bodyText).toBe("The port is open.");
    expect(draft.edNote).toContain("Call 555");
    expect(JSON.stringify({ ...draft, edNote: "", notes: [] })).not.toContain("555");
  }
});

test("REV1 IPTC4 a running number wraps: with source and day it names the message, with its slug the story", () => {
  const [first, second] = [iptc(), iptc().replace("131137", "141137")].map((text) => draftOf(text));
  expect(first?.identity).not.toBe(second?.identity);
  expect(first?.guid).toBeUndefined();
  expect([first?.storyKey, second?.storyKey]).toEqual(["Riverton-port", "Riverton-port"]);
});

test.each([
  ["LEAD", { change: "update", continues: true }],
  ["ADD 1", { change: "update", continues: true }],
  ["CORRECTION", { change: "correction", continues: true }],
  ["REPEAT", { continues: true }],
  ["KILL", { noticeOnly: true, actsOn: [{ slug: "Riverton-port", status: "canceled" }] }],
  ["HOLD", { noticeOnly: true, actsOn: [{ slug: "Riverton-port", status: "withheld" }] }],
  ["EMBARGO", { embargoOpen: "words" }],
])("REV3 KIL2 EMB2 IPTC5 the word %s in the slug line says what no field can say", (word, told) => {
  expect(draftOf(iptc({ slug: `Riverton-port/${word}/` }))).toMatchObject(told);
});

test("TXT1 IPTC12 the headline is the last line before ` =` that is no byline", () => {
  expect(draftOf(iptc({ head: ["EXTRA", "1st LEAD", "Port opens", "By Jane Doe, AG ="] }))).toMatchObject({
    headline: "Port opens",
    byline: "By Jane Doe, AG",
    bodyText: "The port is open.",
  });
});

test("TXT3 IPTC14 DEL that fills the end of a message is no text", () => {
  expect(draftOf(iptc())).toMatchObject({ headline: "Port opens", bodyText: "The port is open." });
  expect(draftOf(iptc().replace("open.", "open.\u007f\u007f")).bodyText).toBe("The port is open.");
});

test.each(["am-", "pm-", "bc-", "ap-", "AM-"])(
  "REV3 ANPA11 the cycle %s is no part of the story key",
  (cycle) => {
    const draft = draftOf(
      anpa(`r i \u0013\u0011 ${cycle}Port`, `^${cycle.toUpperCase()}Port,20<`, "^Port opens<"),
    );
    expect(draft.storyKey).toBe("Port");
  },
);

test("TIM1 ANPA12 the day in the header has no year and is not the time", () => {
  const draft = draftOf(
    anpa("r i \u0013\u0011 bc-Port", "^BC-Port,20<", "^Port opens<").replace("11-13 0416", "11-11 0416"),
  );
  expect(draft.versionCreated).toBe("2013-11-13T15:09:00.000Z");
});

test("TXT1 ANPA6 typewriter quotes and the underscore are shown as quotes and a dash", () => {
  expect(draftOf(anpa("r i \u0013\u0011 bc-Port", "^BC-Port,20<", "^``Port'' opens<"))).toMatchObject({
    headline: "“Port” opens",
    bodyText: "RIVERTON (WP) — “We open,” the mayor said.",
  });
});

test("TXT1 ANPA2 header lines behind `^` are slug, headline, byline and note", () => {
  const head = ["^BC-Port, 1st Ld-Writethru,20<", "^Port opens<", "^Eds: With photos.<", "^By JANE DOE="];
  expect(draftOf(anpa("r i \u0013\u0011 bc-Port1stLd-Writethru", ...head))).toMatchObject({
    slugline: "BC-Port, 1st Ld-Writethru",
    headline: "Port opens",
    edNote: "Eds: With photos.",
    byline: "By JANE DOE",
  });
});

test("URG1 ANPA14 a kill note moves as bulletin and is a notice, not a flash", () => {
  const draft = draftOf(anpa("b i \u0013\u0011 bc-PortKILL", "^BC-Port, KILL,20<", "^Kill note<"));
  expect(draft).toMatchObject({ noticeOnly: true, actsOn: [{ slug: "Port", status: "canceled" }] });
});

test("TXT1 ANPA16 where no headline stands above the byline the byline is not taken for it", () => {
  for (const line of ["^Eds: With photos.<", "^EMBARGOED until Friday<"]) {
    const draft = draftOf(anpa("r i \u0013\u0011 bc-Port", "^BC-Port,20<", line, "^By JANE DOE="));
    expect(draft).toMatchObject({ byline: "By JANE DOE", headline: "“We open,” the mayor said." });
  }
});

test.each(["311137 GMT Nov 13", "132537 GMT Nov 13", "300000 Feb 14", "AG ab 310000 Nov 13"])(
  "ORD3 IPTC16 the closing line %j is no date: it is told, gives no time and is no text, with ETX or without",
  (line) => {
    const text = iptc().replace("131137 GMT Nov 13", line);
    for (const whole of [text, text.replace("\u0003\r\n", "")]) {
      const draft = draftOf(whole);
      expect([draft.bodyText, draft.versionCreated]).toEqual(["The port is open.", undefined]);
      expect(rulesOf(draft, "versionCreated")).toContain("is no date");
    }
  },
);

test("ORD3 ANPA17 a closing line of the thirteenth month is told, gives no time and is no text", () => {
  const text = anpa("r i \u0013\u0011 bc-Port", "^BC-Port,20<", "^Port opens<");
  const draft = draftOf(text.replace("11-13-13 1509GMT", "13-13-13 1509GMT"));
  expect(draft.versionCreated).toBeUndefined();
  expect(draft.bodyText).not.toContain("1509");
  expect(rulesOf(draft, "versionCreated")).toContain("is no date");
});
