import type { Note } from "../../src/contract/draft.ts";
import type { SourceProfile } from "../../src/contract/profile.ts";
import { toParagraphs, toPlainLine } from "../../src/contract/text.ts";
import { decodeEntities } from "../text/entities.ts";
import { hasTags, htmlToLine, htmlToText } from "../text/html.ts";

/** An address is nobody's name. */
const MAIL = /[<([]?(?:mailto:)?[^\s<>()[\],;:]{1,64}@[^\s<>()[\],;@]{1,255}\.\p{L}{2,24}[>)\]]?/gu;

export function composeByline(written: string | undefined, notes: Note[]): string | undefined {
  const byline = toPlainLine(htmlToLine(written ?? "").replace(MAIL, "")).replace(/[\s,;|/-]+$/u, "");
  // Initials are for the desk: they name nobody.
  if (/^(?:\p{Lu}{1,3}|\p{Ll}{2,3}|(?:\p{L}\.\s?){1,4}|\p{L}{2,3}(?:\s?[/-]\s?\p{L}{2,3})+)$/u.test(byline)) {
    notes.push({ field: "byline", rule: "left out: initials only" });
    return undefined;
  }
  return byline === "" ? undefined : byline;
}

export function composeSubjects(written: readonly string[] | undefined): string[] | undefined {
  const subjects = [...new Set((written ?? []).map((subject) => htmlToLine(subject)))].filter(
    (subject) => subject !== "",
  );
  return subjects.length > 0 ? subjects.slice(0, 100) : undefined;
}

export function composeLanguage(
  written: string | undefined,
  profile: SourceProfile,
  notes: Note[],
): string | undefined {
  const tag = (written ?? "").trim().replaceAll("_", "-");
  if (/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/u.test(tag)) return tag;
  if (tag !== "") notes.push({ field: "language", rule: `no language tag: ${tag.slice(0, 40)}` });
  if (profile.language !== undefined) notes.push({ field: "language", rule: "the profile's" });
  return profile.language;
}

/** By the profile's map first; else a digit is IPTC's own scale (URG1). */
export function composeUrgency(
  written: string | undefined,
  profile: SourceProfile,
  notes: Note[],
): number | undefined {
  const word = (written ?? "").trim();
  if (word === "") return undefined;
  const mapped = Object.hasOwn(profile.urgencyMap ?? {}, word) ? profile.urgencyMap?.[word] : undefined;
  if (mapped !== undefined) return mapped;
  if (/^[1-9]$/u.test(word)) return Number(word);
  notes.push({ field: "urgency", rule: `URG1: ${word.slice(0, 40)} is not in the profile's map` });
  return undefined;
}

export function joinNotes(written: readonly string[]): string | undefined {
  // As HTML a note's own line breaks would be blanks.
  const toText = (note: string) => (hasTags(note) ? htmlToText(note) : decodeEntities(note));
  const texts = written.map((note) => toParagraphs(toText(note))).filter((note) => note !== "");
  return texts.length === 0 ? undefined : [...new Set(texts)].join("\n\n");
}
