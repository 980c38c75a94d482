/** Words with which a wire says that a text ends. */
const END_WORD =
  "ends?|endit(?:em)?|end of (?:story|text|item|message)|ende|schluss|fine|fin|f i n|fim|koniec|конец|son|-?30-?|xxx|nnnn";
/** Words with which it says that a text goes on in another message; in lower case and without a sign they are text. */
const MORE_WORD = "more(?: to come| follows?| later)?|mehr folgt|folgt|à suivre|segue|continua";
const SIGNS_BEFORE = "[\\s([*=_/<–—-]*";
const SIGNS_BEHIND = "[\\s)\\]*=_/<.–—-]*";
/** `ends`, `-30-`, `(ENDS/2013)`; initials may stand behind it: `(Schluss) ab/cd`. */
const END_MARK = new RegExp(
  `^${SIGNS_BEFORE}(?:${END_WORD})(?:/\\d{4})?${SIGNS_BEHIND}(?<initials>\\p{Ll}{2,3}(?:[/*-]\\p{Ll}{1,4}){1,4})?$`,
  "iu",
);
const MORE_MARK = new RegExp(`^${SIGNS_BEFORE}(?:${MORE_WORD})${SIGNS_BEHIND}$`, "iu");
/** `-0- Nov/13/2013 11:37 GMT` */
const NOUGHT_AND_TIME = /^[-–—]0[-–—] \p{L}{3}[/ ]\d{1,2}[/ ]\d{4} \d{1,2}:\d{2}(?: ?\p{Lu}{1,5})?$/u;
const ONLY_SIGNS = /^[#*=_–—~<\s-]+$/u;
/** Who wrote and edited it: `hh/ph/ts/hd`. */
const INITIALS = /^[([/]?\p{L}{2,3}(?:-\p{L}{2,4})?(?:\s?\/\s?\p{L}{1,4}){1,5}[)\]/]?$/u;
/** The same at the end of a paragraph: behind a full stop, in capitals, brackets or between dashes. */
const GLUED =
  /(?<=[.!?"”’)])\s+(?:[-–—]*ENDS?[-–—]*|\((?:ends?|ende|schluss|fine|fin|fim|конец|son|more)\)|[-–—]+ ?(?:ends?|more) ?[-–—]+|\/{0,2} ?ends? ?\/{0,2}|enditem|endit|#{3,5}|[=<])\.?$/iu;
const LONGEST = 200;

/** A line that is nothing but such a mark. */
export function isEndLine(line: string): boolean {
  if (line.length > LONGEST) return false;
  const isMark = END_MARK.test(line) || (MORE_MARK.test(line) && !/^[\p{Ll} ]+\.?$/u.test(line));
  return isMark || NOUGHT_AND_TIME.test(line) || ONLY_SIGNS.test(line) || isInitials(line);
}

/** The same without the words that may as well be a sentence's last one, broken off by the width of the lines. */
export function isSureEndLine(line: string): boolean {
  return isEndLine(line) && !/^[\p{Ll} ]+\.?$/u.test(line);
}

/** Initials stand alone, or behind the end mark. */
export function toInitials(line: string): string[] {
  if (isInitials(line)) return [line];
  const behind = line.length > LONGEST ? undefined : END_MARK.exec(line)?.groups?.["initials"];
  return behind === undefined ? [] : [behind];
}

/** Initials are lower case or all capitals: `hh/ph`, `AB/CD`; `And/Or` is a word. */
function isInitials(line: string): boolean {
  return INITIALS.test(line) && (line === line.toLowerCase() || line === line.toUpperCase());
}

/** Only the end of a line is searched, however long it is. */
export function cutGluedMark(line: string): string {
  const from = Math.max(0, line.length - 40);
  return line.slice(0, from) + line.slice(from).replace(GLUED, "");
}
