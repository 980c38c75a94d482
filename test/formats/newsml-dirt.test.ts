import { describe, expect, test } from "vitest";
import { read } from "./profile.ts";
import { draftOf } from "./structured.ts";

const g2 = (content: string, sets: string) =>
  '<newsItem guid="AG.77" xmlns="http://iptc.org/std/nar/2006-10-01/"><itemMeta><itemClass qcode="ninat:text"/>' +
  `<versionCreated>2024-03-05T10:00:00Z</versionCreated></itemMeta><contentMeta>${content}</contentMeta>${sets}</newsItem>`;
const xhtml = (text: string, attributes = "") =>
  `<inlineXML ${attributes}><html xmlns="http://www.w3.org/1999/xhtml"><body><p>${text}</p></body></html></inlineXML>`;
const nitf = (head: string, docdata = "") =>
  `<nitf><head><docdata>${docdata}</docdata></head><body><body.head>${head}</body.head><body.content><p>One. Two.</p></body.content></body></nitf>`;

describe("NewsML-G2: several languages, envelopes", () => {
  const english =
    '<headline xml:lang="de">Hafen</headline><headline xml:lang="en">Port</headline><language tag="en-GB"/>';

  test.each([
    [
      "two content sets",
      `<contentSet xml:lang="de">${xhtml("Deutsch.")}</contentSet><contentSet xml:lang="en">${xhtml("English.")}</contentSet>`,
    ],
    [
      "two renditions of one set",
      `<contentSet>${xhtml("Deutsch.", 'xml:lang="de"')}${xhtml("English.", 'xml:lang="en"')}</contentSet>`,
    ],
    [
      "HTML in one language, plain text in the other",
      `<contentSet>${xhtml("Deutsch.", 'xml:lang="de"')}<inlineData contenttype="text/plain" xml:lang="en">English.</inlineData></contentSet>`,
    ],
  ])("TXT1 G2N30 the text is in the item's language, as the headline is: %s", (_what, sets) => {
    expect(draftOf(g2(english, sets))).toMatchObject({
      headline: "Port",
      bodyText: "English.",
      language: "en-GB",
    });
  });

  test("TXT1 G2N30 without a language of the item the first text is taken", () => {
    const sets = `<contentSet xml:lang="de">${xhtml("Deutsch.")}</contentSet><contentSet xml:lang="en">${xhtml("English.")}</contentSet>`;
    expect(draftOf(g2("<headline>Hafen</headline>", sets))).toMatchObject({
      bodyText: "Deutsch.",
      language: "de",
    });
  });

  test("TXT2 G2N31 an item in an envelope of another make is known by its namespace", () => {
    const item = g2("<headline>Port</headline>", "");
    const text = `<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body>${item}</soap:Body></soap:Envelope>`;
    expect(draftOf(text)).toMatchObject({ guid: "AG.77", headline: "Port" });
  });

  test("TXT2 G2N32 a subject's names are no code", () => {
    const subjects =
      '<headline>Port</headline><subject><name xml:lang="en">Harbour</name><name xml:lang="de">Hafen</name></subject>' +
      '<subject qcode="medtop:1" uri="http://cv.example/1"/>';
    expect(draftOf(g2(subjects, "")).subjectCodes).toEqual(["medtop:1"]);
  });
});

describe("NITF: what stands in another place than it should", () => {
  test.each([
    ["<hedline><hl2>Sub</hl2></hedline>", "Sub"],
    ["<hedline><hl1> </hl1><hl2>Sub</hl2></hedline>", "Sub"],
    ["<hedline><hl2>Sub</hl2><hl1>Main</hl1></hedline>", "Main"],
    ["<hedline>Bare</hedline>", "Bare"],
    ["<hedline/>", "One."],
  ])("TXT1 NITF21 a headline without hl1 is the hl2, or what stands in hedline: %s", (head, headline) => {
    expect(draftOf(nitf(head)).headline).toBe(headline);
  });

  test("REV1 NITF22 id, urgency and times may be text where an attribute is meant", () => {
    const docdata = "<doc-id>AG-77</doc-id><urgency>2</urgency><date.issue>2024-03-05T10:00:00Z</date.issue>";
    expect(draftOf(nitf("<hedline><hl1>Port</hl1></hedline>", docdata))).toMatchObject({
      guid: "AG-77",
      urgency: 2,
      versionCreated: "2024-03-05T10:00:00.000Z",
    });
  });

  test("TIM1 NITF21 explain tells where such a headline stood", () => {
    const rules = draftOf(nitf("<hedline><hl2>Sub</hl2></hedline>")).notes;
    expect(rules).toContainEqual({ field: "headline", rule: "from body.head/hedline, without hl1" });
  });

  test.each([
    ["<correction/>", "correction"],
    ['<correction info="Name" id-string=""/>', "correction"],
    ['<correction info="" id-string="" regsrc=""/>', undefined],
  ])("COR1 NITF23 an empty correction element of a template is none: %s", (docdata, change) => {
    expect(draftOf(nitf("<hedline><hl1>Port</hl1></hedline>", docdata)).change).toBe(change);
  });

  test("TXT5 stories in an envelope of another make are known, in CDATA or HTML they are not", () => {
    const one = nitf("<hedline><hl1>Port</hl1></hedline>");
    expect(read(`<batch><meta/>${one}${one}</batch>`)).toMatchObject({ format: "nitf", drafts: [{}, {}] });
    expect(() => read(`<batch><![CDATA[${one}]]></batch>`)).toThrow("no format");
    const newsml =
      "<NewsML><NewsItem><Identification/><NewsComponent><NewsLines><HeadLine>Port</HeadLine></NewsLines></NewsComponent></NewsItem></NewsML>";
    expect(read(`<envelope>${newsml}</envelope>`)).toMatchObject({ format: "newsml-1", drafts: [{}] });
  });

  test.each([
    ["Ann Lee <virtloc>ann.lee@ag.example</virtloc>", "Ann Lee"],
    ["By Ann Lee, ann.lee@ag.example", "By Ann Lee"],
    ["Ann Lee (mailto:ann@ag.example) and Bo Ek", "Ann Lee and Bo Ek"],
    ["Ann Lee @annlee", "Ann Lee @annlee"],
    ["ann@ag.example", undefined],
  ])("TXT2 FIELD11 a mail address is no name: %s", (byline, told) => {
    expect(draftOf(nitf(`<hedline><hl1>Port</hl1></hedline><byline>${byline}</byline>`)).byline).toBe(told);
  });
});

describe("NewsML: withdrawals of what has no text any more", () => {
  const canceled = '<itemMeta><itemClass qcode="CLASS"/><pubStatus qcode="stat:canceled"/></itemMeta>';
  const item = (meta: string, set = "") => `<newsItem guid="AG.77" version="4">${meta}${set}</newsItem>`;
  const remote = '<contentSet><remoteContent contenttype="image/jpeg" href="a.jpg"/></contentSet>';

  test.each([
    ["a composite", item(canceled.replace("CLASS", "ninat:composite"))],
    ["a text", item(canceled.replace("CLASS", "ninat:text"), remote)],
    ["an item of no class", item(canceled.replace(/<itemClass[^>]*>/u, ""), remote)],
    [
      "NewsML 1.2 with a picture left",
      '<NewsML><NewsItem><Identification><NewsIdentifier><PublicIdentifier>AG.77</PublicIdentifier></NewsIdentifier></Identification><NewsManagement><NewsItemType FormalName="News"/><Status FormalName="Canceled"/></NewsManagement><NewsComponent><ContentItem Href="a.jpg"><MediaType FormalName="Photo"/></ContentItem></NewsComponent></NewsItem></NewsML>',
    ],
  ])("KIL2 G2N33 %s is withdrawn by its id", (_what, text) => {
    expect(draftOf(text)).toMatchObject({ guid: "AG.77", pubStatus: "canceled" });
  });

  test("KIL2 G2N33 a picture that is withdrawn is none of ours", () => {
    expect(read(item(canceled.replace("CLASS", "ninat:picture"))).drafts).toEqual([]);
  });
});
