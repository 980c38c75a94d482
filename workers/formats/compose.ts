import type { ActOn, Draft, Note } from "../../src/contract/draft.ts";
import { NewsLineError } from "../../src/contract/errors.ts";
import type { Change, PubStatus } from "../../src/contract/item.ts";
import type { SourceProfile } from "../../src/contract/profile.ts";
import { toPlainLine } from "../../src/contract/text.ts";
import { changeInHeadline, changeInSlug } from "../text/change-words.ts";
import { decodeEntities } from "../text/entities.ts";
import { HABITS, hasHabit } from "../text/habits.ts";
import { cleanHeadline, firstSentence } from "../text/headline.ts";
import { hasTags, htmlToLine, htmlToText, resolveLink, sanitizeHtml } from "../text/html.ts";
import { toPlainParagraphs } from "../text/paragraphs.ts";
import type { Cut } from "../text/private-text.ts";
import { type Story, tellStory } from "../text/story.ts";
import {
  composeByline,
  composeLanguage,
  composeSubjects,
  composeUrgency,
  joinNotes,
} from "./compose-fields.ts";
import { composeTimes, openEmbargo, type Times, type Wording, type WrittenTimes } from "./compose-times.ts";
import type { WireDocument } from "./format.ts";
import { addStory } from "./limits.ts";

/**
 * One story as its format wrote it: fields found, nothing cleaned. Times, status and urgency are the text that
 * stood there; an empty string is an element that was there and empty.
 */
export interface RawStory extends WrittenTimes {
  guid?: string | undefined;
  guidBase?: string | undefined;
  sharedGuid?: string | undefined;
  nameless?: boolean | undefined;
  identity?: string | undefined;
  sourceVersion?: string | undefined;
  storyKey?: string | undefined;
  continues?: boolean | undefined;
  page?: Draft["page"] | undefined;
  supersedes?: readonly string[] | undefined;
  actsOn?: readonly ActOn[] | undefined;
  noticeOnly?: boolean | undefined;
  /** Usable, withheld, canceled, embargoed in any case; unknown words are withheld. */
  status?: string | undefined;
  change?: Change | undefined;
  headline?: string | undefined;
  /** The document's own title, for a story without a headline. */
  title?: string | undefined;
  /** Several parts are put together in order, a lead in an element of its own first. */
  body?: RawBody | undefined;
  /** The text may say no more than the headline: it is not cut then. */
  keepsRepeat?: boolean | undefined;
  lead?: string | undefined;
  summary?: string | undefined;
  byline?: string | undefined;
  dateline?: string | undefined;
  slugline?: string | undefined;
  subjects?: readonly string[] | undefined;
  subjectCodes?: readonly string[] | undefined;
  language?: string | undefined;
  link?: string | undefined;
  /** What relative links are relative to. */
  base?: string | undefined;
  urgency?: string | undefined;
  correctionNote?: string | undefined;
  edNotes?: readonly string[] | undefined;
  /** Field → where it stood, for the notes that `explain` shows. */
  from?: Readonly<Record<string, string>> | undefined;
  notes?: readonly Note[] | undefined;
}

const LONGEST_FIELD = 20_000;
/** An item may have 256 KB; its markup as much again. */
const LONGEST_TEXT = 256 * 1024;
export const LONGEST_MARKUP = 512 * 1024;

/** HTML, plain text as it was wrapped, or paragraphs that the format has already told apart. */
export type RawBody = { html: string } | { text: string } | { paragraphs: readonly string[] };

/** Cleans what a format found and applies the rules that all formats share: TXT1 to TXT3, PRV1, TIM1, ORD3, EMB2. */
export function composeDraft(raw: RawStory, document: WireDocument): Draft {
  const { profile } = document;
  addStory(document.workload, textsOf(raw));
  const notes: Note[] = [
    ...Object.entries(raw.from ?? {}).map(([field, where]) => ({ field, rule: `from ${where}` })),
    ...(raw.notes ?? []),
  ];
  const times = composeTimes(raw, profile, notes);
  const written = toHeadline(raw.headline);
  if (isTooLong(raw.body))
    throw new NewsLineError("too_large", { message: "A story is larger than 256 KB." });
  const story = tellStory(toRawParagraphs(raw.body, profile), profile, raw.keepsRepeat ? undefined : written);
  const headline = composeHeadline(raw, written, story, notes);
  for (const cut of story.habits) notes.push({ field: "bodyText", rule: toCutRule(cut) });
  // An abstract or a lead may hold private text as well as the story does (PRV1).
  const summary = tellStory(toRawParagraphs(toAbstract(raw.summary), profile), profile);
  const lead = tellStory(toRawParagraphs(toAbstract(raw.lead), profile), profile);
  const edNote = joinNotes([
    ...(raw.edNotes ?? []),
    ...[story, lead, summary].map((part) => part.edNote ?? ""),
  ]);
  if (story.signOff !== undefined)
    notes.push({ field: "signOff", rule: "TXT2: the code that ends the text" });
  if ([story, lead, summary].some((part) => part.edNote !== undefined))
    notes.push({ field: "edNote", rule: "PRV1: private text" });
  const link = resolveLink(raw.link, raw.base ?? document.address);
  if (link === undefined && (raw.link ?? "").trim() !== "")
    notes.push({ field: "link", rule: "TXT3: not http(s)" });
  return dropAbsent({
    guid: nonEmpty(raw.guid),
    guidBase: nonEmpty(raw.guidBase),
    sharedGuid: nonEmpty(raw.sharedGuid),
    nameless: raw.nameless === true ? true : undefined,
    identity: nonEmpty(raw.identity),
    sourceVersion: nonEmpty(raw.sourceVersion),
    storyKey: nonEmpty(raw.storyKey),
    page: raw.page,
    supersedes: raw.supersedes?.length ? [...raw.supersedes] : undefined,
    actsOn: raw.actsOn?.length ? [...raw.actsOn] : undefined,
    noticeOnly: raw.noticeOnly === true ? true : undefined,
    ...composeChange(raw, headline, profile, notes),
    headline: nonEmpty(headline),
    lead: nonEmpty(toPlainLine(lead.bodyText)),
    bodyText: nonEmpty(story.bodyText),
    bodyHtml: composeHtml(raw, document, story, notes),
    summary: nonEmpty(summary.bodyText),
    byline: composeByline(raw.byline, notes),
    dateline: nonEmpty(htmlToLine(raw.dateline ?? "")),
    slugline: nonEmpty(htmlToLine(raw.slugline ?? "")),
    subjects: composeSubjects(raw.subjects),
    subjectCodes: composeSubjects(raw.subjectCodes),
    language: composeLanguage(raw.language, profile, notes),
    link,
    urgency: composeUrgency(raw.urgency, profile, notes),
    correctionNote: nonEmpty(htmlToLine(raw.correctionNote ?? "")),
    edNote,
    signOff: story.signOff,
    ...times,
    ...composeStatus(raw, times, toWording(raw, headline, story, edNote), { profile, notes }),
    notes,
  });
}

function toCutRule(cut: Cut): string {
  return cut === "private-marks" ? "PRV1: the profile's privateMarks" : `${cut}: ${HABITS[cut]}`;
}

/** All that was written, for counting. */
function textsOf(raw: RawStory): string[] {
  const { body, edNotes = [], subjects = [] } = raw;
  const lines = [raw.headline, raw.title, raw.lead, raw.summary, raw.byline, raw.dateline, raw.slugline];
  return [...lines.filter((text) => text !== undefined), ...edNotes, ...subjects, ...toWritten(body)];
}

function toWritten(body: RawBody | undefined): readonly string[] {
  if (body === undefined) return [];
  if ("paragraphs" in body) return body.paragraphs;
  return ["html" in body ? body.html : body.text];
}

type Optional<T> = { [K in keyof T]: T[K] | undefined };

/** Absent fields are absent, not undefined: drafts are compared and stored as JSON. */
function dropAbsent(draft: Optional<Draft> & Pick<Draft, "pubStatus" | "notes">): Draft {
  const { pubStatus, notes, ...rest } = draft;
  const given: Partial<Draft> = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== undefined),
  );
  return { ...given, pubStatus, notes };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}

function toHeadline(written: string | undefined): string {
  return cleanHeadline(htmlToLine((written ?? "").slice(0, LONGEST_FIELD)));
}

/** No story is this long: asked before any work is spent on it. */
export function isTooLong(body: RawBody | undefined): boolean {
  if (body === undefined) return false;
  if ("html" in body) return body.html.length > LONGEST_MARKUP;
  if ("text" in body) return body.text.length > LONGEST_TEXT;
  return body.paragraphs.reduce((sum, paragraph) => sum + paragraph.length, 0) > LONGEST_TEXT;
}

function toRawParagraphs(body: RawBody | undefined, profile: SourceProfile): string[] {
  if (body === undefined) return [];
  if ("html" in body) return toParagraphList(htmlToText(body.html));
  const paragraphs =
    "paragraphs" in body
      ? body.paragraphs
      : toPlainParagraphs(body.text, hasHabit(profile, "hard-wrap"), profile.privateMarks);
  return paragraphs.flatMap(dropTags);
}

/** Plain text may all the same hold tags, as they are or escaped (TXT2). */
function dropTags(paragraph: string): string[] {
  const text = paragraph.includes("&lt;") ? decodeEntities(paragraph) : paragraph;
  return hasTags(text) ? toParagraphList(htmlToText(text)) : [paragraph];
}

function toParagraphList(text: string): string[] {
  return text.split("\n\n").filter((paragraph) => paragraph !== "");
}

function toAbstract(written: string | undefined): RawBody | undefined {
  if (written === undefined) return undefined;
  const text = written.slice(0, LONGEST_FIELD);
  return hasTags(text) ? { html: text } : { text: decodeEntities(text) };
}

function composeHeadline(raw: RawStory, written: string, story: Story, notes: Note[]): string {
  if (written !== "") return written;
  const title = toHeadline(raw.title);
  if (title !== "") {
    notes.push({ field: "headline", rule: "TXT1: no headline, the document's title" });
    return title;
  }
  const text = story.bodyText === "" ? htmlToText(raw.summary ?? raw.lead ?? "") : story.bodyText;
  const sentence = cleanHeadline(firstSentence(text));
  if (sentence !== "")
    notes.push({ field: "headline", rule: "TXT1: no headline, the text's first sentence" });
  return sentence;
}

/** Markup may be shown only when it says what the text says: after a private cut it would not (PRV1). */
function composeHtml(raw: RawStory, document: WireDocument, story: Story, notes: Note[]): string | undefined {
  if (raw.body === undefined || !("html" in raw.body) || story.bodyText === "") return undefined;
  if (story.habits.length > 0) {
    notes.push({
      field: "bodyHtml",
      rule: "left out: the text had to be cut, the markup still has all of it",
    });
    return undefined;
  }
  const html = nonEmpty(sanitizeHtml(raw.body.html, raw.base ?? document.address));
  if (html !== undefined) notes.push({ field: "bodyHtml", rule: "TXT3: the body's markup by an allow-list" });
  return html;
}

function composeChange(
  raw: RawStory,
  headline: string,
  profile: SourceProfile,
  notes: Note[],
): Pick<Optional<Draft>, "change" | "continues"> {
  const inWords = hasHabit(profile, "change-words")
    ? { ...changeInSlug(raw.slugline ?? ""), ...changeInHeadline(headline) }
    : {};
  const change = raw.change ?? inWords.change;
  if (raw.change === undefined && change !== undefined)
    notes.push({ field: "change", rule: `change-words: ${HABITS["change-words"]}` });
  if (raw.continues !== true && inWords.continues)
    notes.push({ field: "continues", rule: "REV3: the words of slugline and headline" });
  return { change, continues: raw.continues === true || inWords.continues === true ? true : undefined };
}

function toWording(raw: RawStory, headline: string, { bodyText }: Story, edNote = ""): Wording {
  return { slugline: raw.slugline ?? "", headlines: [raw.headline ?? "", headline], bodyText, edNote };
}

function composeStatus(
  raw: RawStory,
  times: Times,
  wording: Wording,
  { profile, notes }: { profile: SourceProfile; notes: Note[] },
): Pick<Optional<Draft>, "pubStatusWritten" | "embargoOpen"> & { pubStatus: PubStatus } {
  const status = readStatus(raw.status);
  if (status.unknown) notes.push({ field: "pubStatus", rule: `withheld: unknown status ${raw.status}` });
  const open =
    times.embargoedUntil === undefined
      ? openEmbargo(raw.embargoed, status.embargoed === true, wording, profile)
      : undefined;
  if (open !== undefined) notes.push({ field: "embargoedUntil", rule: `EMB2: ${open.why}` });
  return {
    pubStatus: status.pubStatus,
    pubStatusWritten: status.written ? true : undefined,
    embargoOpen: open?.told,
  };
}

interface Status {
  pubStatus: PubStatus;
  written: boolean;
  unknown?: boolean;
  embargoed?: boolean;
}

/** Status words without case; a qcode's prefix (`stat:`) or a URI before the word counts for nothing. */
export function readStatus(written: string | undefined): Status {
  const word = (written ?? "")
    .trim()
    .toLowerCase()
    .replace(/^.*[:/#]/u, "");
  if (word === "") return { pubStatus: "usable", written: false };
  if (word === "usable") return { pubStatus: "usable", written: true };
  if (word === "embargoed") return { pubStatus: "usable", written: true, embargoed: true };
  if (word === "canceled" || word === "cancelled") return { pubStatus: "canceled", written: true };
  return { pubStatus: "withheld", written: true, unknown: word !== "withheld" };
}
