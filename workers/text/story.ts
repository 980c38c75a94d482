import type { SourceProfile } from "../../src/contract/profile.ts";
import { cutGluedMark, isEndLine, toInitials } from "./end-mark.ts";
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
    initials.unshift(...lines.slice(rest.length).flatMap(toInitials).slice(0, 10));
    replaceLast(paragraphs, [...rest.slice(0, -1), open].join("\n"));
  }
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
