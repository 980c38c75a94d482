import type { Draft, Note } from "../../src/contract/draft.ts";
import type { SourceProfile } from "../../src/contract/profile.ts";
import { toPlainLine } from "../../src/contract/text.ts";
import { hasEmbargoWords } from "../text/change-words.ts";
import { hasHabit } from "../text/habits.ts";
import { parseWireTime } from "../text/times.ts";

/** Times as the source wrote them; an empty string is an element that was there and empty. */
export interface WrittenTimes {
  firstCreated?: string | undefined;
  versionCreated?: string | undefined;
  embargoed?: string | undefined;
  expires?: string | undefined;
}

/** The times of a draft: what the source wrote, never clamped (TIM1). */
export interface Times {
  firstCreated: string | undefined;
  versionCreated: string | undefined;
  dateOnly: true | undefined;
  embargoedUntil: string | undefined;
  expires: string | undefined;
}

export function composeTimes(written: WrittenTimes, profile: SourceProfile, notes: Note[]): Times {
  const read = (field: string, text: string | undefined) => {
    if (text === undefined) return {};
    const time = parseWireTime(text, profile.zone, profile.language);
    // An empty element is no oddity: many sources always write it.
    if (time.note !== undefined && text.trim() !== "") notes.push({ field, rule: time.note });
    return time;
  };
  const first = read("firstCreated", written.firstCreated);
  const version = read("versionCreated", written.versionCreated);
  const own = version.instant === undefined ? first : version;
  return {
    firstCreated: first.instant,
    versionCreated: version.instant,
    dateOnly: own.dateOnly,
    embargoedUntil: read("embargoedUntil", written.embargoed).instant,
    expires: read("expires", written.expires).instant,
  };
}

/** A mark stands at the beginning of its line. */
const LONGEST_LINE = 500;

/** Where an embargo may be told in words (EMB2). */
export interface Wording {
  slugline: string;
  headlines: readonly string[];
  bodyText: string;
  edNote: string;
}

interface OpenEmbargo {
  told: NonNullable<Draft["embargoOpen"]>;
  why: string;
}

/** Why the end of an embargo is not known; undefined when there is none. A readable field outranks all. */
export function openEmbargo(
  embargoed: string | undefined,
  isStatusEmbargoed: boolean,
  wording: Wording,
  profile: SourceProfile,
): OpenEmbargo | undefined {
  if (embargoed !== undefined && !parseWireTime(embargoed, profile.zone).template) {
    const why = embargoed.trim() === "" ? "an empty embargo" : "an embargo that cannot be read";
    return { told: "field", why };
  }
  if (isStatusEmbargoed) return { told: "field", why: "status embargoed without a time" };
  if (!hasHabit(profile, "embargo-words")) return undefined;
  const { slugline, headlines, bodyText, edNote } = wording;
  const lines = [slugline, ...headlines, bodyText.split("\n", 1)[0] ?? "", ...edNote.split("\n")];
  return lines.some((line) => hasEmbargoWords(toPlainLine(line.slice(0, LONGEST_LINE))))
    ? { told: "words", why: "an embargo told in words" }
    : undefined;
}
