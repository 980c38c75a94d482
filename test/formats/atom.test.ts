import { describe, expect, test } from "vitest";
import { read } from "./profile.ts";

const ADDRESS = "https://news.example/atom.xml";

function feed(...entries: string[]): string {
  return `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0" xml:lang="en">
    <title>N</title><id>tag:n</id><updated>2016-09-28T00:00:00Z</updated>${entries.join("")}</feed>`;
}

function entry(inner: string) {
  return read(feed(`<entry>${inner}</entry>`), { address: ADDRESS }).drafts[0];
}

describe("Atom", () => {
  test("TXT1 an entry's fields are read from where Atom has them", () => {
    const { format, drafts } = read(
      feed(
        `<entry><id> tag:n,2016:1 </id><title type="html">Port &lt;b&gt;opens&lt;/b&gt;</title>
         <link rel="self" href="/self"/><link rel="alternate" type="application/pdf" href="/a.pdf"/>
         <link type="text/html" href="/a"/><published>2016-09-28T10:34:24+04:00</published>
         <updated>2016-09-28T08:00:00Z</updated><author><name>Ida Solberg</name></author>
         <category term="ports" label="Ports"/><summary>Short.</summary>
         <content type="html">&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</content></entry>`,
      ),
      { address: ADDRESS },
    );
    expect(format).toBe("atom");
    expect(drafts).toMatchObject([
      {
        guid: "tag:n,2016:1",
        headline: "Port opens",
        link: "https://news.example/a",
        firstCreated: "2016-09-28T06:34:24.000Z",
        versionCreated: "2016-09-28T08:00:00.000Z",
        bodyText: "One.\n\nTwo.",
        summary: "Short.",
        byline: "Ida Solberg",
        subjects: ["Ports"],
        language: "en",
      },
    ]);
  });

  test("TIM1 ATOM2 Atom has two times: an absent one stays absent", () => {
    const draft = entry("<id>1</id><title>T</title><updated>2016-09-28T08:00:00Z</updated>");
    expect(draft?.versionCreated).toBe("2016-09-28T08:00:00.000Z");
    expect(draft).not.toHaveProperty("firstCreated");
  });

  test.each([
    [
      '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">One <em>two</em> three.</div></title>',
      "One two three.",
    ],
    ['<title type="text">A &lt; B</title>', "A < B"],
    ["<title>&lt;b&gt;Bold&lt;/b&gt; &amp;amp; plain</title>", "Bold & plain"],
    ['<title type="html">A &amp;lt; B</title>', "A < B"],
  ])("TXT1 ATOM4 a title is read by its type, text, html or xhtml: %s", (title, headline) => {
    expect(entry(`<id>1</id>${title}`)?.headline).toBe(headline);
  });

  test.each([
    [
      '<content type="xhtml"><xhtml:div xmlns:xhtml="http://www.w3.org/1999/xhtml"><xhtml:p>One.</xhtml:p><xhtml:p>Two.</xhtml:p></xhtml:div></content>',
      "One.\n\nTwo.",
    ],
    ['<content type="text">One.\n\nTwo.</content>', "One.\n\nTwo."],
    ['<content type="image/png">aGVsbG8=</content><summary>S.</summary>', "S."],
    ['<content src="https://news.example/x" type="text/html"/><summary>S.</summary>', "S."],
    ["<summary>S.</summary>", "S."],
  ])("TXT2 ATOM4 a content is read by its type, else the summary is the text: %s", (inner, bodyText) => {
    expect(entry(`<id>1</id><title>T</title>${inner}`)?.bodyText).toBe(bodyText);
  });

  test("TXT3 links are made absolute against the nearest xml:base", () => {
    const draft = entry(
      '<id>1</id><title>T</title><link xml:base="https://other.example/" href="x"/><content type="html" xml:base="https://body.example/">&lt;p&gt;&lt;a href="y"&gt;z&lt;/a&gt;&lt;/p&gt;</content>',
    );
    expect(draft?.link).toBe("https://other.example/x");
    expect(draft?.bodyHtml).toContain('href="https://body.example/y"');
  });

  test("KIL1 ATOM3 a deleted-entry withdraws by id alone", () => {
    const { drafts } = read(
      feed(
        '<at:deleted-entry ref="tag:n,2016:1" when="2016-09-28T11:00:00Z"><at:comment>Wrong.</at:comment></at:deleted-entry>',
        "<entry><id>tag:n,2016:2</id><title>T</title></entry>",
      ),
    );
    expect(drafts).toHaveLength(2);
    expect(drafts.find(({ noticeOnly }) => noticeOnly)).toMatchObject({
      actsOn: [{ guid: "tag:n,2016:1", status: "canceled" }],
      noticeOnly: true,
      pubStatus: "canceled",
      pubStatusWritten: true,
      versionCreated: "2016-09-28T11:00:00.000Z",
      edNote: "Wrong.",
    });
  });

  test("HLD1 ATOM6 an entry that its author marks as a draft is withheld", () => {
    const draft = entry(
      '<id>1</id><title>T</title><app:control xmlns:app="http://www.w3.org/2007/app"><app:draft>yes</app:draft></app:control>',
    );
    expect(draft?.pubStatus).toBe("withheld");
  });

  test("TXT2 a single entry and Atom 0.3 are read", () => {
    const single = '<entry xmlns="http://www.w3.org/2005/Atom"><id>1</id><title>T</title></entry>';
    expect(read(single).drafts).toMatchObject([{ guid: "1", headline: "T" }]);
    const old = `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><id>1</id><title>T</title>
      <issued>2016-09-28T08:00:00Z</issued><modified>2016-09-28T09:00:00Z</modified></entry></feed>`;
    expect(read(old).drafts).toMatchObject([
      { firstCreated: "2016-09-28T08:00:00.000Z", versionCreated: "2016-09-28T09:00:00.000Z" },
    ]);
  });

  test("REV3 an id on two differing entries of one document is no id", () => {
    const one = '<entry><id>1</id><title>A</title><link href="https://news.example/a"/></entry>';
    const other = '<entry><id>1</id><title>B</title><link href="https://news.example/b"/></entry>';
    expect(read(feed(one, other)).drafts.map(({ guid }) => guid)).toEqual([
      "https://news.example/a",
      "https://news.example/b",
    ]);
  });
});
