import type { HABIT_NAMES, SourceProfile } from "../../src/contract/profile.ts";

export type Habit = (typeof HABIT_NAMES)[number];

/**
 * Habits of agencies that are recognised without any setting (PRV1, TXT2). A profile switches one off by its name
 * in `habitsOff`, when a source means something else by the same mark.
 */
export const HABITS = {
  "hard-wrap": "lines broken at a fixed width are joined",
  "headline-repeat": "a first block equal to the headline is cut",
  "end-mark": "`ends`, `-30-` and the like at the end are cut, initials such as `hh/ph/ts/hd` go to edNote",
  "sign-off": "a desk's code such as `-02D-` at the end is cut and kept as signOff",
  "not-for-publication": "what follows a `not for publication` mark goes to edNote",
  notebook: "what follows `# Notebook` goes to edNote",
  "editors-note": "`Eds:`, `Editor's note:` and `Notes to editors` go to edNote",
  "private-note": "`Private note` goes to edNote",
  "desk-line": "closing lines with a desk's phone or mail go to edNote",
  "embargo-words": "an embargo told in words withholds the item (EMB2)",
  "change-words": "`(UPDATED)`, `CORRECTION` and the like set `change`",
  furniture: "`Leave a review`, `Follow us on social networks` and the like on pages are cut",
} as const satisfies Record<Habit, string>;

export function hasHabit(profile: SourceProfile, habit: Habit): boolean {
  return !(profile.habitsOff ?? []).includes(habit);
}
