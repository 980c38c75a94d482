import { DateTime } from "luxon";
import type { Draft, Note, Sequence } from "../../src/contract/draft.ts";
import { NewsLineError } from "../../src/contract/errors.ts";
import { hasEmbargoWords } from "../text/change-words.ts";
import { hasHabit } from "../text/habits.ts";
import { parseWireTime } from "../text/times.ts";
import { cleanControls, dropFill, readNationalCode } from "../text/wire-characters.ts";
import { readWireNotice } from "../text/wire-notice.ts";
import { changeInWords, cleanSlug, parseSlug, toStoryKey } from "../text/wire-slug.ts";
import { composeDraft, type RawStory } from "./compose.ts";
import type { WireDocument } from "./format.ts";
import { STORY_LIMITS } from "./limits.ts";
import { type Origins, withOrigins } from "./origins.ts";

/** A message of a wire that has no status, version or embargo field: all of that is told in words. */
export interface WireMessage {
  /** Service and running number, as written; it wraps, so it names the message only together with its day. */
  number?: string | undefined;
  sequence?: Sequence | undefined;
  slug: string;
  /** Lines of the head that are neither headline nor byline. */
  takes: readonly string[];
  headline: string;
  paragraphs: readonly string[];
  /** The closing line's time, as written. */
  time?: string | undefined;
  byline?: string | undefined;
  dateline?: string | undefined;
  urgency?: string | undefined;
  subjects?: readonly string[] | undefined;
  subjectCodes?: readonly string[] | undefined;
  edNotes: readonly string[];
  from: Readonly<Record<string, string>>;
  notes: readonly Note[];
}

/** A service's letters and its running number; routing may hang behind it. */
const SEQUENCE = /^(?<service>[a-z]{0,6})[-/.]?(?<digits>\d{2,5})(?![\p{L}\p{N}]|[-:./]\d)/iu;

/** Refuses what is too large to be a story before any work is spent on it. */
export function checkStorySize(lines: readonly string[]): void {
  let size = 0;
  for (const line of lines) size += line.length + 1;
  if (size > STORY_LIMITS.characters || lines.length > (STORY_LIMITS.lines ?? Infinity)) {
    throw new NewsLineError("too_large", {
      message: "A story of this file is larger than 256 KB or has more than 10,000 lines.",
    });
  }
}

/** The lines of a wire's document, in the characters that its code means. */
export function toWireLines(document: WireDocument): { lines: string[]; notes: Note[] } {
  const text = dropFill(document.text);
  const national = readNationalCode(text, document.profile.language);
  const notes = national === undefined ? [] : [{ field: "charset", rule: "a national 7-bit code" }];
  return { lines: (national ?? text).split("\n"), notes };
}

/** The instant of a closing line, or the day on which it came in: what makes a running number unique. */
export function toDay(time: string | undefined, { profile, receivedAt }: WireDocument): string | undefined {
  const instant = time === undefined ? undefined : parseWireTime(time, profile.zone).instant;
  if (instant !== undefined) return instant.slice(0, 10);
  if (receivedAt === undefined) return undefined;
  return DateTime.fromISO(receivedAt, { zone: profile.zone }).toISODate() ?? undefined;
}

/** `abc0123` is number 123 of the service `abc`. Undefined for what is no running number. */
export function toSequence(number: string | undefined): Sequence | undefined {
  const { service = "", digits = "" } = SEQUENCE.exec(number ?? "")?.groups ?? {};
  return digits === "" ? undefined : { service: service.toLowerCase(), number: Number(digits) };
}

const ORIGINS: Origins = {
  identity: "the message's number, its day and slug",
  storyKey: "the slug without what is said of this part of it",
  slugline: "the slug line",
  headline: "the head of the message",
  byline: "the byline in the head",
  dateline: "the head of the message",
  body: "the text of the message",
  subjects: "the header",
  subjectCodes: "the header's category",
  urgency: "the header's priority",
  change: "the words of slug, take lines, notes and headline",
  continues: "the words of slug, take lines, notes and headline",
  edNotes: "notes for editors, and an embargo told in words",
  firstCreated: "the closing line",
  versionCreated: "the closing line",
  actsOn: "the words of a kill or a hold",
  status: "the words of a kill or a hold",
};

export function toWireDraft(message: WireMessage, document: WireDocument): Draft {
  const draft = composeMessage(message, document);
  return message.sequence === undefined ? draft : { ...draft, sequence: message.sequence };
}

function composeMessage(message: WireMessage, document: WireDocument): Draft {
  const slug = cleanSlug(cleanControls(message.slug));
  const heads = message.takes.map(cleanControls).filter((take) => take !== "");
  const takes = [...parseSlug(slug).takes, ...heads];
  const text = message.paragraphs.join("\n\n");
  const headline = cleanControls(message.headline);
  const notice = readWireNotice({ slug, heads: [...heads, headline], text, edNotes: message.edNotes });
  const raw: RawStory = {
    ...toIdentity(message, document, slug),
    ...(hasHabit(document.profile, "change-words") &&
      changeInWords([...takes, ...message.edNotes.filter(isCorrection)], headline)),
    slugline: slug,
    headline,
    body: { paragraphs: message.paragraphs },
    byline: message.byline,
    dateline: message.dateline,
    urgency: message.urgency,
    subjects: message.subjects,
    subjectCodes: message.subjectCodes,
    edNotes: [...message.edNotes, ...takes.filter(hasEmbargoWords)],
    firstCreated: message.time,
    versionCreated: message.time,
    from: message.from,
    notes: [...message.notes, ...heads.map(toTakeNote)],
  };
  const compose = (story: RawStory) => composeDraft(withOrigins(story, ORIGINS), document);
  if (notice === undefined) return compose(raw);
  const why = {
    field: "pubStatus",
    rule: `KIL2: the words of a ${notice.status === "withheld" ? "hold" : "kill"}`,
  };
  const notes = [...(raw.notes ?? []), why];
  // A notice that names nothing is for an editor to read, not for the line.
  if (notice.slugs.length === 0) return compose({ ...raw, notes, status: "withheld" });
  const actsOn = notice.slugs.map((one) => ({ slug: one, status: notice.status }));
  return compose({ ...raw, notes, actsOn, noticeOnly: true, status: notice.status });
}

/** The message's own number and day; the slug, since a busy service's number wraps within a day. */
function toIdentity(message: WireMessage, document: WireDocument, slug: string): RawStory {
  const key = toStoryKey(slug);
  const storyKey = key === "" ? undefined : key;
  const day = toDay(message.time, document);
  if (message.number === undefined || day === undefined) return { storyKey };
  return { storyKey, identity: `${message.number} ${day} ${key}`.trim() };
}

function toTakeNote(take: string): Note {
  return { field: "headline", rule: `take line left out: ${take.slice(0, 80)}` };
}

/** An editors' note that tells what is corrected. */
function isCorrection(note: string): boolean {
  return /^[(\s]*(?:eds?|editors?)[\s.:]+(?:[\p{L}]+\.\s+)?correct(?:s|ed|ion)(?!\p{L})/iu.test(note);
}
