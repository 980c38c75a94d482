import { hasEmbargoWords } from "../text/change-words.ts";

/** A line that is only an embargo, not a headline that begins with the word. */
export function isEmbargoLine(line: string): boolean {
  return hasEmbargoWords(line) && !/[:–—-]\s+["“]?\p{L}[\p{L}’'-]*(?:\s+\p{L}[\p{L}’'-]*){2,}/u.test(line);
}
