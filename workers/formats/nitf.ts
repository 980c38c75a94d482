import type { Note } from "../../src/contract/draft.ts";
import type { SourceProfile } from "../../src/contract/profile.ts";
import { htmlToLine, htmlToText } from "../text/html.ts";
import { parseWireTime } from "../text/times.ts";
import { changeInWords, parseSlug, toStoryKey } from "../text/wire-slug.ts";
import {
  at,
  attributeOf,
  childrenOf,
  descendantsOf,
  parseXmlDocuments,
  textOf,
  type XmlElement,
} from "../text/xml.ts";
import { type RawBody, type RawStory, readStatus } from "./compose.ts";
import { composeStories } from "./compose-stories.ts";
import { type FormatReader, type FormatReading, isInEnvelope, type WireDocument } from "./format.ts";
import { toGuidBase, toReferences, toUsableId } from "./guid.ts";
import { refuseMany, XML_LIMITS } from "./limits.ts";
import { readNitfHead, toNitfTitle } from "./nitf-head.ts";
import { readNitfNotice } from "./nitf-notice.ts";
import { type Origins, withOrigins } from "./origins.ts";
import { privateNotesIn, toRawBody } from "./xml-body.ts";

const ORIGINS: Origins = {
  guid: "docdata/doc-id/@id-string, else nitf/@uno",
  guidBase: "the id without its version",
  sourceVersion: "docdata/du-key/@version",
  actsOn: "docdata/@management-doc-idref, or KILL and HOLD in words",
  storyKey: "docdata/du-key/@key, else the keyword without its take",
  continues: "the take in the keyword",
  supersedes: "docdata/correction/@id-string",
  status: "docdata/@management-status",
  change: "docdata/correction, or the take in the keyword",
  correctionNote: "docdata/correction/@info",
  headline: "body.head/hedline/hl1",
  slugline: "docdata/du-key/@key, meta anpa-keyword, or key-list",
  byline: "body.head/byline",
  dateline: "body.head/dateline",
  summary: "body.head/abstract",
  lead: "the paragraph with lede",
  body: "body.content",
  subjects: "tobject.subject, keyword",
  subjectCodes: "tobject.subject/@tobject.subject.refnum, meta anpa-category",
  language: "meta language, or the nearest xml:lang or baselang",
  urgency: "docdata/urgency/@ed-urg",
  edNotes: "docdata/ed-msg, note",
  firstCreated: "docdata/date.issue",
  versionCreated: "docdata/date.issue",
  embargoed: "docdata/date.release",
  expires: "docdata/date.expire",
};

/** NITF 3.x: one story, mostly; a wrapper with several gives several. */
export const nitf: FormatReader = {
  format: "nitf",
  limits: XML_LIMITS,
  sniff: (sniffed, document) =>
    sniffed.root?.toLowerCase() === "nitf" || isInEnvelope(sniffed, document, /<(?:[\w-]+:)?nitf[\s>]/iu),
  mediaTypes: ["application/nitf+xml", "application/nitf", "text/nitf"],
  read,
};

function read(document: WireDocument): FormatReading {
  // All of NITF's names are in lower case; some write them in capitals.
  const roots = parseXmlDocuments(document.text, (name) => name.toLowerCase());
  const found = roots.flatMap((root) => (root.name === "nitf" ? [root] : descendantsOf(root, "nitf")));
  refuseMany(found);
  const notes: Note[] = found.length > 0 ? [] : [{ field: "nitf", rule: "holds no story" }];
  const stories: RawStory[] = [];
  for (const element of found) {
    const media = mediaOf(element);
    if (media === undefined) stories.push(withOrigins(tellDocument(element, document), ORIGINS));
    else notes.push({ field: "nitf", rule: `left out: of type ${media}` });
  }
  return composeStories(stories, document, notes);
}

function tellDocument(element: XmlElement, document: WireDocument): RawStory {
  const docdata = descendantsOf(element, "docdata")[0];
  const metas = toMetas(element);
  const head = readNitfHead(element);
  const body = toRawBody(element);
  const ids = tellIds(element, docdata);
  const slug = slugOf(docdata, metas);
  const times = tellTimes(element, docdata, document);
  const status = attributeOf(docdata, "management-status");
  const correction = correctionOf(docdata);
  const take = changeInWords(parseSlug(metas.get("anpa-keyword") ?? slug.line).takes, "");
  const notice = readNitfNotice(docdata, {
    ...ids,
    version: ids.sourceVersion,
    status,
    slug: metas.get("anpa-keyword") ?? slug.line,
    headline: htmlToLine(head.headline ?? ""),
    text: toText(body),
  });
  return {
    ...ids,
    ...notice,
    status,
    storyKey: slug.key,
    continues: take.continues,
    change: correction === undefined ? take.change : "correction",
    supersedes: toReferences([attributeOf(correction, "id-string")], ids),
    correctionNote: attributeOf(correction, "info"),
    headline: head.headline,
    title: toNitfTitle(element),
    byline: head.byline,
    dateline: head.dateline,
    summary: head.summary,
    lead: leadOf(element),
    slugline: slug.line,
    subjects: subjectsOf(element),
    subjectCodes: subjectCodesOf(element, metas),
    language: metas.get("language") ?? metas.get("lang") ?? head.language,
    body,
    urgency: valueOf(childOfDocdata(docdata, "urgency"), "ed-urg"),
    edNotes: [...edNotesOf(docdata, metas), ...head.notes, ...privateNotesIn(element)],
    expires: normOf(docdata, "date.expire"),
    ...times,
    from: { ...times.from, ...(head.headlineFrom !== undefined && { headline: head.headlineFrom }) },
  };
}

/** One whose attributes are all empty was left over in a template. */
function correctionOf(docdata: XmlElement | undefined): XmlElement | undefined {
  const correction = childOfDocdata(docdata, "correction");
  const values = [...(correction?.attributes.values() ?? [])];
  return values.length > 0 && values.every((value) => value.trim() === "") ? undefined : correction;
}

/** Written in one attribute, or as text by those who do not know of it. */
function normOf(docdata: XmlElement | undefined, name: string): string | undefined {
  return valueOf(childOfDocdata(docdata, name), "norm");
}

function valueOf(element: XmlElement | undefined, name: string): string | undefined {
  return element === undefined ? undefined : (attributeOf(element, name) ?? textOf(element)).trim();
}

function childOfDocdata(docdata: XmlElement | undefined, name: string): XmlElement | undefined {
  return docdata === undefined ? undefined : childrenOf(docdata, name)[0];
}

function tellIds(element: XmlElement, docdata: XmlElement | undefined) {
  const version = attributeOf(childOfDocdata(docdata, "du-key"), "version")?.trim();
  const guid =
    toUsableId(valueOf(childOfDocdata(docdata, "doc-id"), "id-string")) ??
    toUsableId(attributeOf(element, "uno"));
  return {
    guid,
    guidBase: toGuidBase(guid, version) ?? toCountedBase(guid, version),
    sourceVersion: version,
  };
}

/** Some append the version to the id, and count the two apart by one: `…_47` of version 48. */
function toCountedBase(guid: string | undefined, version: string | undefined): string | undefined {
  const parts = /^(.{6,})_(\d{1,15})$/u.exec(guid ?? "");
  if (parts?.[1] === undefined || !/^\d{1,15}$/u.test(version ?? "")) return undefined;
  return Math.abs(Number(parts[2]) - Number(version)) <= 1 ? parts[1] : undefined;
}

interface Slug {
  line: string;
  /** What the versions of the story share (REV3); a topic from the key list joins nothing. */
  key?: string;
}

function slugOf(docdata: XmlElement | undefined, metas: ReadonlyMap<string, string>): Slug {
  const key = attributeOf(childOfDocdata(docdata, "du-key"), "key")?.trim();
  if (key !== undefined && key !== "" && key !== "0") return { line: key, key };
  const keyword = ["anpa-keyword", "slug", "slugline"].map((name) => metas.get(name)).find((line) => line);
  if (keyword !== undefined) return { line: keyword, key: toStoryKey(keyword) };
  const keywords = docdata === undefined ? [] : descendantsOf(docdata, "keyword");
  return { line: keywords.map((one) => (attributeOf(one, "key") ?? "").trim()).find((line) => line) ?? "" };
}

/** Names in lower case; of one name the first that says something. */
function toMetas(element: XmlElement): ReadonlyMap<string, string> {
  const metas = new Map<string, string>();
  for (const meta of childrenOf(at(element, "head") ?? element, "meta")) {
    const name = (attributeOf(meta, "name") ?? "").trim().toLowerCase();
    const content = (attributeOf(meta, "content") ?? "").trim();
    if (content !== "" && !metas.has(name)) metas.set(name, content);
  }
  return metas;
}

function edNotesOf(docdata: XmlElement | undefined, metas: ReadonlyMap<string, string>): string[] {
  const messages = docdata === undefined ? [] : childrenOf(docdata, "ed-msg");
  const written = messages.flatMap((message) => [attributeOf(message, "info") ?? "", textOf(message)]);
  return [...written, ...["ednote", "ed-note", "editorial-note"].map((name) => metas.get(name) ?? "")];
}

/** `date.issue` is both times. `date.release` is an embargo if it is later, or if the status says so (EMB2). */
function tellTimes(
  element: XmlElement,
  docdata: XmlElement | undefined,
  { profile, receivedAt }: WireDocument,
): Partial<RawStory> {
  const release = normOf(docdata, "date.release");
  const releasedAt = parseWireTime(release ?? "", profile.zone).instant;
  const isOver = releasedAt !== undefined && receivedAt !== undefined && releasedAt <= receivedAt;
  const candidates: [string, string | undefined][] = [
    ["date.issue", normOf(docdata, "date.issue")],
    ["pubdata", attributeOf(descendantsOf(element, "pubdata")[0], "date.publication")],
    ["story.date", attributeOf(descendantsOf(element, "story.date")[0], "norm")],
    ["date.release", isOver ? release : undefined],
  ];
  const [from, written] = candidates.find(([, time]) => time) ?? ["date.issue", undefined];
  const { embargoed } = readStatus(attributeOf(docdata, "management-status"));
  return {
    firstCreated: written,
    versionCreated: written,
    ...(from !== "date.issue" && { from: { firstCreated: from, versionCreated: from } }),
    ...(isEmbargo(release, written, { embargoed, profile }) && { embargoed: release }),
  };
}

function isEmbargo(
  release: string | undefined,
  issue: string | undefined,
  { embargoed, profile }: { embargoed: boolean | undefined; profile: SourceProfile },
): boolean {
  if (release === undefined || release === "") return false;
  const at = parseWireTime(release, profile.zone);
  if (embargoed || at.template) return true;
  const issued = issue === undefined ? undefined : parseWireTime(issue, profile.zone).instant;
  return at.instant === undefined || issued === undefined || at.instant > issued;
}

function leadOf(element: XmlElement): string | undefined {
  const lead = descendantsOf(element, "p").find((paragraph) => attributeOf(paragraph, "lede") === "true");
  return lead === undefined ? undefined : textOf(lead);
}

function subjectsOf(element: XmlElement): string[] {
  const subjects = descendantsOf(element, "tobject.subject").flatMap((subject) => {
    const names = ["detail", "matter", "type"].map((part) =>
      attributeOf(subject, `tobject.subject.${part}`)?.trim(),
    );
    return names.find((name) => name) ?? [];
  });
  const keywords = descendantsOf(element, "keyword").map((keyword) => attributeOf(keyword, "key") ?? "");
  return [...subjects, ...keywords];
}

function subjectCodesOf(element: XmlElement, metas: ReadonlyMap<string, string>): string[] {
  const numbers = descendantsOf(element, "tobject.subject").flatMap((subject) =>
    ["refnum", "code"].map((part) => attributeOf(subject, `tobject.subject.${part}`) ?? ""),
  );
  return [...numbers, metas.get("anpa-category") ?? "", metas.get("category") ?? ""];
}

/** A picture's document has its type in `tobject`, and no text. */
function mediaOf(element: XmlElement): string | undefined {
  const type = (attributeOf(descendantsOf(element, "tobject")[0], "tobject.type") ?? "").trim().toLowerCase();
  return /^(?:photo|picture|image|graphic|video|audio|animation)s?$/u.test(type) ? type : undefined;
}

/** A notice is known by its first words. */
const NOTICE_REACH = 10_000;

function toText(body: RawBody | undefined): string {
  if (body === undefined) return "";
  if ("html" in body) return htmlToText(body.html.slice(0, NOTICE_REACH));
  return "text" in body ? body.text.slice(0, NOTICE_REACH).trim() : body.paragraphs.join("\n\n");
}
