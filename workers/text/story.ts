import type { SourceProfile } from "../../src/contract/profile.ts";
import { type Habit, hasHabit } from "./habits.ts";
import { foldForComparison } from "./headline.ts";
import { type Cut, splitPrivate } from "./private-text.ts";
import { cutSignOff, isSignOff } from "./sign-off.ts";

export interface Story {
  /** Paragraphs divided by blank lines; empty when nothing is left (TXT2). */
  bodyText: string;
  signOff?: string;
  /** What was written for editors only (PRV1). */
  edNote?: string;
  /** What cut something, for the notes. */
  habits: Cut[];
}

/** `ends`, `-30-`, `###`, and the initials of writer and editors (`hh/ph`). */
const END_MARK =
  /^[\s([*=_/–—-]*(?:ends?|end of (?:story|text|item)|ende|fin|fine|fim|конец|son|-?30-?|xxx|nnnn)[\s)\]*=_/.–—-]*$/iu;
const ONLY_SIGNS = /^[#*=_–—\s-]+$/u;
const INITIALS = /^[([]?\p{L}{2,3}(?:-\p{L}{2,4})?(?:\s?\/\s?\p{L}{1,4}){1,5}[)\]]?$/u;
/** The same at the end of a paragraph: behind a full stop, in capitals or brackets. */
const END_MARK_GLUED =
  /(?<=[.!?"”’)])\s+(?:[-–—]*ENDS?[-–—]*|\((?:ends?|ende|fin|fine|fim)\)|[-–—]+ ?ends? ?[-–—]+|\/ends?\/?)\.?$/iu;

/**
 * Story text from raw paragraphs: private text apart, a repeated headline, end marks and sign-off cut. Only the
 * cuts that TXT2 names are made; everything else stays as written.
 */
export function tellStory(raw: readonly string[], profile: SourceProfile, headline?: string): Story {
  const habits = new Set<Cut>();
  const isOn = (habit: Habit) => hasHabit(profile, habit);
  const { open, hidden, habits: privateHabits } = splitPrivate(raw, profile);
  const initials: string[] = [];
  for (const habit of privateHabits) habits.add(habit);

  const paragraphs = [...open];
  if (isOn("headline-repeat") && repeatsHeadline(paragraphs[0], headline)) {
    paragraphs.shift();
    habits.add("headline-repeat");
  }
  if (isOn("end-mark") && cutEndMarks(paragraphs, initials)) habits.add("end-mark");
  const signOff = isOn("sign-off") ? cutSignature(paragraphs, profile) : undefined;
  if (signOff !== undefined) {
    habits.add("sign-off");
    if (isOn("end-mark")) cutEndMarks(paragraphs, initials);
  }
  const edNote = [...initials, ...hidden].join("\n\n");
  return {
    bodyText: paragraphs.join("\n\n"),
    ...(signOff !== undefined && { signOff }),
    ...(edNote !== "" && { edNote }),
    habits: [...habits],
  };
}

function repeatsHeadline(paragraph: string | undefined, headline: string | undefined): boolean {
  if (paragraph === undefined || headline === undefined) return false;
  return foldForComparison(paragraph) === foldForComparison(headline);
}

/**
 * The marks stand on lines of their own, or behind the last sentence. True when something was cut. Who wrote and
 * edited it is for the desk.
 */
function cutEndMarks(paragraphs: string[], initials: string[]): boolean {
  let isCut = false;
  for (;;) {
    const lines = paragraphs.at(-1)?.split("\n") ?? [];
    const rest = lines.slice(0, lines.findLastIndex((line) => !isEndLine(line)) + 1);
    const last = rest.at(-1) ?? "";
    const open = cutGluedMark(last);
    if (rest.length === lines.length && open === last) return isCut;
    isCut = true;
    initials.unshift(...lines.slice(rest.length).filter(isInitials).slice(0, 10));
    replaceLast(paragraphs, [...rest.slice(0, -1), open].join("\n"));
  }
}

/** Only the end of a line is searched, however long it is. */
function cutGluedMark(line: string): string {
  const from = Math.max(0, line.length - 40);
  return line.slice(0, from) + line.slice(from).replace(END_MARK_GLUED, "");
}

function isEndLine(line: string): boolean {
  return END_MARK.test(line) || ONLY_SIGNS.test(line) || isInitials(line);
}

/** Initials are lower case or all capitals: `hh/ph`, `AB/CD`; `And/Or` is a word. */
function isInitials(line: string): boolean {
  return INITIALS.test(line) && (line === line.toLowerCase() || line === line.toUpperCase());
}

/** A text may be signed more than once, each on a line of its own. */
function cutSignature(paragraphs: string[], profile: SourceProfile): string | undefined {
  const codes: string[] = [];
  let isBare = true;
  while (isBare && paragraphs.length > 0) {
    const last = paragraphs.at(-1) ?? "";
    const signed = cutSignOff(last, profile.signOffPattern);
    if (signed.signOff === undefined) break;
    isBare = signed.text.trim() === "";
    replaceLast(paragraphs, signed.text);
    codes.unshift(signed.signOff);
    isBare ||= isSignOff(paragraphs.at(-1) ?? "");
  }
  return codes.length > 0 ? codes.join(" ") : cutAboveLink(paragraphs, profile);
}

/** The link that may follow a sign-off can stand in a paragraph of its own. */
function cutAboveLink(paragraphs: string[], profile: SourceProfile): string | undefined {
  if (paragraphs.length < 2 || !/^(?:https?:\/\/|www\.)\S+$/iu.test(paragraphs.at(-1) ?? ""))
    return undefined;
  const before = cutSignOff(paragraphs.at(-2) ?? "", profile.signOffPattern);
  if (before.signOff === undefined) return undefined;
  paragraphs.pop();
  replaceLast(paragraphs, before.text);
  return before.signOff;
}

function replaceLast(paragraphs: string[], text: string): void {
  paragraphs.pop();
  if (text.trim() !== "") paragraphs.push(text.trimEnd());
}
