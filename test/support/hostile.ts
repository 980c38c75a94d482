import { gzipSync } from "node:zlib";
import type { Format } from "../../src/contract/profile.ts";

/** The code and a piece of the sentence. */
type Refusal = readonly [code: string, words: string];

/** A document that costs more to read than it is worth, and what becomes of it. */
export interface HostileDocument {
  /** Format and shape, as a title. */
  name: string;
  bytes: () => Buffer;
  /** The code and a piece of the sentence with which it is refused; without them it is read. */
  refused?: Refusal;
}

const MB = 1_000_000;
/** Just below what a document may have. */
const MOST = 3_900_000;
const BEYOND: Refusal = ["too_large", "4,000,000 characters"];
const times = (count: number, write: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => write(index)).join("");
const escapeTags = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const inParagraphs = (text: string): string => `<p>${escapeTags(text)}</p>`;

/** An honest document of each format around one headline and one text. */
export const HONEST: Readonly<Record<Exclude<Format, "auto">, (headline: string, text: string) => string>> = {
  rss: (headline, text) =>
    `<rss version="2.0"><channel><title>T</title><item><title>${escapeTags(headline)}</title><guid>urn:x:1</guid><description>${escapeTags(text)}</description></item></channel></rss>`,
  atom: (headline, text) =>
    `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><id>urn:x:1</id><title>${escapeTags(headline)}</title><updated>2026-03-04T10:00:00Z</updated><content>${escapeTags(text)}</content></entry></feed>`,
  "json-feed": (headline, text) =>
    JSON.stringify({
      version: "https://jsonfeed.org/version/1.1",
      items: [{ id: "1", title: headline, content_text: text }],
    }),
  "newsml-g2": (headline, text) =>
    `<newsItem guid="urn:x:1" version="1"><itemMeta><itemClass qcode="ninat:text"/><versionCreated>2026-03-04T10:00:00Z</versionCreated></itemMeta><contentMeta><headline>${escapeTags(headline)}</headline></contentMeta><contentSet><inlineXML><html><body>${inParagraphs(text)}</body></html></inlineXML></contentSet></newsItem>`,
  "newsml-1": (headline, text) =>
    `<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>x</ProviderId><DateId>20260304</DateId><NewsItemId>1</NewsItemId><RevisionId>1</RevisionId><PublicIdentifier>urn:newsml:x:20260304:1:1</PublicIdentifier></NewsIdentifier></Identification><NewsManagement><Status FormalName="Usable"/></NewsManagement><NewsComponent><NewsLines><HeadLine>${escapeTags(headline)}</HeadLine></NewsLines><ContentItem><DataContent>${inParagraphs(text)}</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>`,
  nitf: (headline, text) =>
    `<nitf><head><docdata><doc-id id-string="x1"/><date.issue norm="20260304T100000Z"/></docdata></head><body><body.head><hedline><hl1>${escapeTags(headline)}</hl1></hedline></body.head><body.content>${inParagraphs(text)}</body.content></body></nitf>`,
  ninjs: (headline, text) =>
    JSON.stringify({
      uri: "urn:x:1",
      version: "1",
      headline,
      body_text: text,
      versioncreated: "2026-03-04T10:00:00Z",
    }),
  "ap-json": (headline, text) =>
    JSON.stringify({ data: { item: { altids: { itemid: "1" }, headline, body_text: text } } }),
  "anpa-1312": (headline, text) =>
    `\u0016\u0016\u0001a0123\u001f\r\nr a \u0013bc-harbour 03-04 0100\r\n\u0002^BC-Harbour,100<\r\n^${headline}<\r\n\t${text}\r\n\u0003\r\nXX-WF-03-04-26 1009GMT\r\n\u0004`,
  "iptc-7901": (headline, text) =>
    `\u0001xyz123 4 pl 100\r\nHarbour-strike/\r\n\u0002${headline} =\r\n\r\n${text}\r\n\u0003\r\n041009 GMT Mar 26\r\n\u0004`,
  zczc: (headline, text) => `ZCZC AB123\r\n#harbour\r\n$${headline}\r\n\r\n${text}\r\nNNNN\r\n`,
  release: (headline, text) =>
    `Source: Port of Selin\r\n\r\nMEDIA RELEASE PR12345\r\n\r\n${headline}\r\n\r\nSELIN, Mar. 4, 2026 /Distributor/ --\r\n\r\n${text}\r\n\r\nSOURCE Port of Selin\r\n`,
  "ticker-list": (headline, text) => `${headline} ** ${text} **`,
  "agency-page": (headline, text) =>
    `${headline} (UPDATED)\n\nNewest text.—0--\n\n*   *   *\n\n2016 September 28 (Wednesday) 10:34:24\n\n${text} -02D-\n`,
  text: (headline, text) => `${headline}\n\n${text}\n`,
};

/** Root and end of each XML format, and an element of which it reads many. */
const XML = {
  rss: ["<rss><channel>", "</channel></rss>", "item"],
  atom: ["<feed>", "</feed>", "entry"],
  "newsml-g2": ["<newsMessage><itemSet>", "</itemSet></newsMessage>", "newsItem"],
  "newsml-1": ["<NewsML>", "</NewsML>", "NewsItem"],
  nitf: ["<nitf><body><body.content>", "</body.content></body></nitf>", "p"],
} as const;
const BOMB = `<!ENTITY a0 "ha">${times(30, (i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`)}`;

function toDocument(name: string, text: () => string, code?: string, words = ""): HostileDocument {
  return {
    name,
    bytes: () => Buffer.from(text()),
    ...(code !== undefined && { refused: [code, words] as const }),
  };
}

function toXmlShapes(format: keyof typeof XML): HostileDocument[] {
  const [start, end, many] = XML[format];
  const root = /^<(\w+)/u.exec(start)?.[1] ?? "";
  const shape = (name: string, text: () => string, code?: string, words = ""): HostileDocument =>
    toDocument(`${format}: ${name}`, text, code, words);
  const inside = (text: string): string => `${start}${text}${end}`;
  const doctype = (text: string): string => `<!DOCTYPE ${root} ${text}>`;
  return [
    shape(
      "an entity bomb",
      () => doctype(`[${BOMB}]`) + inside("<a>&a30;</a>"),
      "unreadable",
      "declares itself",
    ),
    shape(
      "external entities",
      () =>
        doctype('SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY x SYSTEM "file:///etc/passwd">]') +
        inside("<a>&x;</a>"),
      "unreadable",
      "declares itself",
    ),
    shape(
      "a DOCTYPE without end",
      () => doctype(`[${'""'.repeat(1.9 * MB)}]`) + inside(""),
      "unknown_format",
      "no format",
    ),
    shape("100,000 nested elements", () => inside("<a>".repeat(99_000)), "unreadable", "nests deeper"),
    shape(
      "many elements nested deep",
      () => inside(`${"<a>".repeat(190)}x${"</a>".repeat(190)}`.repeat(300)),
      "unreadable",
      "nests too many",
    ),
    shape("900,000 flat elements", () => inside("<a/>".repeat(0.9 * MB)), "too_large", "200,000 tags"),
    shape("50,000 flat elements", () => inside("<a>x</a>".repeat(50_000)), "unreadable", "50000 elements"),
    shape(
      `too many of <${many}>`,
      () => inside(times(40_000, (i) => `<${many}>x ${i}</${many}>`)),
      "too_large",
      many === "p" ? "256 KB" : "1,000 stories",
    ),
    shape(
      "a million attributes",
      () => start.replace(">", ` ${times(MB, (i) => `a${i}=""`)}>`) + end,
      "too_large",
      "4,000,000 characters",
    ),
    shape(
      "500 attributes on each of many",
      () => inside(times(800, () => `<a ${times(499, (i) => `a${i}="" `)}/>`)),
      "unreadable",
      "attributes",
    ),
    shape(
      "namespaces declared on every level",
      () => inside(times(150, (i) => `<a ${times(400, (k) => `xmlns:a${i}x${k}="" `)}>`)),
      "unreadable",
      "not closed",
    ),
    shape("50 MB of CDATA", () => inside(`<a><![CDATA[${"x".repeat(50 * MB)}]]></a>`), "too_large", "15 MB"),
    ...["x", "]", "é", "”"].map((letter) =>
      shape(`${MOST} times ${letter} in CDATA in no field`, () =>
        `${start}${end}`.replace("><", `><a><![CDATA[${letter.repeat(MOST)}]]></a><`),
      ),
    ),
    shape("7 MB of CDATA", () => inside(`<a><![CDATA[${"x".repeat(7 * MB)}]]></a>`), ...BEYOND),
    shape("half a million comments", () => inside("<!---->".repeat(MB / 2)), "too_large", "200,000 tags"),
    shape("one comment of dashes", () => inside(`<!--${"-".repeat(MOST)}-->`)),
    shape("one long name", () => inside(`<${"a".repeat(MOST)}/>`)),
    shape("unclosed tags", () => inside("<a>x".repeat(190)), "unreadable", "not closed"),
    shape("blanks before the root", () => " ".repeat(MOST) + inside(""), "unknown_format", "no format"),
    shape(
      "references without end",
      () => HONEST[format]("Harbour", "&".repeat(MB / 2)),
      "too_large",
      "character references",
    ),
    shape(
      "a NUL behind every letter",
      () => HONEST[format]("Harbour", "a\0".repeat(MB)),
      "too_large",
      "control characters",
    ),
  ];
}

const jsonFeed = (items: string): string =>
  `{"version":"https://jsonfeed.org/version/1.1","items":[${items}]}`;

const JSON_SHAPES: readonly (readonly [name: string, text: () => string, code?: string, words?: string])[] = [
  ["brackets without end", () => `{"uri":${"[".repeat(MOST)}`, "too_large", "values and names"],
  [
    "100,000 nested arrays",
    () => `{"uri":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
    "unknown_format",
    "JSON",
  ],
  ["a million keys", () => `{${times(MB, (i) => `"k${i}":0,`)}"z":1}`, "too_large", "characters"],
  ["wide arrays", () => `{"uri":[${"0,".repeat(MOST / 2)}0]}`, "too_large", "values and names"],
  ["one number", () => `{"uri":${"9".repeat(MOST)}}`, "unknown_format", "JSON"],
  [
    "huge numbers",
    () => `{"uri":"urn:x:1","version":"1","headline":"H","n":[${"12345678901234567890,".repeat(180_000)}0]}`,
  ],
  [
    "lone surrogates",
    () => JSON.stringify({ uri: "urn:x:1", version: "1", headline: "\ud800".repeat(100_000) }),
  ],
  [
    "escapes without end",
    () =>
      `{"uri":"urn:x:1","version":"1","headline":"H","x":"${'\\"'.repeat(MOST / 2)}","n":1234567890123456}`,
  ],
  [
    "letters written as numbers",
    () => `{"uri":"urn:x:1","version":"1","headline":"H","x":"${"\\u0041".repeat(MOST / 6)}"}`,
  ],
  [
    "one key many times",
    () => `{${'"uri":"urn:x:1",'.repeat(200_000)}"version":"1","headline":"H"}`,
    "too_large",
    "values and names",
  ],
  [
    "50,000 items",
    () => jsonFeed(times(50_000, (i) => `${i === 0 ? "" : ","}{"id":"${i}"}`)),
    "too_large",
    "stories",
  ],
  [
    "60,000 subjects",
    () => `{"uri":"urn:x:1","version":"1","headline":"H","subject":[${'{"name":"a"},'.repeat(60_000)}{}]}`,
    "too_large",
    "lines",
  ],
];

/** What stands a hundred thousand times in one text: each has been slow somewhere. */
export const RUNS: readonly string[] = [
  ..." \t\n\r\f\u00a0\u200b*-—_=#\"'`“”12.aA(){}[]^<>&/\\,".split(""),
  "😀",
  "* ",
  "*   *   *\n",
  "* * * *\n",
  "``''",
  "(UPDATED)",
  "Harbour (UPDATED)\n\n",
  "2016 September 28 (Wednesday) 10:34:24\n",
  "Baku / 18.11.18 / Desk: text.\n\n",
  "Text ends. -02D-\n\n",
  "Port opens - 9 August 2021 12:55\n",
  "http://example.org/a ",
  "Eds: note\n",
  "NOT FOR PUBLICATION\n",
  "((@",
  "By Jane Doe\n",
  "hh/ph\n",
  "ends\n",
  "EMBARGO\n",
  "KILL ",
  "am-a-",
  "131137 GMT Nov 13\n",
  "ZCZC\n",
  "ZCZC a1\ntext\nNNNN\n",
  "Headline one ** ",
  "r a bc-harbour 03-04 0100\n",
  "\u0001abc123 4 pl 100\n",
  "\u0000",
  "\u007f",
  "<p>",
  "<!-- ",
  "<li>x",
  "<a href='",
  "&amp;",
  "&#x41;",
  "&lt;p&gt;",
  "MEDIA RELEASE PR1\n",
  "Nov. 1, ",
  "ab\n\n",
];

/** Several stories in one document of the formats that differ in what they cost. */
const BUNDLES: Readonly<Record<string, (texts: readonly string[]) => string>> = {
  rss: (texts) =>
    `<rss><channel>${texts.map((text, i) => `<item><title>H${i}</title><description>${escapeTags(`<p>${text}`)}</description></item>`).join("")}</channel></rss>`,
  "newsml-g2": (texts) =>
    `<newsMessage><itemSet>${texts.map((text, i) => `<newsItem guid="u:${i}"><contentMeta><headline>H</headline></contentMeta><contentSet><inlineXML><html><body>${inParagraphs(text)}</body></html></inlineXML></contentSet></newsItem>`).join("")}</itemSet></newsMessage>`,
  nitf: (texts) =>
    `<x>${texts.map((text, i) => `<nitf uno="u:${i}"><body><body.head><hedline><hl1>H</hl1></hedline></body.head><body.content>${inParagraphs(text)}</body.content></body></nitf>`).join("")}</x>`,
  JSON: (texts) =>
    JSON.stringify({
      items: texts.map((text, i) => ({
        uri: `u:${i}`,
        version: "1",
        headline: "H",
        body_html: `<p>${text}`,
      })),
    }),
};

/** What fills a document's stories, how often in each of fifteen: above one cap, or just below the cap of them all. */
const FILLS: readonly (readonly [name: string, text: string, refused?: string])[] = [
  ["prose", "Ships waited outside. ".repeat(9_000)],
  ["references", "&amp;".repeat(9_000), "references"],
  ["signs that open a reference", "a=b&".repeat(15_000), "references"],
  ["signs that close a tag", ">".repeat(50_000), "in its stories"],
  ["ends of CDATA", "]]>".repeat(60_000), "in its stories"],
  ["list items", "<li>x".repeat(5_000), "tags"],
  ["lines", "Eds: note\n".repeat(3_000), "lines"],
  ["letters that are not Latin", "слово ".repeat(40_000), "bytes in its stories"],
  ["pairs of surrogates", "😀".repeat(100_000), "in its stories"],
  [
    "list items, references and prose",
    `${"<li>x".repeat(900)}${"&amp;".repeat(1_500)}${"Ships. ".repeat(15_000)}`,
  ],
  ["notes and prose", `<pre>${"Eds: note\n".repeat(1_100)}</pre>${"Ships waited. ".repeat(8_500)}`],
  ["links and prose", `${'<a href="http://e.org/">a</a>'.repeat(600)}${"Ships waited. ".repeat(9_000)}`],
];

/** Stories that are together as much as a document may hold, or more. */
function fullDocuments(): HostileDocument[] {
  return Object.entries(BUNDLES).flatMap(([format, write]) =>
    FILLS.map(([name, text, words]) =>
      toDocument(
        `${format}: 15 stories of ${name}`,
        () => write(Array.from({ length: 15 }, () => text)),
        ...(words === undefined ? [] : (["too_large", words] as const)),
      ),
    ),
  );
}

/** Documents that hold nothing but one shape, in every format and in none. */
export function hostileDocuments(): HostileDocument[] {
  const raw = (name: string, bytes: () => Buffer, ...refused: Refusal): HostileDocument => ({
    name: `bytes: ${name}`,
    bytes,
    refused,
  });
  const text = (name: string, make: () => string, code: string, words: string): HostileDocument => ({
    name: `plain text: ${name}`,
    bytes: () => Buffer.from(make()),
    refused: [code, words],
  });
  const page = "Headline\n\n2016 September 28 (Wednesday) 10:34:24\n\n";
  return [
    fullDocuments(),
    toXmlShapes("rss"),
    toXmlShapes("atom"),
    toXmlShapes("newsml-g2"),
    toXmlShapes("newsml-1"),
    toXmlShapes("nitf"),
    JSON_SHAPES.map(([name, make, code, words]) => toDocument(`JSON: ${name}`, make, code, words)),
    [
      text("one line", () => "x".repeat(MOST), "unknown_format", "no format"),
      text("one line of 5 MB", () => "x".repeat(5 * MB), ...BEYOND),
      text("one line of 15 MB", () => "x".repeat(15 * MB), ...BEYOND),
      text("one line of 20 MB", () => "x".repeat(20 * MB), "too_large", "15 MB"),
      text("blanks", () => " ".repeat(MOST), "unreadable", "empty"),
      text(
        "quotes of windows-1252 that became control characters",
        () => "\u0091a".repeat(MOST / 2),
        "unknown_format",
        "no format",
      ),
      text("a million lines", () => `${page}${"x\n".repeat(MB)}`, "too_large", "60,000 lines"),
      text(
        "many stamps",
        () => `${page}${"2016 September 28 (Wednesday) 10:34:24\nText.\n".repeat(900)}`,
        "unreadable",
        "200 parts",
      ),
      text(
        "many stories",
        () => `${page}${"Text ends. -02D-\n\n".repeat(2_000)}`,
        "unreadable",
        "200 stories",
      ),
      text("many messages", () => "ZCZC a1\ntext\nNNNN\n".repeat(8_000), "too_large", "1,000 stories"),
      text("many headlines", () => "Headline one ** ".repeat(5_000), "too_large", "500 headlines"),
      raw("a gzip bomb as it is", () => gzipSync(Buffer.alloc(100 * MB)), "unknown_format", "no format"),
      raw("zeros", () => Buffer.alloc(MOST), "unreadable", "empty"),
      raw("15 MB of zeros", () => Buffer.alloc(15 * MB), ...BEYOND),
      raw("11 MB that are no UTF-8", () => Buffer.alloc(11 * MB, 0xe9), "too_large", "4 MB"),
      raw("15 MB that are no UTF-8", () => Buffer.alloc(15 * MB, 0xe9), ...BEYOND),
    ],
  ].flat();
}
