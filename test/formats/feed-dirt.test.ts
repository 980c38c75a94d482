import { describe, expect, test } from "vitest";
import { read } from "./profile.ts";
import { draftOf, draftsOf } from "./structured.ts";

const item = (inner: string, namespaces = "") =>
  draftOf(
    `<rss version="2.0" ${namespaces}><channel><language>fr</language><item>${inner}</item></channel></rss>`,
  );
const entry = (inner: string, namespaces = "") =>
  draftOf(`<feed xmlns="http://www.w3.org/2005/Atom" ${namespaces}><entry><id>1</id>${inner}</entry></feed>`);

describe("RSS: real feeds", () => {
  test.each([
    ["no slash at the end", "content", "http://purl.org/rss/1.0/modules/content", "encoded"],
    ["https", "content", "https://purl.org/rss/1.0/modules/content/", "encoded"],
    ["capitals", "itunes", "http://www.itunes.com/DTDs/Podcast-1.0.dtd", "summary"],
    ["an older version", "dc", "http://purl.org/dc/elements/1.0/", "description"],
  ])("TXT2 RSS26 a misspelt namespace is the one that is meant: %s", (_what, prefix, ns, name) => {
    const text = `<title>T</title><${prefix}:${name}>Long text.</${prefix}:${name}>`;
    expect(item(text, `xmlns:${prefix}="${ns}"`).bodyText).toBe("Long text.");
  });

  test.each([
    ["<title><![CDATA[ ]]></title><dc:title>B</dc:title><description>D</description>", "B", "D"],
    [
      "<title>A</title><content:encoded><![CDATA[\n]]></content:encoded><description>D</description>",
      "A",
      "D",
    ],
    [
      "<title>A</title><content:encoded><![CDATA[<p>Text.</p>]]></content:encoded><description><![CDATA[]]></description>",
      "A",
      "Text.",
    ],
  ])(
    "TXT1 RSS27 an empty CDATA section says nothing, so the next element is asked: %s",
    (inner, headline, bodyText) => {
      expect(item(inner)).toMatchObject({ headline, bodyText });
    },
  );

  test("TXT1 RSS27 a CDATA section that was escaped as a whole is none of the text", () => {
    const draft = item(
      "<title>&lt;![CDATA[Port opens]]&gt;</title><description>&lt;![CDATA[It is open.]]&gt;</description>",
    );
    expect(draft).toMatchObject({ headline: "Port opens", bodyText: "It is open." });
  });

  test.each([
    [
      "<dc:creator>Ann Lee</dc:creator><dc:creator>Bo Ek</dc:creator><dc:creator>Ann Lee</dc:creator>",
      "Ann Lee, Bo Ek",
    ],
    ["<author><name>Ann Lee</name><email>ann@n.example</email></author>", "Ann Lee"],
    ["<atom:author><atom:name>Ann Lee</atom:name></atom:author>", "Ann Lee"],
    ["<author>noreply@n.example</author><itunes:author>Ann Lee</itunes:author>", "Ann Lee"],
    ["<author>noreply@n.example</author>", undefined],
  ])("TXT2 RSS28 everybody who is named is in the byline: %s", (inner, byline) => {
    expect(item(`<title>T</title>${inner}`).byline).toBe(byline);
  });

  test("TXT1 RSS29 the nearest language is that of the text, then of the headline, then of the item", () => {
    expect(item('<title xml:lang="es">T</title>').language).toBe("es");
    expect(item('<title xml:lang="es">T</title><description xml:lang="it">D</description>').language).toBe(
      "it",
    );
    expect(item("<title>T</title>").language).toBe("fr");
  });

  test.each([
    ['<prism:publicationDate xmlns:prism="p">2024-03-05T10:00:00Z</prism:publicationDate>'],
    ["<dcterms:created>2024-03-05T10:00:00Z</dcterms:created>"],
  ])("TIM1 RSS30 the first time may be written as %s", (inner) => {
    expect(item(`<title>T</title>${inner}`).firstCreated).toBe("2024-03-05T10:00:00.000Z");
  });

  test("TXT2 RSS31 markup with a prefix keeps its paragraphs and links", () => {
    const draft = item(
      '<title>T</title><h:body xmlns:h="http://www.w3.org/1999/xhtml"><h:p>One <h:b>two</h:b>.</h:p><h:p><h:a href="https://n.example/a">Three</h:a>.</h:p></h:body>',
    );
    expect(draft.bodyText).toBe("One two.\n\nThree.");
    expect(draft.bodyHtml).toBe(
      '<p>One <b>two</b>.</p><p><a href="https://n.example/a" rel="noopener noreferrer nofollow">Three</a>.</p>',
    );
  });

  test("TXT2 RSS32 items of every channel count, and those in a wrapper", () => {
    const text =
      "<rss><channel><item><title>One</title></item></channel><channel><items><item><title>Two</title></item></items></channel>" +
      "<item><title>Three</title></item></rss>";
    expect(
      draftsOf(text)
        .map(({ headline = "" }) => headline)
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(["One", "Three", "Two"]);
  });

  test("URG1 RSS33 the profile's word is found behind markup and signs", () => {
    const text =
      "<rss><channel><item><title>&lt;b&gt;BREAKING:&lt;/b&gt; Port opens</title></item><item><title>[BREAKING] Port</title></item></channel></rss>";
    const drafts = draftsOf(text, { profile: { urgencyMap: { BREAKING: 1 } } });
    expect(drafts.map(({ urgency }) => urgency)).toEqual([1, 1]);
  });

  test("TXT2 RSS32 a feed without items is read, and gives nothing", () => {
    expect(read("<rss version='2.0'><channel><title>City</title></channel></rss>")).toMatchObject({
      format: "rss",
      drafts: [],
      notes: [],
    });
  });
});

describe("Atom: real feeds", () => {
  test.each([
    ['<link rel="" href="https://n.example/1"/>'],
    ['<link rel=" Alternate " href="https://n.example/1"/>'],
    ['<link rel="http://www.iana.org/assignments/relation/alternate" href="https://n.example/1"/>'],
    ["<link>https://n.example/1</link>"],
    [
      '<link rel="self" href="https://n.example/x"/><link rel="via" href="https://v.example/"/><link href="https://n.example/1"/>',
    ],
  ])("TXT3 ATOM7 the link to the story: %s", (link) => {
    expect(entry(`<title>T</title>${link}`).link).toBe("https://n.example/1");
  });

  test("TXT2 ATOM8 XHTML with a prefix keeps its paragraphs", () => {
    const draft = entry(
      '<title type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml">Port <x:em>opens</x:em></x:div></title>' +
        '<content type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml"><x:p>One &amp; two.</x:p><x:p>Three.</x:p></x:div></content>',
    );
    expect(draft).toMatchObject({
      headline: "Port opens",
      bodyText: "One & two.\n\nThree.",
      bodyHtml: "<p>One &amp; two.</p><p>Three.</p>",
    });
  });

  test("TXT2 ATOM9 content in base64 is no text: the summary is", () => {
    const draft = entry(
      '<title>T</title><content type="text/html" mode="base64">PHA+eDwvcD4=</content><summary>Short.</summary>',
    );
    expect(draft.bodyText).toBe("Short.");
  });

  test("TXT2 ATOM10 a category's label, else its term, else its text", () => {
    expect(entry('<title>T</title><category term="a" label=""/><category>b</category>').subjects).toEqual([
      "a",
      "b",
    ]);
  });

  test("KIL1 ATOM11 a deleted-entry that comes alone withdraws", () => {
    const text =
      '<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="tag:n.example,2024:1" when="2024-03-05T10:00:00Z">' +
      "<at:by><name>Ann Lee</name></at:by><at:comment>It was wrong.</at:comment></at:deleted-entry>";
    expect(draftOf(text)).toMatchObject({
      actsOn: [{ guid: "tag:n.example,2024:1", status: "canceled" }],
      noticeOnly: true,
      versionCreated: "2024-03-05T10:00:00.000Z",
      edNote: "It was wrong.",
    });
  });
});
