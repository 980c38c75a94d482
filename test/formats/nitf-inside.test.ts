import { describe, expect, test } from "vitest";
import { draftOf } from "./structured.ts";

const HEAD =
  "<body.head><hedline><hl1>Riverton opens its port</hl1></hedline><byline>By Ann Lee</byline></body.head>";
const NITF =
  '<nitf baselang="en"><head><title>Title</title><docdata><doc-id id-string="AG.77"/></docdata></head>' +
  `<body>${HEAD}<body.content><p>One &amp; two.</p><p>Three.</p></body.content></body></nitf>`;
const CDATA = `<![CDATA[<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf.dtd">${NITF}]]>`;
const ESCAPED = NITF.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const newsml1 = (data: string) =>
  "<NewsML><NewsItem><Identification><NewsIdentifier><NewsItemId>4711-99</NewsItemId></NewsIdentifier></Identification>" +
  '<NewsManagement><Status FormalName="Usable"/></NewsManagement><NewsComponent><ContentItem><MediaType FormalName="Text"/>' +
  `<DataContent>${data}</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>`;
const g2 = (set: string) =>
  '<newsItem guid="AG.77" xmlns="http://iptc.org/std/nar/2006-10-01/"><itemMeta><itemClass qcode="ninat:text"/>' +
  `<versionCreated>2024-03-05T10:00:00Z</versionCreated></itemMeta><contentSet>${set}</contentSet></newsItem>`;
const atom = (content: string, type = "text/xml") =>
  '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>AG.77</id><title>Riverton opens its port</title>' +
  `<content type="${type}">${content}</content></entry></feed>`;

describe("NITF inside another format", () => {
  test.each([
    ["NewsML 1.2, as CDATA", newsml1(CDATA)],
    ["NewsML 1.2, escaped", newsml1(ESCAPED)],
    ["NewsML-G2, as CDATA", g2(`<inlineXML contenttype="application/nitf+xml">${CDATA}</inlineXML>`)],
    ["NewsML-G2, escaped", g2(`<inlineXML contenttype="application/nitf+xml">${ESCAPED}</inlineXML>`)],
    ["NewsML-G2, as inline data", g2(`<inlineData contenttype="text/xml">${CDATA}</inlineData>`)],
  ])(
    "TXT2 NITF25 %s: the text is that of body.content, the lines in front of it are fields",
    (_where, text) => {
      const draft = draftOf(text);
      expect(draft.bodyText).toBe("One & two.\n\nThree.");
      expect(draft.bodyHtml).toBe("<p>One &amp; two.</p><p>Three.</p>");
      expect([draft.headline, draft.byline, draft.language]).toEqual([
        "Riverton opens its port",
        "By Ann Lee",
        "en",
      ]);
    },
  );

  test.each([
    ["as it is", atom(NITF)],
    ["as CDATA", atom(CDATA)],
    ["with the type of NITF", atom(NITF, "application/nitf+xml")],
    ["escaped, with the type of HTML", atom(ESCAPED, "html")],
  ])("TXT2 ATOM12 in an Atom entry, %s, it gives the text and nothing of its head", (_how, text) => {
    expect(draftOf(text).bodyText).toBe("One & two.\n\nThree.");
  });

  test("TXT2 NITF25 what only looks like NITF is read as the markup that it is", () => {
    const draft = draftOf(newsml1("<![CDATA[<nitf><p>One.<p>Two.</nitf>]]>"));
    expect(draft.bodyText).toBe("One.\n\nTwo.");
  });
});

describe("NITF: notes", () => {
  test.each([
    ["in the text", "", "<p>One.</p>NOTE<p>Two.</p>"],
    ["in a block", "", "<block><p>One.</p>NOTE<p>Two.</p></block>"],
    ["in the head of the body", "NOTE", "<p>One.</p><p>Two.</p>"],
  ])("PRV1 NITF24 a note's own body.content %s is for editors and no text", (_where, head, content) => {
    const note = "<note noteclass='npa'><body.content><p>Call the mayor.</p></body.content></note>";
    const text =
      `<nitf><head><docdata><doc-id id-string="AG.77"/></docdata></head><body><body.head><hedline><hl1>Port</hl1></hedline>${head}</body.head>` +
      `<body.content>${content}</body.content></body></nitf>`;
    const draft = draftOf(text.replace("NOTE", note));
    expect(draft.bodyText).toBe("One.\n\nTwo.");
    expect(draft.bodyHtml).not.toContain("mayor");
    expect(draft.edNote).toBe("Call the mayor.");
  });
});

describe("Markup that is not for the public", () => {
  const body =
    '<section class="main"><p>One.</p></section><section class="notepad nonpublic"><h2>Contacts</h2><p>Call the mayor.</p></section>' +
    '<p class="internal-link">Two.</p>';
  const html = `<html xmlns="http://www.w3.org/1999/xhtml"><body>${body}</body></html>`;

  test.each([
    ["NewsML-G2", g2(`<inlineXML>${html}</inlineXML>`)],
    ["NewsML 1.2", newsml1(html)],
    ["NITF", NITF.replace(/<body\.content>.*<\/body\.content>/u, `<body.content>${body}</body.content>`)],
  ])("PRV1 FIELD14 what the class marks as non-public goes to edNote: %s", (_format, text) => {
    const draft = draftOf(text);
    expect([draft.bodyText, draft.edNote]).toEqual(["One.\n\nTwo.", "Contacts Call the mayor."]);
    expect(draft.bodyHtml).not.toContain("mayor");
  });
});
