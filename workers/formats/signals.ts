import type { Note } from "../../src/contract/draft.ts";
import type { Change } from "../../src/contract/item.ts";
import type { SourceProfile } from "../../src/contract/profile.ts";
import { hasHabit } from "../text/habits.ts";
import { toRoleWord } from "./best-headline.ts";

/** IPTC's own signals. Prefixes are aliases of a catalogue that is not at hand, so only the word counts. */
const KNOWN: ReadonlyMap<string, Change> = new Map([
  ["correction", "correction"],
  ["korr", "correction"],
  ["update", "update"],
]);

export interface SignalChange {
  change?: Change;
  notes: Note[];
}

/**
 * What an agency's signals say about the change: the profile's meaning first. Without one, IPTC's correction is
 * believed; its update counts only from the second version on, since some agencies put it on every item.
 */
export function toSignalChange(
  signals: readonly string[],
  version: string | undefined,
  profile: SourceProfile,
): SignalChange {
  const changes: Change[] = [];
  const notes: Note[] = [];
  const isFirst = /^0*[01]?$/u.test((version ?? "").trim());
  for (const signal of new Set(signals.filter((written) => written.trim() !== ""))) {
    const { change, told } = toMeaning(signal, isFirst, profile);
    if (change !== undefined) changes.push(change);
    notes.push({ field: "change", rule: `signal ${signal.slice(0, 80)}: ${told}` });
  }
  const change = changes.find((one) => one === "correction") ?? changes[0];
  return { ...(change !== undefined && { change }), notes };
}

function toMeaning(
  signal: string,
  isFirst: boolean,
  profile: SourceProfile,
): { change?: Change; told: string } {
  const { signals = {} } = profile;
  const own = Object.hasOwn(signals, signal) ? signals[signal] : undefined;
  if (own === "none") return { told: "nothing, by the profile" };
  if (own !== undefined) return { change: own, told: `${own}, by the profile` };
  const change = KNOWN.get(toRoleWord(signal));
  if (change === undefined) return { told: "not known here, left out" };
  if (change === "update" && isFirst) return { told: "left out: this is the first version" };
  return { change, told: change };
}

const CORRECTS =
  /^\W*(?:eds?\W+)?(?:corrects?|corrected|correction|korrektur|korrigiert|berichtigt|corrige)(?!\p{L})/iu;
const UPDATES =
  /^\W*(?:eds?\W+)?(?:updates?|updated|adds|recasts?|refiles?|rewrites?|aktualisiert)(?!\p{L})/iu;

/** Formats without a field for it tell the change in the first words of the note to editors. */
export function changeInNotes(notes: readonly string[], profile: SourceProfile): Change | undefined {
  if (!hasHabit(profile, "change-words")) return undefined;
  if (notes.some((note) => CORRECTS.test(note))) return "correction";
  return notes.some((note) => UPDATES.test(note)) ? "update" : undefined;
}
