import { describe, expect, test } from "vitest";
import { draftOf, draftsOf } from "./structured.ts";

const item = (n: number) => `<item><title>Headline ${n}</title><guid isPermaLink="false">g${n}</guid></item>`;
const rss = (n = 1) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>City</title>${item(n)}</channel></rss>`;
const atom = (n: number) =>
  `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><id>g${n}</id><title>Headline ${n}</title></entry></feed>`;
const g2 = (n: number) =>
  `<?xml version="1.0"?><newsItem guid="g${n}"><itemMeta><versionCreated>2024-03-05T10:00:00Z</versionCreated></itemMeta>` +
  `<contentMeta><headline>Headline ${n}</headline></contentMeta></newsItem>`;
const newsml = (n: number) =>
  '<?xml version="1.0"?><!DOCTYPE NewsML SYSTEM "NewsML.dtd"><NewsML><NewsItem><Identification><NewsIdentifier>' +
  `<NewsItemId>g${n}</NewsItemId></NewsIdentifier></Identification><NewsComponent><NewsLines><HeadLine>Headline ${n}</HeadLine>` +
  "</NewsLines></NewsComponent></NewsItem></NewsML>";
const nitf = (n: number) =>
  '<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf.dtd" [<!ENTITY x "y">]><nitf><head><docdata>' +
  `<doc-id id-string="g${n}"/></docdata></head><body><body.head><hedline><hl1>Headline ${n}</hl1></hedline></body.head></body></nitf>`;

describe("XML: what stands around a document", () => {
  test.each([
    ["a warning of PHP as HTML", "<br />\n<b>Warning</b>:  Cannot modify header in <b>/x.php</b><br />\n"],
    ["a warning as words", "Notice: undefined index in /x.php on line 3\n"],
    ["headers of HTTP", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"],
    ["the length of a chunk", "1f4a\r\n"],
    ["blank lines", "\n\n   \r\n"],
    ["two byte order marks", "\ufeff\ufeff"],
    ["comments and instructions", "<!-- made by hand --><?php 1 ?>\n"],
  ])("TXT5 %s before the XML declaration does no harm", (_what, junk) => {
    expect(draftOf(junk + rss()).headline).toBe("Headline 1");
  });

  test.each([
    ["a comment", "\n<!-- 0.3 s -->"],
    ["a script", "<script>x()</script>"],
    ["a warning that is not closed", "<br><b>Fatal error<br>: out of memory"],
    ["words", "\n0\r\n\r\n"],
  ])("TXT5 %s behind the document does no harm", (_what, junk) => {
    expect(draftOf(rss() + junk).headline).toBe("Headline 1");
  });

  test("TXT5 XML inside the text of a feed, or of JSON, is not taken for the document", () => {
    const code =
      '<rss version="2.0"><channel><item><title>How to</title><description>TEXT</description></item></channel></rss>';
    const text = code.replace("TEXT", "<![CDATA[Write <?xml version='1.0'?><nitf> first.]]>");
    expect(draftOf(text).headline).toBe("How to");
    const json = { version: "https://jsonfeed.org/version/1.1", items: [{ id: "1", content_text: nitf(1) }] };
    expect(draftOf(JSON.stringify(json)).guid).toBe("1");
  });

  test.each([
    ["RSS", rss],
    ["Atom", atom],
    ["NewsML-G2", g2],
    ["NewsML 1.2", newsml],
    ["NITF", nitf],
  ])("TXT5 two documents one after the other are both read: %s", (_name, document) => {
    expect(draftsOf(`${document(1)}\n${document(2)}\n`).map(({ headline }) => headline)).toEqual([
      "Headline 1",
      "Headline 2",
    ]);
  });

  test("TXT5 a second document that is cut off refuses both: the sender is to send them again", () => {
    expect(() => draftsOf(rss(1) + rss(2).slice(0, -20))).toThrow("cut off");
  });

  test.each(["rss", "atom"] as const)("TXT5 an HTML page in a feed's place is called so: %s", (format) => {
    const page = "<!DOCTYPE html><html><head><title>503</title></head><body><p>Back soon<br>.</body></html>";
    expect(() => draftsOf(page, { profile: { format } })).toThrow("HTML page");
    expect(() => draftsOf('{"error":"gone"}', { profile: { format } })).toThrow("no XML");
  });

  test("TXT5 names in capitals or in any case are the same names", () => {
    const upper = rss()
      .replace(/<\/?[a-z]+/gu, (tag) => tag.toUpperCase())
      .replace("isPermaLink", "ISPERMALINK");
    expect(draftOf(upper)).toMatchObject({ guid: "g1", headline: "Headline 1" });
    const mixed =
      "<rss><channel><Item><Title>T</Title><PUBDATE>Tue, 05 Mar 2024 10:00:00 GMT</PUBDATE><Description>D.</Description></Item></channel></rss>";
    expect(draftOf(mixed)).toMatchObject({ bodyText: "D.", firstCreated: "2024-03-05T10:00:00.000Z" });
    const entry = "<FEED><ENTRY><ID>1</ID><TITLE>T</TITLE><LINK HREF='https://n.example/1'/></ENTRY></FEED>";
    expect(draftOf(entry)).toMatchObject({ guid: "1", link: "https://n.example/1" });
    const story =
      '<NITF><HEAD><DOCDATA MANAGEMENT-STATUS="canceled"><DOC-ID ID-STRING="X.1"/><DATE.ISSUE NORM="20240305T100000Z"/></DOCDATA></HEAD>' +
      "<BODY><BODY.HEAD><HEDLINE><HL1>Port</HL1></HEDLINE></BODY.HEAD><BODY.CONTENT><P>Text.</P></BODY.CONTENT></BODY></NITF>";
    expect(draftOf(story)).toMatchObject({
      guid: "X.1",
      pubStatus: "canceled",
      headline: "Port",
      bodyText: "Text.",
      versionCreated: "2024-03-05T10:00:00.000Z",
    });
  });

  test.each([
    ["<p>One<br>two<p>Three", "One\ntwo\n\nThree"],
    ["<p>One <b><i>two</b></i> three</p>", "One two three"],
    ["<ul><li>One<li>Two</ul>", "One\n\nTwo"],
    ["<p>One <img src='a.jpg'> two</p></p>", "One two"],
  ])("TXT5 HTML that stands in XML as it is need not close its tags: %s", (html, text) => {
    const feed = `<rss version="2.0"><channel><item><title>T</title><description>${html}</description></item>${item(2)}</channel></rss>`;
    const [first, second] = draftsOf(feed);
    expect([first?.bodyText, second?.headline]).toEqual([text, "Headline 2"]);
  });

  test("TXT5 what a format needs closed is refused, and so is what is private", () => {
    expect(() => draftsOf("<rss><channel><item><title>T</item></channel></rss>")).toThrow("not closed");
    const story = nitf(1).replace("</body>", "<body.content><p>One.<note>Secret</p></body.content></body>");
    expect(() => draftsOf(story)).toThrow("not closed");
  });
});
