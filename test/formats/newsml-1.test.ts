import { describe, expect, test } from "vitest";
import { read } from "./profile.ts";
import { draftOf, draftsOf, expectRobust, rulesOf } from "./structured.ts";

const ID = "urn:newsml:agency.example:20240305T100000Z:TX-77:3";
const TEXT = "<p>The council of Riverton voted for the plan.</p><p>Work begins in spring.</p>";

interface Parts {
  identifier?: string;
  management?: string;
  status?: string;
  times?: string;
  components?: string;
  attributes?: string;
}

function identifier({ id = ID, provider = "agency.example", itemId = "TX-77", revision = "3" } = {}): string {
  return (
    `<ProviderId>${provider}</ProviderId><DateId>20240305</DateId><NewsItemId>${itemId}</NewsItemId>` +
    `<RevisionId PreviousRevision="2" Update="N">${revision}</RevisionId><PublicIdentifier>${id}</PublicIdentifier>`
  );
}

const lines = (headline: string, more = "") =>
  `<NewsLines><HeadLine>${headline}</HeadLine>${more}</NewsLines>`;
const content = (data: string, type = "Text", format = "NITF") =>
  `<ContentItem><MediaType FormalName="${type}"/><Format FormalName="${format}"/><DataContent>${data}</DataContent></ContentItem>`;
const component = (inner: string, attributes = "") => `<NewsComponent ${attributes}>${inner}</NewsComponent>`;
const part = (role: string, data: string) => component(`<Role FormalName="${role}"/>${content(data)}`);

function item({
  identifier: ids = identifier(),
  management = '<Urgency FormalName="2"/>',
  status = '<Status FormalName="Usable"/>',
  times = "<FirstCreated>20240305T090000+0000</FirstCreated><ThisRevisionCreated>20240305T110000+0100</ThisRevisionCreated>",
  components = component(lines("Riverton opens its port") + content(TEXT)),
  attributes = 'xml:lang="en"',
}: Parts = {}): string {
  return (
    `<NewsItem ${attributes}><Identification><NewsIdentifier>${ids}</NewsIdentifier><NameLabel>Riverton-port</NameLabel></Identification>` +
    `<NewsManagement><NewsItemType FormalName="News"/>${times}${status}${management}</NewsManagement>${components}</NewsItem>`
  );
}

function newsml(...items: string[]): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<!DOCTYPE NewsML PUBLIC "urn:newsml:iptc.org:20021018:NewsMLv1.2:1" "http://127.0.0.1:9/NewsML_1.2.dtd" [<!ENTITY % x SYSTEM "http://127.0.0.1:9/y">]>' +
    '<NewsML Version="1.2"><NewsEnvelope><DateAndTime>20240305T235959Z</DateAndTime><Priority FormalName="1"/></NewsEnvelope>' +
    `${items.join("")}</NewsML>`
  );
}

describe("NewsML 1.2: fields", () => {
  test("TXT2 an item gives its id, version, status, urgency, lines, text and markup", () => {
    const more =
      "<ByLine>Ann Lee</ByLine><DateLine>RIVERTON, March 5 (AG) -</DateLine><SlugLine>port/vote</SlugLine>" +
      '<KeywordLine>harbour, council</KeywordLine><NewsLine><NewsLineType FormalName="AdvisoryLine"/>' +
      '<NewsLineText>Pictures follow.</NewsLineText></NewsLine><NewsLine><NewsLineType FormalName="ProductLine"/>' +
      "<NewsLineText>(GRAPHIC)</NewsLineText></NewsLine>";
    const metadata = '<DescriptiveMetadata><Language FormalName="fr"/></DescriptiveMetadata>';
    const draft = draftOf(
      newsml(
        item({ components: component(lines("Riverton opens its port", more) + metadata + content(TEXT)) }),
      ),
    );
    expect(draft).toMatchObject({
      guid: ID,
      guidBase: "urn:newsml:agency.example:20240305T100000Z:TX-77",
      sourceVersion: "3",
      pubStatus: "usable",
      pubStatusWritten: true,
      urgency: 2,
      headline: "Riverton opens its port",
      slugline: "port/vote",
      byline: "Ann Lee",
      dateline: "RIVERTON, March 5 (AG) -",
      subjects: ["harbour", "council"],
      edNote: "Pictures follow.",
      language: "fr",
      firstCreated: "2024-03-05T09:00:00.000Z",
      versionCreated: "2024-03-05T10:00:00.000Z",
      bodyText: "The council of Riverton voted for the plan.\n\nWork begins in spring.",
    });
    expect(draft.bodyHtml).toContain("<p>The council");
  });

  test("TIM1 NML8 the envelope's time of sending is not read, nor its priority", () => {
    const draft = draftOf(newsml(item({ times: "", management: "" })));
    expect([draft.firstCreated, draft.versionCreated, draft.urgency]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("TIM1 NML7 times without an offset are the source's", () => {
    const times =
      "<FirstCreated>20240705T120000</FirstCreated><ThisRevisionCreated>2024-07-05 12:30:00</ThisRevisionCreated>";
    expect(draftOf(newsml(item({ times })), { profile: { zone: "Europe/Brussels" } })).toMatchObject({
      firstCreated: "2024-07-05T10:00:00.000Z",
      versionCreated: "2024-07-05T10:30:00.000Z",
    });
  });

  test("TXT1 the slug is the slugline, else the item's label; the language the nearest one", () => {
    expect(draftOf(newsml(item()))).toMatchObject({ slugline: "Riverton-port", language: "en" });
    const inner = component(lines("P") + content(TEXT), 'xml:lang="nl"');
    expect(draftOf(newsml(item({ components: inner }))).language).toBe("nl");
    expect(draftOf(newsml(item({ attributes: "" })), { profile: { language: "az" } }).language).toBe("az");
  });

  test("TXT1 of several headlines the one in the item's language is taken", () => {
    const two =
      '<NewsLines><HeadLine xml:lang="de">Hafen</HeadLine><HeadLine xml:lang="en">Port</HeadLine></NewsLines>';
    expect(draftOf(newsml(item({ components: component(two + content(TEXT)) }))).headline).toBe("Port");
  });

  test.each(["<NewsLines><HeadLine/></NewsLines>", ""])(
    "TXT1 no headline %j: the text's first sentence",
    (none) => {
      const draft = draftOf(newsml(item({ components: component(none + content(TEXT)) })));
      expect(draft.headline).toBe("The council of Riverton voted for the plan.");
      expect(rulesOf(draft, "headline")).toContain("first sentence");
    },
  );

  test("REV1 an instruction of correction makes a correction", () => {
    expect(draftOf(newsml(item({ management: '<Instruction FormalName="Correction"/>' }))).change).toBe(
      "correction",
    );
  });
});

describe("NewsML 1.2: ids and versions", () => {
  test.each([
    [
      "urn:newsml:agency.example:20240305T100000Z:TX-77:3N",
      "3",
      "urn:newsml:agency.example:20240305T100000Z:TX-77",
    ],
    ["urn:newsml:agency.example:20240305:TX-77:3U", "3", "urn:newsml:agency.example:20240305:TX-77"],
    ["agency/port:0003", "3", "agency/port"],
    ["agency/port:77", "3", undefined],
    [
      "urn:newsml:agency.example:20240305:TX-77:98765432109876543210",
      "98765432109876543210",
      "urn:newsml:agency.example:20240305:TX-77",
    ],
  ])("REV1 NML1 %s of revision %s: its versions share %s", (id, revision, guidBase) => {
    const draft = draftOf(newsml(item({ identifier: identifier({ id, revision }) })));
    expect([draft.guid, draft.guidBase, draft.sourceVersion]).toEqual([id, guidBase, revision]);
  });

  test("REV1 NML4 without RevisionId the identifier's last part is the version; revision 0 stays", () => {
    expect(draftOf(newsml(item({ identifier: identifier({ revision: "" }) }))).sourceVersion).toBe("3");
    expect(
      draftOf(newsml(item({ identifier: identifier({ revision: "0", id: "a:b" }) }))).sourceVersion,
    ).toBe("0");
  });

  test.each([
    "",
    "0",
    "agency.example",
    "urn:newsml:agency.example",
    "AGENCY",
    "urn:newsml:agency.example:0:0",
    "urn:newsml:agency.example:20240305:0:1",
    "www.agency.example",
  ])("REV3 NML2 the public id %j is none: NewsItemId, then Duid, then text and day", (id) => {
    const provider = id.startsWith("www") ? id : "agency.example";
    expect(draftOf(newsml(item({ identifier: identifier({ id, provider }) }))).guid).toBe("TX-77");
    const ids = identifier({ id, provider, itemId: "0" });
    const withDuid = component(lines("P") + content(TEXT), 'Duid="93542098"');
    expect(draftOf(newsml(item({ identifier: ids, components: withDuid }))).guid).toBe("93542098");
    const bare = draftOf(newsml(item({ identifier: ids, components: withDuid.replace("93542098", "nc1") })));
    expect(bare.guid).toBeUndefined();
    expect(bare.identity).toMatch(/^2024-03-05 \S+$/u);
    expect(bare.storyKey).toBeUndefined();
  });

  test("REV3 NML3 one public id on all stories of a message is no id", () => {
    const other = item({ components: component(lines("Ferry sinks") + content("<p>Other.</p>")) });
    const drafts = draftsOf(newsml(item(), other));
    expect(drafts.map(({ guid }) => guid)).toEqual([undefined, undefined]);
    expect(new Set(drafts.map(({ identity }) => identity)).size).toBe(2);
  });
});

describe("NewsML 1.2: status and embargo", () => {
  test.each([
    ["Usable", "usable"],
    ["CANCELED", "canceled"],
    ["Cancelled", "canceled"],
    ["Withheld", "withheld"],
    ["Pending", "withheld"],
  ])("KIL1 NML5 the status %s is %s", (status, pubStatus) => {
    expect(draftOf(newsml(item({ status: `<Status FormalName="${status}"/>` }))).pubStatus).toBe(pubStatus);
  });

  test("REV1 NML4 an item that holds only an Update element changes the state of its story, and no text", () => {
    const update = '<Update><Replace DuidRef="x"><HeadLine>Other words</HeadLine></Replace></Update>';
    const withdrawal = draftOf(
      newsml(item({ components: update, status: '<Status FormalName="Canceled"/>' })),
    );
    expect(withdrawal).toMatchObject({ pubStatus: "canceled", guid: ID });
    expect(withdrawal.headline).toBeUndefined();
    const { drafts, notes } = read(newsml(item({ components: update })));
    expect(drafts).toEqual([]);
    expect(notes).toEqual([{ field: "NewsComponent", rule: "left out: an Update" }]);
  });

  test("KIL2 a withdrawal needs only an id", () => {
    for (const components of ["", "<Update/>", component("")]) {
      const draft = draftOf(newsml(item({ status: '<Status FormalName="Canceled"/>', components })));
      expect(draft).toMatchObject({ guid: ID, pubStatus: "canceled" });
    }
  });

  const future = (time: string) =>
    '<Status FormalName="Embargoed"/><StatusWillChange><FutureStatus FormalName="Usable"/>' +
    `<DateAndTime>${time}</DateAndTime></StatusWillChange>`;

  test("EMB1 NML5 an embargoed item ends its embargo when its status will change", () => {
    expect(draftOf(newsml(item({ status: future("20300101T100000+0100") })))).toMatchObject({
      pubStatus: "usable",
      embargoedUntil: "2030-01-01T09:00:00.000Z",
    });
  });

  test.each(["", "YYYYMMDD000000-HHMM", "soon"])(
    "EMB2 NML5 status embargoed until %j is withheld",
    (time) => {
      expect(draftOf(newsml(item({ status: future(time) }))).embargoOpen).toBe("field");
      expect(draftOf(newsml(item({ status: '<Status FormalName="Embargoed"/>' }))).embargoOpen).toBe("field");
    },
  );

  test("EXP1 an item whose status will be canceled expires then", () => {
    const status = future("20300101T100000Z")
      .replace('"Usable"', '"Canceled"')
      .replace('"Embargoed"', '"Usable"');
    expect(draftOf(newsml(item({ status })))).toMatchObject({
      pubStatus: "usable",
      expires: "2030-01-01T10:00:00.000Z",
    });
  });
});

describe("NewsML 1.2: components", () => {
  const picture = component(lines("A ship") + content("", "Photo", "JPEG Baseline"));

  test("TXT2 NML9 a text among five items of other media gives one draft and five notes", () => {
    const text = component(`<Role FormalName="Main"/>${lines("Riverton opens its port")}${content(TEXT)}`);
    const { drafts, notes } = read(
      newsml(item({ components: component(picture + picture + text + picture + picture + picture) })),
    );
    expect([drafts.length, notes.length]).toEqual([1, 5]);
    expect(notes[0]).toEqual({ field: "NewsComponent", rule: "left out: of type Photo" });
  });

  test("TXT2 a picture alone, links and topics give a note and no draft", () => {
    for (const components of [
      picture,
      "<NewsItemRef NewsItem='x'/>",
      "<TopicSet/>",
      component(`<Role FormalName="Picture"/>${lines("A")}${content(TEXT)}`),
    ]) {
      const { drafts, notes } = read(newsml(item({ components })));
      expect([drafts.length, notes.length]).toEqual([0, 1]);
    }
    expect(read(newsml()).notes).toEqual([{ field: "NewsML", rule: "holds no item" }]);
  });

  test("TXT2 title, lead and body in components of their own are one story, the lead first", () => {
    const parts =
      part("Title", "Riverton opens its port") +
      part("Lead", "The vote was close.") +
      part("Body", TEXT) +
      part("Caption", "A ship in the port.");
    const draft = draftOf(newsml(item({ components: component(`<Role FormalName="Text"/>${parts}`) })));
    expect(draft).toMatchObject({ headline: "Riverton opens its port", lead: "The vote was close." });
    expect(draft.bodyText).toBe(
      "The vote was close.\n\nThe council of Riverton voted for the plan.\n\nWork begins in spring.",
    );
  });

  test("TXT2 NML9 several stories in one item give a draft each, in order, with ids of their own", () => {
    const stories = ["One", "Two", "Three"].map((name, i) =>
      component(lines(name) + content(`<p>Text ${name}.</p>`), `Duid="935420${i}"`),
    );
    const drafts = draftsOf(newsml(item({ components: component(stories.join("")) })));
    expect(drafts.map(({ headline, guid }) => [headline, guid])).toEqual([
      ["One", "9354200"],
      ["Two", "9354201"],
      ["Three", "9354202"],
    ]);
    const local = draftsOf(
      newsml(item({ components: component(stories.join("").replaceAll("935420", "nc")) })),
    );
    expect(local[1]).toMatchObject({ identity: "urn:newsml:agency.example:20240305T100000Z:TX-77#nc1" });
    expect(local[1]?.guid).toBeUndefined();
  });

  test("TXT2 NML9 equivalents are one story: in the item's language, else the first", () => {
    const versions = ["fr", "en"].map((tag) =>
      component(lines(tag) + content(`<p>${tag}.</p>`), `xml:lang="${tag}"`),
    );
    const inner = component(versions.join(""), 'EquivalentsList="yes"');
    expect(draftOf(newsml(item({ components: inner })))).toMatchObject({ headline: "en", language: "en" });
    expect(draftOf(newsml(item({ components: inner, attributes: "" }))).headline).toBe("fr");
  });

  test("TXT2 texts below one headline are parts of it; in two languages one is taken", () => {
    const loose = (attributes: [string, string]) =>
      component(
        lines("Port") +
          component(content("<p>One.</p>"), attributes[0]) +
          component(content("<p>Two.</p>"), attributes[1]),
      );
    expect(draftOf(newsml(item({ components: loose(["", ""]) }))).bodyText).toBe("One.\n\nTwo.");
    expect(draftOf(newsml(item({ components: loose(['xml:lang="de"', 'xml:lang="en"']) }))).bodyText).toBe(
      "Two.",
    );
  });

  test("TXT2 the same text in two formats is taken once, as markup", () => {
    const both = content("Plain text.", "Text", "text/plain") + content(TEXT, "Text", "text/html");
    expect(draftOf(newsml(item({ components: component(lines("P") + both) }))).bodyText).not.toContain(
      "Plain",
    );
  });
});

describe("NewsML 1.2: text", () => {
  const textOf = (data: string) =>
    draftOf(newsml(item({ components: component(lines("Port") + content(data)) })));

  test("TXT2 a NITF document inside, with its lines where the item has none", () => {
    const nitf =
      "<nitf><body><body.head><hedline><hl1>Inner</hl1></hedline><byline>By Ann Lee</byline></body.head>" +
      "<body.content><p>One <em>two</em> three.</p></body.content></body></nitf>";
    expect(textOf(nitf)).toMatchObject({
      headline: "Port",
      byline: "By Ann Lee",
      bodyText: "One two three.",
    });
    expect(draftOf(newsml(item({ components: component(content(nitf)) }))).headline).toBe("Inner");
  });

  test("TXT2 an HTML page with style, a CDATA section, plain wrapped text", () => {
    const page =
      "<html><head><title>T</title></head><body><style>p { color: red }</style><p>One.</p></body></html>";
    expect(textOf(page).bodyText).toBe("One.");
    expect(textOf(`<![CDATA[${page}]]>`).bodyText).toBe("One.");
    const line = "The council of the harbour town voted on Tuesday evening to open the";
    expect(textOf(`\n${line}\nport to larger ships from the spring.\n\nTwo.\n`).bodyText).toBe(
      `${line} port to larger ships from the spring.\n\nTwo.`,
    );
  });

  test("TXT2 what is encoded is no text", () => {
    const encoded =
      '<ContentItem><Encoding Notation="Base64"><DataContent>aGFsbG8=</DataContent></Encoding></ContentItem>';
    expect(draftOf(newsml(item({ components: component(lines("P") + encoded) }))).bodyText).toBeUndefined();
  });

  test("PRV1 a private note in the text goes to edNote", () => {
    expect(textOf("<p>One.</p><p>Editor's note: call 555 0100</p>")).toMatchObject({
      bodyText: "One.",
      edNote: "Editor's note: call 555 0100",
    });
  });

  test("TXT3 cut off or damaged anywhere it is read or refused", () => {
    expectRobust(newsml(item(), item({ components: component(part("Lead", "One.") + part("Body", TEXT)) })));
  });

  test("TXT3 nesting ends in a sentence", () => {
    expect(() => read(`<NewsML><NewsItem>${"<NewsComponent>".repeat(100_000)}`)).toThrow("nests deeper");
  });
});
