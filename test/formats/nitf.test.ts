import { describe, expect, test } from "vitest";
import { read } from "./profile.ts";
import { draftOf, draftsOf, expectRobust, rulesOf } from "./structured.ts";

interface Parts {
  attributes?: string;
  management?: string;
  docId?: string;
  duKey?: string;
  dates?: string;
  docdata?: string;
  metas?: string;
  head?: string;
  content?: string;
  tobject?: string;
}

const TEXT =
  "<p>The council of Riverton voted on Tuesday for a plan to open the port.</p><p>The harbour master said work begins in spring.</p>";

function nitf({
  attributes = "",
  management = 'management-status="usable"',
  docId = '<doc-id regsrc="agency.example" id-string="AG.240305.77"/>',
  duKey = '<du-key key="riverton-port" version="3"/>',
  dates = '<date.issue norm="20240305T100000+0000"/>',
  docdata = "",
  metas = "",
  head = "<hedline><hl1>Riverton opens its port</hl1></hedline>",
  content = TEXT,
  tobject = "",
}: Parts = {}): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF 3.4//EN" "http://127.0.0.1:9/nitf-3-4.dtd">' +
    `<nitf ${attributes}><head><title>Title of the document</title>${metas}${tobject}` +
    `<docdata ${management}>${docId}${duKey}${dates}${docdata}</docdata></head>` +
    `<body><body.head>${head}</body.head><body.content>${content}</body.content>` +
    "<body.end><tagline>Edited by nobody</tagline></body.end></body></nitf>"
  );
}

describe("NITF: fields", () => {
  test("TXT2 a document gives its id, version, status, urgency, lines, text and markup", () => {
    const draft = draftOf(
      nitf({
        attributes: 'baselang="en-US"',
        docdata:
          '<urgency ed-urg="2"/><ed-msg info="Check the name."/><date.expire norm="20240306T100000Z"/>' +
          '<key-list><keyword key="harbour"/></key-list>',
        head:
          "<hedline><hl1>Riverton opens <em>its</em> port</hl1><hl2>Below</hl2></hedline><note><p>For the desk.</p></note>" +
          "<byline>By <person>Ann Lee</person><byttl>Agency Writer</byttl></byline>" +
          "<dateline><location>RIVERTON</location>, <story.date norm='20240305'>March 5</story.date></dateline>" +
          "<abstract><p>The port opens.</p></abstract>",
      }),
    );
    expect(draft).toMatchObject({
      guid: "AG.240305.77",
      sourceVersion: "3",
      storyKey: "riverton-port",
      slugline: "riverton-port",
      pubStatus: "usable",
      pubStatusWritten: true,
      urgency: 2,
      headline: "Riverton opens its port",
      byline: "By Ann Lee, Agency Writer",
      dateline: "RIVERTON, March 5",
      summary: "The port opens.",
      language: "en-US",
      edNote: "Check the name.\n\nFor the desk.",
      subjects: ["harbour"],
      firstCreated: "2024-03-05T10:00:00.000Z",
      versionCreated: "2024-03-05T10:00:00.000Z",
      expires: "2024-03-06T10:00:00.000Z",
    });
    expect(draft.bodyText).toBe(
      "The council of Riverton voted on Tuesday for a plan to open the port.\n\nThe harbour master said work begins in spring.",
    );
    expect(draft.bodyHtml).toContain("<p>The council");
  });

  test.each([
    ["1", 1],
    ["8", 8],
    ["9", 9],
    ["0", undefined],
  ])("URG1 NITF10 ed-urg %s is urgency %s unless the profile's map says otherwise", (written, urgency) => {
    const text = nitf({ docdata: `<urgency ed-urg="${written}"/>` });
    expect(draftOf(text).urgency).toBe(urgency);
    expect(draftOf(text, { profile: { urgencyMap: { [written]: 4 } } }).urgency).toBe(4);
  });

  test("TXT1 NITF17 the nearest xml:lang or baselang, then the profile", () => {
    const inner = nitf({ attributes: 'baselang="en"' }).replace("<body>", '<body xml:lang="da">');
    expect(draftOf(inner).language).toBe("da");
    expect(draftOf(nitf({ attributes: 'xml:lang="nb-NO"' })).language).toBe("nb-NO");
    expect(draftOf(nitf(), { profile: { language: "fi" } }).language).toBe("fi");
  });

  test.each(["<hedline><hl1/></hedline>", "", "<hedline/>"])(
    "TXT1 with no headline in %j the document's title is taken",
    (head) => {
      expect(draftOf(nitf({ head })).headline).toBe("Title of the document");
      const draft = draftOf(nitf({ head }).replace("<title>Title of the document</title>", ""));
      expect(draft.headline).toBe("The council of Riverton voted on Tuesday for a plan to open the port.");
      expect(rulesOf(draft, "headline")).toContain("first sentence");
    },
  );

  test("TXT1 FIELD4 a byline of initials only is none", () => {
    expect(
      draftOf(nitf({ head: "<hedline><hl1>P</hl1></hedline><byline>al/ts</byline>" })).byline,
    ).toBeUndefined();
  });

  test("REV3 NITF14 the slug is the du-key, else the keyword of ANPA, else the first of the key list", () => {
    const metas = '<meta name="anpa-keyword" content="BC-Port, 1st Ld-Writethru"/>';
    const list = '<key-list><keyword key="harbour"/></key-list>';
    expect(draftOf(nitf({ metas })).slugline).toBe("riverton-port");
    expect(draftOf(nitf({ metas, duKey: "" }))).toMatchObject({
      slugline: "BC-Port, 1st Ld-Writethru",
      storyKey: "Port",
      continues: true,
      change: "update",
    });
    const topic = draftOf(nitf({ duKey: "", docdata: list }));
    expect([topic.slugline, topic.storyKey]).toEqual(["harbour", undefined]);
  });
});

describe("NITF: ids and versions", () => {
  test("REV1 NITF1 the id is doc-id, else uno; an empty or zero one is none", () => {
    const uno = { attributes: 'uno="agency.example,uno-5"' };
    expect(draftOf(nitf(uno)).guid).toBe("AG.240305.77");
    for (const docId of ["", '<doc-id id-string=""/>', '<doc-id id-string="0"/>', "<doc-id/>"]) {
      expect(draftOf(nitf({ ...uno, docId })).guid).toBe("agency.example,uno-5");
      const draft = draftOf(nitf({ docId }));
      expect(draft.guid).toBeUndefined();
      expect(draft.identity).toMatch(/^2024-03-05 \S+$/u);
    }
  });

  test.each([
    ["NB2403051234_47", "48", "NB2403051234"],
    ["NB2403051234_48", "48", "NB2403051234"],
    ["NB2403051234_12", "48", undefined],
    ["NB2403051234_1", "", undefined],
    [
      "urn:newsml:agency.example:20240305T100000:port:4",
      "4",
      "urn:newsml:agency.example:20240305T100000:port",
    ],
  ])("REV1 NITF3 the id %s of version %s: its versions share %s", (id, version, guidBase) => {
    const draft = draftOf(
      nitf({ docId: `<doc-id id-string="${id}"/>`, duKey: `<du-key key="k" version="${version}"/>` }),
    );
    expect([draft.guid, draft.guidBase]).toEqual([id, guidBase]);
  });

  test("REV1 version 0 and versions beyond 2^53 stay text", () => {
    for (const version of ["0", "98765432109876543210"]) {
      expect(draftOf(nitf({ duKey: `<du-key version="${version}"/>` })).sourceVersion).toBe(version);
    }
  });
});

describe("NITF: status, notices, corrections", () => {
  test.each([
    ["usable", "usable", true],
    ["Cancelled", "canceled", true],
    ["CANCELED", "canceled", true],
    ["withheld", "withheld", true],
    ["pending", "withheld", true],
    ["", "usable", undefined],
  ])("KIL1 NITF6 the status %j is %s", (status, pubStatus, written) => {
    const draft = draftOf(nitf({ management: `management-status="${status}"` }));
    expect([draft.pubStatus, draft.pubStatusWritten]).toEqual([pubStatus, written]);
  });

  test("KIL1 NITF6 a missing status is usable, but not written", () => {
    expect(draftOf(nitf({ management: "" })).pubStatusWritten).toBeUndefined();
  });

  const notice = (idref: string, status: string) =>
    `management-status="usable" management-doc-idref="${idref}" management-idref-status="${status}"`;

  test("KIL2 NITF7 a notice that withdraws another document acts on it and is no story", () => {
    const draft = draftOf(
      nitf({
        management: notice("AG.240304.12", "canceled"),
        head: "<hedline><hl1>Attention: withdrawal</hl1></hedline>",
        content: "<p>Please disregard the report on the ferry.</p>",
      }),
    );
    expect(draft).toMatchObject({
      noticeOnly: true,
      actsOn: [{ guid: "AG.240304.12", status: "canceled" }],
    });
  });

  test("KIL2 NITF8 a reference written id:version names the version", () => {
    const docId = '<doc-id id-string="urn:newsml:agency.example:20090101:240305-99-00077"/>';
    const idref = "urn:newsml:agency.example:20090101:240305-99-00012:2";
    const draft = draftOf(nitf({ docId, management: notice(idref, "withheld"), content: "", head: "" }));
    expect(draft.actsOn).toEqual([
      { guid: "urn:newsml:agency.example:20090101:240305-99-00012", sourceVersion: "2", status: "withheld" },
    ]);
    expect(draft.noticeOnly).toBe(true);
  });

  test("KIL2 NITF8 a NewsML URN is known without its revision, a letter behind it or none", () => {
    const idref = "urn:newsml:agency.example:20240305T100000:ferry:2U";
    expect(draftOf(nitf({ management: notice(idref, "canceled"), content: "" })).actsOn).toEqual([
      { guid: "urn:newsml:agency.example:20240305T100000:ferry", sourceVersion: "2", status: "canceled" },
    ]);
  });

  test("KIL2 NITF8 an id that ends in digits of its own is taken as a whole", () => {
    const docId = '<doc-id id-string="tag:agency.example,2024:78"/>';
    const draft = draftOf(
      nitf({ docId, management: notice("tag:agency.example,2024:77", "canceled"), content: "" }),
    );
    expect(draft.actsOn).toEqual([{ guid: "tag:agency.example,2024:77", status: "canceled" }]);
  });

  test("KIL2 NITF7 a long story that cancels an earlier document is a story as well", () => {
    const content = `<p>${"The council of Riverton withdraws its offer for the old port. ".repeat(12)}</p>`;
    const draft = draftOf(nitf({ management: notice("AG.240304.12", "canceled"), content }));
    expect(draft.noticeOnly).toBeUndefined();
    expect(draft.actsOn).toEqual([{ guid: "AG.240304.12", status: "canceled" }]);
  });

  test("KIL2 NITF8 a version that names the one before it replaces it: no withdrawal", () => {
    const docId = '<doc-id id-string="urn:newsml:agency.example:20090101:240305-99-00077"/>';
    const idref = "urn:newsml:agency.example:20090101:240305-99-00077:2";
    const draft = draftOf(nitf({ docId, management: notice(idref, "canceled") }));
    expect([draft.actsOn, draft.noticeOnly, draft.pubStatus]).toEqual([undefined, undefined, "usable"]);
  });

  test("KIL2 NITF7 a reference with status usable releases nothing", () => {
    expect(draftOf(nitf({ management: notice("AG.240304.12", "usable") })).actsOn).toBeUndefined();
  });

  test("KIL2 NITF19 without a status a kill in words names the slug", () => {
    const draft = draftOf(
      nitf({
        management: "",
        duKey: "",
        metas: '<meta name="anpa-keyword" content="BC-Ferry, KILL"/>',
        head: "<hedline><hl1>KILL: BC-Ferry</hl1></hedline>",
        content: "<p>Eds: Kill the story slugged BC-Ferry. The ferry did not sink.</p>",
      }),
    );
    expect(draft).toMatchObject({ noticeOnly: true, actsOn: [{ slug: "Ferry", status: "canceled" }] });
  });

  test("COR1 NITF9 the correction element makes a correction, with its note and what it corrects", () => {
    const docdata = '<correction info="The vote was nine to six." id-string="AG.240304.12" regsrc="agency"/>';
    expect(draftOf(nitf({ docdata }))).toMatchObject({
      change: "correction",
      correctionNote: "The vote was nine to six.",
      supersedes: ["AG.240304.12"],
    });
  });
});

describe("NITF: times and embargo", () => {
  test.each([
    ["20240305T100000Z", "2024-03-05T10:00:00.000Z"],
    ["20240305T100000+0100", "2024-03-05T09:00:00.000Z"],
    ["2024-03-05T10:00:00", "2024-03-05T09:00:00.000Z"],
    ["2024-03-05 10:00:00", "2024-03-05T09:00:00.000Z"],
    ["20240305T100000", "2024-03-05T09:00:00.000Z"],
  ])("TIM1 NITF11 FIELD5 the date.issue %s in Oslo is %s, for both times", (norm, instant) => {
    const draft = draftOf(nitf({ dates: `<date.issue norm="${norm}"/>` }), {
      profile: { zone: "Europe/Oslo" },
    });
    expect([draft.firstCreated, draft.versionCreated]).toEqual([instant, instant]);
  });

  test("TIM1 NITF11 a document without date.issue has the time of its publication, its dateline, or none", () => {
    const pubdata = nitf({ dates: "" }).replace(
      "</docdata>",
      '</docdata><pubdata date.publication="20240305T1000Z"/>',
    );
    expect(draftOf(pubdata).versionCreated).toBe("2024-03-05T10:00:00.000Z");
    expect(rulesOf(draftOf(pubdata), "versionCreated")).toContain("pubdata");
    expect(draftOf(nitf({ dates: "" })).versionCreated).toBeUndefined();
  });

  const release = (norm: string, status = "usable") =>
    draftOf(
      nitf({
        management: `management-status="${status}"`,
        dates: `<date.issue norm="20240305T100000Z"/><date.release norm="${norm}"/>`,
      }),
    );

  test("EMB1 NITF12 a release later than the issue is an embargo, an equal or earlier one is none", () => {
    expect(release("20300305T100000Z").embargoedUntil).toBe("2030-03-05T10:00:00.000Z");
    for (const norm of ["20240305T100000Z", "20240304T100000Z", ""]) {
      const draft = release(norm);
      expect([draft.embargoedUntil, draft.embargoOpen]).toEqual([undefined, undefined]);
    }
  });

  test("EMB2 NITF12 status embargoed: the release is the end; with none that can be read it is withheld", () => {
    expect(release("20240305T100000Z", "embargoed")).toMatchObject({
      pubStatus: "usable",
      embargoedUntil: "2024-03-05T10:00:00.000Z",
    });
    for (const norm of ["", "YYYYMMDD000000-HHMM", "soon"]) {
      expect(release(norm, "Embargoed").embargoOpen).toBe("field");
    }
  });

  test("EMB2 NITF12 a template is no embargo, an unreadable release is an open one", () => {
    expect(release("YYYYMMDD000000-HHMM").embargoOpen).toBeUndefined();
    expect(release("next week").embargoOpen).toBe("field");
  });

  test("EMB2 NITF13 an embargo in the note to editors withholds", () => {
    expect(draftOf(nitf({ docdata: '<ed-msg info="EMBARGOED until Friday"/>' })).embargoOpen).toBe("words");
  });
});

describe("NITF: text", () => {
  test("TXT2 NITF16 mixed content keeps its order; media, captions, notes and the body's end are cut", () => {
    const content =
      "<block><p lede='true'>One <em>two</em> <org>three</org>.</p><media media-type='image'><media-reference source='a.jpg'/>" +
      "<media-caption><p>Caption</p></media-caption></media><note><p>Secret</p></note><hl2>Sub</hl2><p>Four.</p></block>";
    const draft = draftOf(nitf({ content }));
    expect(draft.bodyText).toBe("One two three.\n\nSub\n\nFour.");
    expect(draft.bodyHtml).toContain("<h3>Sub</h3>");
    expect(draft.lead).toBe("One two three.");
    expect(draft.edNote).toBe("Secret");
  });

  test("TXT2 NITF15 separate byline, dateline and headline elements are not put in front", () => {
    const content =
      "<block><byline>By Ann Lee</byline><dateline><location>RIVERTON</location></dateline><p>RIVERTON (AG) – Text.</p></block>";
    const draft = draftOf(nitf({ content }));
    expect(draft).toMatchObject({
      bodyText: "RIVERTON (AG) – Text.",
      byline: "By Ann Lee",
      dateline: "RIVERTON",
    });
  });

  test("TXT2 a table is readable", () => {
    const table =
      "<nitf-table><nitf-table-metadata><nitf-table-summary>S</nitf-table-summary></nitf-table-metadata>" +
      "<table><tr><td>Riverton</td><td>9</td></tr><tr><td>Easton</td><td>6</td></tr></table></nitf-table>";
    expect(draftOf(nitf({ content: `<p>Votes:</p>${table}` })).bodyText).toBe(
      "Votes:\n\nRiverton 9\n\nEaston 6",
    );
  });

  test("TXT2 NITF16 one pre, or bare text, is a wire text: wrapped lines are joined", () => {
    const line = "The council of the harbour town voted on Tuesday evening to open the";
    const text = `${line}\nport to larger ships from the spring.\n\nTwo.`;
    for (const content of [`<pre>${text}</pre>`, text, `<block><pre>${text}</pre></block>`]) {
      expect(draftOf(nitf({ content })).bodyText).toBe(
        `${line} port to larger ships from the spring.\n\nTwo.`,
      );
    }
  });

  test("TXT2 NITF16 text straight in the body, and escaped tags, are read", () => {
    const bare = nitf().replace(/<\/?body\.content>/gu, "");
    expect(draftOf(bare).bodyText).toContain("The council");
    expect(draftOf(nitf({ content: "&lt;P&gt;One.&lt;/P&gt;&lt;P&gt;Two.&lt;/P&gt;" })).bodyText).toBe(
      "One.\n\nTwo.",
    );
  });

  test("TXT2 end marks and typesetting marks are cut", () => {
    const draft = draftOf(
      nitf({
        head: "<hedline><hl1>^Riverton opens=</hl1></hedline>",
        content: "<p>One.</p><p>hh/ph/ts/hd</p>",
      }),
    );
    expect([draft.headline, draft.bodyText]).toEqual(["Riverton opens", "One."]);
  });

  test("TXT3 undefined entities stay as text, Latin-1 without a label is read", () => {
    expect(draftOf(nitf({ content: "<p>A &endash; b &eacute;</p>" })).bodyText).toBe("A &endash; b é");
    const bytes = Buffer.from(nitf({ content: "<p>Café</p>" }).replace(' encoding="UTF-8"', ""), "latin1");
    expect(draftOf(bytes).bodyText).toBe("Café");
  });
});

describe("NITF: what is a story", () => {
  test("TXT2 a picture gives a note and no draft; a headline alone is enough", () => {
    const { drafts, notes } = read(nitf({ tobject: '<tobject tobject.type="Photo"/>', content: "" }));
    expect([drafts, notes[0]?.rule]).toEqual([[], "left out: of type photo"]);
    expect(draftOf(nitf({ content: "" })).headline).toBe("Riverton opens its port");
  });

  test("TIM1 for each field it is told where it stood", () => {
    const draft = draftOf(nitf());
    expect(rulesOf(draft, "versionCreated")).toBe("from docdata/date.issue");
    expect(rulesOf(draft, "headline")).toBe("from body.head/hedline/hl1");
    expect(rulesOf(draft, "expires")).toBe("");
  });

  test("TXT2 several in one wrapper give a draft each", () => {
    const one = nitf().replace(/^.*?(?=<nitf)/su, "");
    const text = `<batch>${one}${one.replace("240305.77", "240305.78")}</batch>`;
    expect(draftsOf(text, { profile: { format: "nitf" } }).map(({ guid }) => guid)).toEqual([
      "AG.240305.77",
      "AG.240305.78",
    ]);
  });

  test("TXT3 cut off or damaged anywhere it is read or refused", () => {
    expectRobust(nitf({ docdata: '<urgency ed-urg="2"/><correction info="x" id-string="y"/>' }));
  });
});
