import { describe, expect, test } from "vitest";
import { read } from "./profile.ts";
import { draftOf, draftsOf, expectRobust, rulesOf } from "./structured.ts";

const LONG =
  "<p>The council of Riverton voted on Tuesday for a plan to open the port.</p><p>The harbour master said work begins in spring.</p>";

interface Parts {
  guid?: string;
  version?: string;
  attributes?: string;
  itemClass?: string;
  status?: string;
  meta?: string;
  content?: string;
  set?: string;
  times?: string;
}

const xhtml = (inner: string) =>
  `<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head><body>${inner}</body></html></inlineXML>`;

function item({
  guid = "tag:agency.example,2024:harbour_77",
  version = "3",
  attributes = 'xmlns="http://iptc.org/std/nar/2006-10-01/" xml:lang="en-GB"',
  itemClass = '<itemClass qcode="ninat:text"/>',
  status = '<pubStatus qcode="stat:usable"/>',
  meta = "",
  content = "<headline>Riverton opens its port</headline>",
  set = xhtml(LONG),
  times = "<versionCreated>2024-03-05T10:00:00Z</versionCreated><firstCreated>2024-03-05T09:00:00Z</firstCreated>",
}: Parts = {}): string {
  return (
    `<newsItem guid="${guid}" version="${version}" ${attributes}>` +
    `<itemMeta>${itemClass}<provider literal="agency"/>${times}${status}${meta}</itemMeta>` +
    `<contentMeta>${content}</contentMeta><contentSet>${set}</contentSet></newsItem>`
  );
}

function message(...items: string[]): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?><newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/">' +
    "<header><sent>2024-03-05T12:34:56Z</sent><priority>2</priority></header>" +
    `<itemSet>${items.join("\n")}</itemSet></newsMessage>`
  );
}

describe("NewsML-G2: fields", () => {
  test("TXT2 a story gives its id, version, status, urgency, lines, text and markup", () => {
    const draft = draftOf(
      item({
        meta: "<edNote>Check the name.</edNote><edNote role='nrol:desk'>Picture follows.</edNote>",
        content:
          "<urgency>2</urgency><slugline>RIVERTON-PORT/</slugline><headline>Riverton opens its port</headline>" +
          "<by>Ann Lee</by><dateline>RIVERTON, March 5</dateline><language tag='en'/>" +
          "<subject qcode='medtop:1'><name xml:lang='de'>Hafen</name><name xml:lang='en'>Harbour</name></subject>" +
          "<description role='drol:summary'>The port opens.</description><description role='drol:caption'>A ship</description>",
      }),
    );
    expect(draft).toMatchObject({
      guid: "tag:agency.example,2024:harbour_77",
      sourceVersion: "3",
      pubStatus: "usable",
      pubStatusWritten: true,
      urgency: 2,
      headline: "Riverton opens its port",
      slugline: "RIVERTON-PORT/",
      byline: "Ann Lee",
      dateline: "RIVERTON, March 5",
      language: "en",
      subjects: ["Harbour"],
      summary: "The port opens.",
      edNote: "Check the name.\n\nPicture follows.",
      versionCreated: "2024-03-05T10:00:00.000Z",
      firstCreated: "2024-03-05T09:00:00.000Z",
    });
    expect(draft.bodyText).toBe(
      "The council of Riverton voted on Tuesday for a plan to open the port.\n\nThe harbour master said work begins in spring.",
    );
    expect(draft.bodyHtml).toContain("<p>The council");
  });

  test("URG1 G2N13 the message's transmission priority is not the urgency", () => {
    expect(draftOf(message(item())).urgency).toBeUndefined();
  });

  test("URG1 the profile's map outranks the number", () => {
    const text = item({ content: "<urgency>3</urgency><headline>Port</headline>" });
    expect(draftOf(text, { profile: { urgencyMap: { "3": 1 } } }).urgency).toBe(1);
  });

  test("TXT1 G2N16 of several headlines role main wins, then the item's language, then the first", () => {
    const lines = '<headline role="hl:short">Short</headline><headline xml:lang="fi">Suomeksi</headline>';
    expect(draftOf(item({ content: `${lines}<headline role="x:main">Main</headline>` })).headline).toBe(
      "Main",
    );
    expect(draftOf(item({ content: `<language tag="fi"/>${lines}` })).headline).toBe("Suomeksi");
    expect(draftOf(item({ content: lines })).headline).toBe("Short");
  });

  test.each(["<headline/>", '<headline xsi:nil="true"></headline>', ""])(
    "TXT1 WIRE25 no headline %j: the text's first sentence, and a note says so",
    (content) => {
      const set = xhtml("<p>RIVERTON (Agency) – The port is open. More follows.</p>");
      const draft = draftOf(item({ content, set }));
      expect(draft.headline).toBe("The port is open.");
      expect(rulesOf(draft, "headline")).toContain("first sentence");
      expect(draft.bodyText).toBe("RIVERTON (Agency) – The port is open. More follows.");
    },
  );

  test("TXT1 the item's own title comes before the first sentence", () => {
    expect(draftOf(item({ content: "", meta: "<title>Port opens</title>" })).headline).toBe("Port opens");
  });

  test("TXT1 G2N17 the language element, then the nearest xml:lang around the text, then the profile", () => {
    const set = '<inlineXML xml:lang="sv"><html><body><p>Text.</p></body></html></inlineXML>';
    expect(draftOf(item({ set, content: "<language tag='nb'/><headline>P</headline>" })).language).toBe("nb");
    expect(draftOf(item({ set })).language).toBe("sv");
    expect(draftOf(item()).language).toBe("en-GB");
    expect(draftOf(item({ attributes: "" }), { profile: { language: "az" } }).language).toBe("az");
    expect(draftOf(item({ attributes: "" })).language).toBeUndefined();
  });

  test("PRV1 G2N10 a note of any role is for editors; one marked public is the correction's note as well", () => {
    const notes = "<edNote role='x:public'>The year was wrong.</edNote><edNote>Call the desk.</edNote>";
    const corrected = draftOf(item({ meta: `${notes}<signal qcode="sig:correction"/>` }));
    expect(corrected).toMatchObject({
      change: "correction",
      correctionNote: "The year was wrong.",
      edNote: "The year was wrong.\n\nCall the desk.",
    });
    expect(draftOf(item({ meta: notes })).correctionNote).toBeUndefined();
  });

  test.each(["x:nonpublic", "x:not-public", "x:publication"])(
    "PRV1 G2N10 a note of role %s is no note for readers",
    (role) => {
      const meta = `<edNote role="${role}">Secret.</edNote><signal qcode="sig:correction"/>`;
      expect(draftOf(item({ meta })).correctionNote).toBeUndefined();
    },
  );
});

describe("NewsML-G2: signals", () => {
  test.each([
    ["sig:correction", "3", "correction"],
    ["http://cv.iptc.org/newscodes/signal/correction", "3", "correction"],
    ["other:update", "3", "update"],
    ["sig:update", "1", undefined],
    ["edStat:U", "3", undefined],
    ["sig:cwarn", "3", undefined],
    ["update:append-major-content", "3", undefined],
  ])("REV1 G2N12 the signal %s on version %s says %s", (signal, version, change) => {
    const meta = signal.startsWith("http") ? `<signal uri="${signal}"/>` : `<signal qcode="${signal}"/>`;
    expect(draftOf(item({ version, meta })).change).toBe(change);
  });

  test("REV1 G2N12 the profile says what an agency's signals mean", () => {
    const profile = { signals: { "sig:correction": "none", "edStat:C": "correction" } } as const;
    expect(draftOf(item({ meta: '<signal qcode="sig:correction"/>' }), { profile }).change).toBeUndefined();
    const draft = draftOf(item({ meta: '<signal qcode="edStat:C"/>' }), { profile });
    expect(draft.change).toBe("correction");
    expect(rulesOf(draft, "change")).toContain("by the profile");
  });
});

describe("NewsML-G2: status, times, embargo", () => {
  test.each([
    ['<pubStatus qcode="stat:usable"/>', "usable", true],
    ['<pubStatus qcode="STAT:Canceled"/>', "canceled", true],
    ['<pubStatus qcode="stat:Cancelled"/>', "canceled", true],
    ['<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/withheld"/>', "withheld", true],
    ['<pubStatus qcode="stat:dormant"/>', "withheld", true],
    ["", "usable", undefined],
  ])("KIL1 G2N4 the status %s is %s", (status, pubStatus, written) => {
    const draft = draftOf(item({ status }));
    expect([draft.pubStatus, draft.pubStatusWritten]).toEqual([pubStatus, written]);
  });

  test("KIL2 a withdrawal needs only an id", () => {
    const draft = draftOf(item({ status: '<pubStatus qcode="stat:canceled"/>', content: "", set: "" }));
    expect(draft).toMatchObject({ guid: "tag:agency.example,2024:harbour_77", pubStatus: "canceled" });
    expect(draft.headline).toBeUndefined();
  });

  test.each([
    "<embargoed/>",
    "<embargoed></embargoed>",
    "<embargoed> </embargoed>",
    "<embargoed>soon</embargoed>",
  ])("EMB2 G2N8 %s has no end that can be read: withheld until an editor releases", (meta) => {
    const draft = draftOf(item({ meta }));
    expect(draft.embargoOpen).toBe("field");
    expect(draft.embargoedUntil).toBeUndefined();
  });

  test("EMB2 G2N8 a template date is no embargo", () => {
    const draft = draftOf(item({ meta: "<embargoed>YYYYMMDD000000-HHMM</embargoed>" }));
    expect([draft.embargoOpen, draft.embargoedUntil]).toEqual([undefined, undefined]);
    expect(rulesOf(draft, "embargoedUntil")).toContain("template");
  });

  test("EMB1 G2N8 an embargo and an expiry with a time are read, whatever the status says", () => {
    const meta = "<embargoed>2030-01-01T10:00:00+01:00</embargoed><expires/><expires>2031-01-01</expires>";
    expect(draftOf(item({ meta }))).toMatchObject({
      pubStatus: "usable",
      embargoedUntil: "2030-01-01T09:00:00.000Z",
      expires: "2031-01-01T00:00:00.000Z",
    });
  });

  test.each([
    ["2016-10-12T12:35:40+0100", "2016-10-12T11:35:40.000Z"],
    ["2016-01-12 12:35:40", "2016-01-12T11:35:40.000Z"],
    ["2016-07-12T12:35:40", "2016-07-12T10:35:40.000Z"],
    ["20160712T123540+0200", "2016-07-12T10:35:40.000Z"],
  ])("TIM1 G2N22 the time %s in Rome is %s", (written, instant) => {
    const times = `<versionCreated>${written}</versionCreated>`;
    const draft = draftOf(item({ times }), { profile: { zone: "Europe/Rome" } });
    expect(draft.versionCreated).toBe(instant);
    expect(draft.firstCreated).toBeUndefined();
  });

  test("TIM1 G2N24 a firstCreated later than versionCreated stays as the source wrote it", () => {
    const times =
      "<versionCreated>2024-03-05T10:00:00Z</versionCreated><firstCreated>2024-03-05T10:00:07Z</firstCreated>";
    expect(draftOf(item({ times }))).toMatchObject({
      versionCreated: "2024-03-05T10:00:00.000Z",
      firstCreated: "2024-03-05T10:00:07.000Z",
    });
  });

  test("TIM1 G2N5 an empty or missing versionCreated is contentModified, firstCreated is contentCreated", () => {
    const content =
      "<headline>P</headline><contentCreated>2024-03-04T08:00:00Z</contentCreated><contentModified>2024-03-04T09:00:00Z</contentModified>";
    for (const times of ["", "<versionCreated/><firstCreated/>"]) {
      const draft = draftOf(item({ times, content }));
      expect(draft).toMatchObject({
        firstCreated: "2024-03-04T08:00:00.000Z",
        versionCreated: "2024-03-04T09:00:00.000Z",
      });
      expect(rulesOf(draft, "versionCreated")).toContain("contentModified");
    }
    expect(draftOf(item({ content })).versionCreated).toBe("2024-03-05T10:00:00.000Z");
  });

  test("ORD3 a date without a clock says so", () => {
    expect(draftOf(item({ times: "<versionCreated>2024-03-05</versionCreated>" })).dateOnly).toBe(true);
  });
});

describe("NewsML-G2: ids and versions", () => {
  test.each(["721618183721618183721", "10", "0", "007"])("REV1 G2N3 the version %s stays text", (version) => {
    expect(draftOf(item({ version })).sourceVersion).toBe(version);
  });

  test("REV1 G2N2 no version is version 1, the standard's default", () => {
    expect(draftOf(item({ version: "" })).sourceVersion).toBe("1");
    expect(draftOf(item().replace(' version="3"', "")).sourceVersion).toBe("1");
  });

  test.each([
    [
      "urn:newsml:agency.example:20240305T100000Z:TX-77:3",
      "3",
      "urn:newsml:agency.example:20240305T100000Z:TX-77",
    ],
    ["urn:newsml:agency.example:20240305:TX-77:2U", "3", "urn:newsml:agency.example:20240305:TX-77"],
    ["http://agency.example/harbour:3", "3", "http://agency.example/harbour"],
    ["http://agency.example/harbour:77", "3", undefined],
    ["urn:newsml:agency.example:20240305:240305-77", "3", undefined],
  ])("REV1 G2N29 the id %s of version %s: its versions share %s", (guid, version, guidBase) => {
    const draft = draftOf(item({ guid, version }));
    expect([draft.guid, draft.guidBase]).toEqual([guid, guidBase]);
  });

  test.each(["", "0", "  ", "none"])(
    "REV3 G2N29 the id %j is none: the story is known by its text and day",
    (guid) => {
      const draft = draftOf(item({ guid }));
      expect(draft.guid).toBeUndefined();
      expect(draft.identity).toMatch(/^2024-03-05 \S+$/u);
    },
  );

  test("REV3 G2N29 one id on all stories of a message is no id", () => {
    const drafts = draftsOf(
      message(item(), item({ content: "<headline>Other</headline>", set: xhtml("<p>Other text.</p>") })),
    );
    expect(drafts.map(({ guid }) => guid)).toEqual([undefined, undefined]);
    expect(new Set(drafts.map(({ identity }) => identity)).size).toBe(2);
  });

  test("REV3 two versions of one story in a message, or a story and its withdrawal, keep their id", () => {
    const versions = draftsOf(
      message(item({ version: "1" }), item({ version: "2", set: xhtml("<p>New.</p>") })),
    );
    expect(versions.map(({ guid }) => guid)).toEqual(Array(2).fill("tag:agency.example,2024:harbour_77"));
    const killed = draftsOf(
      message(item(), item({ status: '<pubStatus qcode="stat:canceled"/>', content: "", set: "" })),
    );
    expect(killed.map(({ guid }) => guid)).toEqual(Array(2).fill("tag:agency.example,2024:harbour_77"));
  });

  test("REV1 G2N26 links and private lists of earlier revisions name what is superseded, its own id left out", () => {
    const meta =
      '<link rel="irel:previousVersion" residref="urn:a:1"/><link rel="irel:seeAlso" residref="urn:a:2"/>' +
      '<revisions><revision uri="urn:a:3"/><revision><uri>urn:a:4</uri></revision><revision uri="urn:a:9"/></revisions>';
    expect(draftOf(item({ guid: "urn:a:9", meta })).supersedes).toEqual(["urn:a:1", "urn:a:3", "urn:a:4"]);
  });
});

describe("NewsML-G2: what is a story", () => {
  test("TXT2 G2N28 a message with several stories gives a draft each, in document order", () => {
    const items = ["One", "Two", "Three"].map((name) =>
      item({ guid: `urn:x:${name}`, content: `<headline>${name}</headline>` }),
    );
    expect(draftsOf(message(...items)).map(({ headline }) => headline)).toEqual(["One", "Two", "Three"]);
  });

  test("TXT2 G2N28 pictures, video, audio and packages among stories give a note and no draft", () => {
    const media = ["picture", "video", "audio", "graphic", "animation"].map((name) =>
      item({ guid: `urn:x:${name}`, itemClass: `<itemClass qcode="ninat:${name}"/>` }),
    );
    const pack =
      '<packageItem guid="urn:x:p" version="1"><itemMeta><itemClass qcode="ninat:composite"/></itemMeta>' +
      '<groupSet><group><itemRef residref="urn:x:1"/></group></groupSet></packageItem>';
    const { drafts, notes } = read(message(...media, item(), pack));
    expect(drafts).toHaveLength(1);
    expect(notes).toHaveLength(6);
    expect(notes.at(-1)).toEqual({ field: "packageItem", rule: "left out: a package of links (urn:x:p)" });
  });

  test("TXT2 G2N28 a package alone, and a message without items, give no draft and say why", () => {
    for (const text of ['<packageItem guid="a"><groupSet/></packageItem>', message()]) {
      const { drafts, notes, format } = read(text);
      expect([drafts.length, notes.length, format]).toEqual([0, 1, "newsml-g2"]);
    }
  });

  test("TXT2 FIELD10 an item of no class is a story unless it is only a remote picture", () => {
    expect(draftsOf(item({ itemClass: "" }))).toHaveLength(1);
    const remote = { itemClass: "", set: '<remoteContent href="a.jpg" contenttype="image/jpeg"/>' };
    expect(draftsOf(item(remote))).toHaveLength(0);
  });

  test("TXT2 a headline alone is a story; an item with neither headline nor text is none", () => {
    expect(draftOf(item({ set: "" }))).toMatchObject({ headline: "Riverton opens its port" });
    const { drafts, notes } = read(item({ set: "", content: "" }));
    expect(drafts).toEqual([]);
    expect(notes[0]?.rule).toContain("no headline and no text");
  });
});

describe("NewsML-G2: text", () => {
  test("TXT2 G2N25 no namespace, and a prefix of the agency's own, change nothing", () => {
    const whole = draftOf(item());
    expect(draftOf(item({ attributes: 'xml:lang="en-GB"' }))).toEqual(whole);
    const prefixed = item({ attributes: 'xmlns:nar="urn:x" xml:lang="en-GB"' })
      .replace(/<(\/?)([A-Za-z])/gu, "<$1nar:$2")
      .replace(/nar:(html|body|head|title|p)(?=[ >])/gu, "h:$1");
    expect(draftOf(prefixed)).toEqual(whole);
    expect(whole.bodyHtml).toMatch(/^<p>.*<\/p>$/su);
  });

  test("TXT2 G2N18 an inline NITF body: text from body.content, lines only where the item has none", () => {
    const nitf =
      "<inlineXML><nitf><head><title>x</title></head><body><body.head><hedline><hl1>Inner headline</hl1></hedline>" +
      "<byline>By Ann Lee</byline><dateline><location>RIVERTON</location></dateline></body.head>" +
      "<body.content><block><p>One <em>two</em> three.</p><media><media-caption>Caption</media-caption></media></block></body.content>" +
      "<body.end><tagline>End</tagline></body.end></body></nitf></inlineXML>";
    expect(draftOf(item({ set: nitf, content: "" }))).toMatchObject({
      headline: "Inner headline",
      byline: "By Ann Lee",
      dateline: "RIVERTON",
      bodyText: "One two three.",
      bodyHtml: "<div><p>One <em>two</em> three.</p></div>".replace(/<\/?div>/gu, ""),
    });
    expect(draftOf(item({ set: nitf })).headline).toBe("Riverton opens its port");
  });

  test("TXT2 G2N19 mixed content keeps its order, lists and tables are readable", () => {
    const set = xhtml(
      "<p>One <a href='https://a.example/?x=1&amp;y=2'>two</a> three.</p><ul><li>a</li><li>b</li></ul>" +
        "<table><tr><td>Team</td><td>9</td></tr></table><p>1 &lt; 2 &amp; 3</p>",
    );
    const draft = draftOf(item({ set }));
    expect(draft.bodyText).toBe("One two three.\n\na\n\nb\n\nTeam 9\n\n1 < 2 & 3");
    expect(draft.bodyHtml).toContain('<a href="https://a.example/?x=1&amp;y=2"');
  });

  test("TXT2 G2N18 of several renditions one is taken: XML before HTML before plain text", () => {
    const plain = '<inlineData contenttype="text/plain">Plain text.</inlineData>';
    const html = '<inlineData contenttype="text/html"><![CDATA[<p>From HTML.</p>]]></inlineData>';
    expect(draftOf(item({ set: plain + html + xhtml("<p>From XML.</p>") })).bodyText).toBe("From XML.");
    expect(draftOf(item({ set: plain + html })).bodyText).toBe("From HTML.");
    expect(draftOf(item({ set: `<inlineXML/>${plain}` })).bodyText).toBe("Plain text.");
  });

  test("TXT2 G2N18 an embedded picture is no text", () => {
    const set = '<inlineData contenttype="image/jpeg" encoding="base64">aGFsbG8=</inlineData>';
    expect(draftOf(item({ set })).bodyText).toBeUndefined();
  });

  test("TXT2 captions, escaped tags and a repeated headline are cut", () => {
    const set = xhtml(
      "<h1>Riverton opens its port</h1><p>&lt;P&gt;One.&lt;/P&gt;</p><figure><figcaption>C</figcaption></figure>" +
        "<p class='caption'>C</p><p>Two.</p>",
    );
    expect(draftOf(item({ set })).bodyText).toBe("One.\n\nTwo.");
  });

  test("TXT2 G2N18 a body that is escaped HTML or CDATA as a whole is HTML", () => {
    const set = "<inlineXML><![CDATA[<div><p>One.</p><p>Two.</p></div>]]></inlineXML>";
    expect(draftOf(item({ set })).bodyText).toBe("One.\n\nTwo.");
  });

  test("TXT2 hard-wrapped plain text is joined, a blank line divides", () => {
    const line = "The council of the harbour town voted on Tuesday evening to open the";
    const set = `<inlineData contenttype="text/plain">${line}\nport to larger ships from the spring.\n\nTwo.</inlineData>`;
    expect(draftOf(item({ set })).bodyText).toBe(`${line} port to larger ships from the spring.\n\nTwo.`);
  });

  test("PRV1 what follows a mark in the body goes to edNote and stands in no public field", () => {
    const set = xhtml("<p>One.</p><p>* * * *</p><p>Not for publication: call 555 0100</p><p>Ann</p>");
    const draft = draftOf(item({ set }));
    expect(draft.bodyText).toBe("One.");
    expect(draft.edNote).toContain("555 0100");
    expect(draft.bodyHtml ?? "").not.toContain("555");
  });

  test("TXT3 a label that lies, named and unknown entities do no harm", () => {
    const text = `<?xml version="1.0" encoding="iso-8859-1"?><!DOCTYPE newsItem SYSTEM "http://127.0.0.1:9/x.dtd">${item(
      {
        content: "<headline>Zürich &ndash; caf&eacute; &endash;</headline>",
      },
    )}`;
    expect(draftOf(text).headline).toBe("Zürich – café &endash;");
  });

  test("TXT3 a document that uses an entity of its own is refused", () => {
    const text = `<!DOCTYPE newsItem [<!ENTITY x "y">]>${item({ content: "<headline>&x;</headline>" })}`;
    expect(() => read(text)).toThrow("declares itself");
  });
});

describe("NewsML-G2: explained", () => {
  test("TIM1 for each field it is told where it stood", () => {
    const draft = draftOf(item({ content: "<urgency>2</urgency>", set: xhtml("<p>Text.</p>"), version: "" }));
    expect(rulesOf(draft, "guid")).toBe("from newsItem/@guid");
    expect(rulesOf(draft, "pubStatus")).toBe("from itemMeta/pubStatus");
    expect(rulesOf(draft, "urgency")).toBe("from contentMeta/urgency");
    expect(rulesOf(draft, "bodyText")).toBe("from contentSet");
    expect(rulesOf(draft, "language")).toBe("from the nearest xml:lang");
    expect(rulesOf(draft, "sourceVersion")).toBe("from the standard's default");
    expect(rulesOf(draft, "headline")).not.toContain("contentMeta");
    expect(rulesOf(draft, "byline")).toBe("");
  });
});

describe("NewsML-G2: hostile documents", () => {
  test("TXT3 a story that is too long is refused, its neighbours and its withdrawal are not", () => {
    const long = { set: xhtml(`<p>${"word ".repeat(200_000)}</p>`) };
    expect(() => read(item(long))).toThrow("larger than 256 KB");
    const { drafts, notes } = read(message(item({ ...long, guid: "urn:x:1" }), item()));
    expect([drafts.length, notes[0]?.rule]).toEqual([
      1,
      "left out: A story is larger than 256 KB. (urn:x:1)",
    ]);
    expect(draftOf(item({ ...long, status: '<pubStatus qcode="stat:canceled"/>' })).pubStatus).toBe(
      "canceled",
    );
  });

  test("TXT3 a message of too many items is refused before they are read", () => {
    expect(() => read(message(item({ set: "" }).repeat(1001)))).toThrow("1,000 stories");
    expect(draftsOf(message(item({ set: "" }).repeat(1000)))).toHaveLength(1000);
  });

  test("TXT3 cut off or damaged anywhere it is read or refused", () => {
    expectRobust(message(item(), item({ guid: "urn:x:2" })));
  });

  test("TXT3 nesting and floods end in a sentence", () => {
    expect(() => read(`<newsMessage>${"<itemSet>".repeat(100_000)}`)).toThrow("nests deeper");
    expect(() => read(`<newsItem>${"<a/>".repeat(100_000)}</newsItem>`)).toThrow("50000 elements");
    expect(() => read(`<newsItem>${"<a/>".repeat(500_000)}</newsItem>`)).toThrow("200,000 tags");
  });
});
