import { describe, expect, test } from "vitest";
import { read } from "./profile.ts";
import { draftOf, draftsOf, expectRobust, readOrRefuse, rulesOf } from "./structured.ts";

const BODY = "The council voted for the plan.\n\nWork begins in spring.";
const HTML = "<p>The council voted for <b>the plan</b>.</p><p>Work begins in spring.</p>";

const V1 = {
  uri: "tag:agency.example,2024:harbour-77",
  type: "text",
  version: "3",
  pubstatus: "usable",
  urgency: 2,
  versioncreated: "2024-03-05T10:00:00Z",
  firstcreated: "2024-03-05T09:00:00Z",
  headline: "Riverton opens its port",
  slugline: "RIVERTON-PORT",
  ednote: "Check the name.",
  byline: "Ann Lee",
  language: "en-GB",
  subject: [{ name: "Harbour", code: "1" }],
  description_text: "The port opens.",
  expires: "2030-01-01T00:00:00Z",
  body_xhtml: HTML,
  body_text: "Plain text of the same story.",
};
const V2 = {
  uri: V1.uri,
  type: "text",
  version: "3",
  pubstatus: "usable",
  urgency: 2,
  versioncreated: V1.versioncreated,
  firstcreated: V1.firstcreated,
  expires: V1.expires,
  slugline: V1.slugline,
  ednote: V1.ednote,
  by: V1.byline,
  language: V1.language,
  subjects: V1.subject,
  headlines: [
    { role: "short", contenttype: "text/plain", value: "Port opens" },
    { role: "main", contenttype: "text/plain", value: V1.headline },
  ],
  descriptions: [
    { role: "caption", value: "A ship" },
    { role: "summary", value: "The port opens." },
  ],
  bodies: [
    { role: "main", contenttype: "text/plain", value: "Plain text of the same story." },
    { role: "main", contenttype: "text/html", value: HTML },
  ],
};
const V3 = {
  uri: V1.uri,
  type: "text",
  standard: { name: "ninjs", version: "3.1" },
  version: "3",
  pubStatus: "usable",
  urgency: 2,
  versionCreated: V1.versioncreated,
  firstCreated: V1.firstcreated,
  expires: V1.expires,
  slugline: V1.slugline,
  edNote: V1.ednote,
  by: V1.byline,
  language: V1.language,
  subjects: V1.subject,
  headlines: V2.headlines,
  descriptions: V2.descriptions,
  bodies: V2.bodies.map(({ contenttype, ...body }) => ({ ...body, contentType: contenttype })),
};
const { uri: _uri, ...withoutUri } = V1;
const DIALECT = {
  ...withoutUri,
  guid: V1.uri,
  priority: 6,
  service: [{ code: "n", name: "News" }],
  source: "agency",
  extra: {},
};

function ninjs(changes: object = {}): string {
  return JSON.stringify({ ...V1, ...changes });
}

describe("ninjs: fields", () => {
  test.each([
    ["1.x", V1],
    ["2.x", V2],
    ["3.x", V3],
    ["the dialect with guid", DIALECT],
  ])("TXT2 NINJS7 %s gives its id, version, status, urgency, lines, text and markup", (_name, item) => {
    const draft = draftOf(JSON.stringify(item));
    expect(draft).toMatchObject({
      guid: V1.uri,
      sourceVersion: "3",
      pubStatus: "usable",
      pubStatusWritten: true,
      urgency: 2,
      headline: "Riverton opens its port",
      slugline: "RIVERTON-PORT",
      byline: "Ann Lee",
      language: "en-GB",
      subjects: ["Harbour"],
      summary: "The port opens.",
      edNote: "Check the name.",
      versionCreated: "2024-03-05T10:00:00.000Z",
      firstCreated: "2024-03-05T09:00:00.000Z",
      expires: "2030-01-01T00:00:00.000Z",
      bodyText: BODY,
    });
    expect(draft.bodyHtml).toContain("<b>the plan</b>");
  });

  test("URG1 NINJS6 a dialect's transmission priority is not the urgency; the profile's map outranks the number", () => {
    expect(draftOf(ninjs({ urgency: undefined, priority: 1 })).urgency).toBeUndefined();
    expect(draftOf(ninjs({ urgency: "3" }), { profile: { urgencyMap: { "3": 1 } } }).urgency).toBe(1);
  });

  test("TXT1 NINJS13 of several headlines role main wins, and headline is main in 1.x", () => {
    expect(draftOf(ninjs({ headline_short: "Port" })).headline).toBe("Riverton opens its port");
    expect(
      draftOf(ninjs({ headline: undefined, headline_short: "Port", headline_main: "Main" })).headline,
    ).toBe("Main");
    expect(draftOf(ninjs({ headline: "", headline_short: "Port" })).headline).toBe("Port");
  });

  test.each([null, "", undefined, "  "])(
    "TXT1 WIRE25 the headline %j: the text's first sentence, and a note says so",
    (headline) => {
      const draft = draftOf(ninjs({ headline }));
      expect(draft.headline).toBe("The council voted for the plan.");
      expect(rulesOf(draft, "headline")).toContain("first sentence");
    },
  );

  test("TXT1 NINJS1 an alert of a headline alone is a story", () => {
    const text = JSON.stringify({
      uri: "a:1",
      headline: "Port opens",
      versioncreated: "2024-03-05T10:00:00Z",
    });
    expect(draftOf(text)).toMatchObject({ headline: "Port opens", guid: "a:1" });
  });

  test("TXT1 NINJS16 without a language the profile's is taken", () => {
    expect(draftOf(ninjs({ language: undefined }), { profile: { language: "az" } }).language).toBe("az");
  });

  test("TXT2 NINJS14 plain text is read when there is no markup; hard-wrapped lines are joined", () => {
    const line = "The council of the harbour town voted on Tuesday evening to open the";
    const text = `${line}\nport to larger ships from the spring.\n\nTwo &amp; three.`;
    const draft = draftOf(ninjs({ body_xhtml: "", body_text: text }));
    expect(draft.bodyText).toBe(`${line} port to larger ships from the spring.\n\nTwo & three.`);
    expect(draft.bodyHtml).toBeUndefined();
  });

  test("TXT2 NINJS14 any body_* is read; escaped tags are unescaped and dropped", () => {
    const bare = { body_xhtml: undefined, body_text: undefined };
    expect(draftOf(ninjs({ ...bare, body_html5: HTML })).bodyText).toBe(BODY);
    expect(draftOf(ninjs({ ...bare, body_nitf: "<block><p>One.</p><hl2>Sub</hl2></block>" })).bodyText).toBe(
      "One.\n\nSub",
    );
    expect(draftOf(ninjs({ ...bare, body_html: "&lt;p&gt;One.&lt;/p&gt;" })).bodyText).toBe("One.");
  });

  test("TXT2 NINJS14 a lead in a part of its own is included, once", () => {
    const bodies = [
      { role: "main", contentType: "text/html", value: "<p>Two.</p>" },
      { role: "lead", contentType: "text/plain", value: "One." },
      { role: "caption", contentType: "text/plain", value: "A ship" },
    ];
    expect(draftOf(JSON.stringify({ ...V3, bodies }))).toMatchObject({
      bodyText: "One.\n\nTwo.",
      lead: "One.",
    });
    const repeated = [{ role: "main", value: "<p>One.</p><p>Two.</p>" }, bodies[1]];
    expect(draftOf(JSON.stringify({ ...V3, bodies: repeated })).bodyText).toBe("One.\n\nTwo.");
  });

  test("PRV1 private text in the body goes to edNote", () => {
    const draft = draftOf(ninjs({ body_xhtml: "<p>One.</p><p>Notes to editors</p><p>Call 555 0100</p>" }));
    expect([draft.bodyText, draft.bodyHtml]).toEqual(["One.", undefined]);
    expect(draft.edNote).toBe("Check the name.\n\nNotes to editors\n\nCall 555 0100");
  });
});

describe("ninjs: status, times, embargo", () => {
  test.each([
    ["usable", "usable", true],
    ["canceled", "canceled", true],
    ["Cancelled", "canceled", true],
    ["withheld", "withheld", true],
    ["stat:canceled", "canceled", true],
    ["dormant", "withheld", true],
    [{ code: "canceled" }, "withheld", true],
    [null, "usable", undefined],
  ])("KIL1 NINJS4 the status %j is %s", (status, pubStatus, written) => {
    for (const name of ["pubstatus", "pubStatus"]) {
      const draft = draftOf(ninjs({ pubstatus: undefined, [name]: status }));
      expect([draft.pubStatus, draft.pubStatusWritten]).toEqual([pubStatus, written]);
    }
  });

  test("KIL2 a withdrawal needs only an id", () => {
    expect(draftOf('{"uri":"a:1","pubstatus":"canceled"}')).toMatchObject({
      guid: "a:1",
      pubStatus: "canceled",
    });
  });

  test("EMB1 NINJS9 an embargo is read under both its names", () => {
    for (const name of ["embargoed", "embargoedUntil"]) {
      expect(draftOf(ninjs({ [name]: "2030-01-01T10:00:00+0100" })).embargoedUntil).toBe(
        "2030-01-01T09:00:00.000Z",
      );
    }
  });

  test.each([
    ["", "field"],
    ["soon", "field"],
    [true, "field"],
    [{}, "field"],
  ])("EMB2 NINJS9 the embargo %j has no end that can be read", (embargoed, open) => {
    expect(draftOf(ninjs({ embargoed })).embargoOpen).toBe(open);
  });

  test.each([null, false, "YYYYMMDD000000-HHMM"])("EMB2 NINJS9 %j is no embargo", (embargoed) => {
    const draft = draftOf(ninjs({ embargoed }));
    expect([draft.embargoOpen, draft.embargoedUntil]).toEqual([undefined, undefined]);
  });

  test("TIM1 NINJS7 a time without a zone is the source's; an absent one stays absent", () => {
    const draft = draftOf(ninjs({ versioncreated: "2024-07-05 10:00:00", firstcreated: undefined }), {
      profile: { zone: "Europe/Helsinki" },
    });
    expect([draft.versionCreated, draft.firstCreated]).toEqual(["2024-07-05T07:00:00.000Z", undefined]);
  });

  test("TIM1 WIRE18 a firstcreated later than versioncreated stays as the source wrote it", () => {
    expect(draftOf(ninjs({ firstcreated: "2024-03-05T11:00:00Z" }))).toMatchObject({
      versionCreated: "2024-03-05T10:00:00.000Z",
      firstCreated: "2024-03-05T11:00:00.000Z",
    });
  });
});

describe("ninjs: ids, versions, change", () => {
  test("REV1 NINJS3 whole numbers beyond 2^53 keep every digit, version 0 stays", () => {
    expect(draftOf(ninjs().replace('"version":"3"', '"version":90071992547409931')).sourceVersion).toBe(
      "90071992547409931",
    );
    expect(draftOf(ninjs({ version: 0 })).sourceVersion).toBe("0");
    expect(draftOf(ninjs({ version: "1.10" })).sourceVersion).toBe("1.10");
  });

  test("REV1 digits inside a text are left alone", () => {
    const draft = draftOf(ninjs({ version: 1, headline: 'Card "1234567890123456789": stolen \\' }));
    expect(draft.headline).toBe('Card "1234567890123456789": stolen \\');
  });

  test.each([
    "https://api.agency.example/item/77?qt=abcdef",
    "https://api.agency.example/item/77?access_token=abcdef",
    "",
    "0",
    null,
  ])("REV3 NINJS26 the uri %j is no id: the guid is, else text and day", (uri) => {
    expect(draftOf(ninjs({ uri, guid: "g:1" })).guid).toBe("g:1");
    const draft = draftOf(ninjs({ uri }));
    expect(draft.guid).toBeUndefined();
    expect(draft.identity).toMatch(/^2024-03-05 \S+$/u);
  });

  test("REV1 NINJS26 an id that ends in its version: the versions share the rest", () => {
    const draft = draftOf(ninjs({ uri: "urn:newsml:agency.example:20240305T100000:port:3", version: "3" }));
    expect(draft.guidBase).toBe("urn:newsml:agency.example:20240305T100000:port");
  });

  test("REV3 NINJS25 one id on differing stories of a list is no id", () => {
    const drafts = draftsOf(`[${ninjs()},${ninjs({ headline: "Other", body_xhtml: "<p>Other.</p>" })}]`);
    expect(drafts.map(({ guid }) => guid)).toEqual([undefined, undefined]);
  });

  test("REV1 NINJS23 evolvedfrom and a list of revisions name what is superseded, its own id left out", () => {
    const revisions = [{ uri: V1.uri }, { uri: "a:1" }, { uri: "a:2", replacing: false }];
    expect(draftOf(ninjs({ evolvedfrom: "a:3", revisions })).supersedes).toEqual(["a:3", "a:1"]);
    const urn = "urn:newsml:agency.example:20240305T100000:ferry";
    expect(draftOf(ninjs({ evolvedfrom: `${urn}:2` })).supersedes).toEqual([`${urn}:2`, urn]);
  });

  test.each([
    ["Corrects the year in paragraph 2", "correction"],
    ["CORRECTION: the year was wrong", "correction"],
    ["Eds: Updates with quotes", "update"],
    ["Pictures will follow", undefined],
  ])("REV1 NINJS22 no key tells a correction, the note to editors does: %s", (ednote, change) => {
    expect(draftOf(ninjs({ ednote })).change).toBe(change);
  });

  test("REV1 NINJS23 a dialect's signals are read", () => {
    expect(draftOf(ninjs({ signal: [{ code: "sig:correction" }] })).change).toBe("correction");
    expect(draftOf(ninjs({ signals: { updatetype: "KORR" } })).change).toBe("correction");
  });
});

describe("ninjs: what is a story", () => {
  test.each(["picture", "video", "audio", "graphic", "animation", "event", "planning"])(
    "TXT2 NINJS19 an item of type %s gives a note and no draft",
    (type) => {
      const { drafts, notes } = read(ninjs({ type }));
      expect([drafts, notes[0]?.rule]).toEqual([[], `left out: of type ${type} (${V1.uri})`]);
    },
  );

  test("TXT2 NINJS19 a composite is a story if it has a body", () => {
    expect(draftsOf(ninjs({ type: "composite" }))).toHaveLength(1);
    expect(draftsOf(ninjs({ type: "composite", body_xhtml: undefined, body_text: undefined }))).toHaveLength(
      0,
    );
  });

  test("TXT2 NINJS19 associations give a note and no draft", () => {
    for (const associations of [{ featuremedia: { uri: "p:1", type: "picture" } }, [{ uri: "p:1" }]]) {
      const { drafts, notes } = read(ninjs({ associations }));
      expect([drafts.length, notes]).toEqual([
        1,
        [{ field: "associations", rule: "1 left out: media and links of a story" }],
      ]);
    }
  });

  test("TXT2 several items, bare or in a server's list, give a draft each in order", () => {
    const second = ninjs({ uri: "a:2", headline: "Second" });
    for (const text of [
      `[${ninjs()},${second}]`,
      `{"_items":[${ninjs()},${second}]}`,
      `{"hits":[${ninjs()},${second}],"total":2}`,
    ]) {
      expect(draftsOf(text).map(({ headline }) => headline)).toEqual(["Riverton opens its port", "Second"]);
    }
  });

  test("TXT2 a partial item says so", () => {
    expect(rulesOf(draftOf(ninjs({ representationtype: "incomplete" })), "bodyText")).toContain("incomplete");
  });

  test("TIM1 for each field it is told where it stood", () => {
    const draft = draftOf(ninjs());
    expect(rulesOf(draft, "guid")).toBe("from uri, else guid");
    expect(rulesOf(draft, "versionCreated")).toBe("from versioncreated");
    expect(rulesOf(draft, "dateline")).toBe("");
  });

  test("TXT2 NINJS1 an item that says nothing gives a note", () => {
    const { drafts, notes } = read('{"uri":"a:1","version":"1"}');
    expect([drafts, notes[0]?.rule]).toEqual([[], "left out: no headline and no text (a:1)"]);
  });

  test("TXT3 NINJS21 fields of a wrong type are as good as absent", () => {
    const draft = draftOf(
      ninjs({ headline: 5, byline: { a: 1 }, subject: "x", body_xhtml: [], urgency: {}, language: [] }),
    );
    expect(draft).toMatchObject({ headline: "5", bodyText: "Plain text of the same story." });
  });

  test("TXT3 NINJS21 keys of the prototype do no harm", () => {
    expect(draftOf(ninjs().replace("{", '{"__proto__":{"headline":"x"},"constructor":1,')).headline).toBe(
      "Riverton opens its port",
    );
  });

  test("TXT3 cut off or damaged anywhere it is read or refused", () => {
    expectRobust(ninjs());
    expectRobust(JSON.stringify(V3));
    readOrRefuse("[".repeat(100_000));
    readOrRefuse(`[{"uri":1234567890123456789,"x":"${'\\"'.repeat(300_000)}`);
    expect(
      draftOf(ninjs({ uri: "0".repeat(100_000), version: "9".repeat(100_000) })).sourceVersion,
    ).toBeUndefined();
    readOrRefuse(`[${ninjs().replace("{", `{"x":${"[".repeat(50_000)}${"]".repeat(50_000)},`)}]`);
  });
});
