import { describe, expect, test } from "vitest";
import { read } from "./profile.ts";

const NAMESPACES =
  'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" ' +
  'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" ' +
  'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:atom="http://www.w3.org/2005/Atom"';
const ADDRESS = "https://news.example/feeds/all.xml";

function feed(...items: string[]): string {
  const channel = "<title>Riverton News</title><link>https://news.example/</link><language>en-gb</language>";
  return `<?xml version="1.0"?><rss version="2.0" ${NAMESPACES}><channel>${channel}${items.join("")}</channel></rss>`;
}

function drafts(text: string, profile: object = {}) {
  return read(text, { address: ADDRESS, profile }).drafts;
}

/** The draft of a feed with this one item. */
function item(inner: string, profile: object = {}) {
  return drafts(feed(`<item>${inner}</item>`), profile)[0];
}

describe("RSS", () => {
  test("TXT1 an item's fields are read from where RSS 2.0 has them", () => {
    const { format, drafts: all } = read(
      feed(
        `<item><title>Port opens</title><link> https://news.example/a </link><guid isPermaLink="false">tag:1</guid>
         <pubDate>Wed, 28 Sep 2016 10:34:24 +0400</pubDate><description>Short.</description><category>Ports</category>
         <content:encoded><![CDATA[<p>One.</p><p>Two <a href="/b">b</a>.</p>]]></content:encoded>
         <dc:creator>Ida Solberg</dc:creator></item>`,
      ),
      { address: ADDRESS },
    );
    expect(format).toBe("rss");
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({
      guid: "tag:1",
      headline: "Port opens",
      link: "https://news.example/a",
      firstCreated: "2016-09-28T06:34:24.000Z",
      versionCreated: "2016-09-28T06:34:24.000Z",
      bodyText: "One.\n\nTwo b.",
      bodyHtml:
        '<p>One.</p><p>Two <a href="https://news.example/b" rel="noopener noreferrer nofollow">b</a>.</p>',
      summary: "Short.",
      subjects: ["Ports"],
      byline: "Ida Solberg",
      language: "en-gb",
      pubStatus: "usable",
    });
    expect(all[0]).not.toHaveProperty("pubStatusWritten");
  });

  test.each([
    ["<title>A</title><dc:title>B</dc:title><media:title>C</media:title>", "A"],
    ["<dc:title>B</dc:title><media:title>C</media:title>", "B"],
    ["<title> </title><media:title>C</media:title>", "C"],
    ["<media:group><media:title>X</media:title></media:group><title>A</title>", "A"],
    ["<image><title>X</title></image><title>A</title>", "A"],
    ["<title>One &lt;em&gt;two&lt;/em&gt; &amp;amp; three</title>", "One two & three"],
    ["<title><![CDATA[Caf&eacute; <b>opens</b>]]></title>", "Café opens"],
    ["<title>One <em>two</em> three</title>", "One two three"],
    ["<title>A &lt; B &amp; C</title>", "A < B & C"],
    ["<title>Port opens =</title>", "Port opens"],
    ["<description>The port is open. More.</description>", "The port is open."],
  ])("TXT1 RSS16 the headline is title, dc:title, then media:title, as text: %s", (inner, headline) => {
    expect(item(inner)?.headline).toBe(headline);
  });

  test.each([
    ["<description>D</description><dc:description>E</dc:description>", "D"],
    ["<dc:description>E</dc:description><itunes:summary>F</itunes:summary>", "E"],
    ["<itunes:summary>F</itunes:summary>", "F"],
    ["<description>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</description>", "One.\n\nTwo."],
    ["<description>&amp;lt;p&amp;gt;One.&amp;lt;/p&amp;gt;Two.</description>", "One.\n\nTwo."],
    ["<description>One.\n\nTwo.</description>", "One.\n\nTwo."],
    ["<description><p>One.</p><p>Two.</p></description>", "One.\n\nTwo."],
    [
      '<body xmlns="http://www.w3.org/1999/xhtml"><p>One.</p><p>Two.</p></body><description>D</description>',
      "One.\n\nTwo.",
    ],
    ["<description>T</description>", undefined],
  ])("TXT2 RSS7 the text is XHTML or the description and its kin, unescaped: %s", (inner, bodyText) => {
    expect(item(`<title>T</title>${inner}`)?.bodyText).toBe(bodyText);
  });

  test("TXT2 RSS15 elements are known by their namespace, whatever the prefix", () => {
    const text = `<rss xmlns:x="http://purl.org/dc/elements/1.1/" xmlns:y="http://purl.org/rss/1.0/modules/content/">
      <channel><item><x:title>A</x:title><y:encoded>Text.</y:encoded><x:date>2016-09-28</x:date></item></channel></rss>`;
    expect(drafts(text, { zone: "Asia/Baku" })[0]).toMatchObject({
      headline: "A",
      bodyText: "Text.",
      versionCreated: "2016-09-27T20:00:00.000Z",
      dateOnly: true,
    });
  });

  test.each([
    ["<pubDate>28 Sep 16 10:34 GMT</pubDate>", "2016-09-28T10:34:00.000Z", "2016-09-28T10:34:00.000Z"],
    [
      "<pubDate>28 Sep 16 10:34 GMT</pubDate><dc:date>2016-09-28T12:00Z</dc:date>",
      "2016-09-28T10:34:00.000Z",
      "2016-09-28T12:00:00.000Z",
    ],
    [
      "<atom:published>2016-09-28T10:34Z</atom:published><atom:updated>2016-09-28T11:00Z</atom:updated>",
      "2016-09-28T10:34:00.000Z",
      "2016-09-28T11:00:00.000Z",
    ],
    [
      "<dcterms:issued>2016-09-28T10:34Z</dcterms:issued>",
      "2016-09-28T10:34:00.000Z",
      "2016-09-28T10:34:00.000Z",
    ],
    ["<dcterms:modified>2016-09-28T10:34Z</dcterms:modified>", undefined, "2016-09-28T10:34:00.000Z"],
    [
      "<pubDate>sometime</pubDate><dcterms:issued>2016-09-28T10:34Z</dcterms:issued>",
      "2016-09-28T10:34:00.000Z",
      "2016-09-28T10:34:00.000Z",
    ],
    ["<pubDate>sometime</pubDate>", undefined, undefined],
    ["<pubDate/>", undefined, undefined],
    ["", undefined, undefined],
  ])(
    "TIM1 RSS5 of each kind of time the first that can be read counts: %s",
    (inner, firstCreated, versionCreated) => {
      const draft = item(`<title>T</title>${inner}`);
      expect([draft?.firstCreated, draft?.versionCreated]).toEqual([firstCreated, versionCreated]);
    },
  );

  test("EXP1 RSS20 expirationDate is the expiry", () => {
    expect(item("<title>T</title><expirationDate>28 Sep 2016 10:34 GMT</expirationDate>")?.expires).toBe(
      "2016-09-28T10:34:00.000Z",
    );
  });

  test.each([
    ["<guid>https://news.example/a</guid>", "https://news.example/a", "https://news.example/a"],
    ['<guid isPermaLink="false">https://news.example/a</guid>', "https://news.example/a", undefined],
    ["<guid>4711</guid><link>https://news.example/b</link>", "4711", "https://news.example/b"],
    ["<guid>4711</guid>", "4711", undefined],
    ["<link>/c?x=1&amp;y=2</link>", "https://news.example/c?x=1&y=2", "https://news.example/c?x=1&y=2"],
    [
      "<link>HTTPS://News.Example/%7Ea#b</link>",
      "HTTPS://News.Example/%7Ea#b",
      "HTTPS://News.Example/%7Ea#b",
    ],
    [
      '<link xml:base="https://other.example/x/">y</link>',
      "https://other.example/x/y",
      "https://other.example/x/y",
    ],
    [
      '<atom:link rel="alternate" href="https://news.example/d"/>',
      "https://news.example/d",
      "https://news.example/d",
    ],
    ["<link>javascript:alert(1)</link><guid>g</guid>", "g", undefined],
    ["<guid>0</guid><link>https://news.example/e</link>", "https://news.example/e", "https://news.example/e"],
    ["", undefined, undefined],
  ])(
    "REV3 RSS1 the id is guid, else link; a guid is the link too unless isPermaLink is false: %s",
    (inner, guid, link) => {
      const draft = item(`<title>T</title>${inner}`);
      expect([draft?.guid, draft?.link]).toEqual([guid, link]);
    },
  );

  test("TXT3 RSS12 relative links are made absolute against xml:base, else the feed's address", () => {
    const text = feed('<item xml:base="b/"><title>T</title><link>c</link></item>').replace(
      "<channel>",
      '<channel xml:base="https://base.example/a/">',
    );
    expect(drafts(text)[0]?.link).toBe("https://base.example/a/b/c");
    expect(read(feed("<item><title>T</title><link>c</link></item>")).drafts[0]).not.toHaveProperty("link");
  });

  test("REV3 RSS21 a guid on two differing entries is no id, on one entry twice it is", () => {
    const one = "<item><title>A</title><guid>1</guid><link>https://news.example/a</link></item>";
    const other = "<item><title>B</title><guid>1</guid><link>https://news.example/b</link></item>";
    expect(drafts(feed(one, other)).map(({ guid }) => guid)).toEqual([
      "https://news.example/a",
      "https://news.example/b",
    ]);
    expect(drafts(feed(one, one)).map(({ guid }) => guid)).toEqual(["1", "1"]);
  });

  test("REV3 RSS21 entries without guid, with one link for all, are told apart by headline and time", () => {
    const one = "<item><title>A</title><link>/</link><pubDate>28 Sep 2016 10:34 GMT</pubDate></item>";
    const [a, b] = drafts(feed(one, one.replace("A", "B")));
    expect(a?.guid).toBeUndefined();
    expect(a?.identity).not.toBe(b?.identity);
    const edited = drafts(
      feed(one.replace("</title>", "</title><description>New text.</description>"), one.replace("A", "B")),
    );
    expect(edited[0]?.identity).toBe(a?.identity);
  });

  test("TXT2 RSS21 sixty items without dates, links and ids are sixty stories, the same on the next poll", () => {
    const items = Array.from(
      { length: 60 },
      (_, i) => `<item><title>T${i}</title><description>D${i}</description></item>`,
    );
    const first = drafts(feed(...items));
    expect(new Set(first.map(({ identity }) => identity)).size).toBe(60);
    expect(drafts(feed(...items))).toEqual(first);
  });

  test("TXT2 RSS3 an item with neither headline nor text is left out and told", () => {
    const reading = read(
      feed("<item><link>https://news.example/a</link></item>", "<item><title>T</title></item>"),
    );
    expect(reading.drafts).toHaveLength(1);
    expect(reading.notes[0]?.rule).toContain("1 left out");
    expect(read(feed()).drafts).toEqual([]);
  });

  test("TXT2 FIELD4 a byline is a name, not an address", () => {
    const author = (written: string) => item(`<title>T</title><author>${written}</author>`)?.byline;
    expect(author("ida@news.example (Ida Solberg)")).toBe("Ida Solberg");
    expect(author("Ida Solberg &lt;ida@news.example&gt;")).toBe("Ida Solberg");
    expect(author("ida@news.example")).toBeUndefined();
    expect(author("IS/kl")).toBeUndefined();
  });

  test("TXT1 RSS8 language: the item's element, its xml:lang, the channel's, the profile's", () => {
    expect(item("<title>T</title><dc:language>az</dc:language>")?.language).toBe("az");
    expect(drafts(feed('<item xml:lang="ru"><title>T</title></item>'))[0]?.language).toBe("ru");
    const bare = "<rss><channel><item><title>T</title></item></channel></rss>";
    expect(drafts(bare, { language: "de" })[0]?.language).toBe("de");
    expect(drafts(bare)[0]).not.toHaveProperty("language");
  });

  test("URG1 RSS23 a word in the headline is an urgency only by the profile's map", () => {
    expect(item("<title>BREAKING: port opens</title>")).not.toHaveProperty("urgency");
    expect(item("<title>BREAKING: port opens</title>", { urgencyMap: { BREAKING: 2 } })?.urgency).toBe(2);
  });

  test("TXT1 RSS24 change words stay and are told", () => {
    expect(item("<title>Port opens (UPDATED)</title>")).toMatchObject({
      headline: "Port opens (UPDATED)",
      change: "update",
    });
    expect(item("<title>CORRECTION: Port opens</title>")?.change).toBe("correction");
  });

  test("PRV1 private text leaves text and markup alike", () => {
    const draft = item(
      "<title>T</title><description>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;NOT FOR PUBLICATION: 555&lt;/p&gt;</description>",
    );
    expect(draft).toMatchObject({ bodyText: "One.", edNote: "NOT FOR PUBLICATION: 555" });
    expect(draft).not.toHaveProperty("bodyHtml");
    expect(JSON.stringify({ ...draft, edNote: "" })).not.toContain("555");
  });

  test("TXT2 RSS2 RSS 1.0 has its items beside the channel and rdf:about as id", () => {
    const text = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://news.example/"><title>N</title>
      <dc:language>de</dc:language></channel><item rdf:about="https://news.example/1"><title>A</title>
      <link>https://news.example/a</link><dc:date>2016-09-28T10:34:24+04:00</dc:date></item></rdf:RDF>`;
    const { format, drafts: all } = read(text);
    expect(format).toBe("rss");
    expect(all).toMatchObject([
      {
        guid: "https://news.example/1",
        link: "https://news.example/a",
        versionCreated: "2016-09-28T06:34:24.000Z",
        language: "de",
      },
    ]);
  });

  test("TXT2 FIELD7 an old DOCTYPE and HTML's entities do no harm", () => {
    const text = feed("<item><title>Caf&eacute;&nbsp;&endash;</title></item>").replace(
      "<rss",
      '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd"><rss',
    );
    expect(drafts(text)[0]?.headline).toBe("Café &endash;");
  });

  test.each([
    ["cut off", feed("<item><title>T</title></item>").slice(0, -20), "cut off"],
    ["an HTML page", "<!DOCTYPE html><html><body>Not found</body></html>", "no RSS feed"],
    [
      "an entity of its own",
      `<!DOCTYPE rss [<!ENTITY a "b">]>${feed("<item><title>&a;</title></item>").slice(21)}`,
      "declares itself",
    ],
  ])("TXT2 refused with a sentence: %s", (_what, text, sentence) => {
    expect(() => read(text, { profile: { format: "rss" } })).toThrow(sentence);
  });

  test("TXT3 an entity bomb and 100,000 nested elements end quickly", () => {
    const entities = Array.from({ length: 20 }, (_, i) => `<!ENTITY a${i + 1} "&a${i};&a${i};&a${i};">`).join(
      "",
    );
    const bomb = `<!DOCTYPE rss [<!ENTITY a0 "ha">${entities}]><rss><channel><title>&a20;</title></channel></rss>`;
    expect(() => read(bomb)).toThrow("declares itself");
    expect(() => read(`<rss>${"<a>".repeat(100_000)}`)).toThrow("nests deeper");
    const deep = (tags: number) =>
      feed(`<item><title>T</title><description><![CDATA[${"<div>".repeat(tags)}x]]></description></item>`);
    expect(drafts(deep(20_000))[0]).toMatchObject({ headline: "T", bodyText: "x" });
    expect(() => read(deep(50_000))).toThrow("more than 30,000 tags");
  });
});
