/** All control characters but tab, line feed and form feed. */
const CONTROLS = /[^\P{Cc}\t\n\f]+/gu;
const HAS_CONTROL = /[^\P{Cc}\t\n\f]/u;
const NUL = "\u0000";
/** Fill between the frames of a wire: it means nothing wherever it stands. */
const DEL = "\u007f";

/** Line ends as one sign, fill out. The control characters of the frame stay. */
export function dropFill(text: string): string {
  return text
    .replaceAll(NUL, "")
    .replaceAll(DEL, "")
    .replace(/\r*\n|\r+/gu, "\n");
}

/** The same text without the control characters of the frame. */
export function bareLine(line: string): string {
  return HAS_CONTROL.test(line) ? line.replace(CONTROLS, "").trim() : line.trim();
}

/** Typesetters' spaces become blanks, other control characters go. */
export function cleanControls(text: string): string {
  if (!HAS_CONTROL.test(text)) return text;
  return text
    .replaceAll(NUL, "")
    .replaceAll(DEL, "")
    .replace(CONTROLS, (found, at: number, whole: string) => {
      // Inside a word such a byte is a fault of the line; elsewhere it stood for a space.
      const inWord = isLetter(whole.at(at - 1)) && isLetter(whole.at(at + found.length));
      return inWord && !isSpace(found) ? "" : " ";
    });
}

/** The text of a control-character wire as text. */
export function cleanWireText(text: string): string {
  return readTypeCodes(cleanControls(text));
}

/** The typesetters' spaces of several widths. */
function isSpace(controls: string): boolean {
  return ["\u001c", "\u001d", "\u001e", "\u001f"].some((space) => controls.includes(space));
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /\p{L}/u.test(character);
}

/** Six-bit wires had no quotes and no dash: `` ` ` `` twice, two apostrophes and a low line stand for them. */
function readTypeCodes(text: string): string {
  if (!/``|''|_/u.test(text)) return text;
  return (
    text
      .replace(/``/gu, "“")
      // Some desks type two apostrophes on both sides.
      .replace(/(?<=^|[\s([“])''(?=[\p{L}\p{N}])/gmu, "“")
      .replace(/''/gu, "”")
      // With letters on both sides it is part of an address or a handle.
      .replace(/(?<=^|\s)_(?=\s|$)|(?<=[\p{L}\p{N}”’)])_(?=\s)|(?<=\s)_(?=[\p{L}\p{N}“])/gmu, "—")
  );
}

/** What stood at the places of `[\]{|}~` in the national variants of the 7-bit code. */
const NATIONAL: Readonly<Record<string, string>> = {
  de: "ÄÖÜäöüß",
  sv: "ÄÖÅäöå~",
  fi: "ÄÖÅäöå~",
  da: "ÆØÅæøå~",
  nb: "ÆØÅæøå~",
  no: "ÆØÅæøå~",
};
const PLACES = "[\\]{|}~";
const CODE = /(?<=[\p{L}{|}~])[[\\\]{|}~]|[[\\\]{|}~](?=[\p{L}{|}~])/gu;
/** Words that only German has, typed with such letters. */
const GERMAN =
  /(?<![\p{L}{|}~])(?:f\}r|(?:gegen)?\}ber|w\{hrend|k\|nn\p{L}+|m\}ss\p{L}+|w\}rd\p{L}+|gro~\p{L}*|zur\}ck|sp\{t\p{L}*|h\{tt\p{L}+)(?![\p{L}{|}~])/iu;

/**
 * Text in a national 7-bit code: brackets and braces inside words are letters. The language of the profile tells
 * which; German is known by its words. Undefined when it is plain text.
 */
export function readNationalCode(text: string, language: string | undefined): string | undefined {
  if (/[^\p{ASCII}]/u.test(text)) return undefined;
  const tag = language?.toLowerCase().split("-", 1)[0] ?? (GERMAN.test(text) ? "de" : "");
  const letters = Object.hasOwn(NATIONAL, tag) ? NATIONAL[tag] : undefined;
  if (letters === undefined || (text.match(CODE)?.length ?? 0) < 2) return undefined;
  return text.replace(CODE, (code) => letters[PLACES.indexOf(code)] ?? code);
}
