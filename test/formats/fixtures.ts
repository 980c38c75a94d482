import type { Format, SourceProfileInput } from "../../src/contract/profile.ts";

/** A document of each format with as many of its fields as it can have. All stories are invented. */
export interface Fixture {
  name: string;
  format: Exclude<Format, "auto">;
  text: string;
  profile?: Partial<SourceProfileInput>;
}

const TEXT = "<p>The council of Riverton voted for the plan.</p><p>Work begins in spring.</p>";
const PLAIN = [
  "The council of the harbour town voted on Tuesday evening to open the",
  "port to larger ships from the spring, a plan that has been argued over",
  "for years.",
  "",
  "The vote was close. -02D-",
];

const RSS = `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>City</title><link>https://city.example/</link><language>en</language>
<item><title>BREAKING Riverton opens its port</title><link>https://city.example/a</link><guid>https://city.example/a</guid>
<description>The port opens.</description><content:encoded><![CDATA[${TEXT}]]></content:encoded>
<pubDate>Tue, 05 Mar 2024 10:00:00 GMT</pubDate><dc:date>2024-03-05T11:00:00Z</dc:date><dc:creator>Ann Lee</dc:creator>
<category>Harbour</category><expirationDate>2034-03-05T11:00:00Z</expirationDate></item>
<item><title>No id and no link</title><description>Only words stand here.</description></item>
<item><title>One of two with a guid</title><guid isPermaLink="false">same</guid></item>
<item><title>Another with that guid</title><guid isPermaLink="false">same</guid></item></channel></rss>`;

const ATOM = `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0" xmlns:app="http://www.w3.org/2007/app" xml:lang="en">
<entry><id>urn:a:1</id><title>Riverton opens its port (UPDATED)</title><link rel="alternate" href="https://city.example/a"/>
<summary>The port opens.</summary><content type="html">&lt;p&gt;The council voted.&lt;/p&gt;</content>
<published>2024-03-05T10:00:00Z</published><updated>2024-03-05T11:00:00Z</updated><author><name>Ann Lee</name></author>
<category term="port" label="Harbour"/></entry>
<entry><id>urn:a:2</id><title>Not released</title><updated>2024-03-05T11:00:00Z</updated><app:control><app:draft>yes</app:draft></app:control></entry>
<at:deleted-entry ref="urn:a:3" when="2024-03-05T12:00:00Z"><at:comment>It was wrong.</at:comment></at:deleted-entry></feed>`;

const JSON_FEED = JSON.stringify({
  version: "https://jsonfeed.org/version/1.1",
  language: "en",
  items: [
    {
      id: 7,
      url: "https://city.example/a",
      title: "Riverton opens its port",
      content_html: TEXT,
      summary: "The port opens.",
      date_published: "2024-03-05T10:00:00Z",
      date_modified: "2024-03-05T11:00:00Z",
      authors: [{ name: "Ann Lee" }],
      tags: ["Harbour"],
      _newsline: { urgency: 2 },
    },
    { id: "8", content_text: "A text without any title. It goes on." },
  ],
});

const G2 = `<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>
<newsItem guid="urn:agency:77" version="3" xml:lang="en"><itemMeta><itemClass qcode="ninat:text"/>
<versionCreated>2024-03-05T10:00:00Z</versionCreated><firstCreated>2024-03-05T09:00:00Z</firstCreated>
<embargoed>2034-03-05T10:00:00Z</embargoed><pubStatus qcode="stat:usable"/><expires>2035-03-05T10:00:00Z</expires>
<edNote role="nrol:public">The name is Aliyeva.</edNote><signal qcode="sig:correction"/>
<link rel="irel:supersedes" residref="urn:agency:70"/></itemMeta>
<contentMeta><urgency>2</urgency><slugline>riverton-port</slugline><headline>Riverton opens its port</headline><by>Ann Lee</by>
<dateline>RIVERTON, March 5</dateline><language tag="en"/><subject qcode="medtop:1"><name>Harbour</name></subject>
<description>The port opens.</description></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>${TEXT}</body></html></inlineXML></contentSet></newsItem>
<newsItem guid="urn:agency:78"><itemMeta><itemClass qcode="ninat:text"/><versionCreated>2024-03-05T10:00:00Z</versionCreated>
<pubStatus qcode="stat:canceled"/><embargoed/></itemMeta></newsItem></itemSet></newsMessage>`;

const NEWSML = `<NewsML Version="1.2"><NewsItem xml:lang="en"><Identification><NewsIdentifier><ProviderId>agency.example</ProviderId>
<DateId>20240305</DateId><NewsItemId>TX-77</NewsItemId><RevisionId PreviousRevision="2" Update="N">3</RevisionId>
<PublicIdentifier>urn:newsml:agency.example:20240305:TX-77:3</PublicIdentifier></NewsIdentifier><NameLabel>Riverton-port</NameLabel></Identification>
<NewsManagement><NewsItemType FormalName="News"/><FirstCreated>20240305T090000+0000</FirstCreated>
<ThisRevisionCreated>20240305T110000+0100</ThisRevisionCreated><Status FormalName="Embargoed"/>
<StatusWillChange><FutureStatus FormalName="Usable"/><DateAndTime>20340305T110000Z</DateAndTime></StatusWillChange>
<Urgency FormalName="2"/><Instruction FormalName="Correction"/></NewsManagement>
<NewsComponent><NewsLines><HeadLine>Riverton opens its port</HeadLine><ByLine>Ann Lee</ByLine><DateLine>RIVERTON, March 5 -</DateLine>
<SlugLine>port/vote</SlugLine><KeywordLine>harbour, council</KeywordLine>
<NewsLine><NewsLineType FormalName="AdvisoryLine"/><NewsLineText>Pictures follow.</NewsLineText></NewsLine></NewsLines>
<DescriptiveMetadata><Language FormalName="en"/><SubjectCode><Subject FormalName="04000000"/></SubjectCode></DescriptiveMetadata>
<NewsComponent><Role FormalName="Lead"/><ContentItem><DataContent><p>The port opens.</p></DataContent></ContentItem></NewsComponent>
<NewsComponent><Role FormalName="Abstract"/><ContentItem><DataContent><p>In short.</p></DataContent></ContentItem></NewsComponent>
<ContentItem><MediaType FormalName="Text"/><DataContent>${TEXT}</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>`;

const NITF = `<nitf baselang="en-US"><head><title>Title</title><meta name="anpa-keyword" content="Port, CORRECTION"/><meta name="anpa-category" content="i"/>
<tobject><tobject.subject tobject.subject.refnum="04000000" tobject.subject.matter="Harbour"/></tobject>
<docdata management-status="usable"><correction info="The name is Aliyeva." id-string="AG.70"/><doc-id id-string="AG.77_3"/><du-key key="riverton-port" version="3"/>
<date.issue norm="20240305T100000+0000"/><date.release norm="20340305T100000+0000"/><date.expire norm="20350306T100000Z"/>
<urgency ed-urg="2"/><ed-msg info="Check the name."/></docdata></head>
<body><body.head><hedline><hl1>Riverton opens its port</hl1></hedline><byline>By Ann Lee</byline><dateline>RIVERTON, March 5</dateline>
<abstract><p>The port opens.</p></abstract></body.head><body.content><p lede="true">The council voted.</p>${TEXT}</body.content></body></nitf>`;

const NITF_NOTICE = `<nitf><head><docdata management-doc-idref="AG.60" management-idref-status="canceled"><doc-id id-string="AG.99"/>
<date.issue norm="20240305T100000+0000"/></docdata></head><body><body.head><hedline><hl1>Withdrawal</hl1></hedline></body.head></body></nitf>`;

const NINJS = JSON.stringify({
  uri: "urn:agency:77:3",
  version: "3",
  type: "text",
  pubStatus: "usable",
  versionCreated: "2024-03-05T10:00:00Z",
  firstCreated: "2024-03-05T09:00:00Z",
  embargoedUntil: "2034-03-05T10:00:00Z",
  expires: "2035-03-05T10:00:00Z",
  headlines: [{ role: "main", value: "Riverton opens its port" }],
  bodies: [
    { role: "main", contentType: "text/html", value: TEXT },
    { role: "lead", contentType: "text/plain", value: "The port opens." },
  ],
  descriptions: [{ role: "summary", value: "In short." }],
  by: "Ann Lee",
  dateline: "RIVERTON",
  slugline: "riverton-port",
  subjects: [{ name: "Harbour", uri: "medtop:1" }],
  language: "en",
  url: "https://city.example/a",
  urgency: 2,
  edNote: "Corrects the name.",
  supersedes: "urn:agency:70",
});

const AP = JSON.stringify({
  data: {
    item: {
      uri: "https://api.agency.example/v/content/77?qt=abcdef",
      altids: { itemid: "0f3b1f7a77", recordsequencenumber: 12 },
      version: 0,
      type: "text",
      versioncreated: "2024-03-05T10:00:00Z",
      pubstatus: "usable",
      editorialpriority: "u",
      headline: "Riverton opens its port",
      slugline: "BC-Riverton-Port",
      bylines: [{ by: "By ANN LEE" }],
      language: "en",
      ednote: "With pictures.",
      subject: [{ name: "Harbours", code: "x" }],
      body_nitf: TEXT,
    },
  },
});

const IPTC_7901 = [
  "\u0001abc062 4 i 211 awp dpa 0123",
  "Riverton-port/",
  "\u00021st LEAD\r\nPort opens to larger ships\r\nBy Ann Lee =",
  "",
  ...PLAIN,
  "",
  "# Notebook",
  "Call the harbour master.",
  "\u0003",
  "131137 GMT Nov 13",
  "\u0004",
].join("\r\n");

const ANPA = [
  "\u0016\u0016\u0001w2870\u001fxyzwf-----",
  "r i \u0013\u0011 bc-RIV--Port-Ships1stLd-W 11-13 0416",
  "\u0002^BC-RIV--Port-Ships, 1st Ld-Writethru,416<",
  "^Port opens to larger ships<",
  "^Eds: With photos. Adds quotes.<",
  "^By JANE DOE=",
  "\tRIVERTON (WP) _ ``We open the port,'' the mayor said on Tuesday.<",
  "\u0003XX-WF-11-13-13 1509GMT<",
  "\f\u0004",
].join("\r\n");

const ZCZC = [
  "ZCZC A0123",
  "#Riverton Port",
  "$Port opens to larger ships",
  ":(RIVERTON)",
  "%d",
  "*harbour",
  "",
  ...PLAIN,
  "",
  "131137 GMT Nov 13",
  "NNNN",
  "",
].join("\r\n");

const KILL = [
  "ZCZC A0124",
  "#Riverton Port KILL",
  "$Port opens",
  "",
  "Editors: kill this story.",
  "NNNN",
  "",
].join("\r\n");

const RELEASE = [
  "Source: Riverton Port Ltd",
  "",
  "MEDIA RELEASE PR12345",
  "",
  "Port of the harbour town opens",
  "to larger ships",
  "",
  "RIVERTON, Ruritania, Nov. 13, 2013 /WireNewswire-Distributor/ --",
  "",
  ...PLAIN,
  "",
  "SOURCE: Riverton Port Ltd",
  "",
  "Contact: Jane Doe, phone 1",
  "",
].join("\r\n");

const PAGE = [
  "Harbour council votes for larger ships (UPDATED)",
  "",
  "The vote was repeated in the evening.—0--",
  "",
  "*   *   *",
  "",
  "2016 September 28 (Wednesday) 10:34:24",
  "",
  "The harbour council has voted for larger ships. -02D-",
].join("\n");

export const FIXTURES: readonly Fixture[] = [
  { name: "RSS", format: "rss", text: RSS, profile: { urgencyMap: { BREAKING: 2 } } },
  { name: "Atom with a withdrawal", format: "atom", text: ATOM },
  { name: "JSON Feed", format: "json-feed", text: JSON_FEED },
  { name: "NewsML-G2 with a kill", format: "newsml-g2", text: G2 },
  { name: "NewsML 1.2", format: "newsml-1", text: NEWSML },
  { name: "NITF", format: "nitf", text: NITF },
  { name: "NITF that withdraws another document", format: "nitf", text: NITF_NOTICE },
  { name: "ninjs 3", format: "ninjs", text: NINJS },
  { name: "AP-style JSON", format: "ap-json", text: AP, profile: { urgencyMap: { u: 3 } } },
  { name: "IPTC 7901", format: "iptc-7901", text: IPTC_7901, profile: { language: "en" } },
  { name: "ANPA 1312", format: "anpa-1312", text: ANPA },
  { name: "ZCZC", format: "zczc", text: ZCZC, profile: { credit: "City Agency", trust: "hold" } },
  { name: "ZCZC that withdraws a slug", format: "zczc", text: KILL },
  { name: "a press release", format: "release", text: RELEASE },
  {
    name: "a ticker list",
    format: "ticker-list",
    text: "Port opens ** Mayor resigns ** 28.09.2016 10:34 **",
  },
  { name: "an agency page", format: "agency-page", text: PAGE, profile: { zone: "Asia/Baku" } },
  {
    name: "plain text",
    format: "text",
    text: ["EMBARGO: 10.00", "", "Port opens to larger ships", "", ...PLAIN].join("\n"),
    profile: { format: "text" },
  },
];
