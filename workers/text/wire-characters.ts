/** All control characters but tab, line feed and form feed. */
const CONTROLS = /[^\P{Cc}\t\n\f]+/gu;
const HAS_CONTROL = /[^\P{Cc}\t\n\f]/u;
const NUL = "\u0000";
/** Fill between the frames of a wire: it means nothing wherever it stands. */
const DEL = "\u007f";

/** Line ends as one sign, fill out. The control characters of the frame stay. */
export function dropFill(text: string): string {
  return (
    toControls(text)
      .replaceAll(NUL, "")
      .replaceAll(DEL, "")
      // Some lines end in LF CR.
      .replace(/\r*\n(?:\r(?!\n))?|\r+/gu, "\n")
  );
}

const FRAME_BYTES = ["\u0001", "\u0002", "\u0003", "\u0004"];

/** A frame may have been made visible on its way (`␁`): then it has no bytes of its own. */
function toControls(text: string): string {
  const hasBytes = FRAME_BYTES.some((byte) => text.includes(byte));
  if (hasBytes || !/[\u2401-\u2404]/u.test(text)) return text;
  return text.replace(/[\u2400-\u241f]/gu, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x2400));
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
      const [before, behind] = [whole.at(at - 1), whole.at(at + found.length)];
      // A blank stands there already.
      if (before === " " || behind === " ") return isSpace(found) ? " " : "";
      const inWord = isLetter(before) && isLetter(behind);
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
