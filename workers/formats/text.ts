import { hasHabit } from "../text/habits.ts";
import { toPlainParagraphs } from "../text/paragraphs.ts";
import { splitPrivate } from "../text/private-text.ts";
import { readWireNotice } from "../text/wire-notice.ts";
import { composeDraft } from "./compose.ts";
import { type FormatReader, type FormatReading, unreadable, type WireDocument } from "./format.ts";
import { STORY_LIMITS } from "./limits.ts";
import { isEmbargoLine } from "./plain-head.ts";

/** Plain text that is nothing else: only a profile or the media type can say that it is a story. */
export const text: FormatReader = {
  format: "text",
  limits: STORY_LIMITS,
  sniff: () => false,
  mediaTypes: ["text/plain"],
  read: readText,
};

const LONGEST_HEADLINE = 250;
const TWO_SENTENCES = /[.!?]["”’)]?\s+["“‘(]?\p{Lu}/u;

function readText(document: WireDocument): FormatReading {
  const { profile } = document;
  const all = toPlainParagraphs(document.text, hasHabit(profile, "hard-wrap"), profile.privateMarks);
  const { open, hidden } = splitPrivate(all, profile);
  const start = open.findIndex((paragraph) => !isEmbargoLine(paragraph));
  const notes = [...open.slice(0, Math.max(start, 0)), ...hidden];
  const { headline, paragraphs } = splitHeadline(open.slice(Math.max(start, 0)));
  if (headline === "" && paragraphs.length === 0) throw unreadable("The text has nothing that may be shown.");
  const from = {
    ...(headline !== "" && { headline: "the first line" }),
    ...(paragraphs.length > 0 && { bodyText: "all below the headline" }),
    ...(notes.length > 0 && { edNote: "a line of embargo above the text, and private text" }),
  };
  const story = { headline, body: { paragraphs }, edNotes: notes, from };
  const notice = readWireNotice({ slug: "", heads: [headline], text: paragraphs.join("\n\n") });
  if (notice === undefined) return { drafts: [composeDraft(story, document)], notes: [] };
  // It names another story by its slug at best: an editor has to look at it (KIL2).
  const why = { field: "pubStatus", rule: "KIL2: the words of a kill or a hold" };
  const actsOn = notice.slugs.map((slug) => ({ slug, status: notice.status }));
  const held = { ...story, notes: [why], status: notice.slugs.length > 0 ? notice.status : "withheld" };
  return {
    drafts: [composeDraft({ ...held, actsOn, noticeOnly: actsOn.length > 0 }, document)],
    notes: [],
  };
}

/** The first line or paragraph; one that is already a text has its first sentence as headline (TXT1). */
function splitHeadline(paragraphs: readonly string[]): { headline: string; paragraphs: string[] } {
  const [first = "", ...rest] = paragraphs;
  const [line = "", ...lines] = first.split("\n");
  const isAlone = rest.length === 0 && lines.length === 0;
  if (line.length > LONGEST_HEADLINE || (isAlone && TWO_SENTENCES.test(line))) {
    return { headline: "", paragraphs: [...paragraphs] };
  }
  const body = lines.length > 0 ? [lines.join("\n"), ...rest] : rest;
  return { headline: line, paragraphs: body };
}
