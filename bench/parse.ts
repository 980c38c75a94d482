import { Parser } from "htmlparser2";
import { FORMATS, type Format, sourceProfile } from "../src/contract/profile.ts";
import { readDocument } from "../workers/read.ts";
import { round } from "./measure.ts";
import { progress, report } from "./report.ts";

const RECEIVED_AT = "2026-03-04T10:00:00.000Z";
const STORIES = 200;
const ROUNDS = 5;
const PARAGRAPHS = [
  "The port of Selin opened berth again on Friday after repairs that had taken two weeks and closed it to larger ships.",
  "“It was a long wait,” the harbour master said on the quay, as the first ferry came in from the islands.",
  "Ships of up to 200 metres may enter from Monday on; the ferries keep to their winter timetable until the end of the month.",
  "The council had voted for the repairs in spring, after a crack was found in the outer wall.",
  "Fishing boats use the old basin as before. The next inspection is due in five years.",
];

const many = (write: (index: number) => string, between = ""): string =>
  Array.from({ length: STORIES }, (_, index) => write(index)).join(between);
const asHtml = PARAGRAPHS.map((one) => `<p>${one}</p>`).join("");
const asEscaped = asHtml.replaceAll("<", "&lt;");
const asText = PARAGRAPHS.join("\n\n");
const asLines = PARAGRAPHS.join("\r\n\r\n");
const asBody = JSON.stringify(asText);
const asTime = (index: number): string => new Date(Date.UTC(2026, 2, 4, 0, index)).toISOString();

/** Documents of 200 stories, or what is one story as many times. */
const DOCUMENTS: Readonly<Record<Exclude<Format, "auto">, string>> = {
  rss: `<rss version="2.0"><channel><title>T</title>${many((i) => `<item><title>Berth ${i} opens</title><guid>urn:x:${i}</guid><link>http://example.org/${i}</link><pubDate>Wed, 04 Mar 2026 10:00:00 GMT</pubDate><description>${asEscaped}</description></item>`)}</channel></rss>`,
  atom: `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>${many((i) => `<entry><id>urn:x:${i}</id><title>Berth ${i} opens</title><updated>${asTime(i)}</updated><link href="http://example.org/${i}"/><content type="html">${asEscaped}</content></entry>`)}</feed>`,
  "json-feed": `{"version":"https://jsonfeed.org/version/1.1","items":[${many((i) => `{"id":"${i}","title":"Berth ${i} opens","url":"http://example.org/${i}","date_published":"${asTime(i)}","content_text":${asBody}}`, ",")}]}`,
  "newsml-g2": `<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>${many((i) => `<newsItem guid="urn:x:${i}" version="1"><itemMeta><itemClass qcode="ninat:text"/><versionCreated>${asTime(i)}</versionCreated><pubStatus qcode="stat:usable"/></itemMeta><contentMeta><urgency>4</urgency><language tag="en"/><headline>Berth ${i} opens</headline></contentMeta><contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>${asHtml}</body></html></inlineXML></contentSet></newsItem>`)}</itemSet></newsMessage>`,
  "newsml-1": `<NewsML>${many((i) => `<NewsItem><Identification><NewsIdentifier><ProviderId>example.org</ProviderId><DateId>20260304</DateId><NewsItemId>${i}</NewsItemId><RevisionId PreviousRevision="0" Update="N">1</RevisionId><PublicIdentifier>urn:newsml:example.org:20260304:${i}:1</PublicIdentifier></NewsIdentifier></Identification><NewsManagement><FirstCreated>20260304T100000Z</FirstCreated><ThisRevisionCreated>20260304T100000Z</ThisRevisionCreated><Status FormalName="Usable"/></NewsManagement><NewsComponent><NewsLines><HeadLine>Berth ${i} opens</HeadLine></NewsLines><ContentItem><DataContent>${asHtml}</DataContent></ContentItem></NewsComponent></NewsItem>`)}</NewsML>`,
  nitf: `<nitfs>${many((i) => `<nitf><head><docdata><doc-id id-string="x${i}"/><date.issue norm="20260304T100000Z"/><du-key key="berth-${i}" version="1"/></docdata></head><body><body.head><hedline><hl1>Berth ${i} opens</hl1></hedline></body.head><body.content>${asHtml}</body.content></body></nitf>`)}</nitfs>`,
  ninjs: `[${many((i) => `{"uri":"urn:x:${i}","version":"1","versioncreated":"${asTime(i)}","headline":"Berth ${i} opens","body_text":${asBody}}`, ",")}]`,
  "ap-json": `{"data":{"items":[${many((i) => `{"item":{"altids":{"itemid":"${i}"},"versioncreated":"${asTime(i)}","headline":"Berth ${i} opens","body_text":${asBody}}}`, ",")}]}}`,
  "anpa-1312": many(
    (i) =>
      `\u0016\u0016\u0001a${1000 + i}\u001f\r\nr a \u0013bc-berth${i} 03-04 0100\r\n\u0002^BC-Berth${i},100<\r\n^Berth ${i} opens<\r\n\t${PARAGRAPHS.join("\r\n\t")}\r\n\u0003\r\nXX-WF-03-04-26 1009GMT\r\n\u0004`,
  ),
  "iptc-7901": many(
    (i) =>
      `\u0001xyz${1000 + i} 4 pl 100\r\nBerth-${i}/\r\n\u0002Berth ${i} opens =\r\n\r\n${asLines}\r\n\u0003\r\n041009 GMT Mar 26\r\n\u0004`,
  ),
  zczc: many((i) => `ZCZC AB${i}\r\n#berth-${i}\r\n$Berth ${i} opens\r\n\r\n${asLines}\r\nNNNN\r\n`),
  release: `Source: Port of Selin\r\n\r\nMEDIA RELEASE PR12345\r\n\r\nBerth opens\r\n\r\nSELIN, Mar. 4, 2026 /Distributor/ --\r\n\r\n${asLines}\r\n\r\nSOURCE Port of Selin\r\n`,
  "ticker-list": `${many((i) => `Berth ${i} opens again after repairs that had taken two weeks`, " ** ")} **`,
  "agency-page": `Berth opens (UPDATED)\n\n${asText}—0--\n\n*   *   *\n\n2016 September 28 (Wednesday) 10:34:24\n\n${asText} -02D-\n`,
  text: `Berth opens\n\n${asText}\n`,
};

/** The least that any reader of the same bytes must do. */
const PEERS: readonly (readonly [pattern: RegExp, peer: string, parse: (text: string) => unknown])[] = [
  [/^</u, "htmlparser2, tree of nothing", (text) => new Parser({}, { xmlMode: true }).end(text)],
  [/^[[{]/u, "JSON.parse", (text): unknown => JSON.parse(text)],
];

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function benchFormat(format: Exclude<Format, "auto">): void {
  const bytes = Buffer.from(DOCUMENTS[format]);
  // Neither is known by its content: plain text, and a wrapper around NITF.
  const named = format === "text" || format === "nitf" ? format : "auto";
  const profile = sourceProfile.parse({ kind: "push", lines: ["main"], zone: "Asia/Baku", format: named });
  const readOnce = () => readDocument(bytes, { profile, receivedAt: RECEIVED_AT });
  const { drafts, format: known } = readOnce();
  if (known !== format) throw new Error(`The document of ${format} was read as ${known}`);
  // One story alone is read as often as the others have stories.
  const rounds = ROUNDS * Math.max(1, Math.ceil(STORIES / drafts.length));
  for (let i = 0; i < rounds / ROUNDS; i += 1) readOnce();
  const seconds = cpuSeconds(() => {
    for (let i = 0; i < rounds; i += 1) readOnce();
  });
  const peer = PEERS.find(([pattern]) => pattern.test(DOCUMENTS[format]));
  const peerSeconds =
    peer &&
    cpuSeconds(() => {
      for (let i = 0; i < rounds; i += 1) peer[2](bytes.toString());
    });
  const items = rounds * drafts.length;
  report({
    bench: "parse",
    figure: `${format}: megabytes a CPU second`,
    value: round((rounds * bytes.length) / 1e6 / seconds),
    unit: "MB/s",
  });
  report({
    bench: "parse",
    figure: `${format}: items a CPU second, CPU an item`,
    value: Math.round(items / seconds),
    unit: `items/s, ${Math.round((seconds / items) * 1e6)} µs each`,
    ...(peer !== undefined &&
      peerSeconds !== undefined && { peer: peer[1], ratio: round(seconds / peerSeconds) }),
  });
}

/** From bytes to drafts: decoding, sniffing, parsing, and all rules for text. Nothing is stored. */
export async function benchParse(): Promise<void> {
  for (const format of FORMATS.filter((one) => one !== "auto")) {
    progress(`parse: ${format}`);
    benchFormat(format);
  }
}
