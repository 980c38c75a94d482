import { isUtf8 } from "node:buffer";
import { NewsLineError } from "../../src/contract/errors.ts";

export interface Decoded {
  text: string;
  /** What the bytes were read as, a name of the WHATWG encoding list. */
  charset: string;
  /** What was odd about the bytes, as sentences. */
  notes: string[];
}

const FALLBACK = "windows-1252";
/** Other charsets than UTF-8 cost many times as much to read. */
const MOST_FOREIGN_BYTES = 4 * 2 ** 20;
/** So much tells whether a text is UTF-8 with some damage. */
const LOOKED_AT_BYTES = 2 ** 20;
/** XML prologs and meta tags stand in the first bytes; a label further down is story text. */
const LABEL_REACH = 2048;

const BOMS: readonly (readonly [charset: string, bytes: readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/**
 * Bytes to text. A byte order mark wins; bytes that are valid UTF-8 are UTF-8 whatever the label says, since
 * other text in other encodings hardly ever is; then the HTTP label, the document's own, windows-1252.
 * Control characters stay: on the control-character wires they are the frame.
 */
export function decodeBytes(bytes: Uint8Array, contentType?: string): Decoded {
  const bom = BOMS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  if (bom !== undefined) return decodeAs(bom[0], bytes, []);

  const labels = [...labelsOf(bytes, contentType)];
  const unmarked = unmarkedCharset(bytes, labels);
  if (unmarked !== undefined) return decodeAs(unmarked, bytes, []);
  if (isUtf8(bytes)) {
    const lie = labels.find((label) => label !== "utf-8");
    return decodeAs("utf-8", bytes, lie === undefined ? [] : [`labelled ${lie}, but the bytes are UTF-8`]);
  }
  return decodeByLabel(bytes, labels);
}

function decodeByLabel(bytes: Uint8Array, labels: readonly string[]): Decoded {
  const notes: string[] = [];
  for (const label of labels) {
    if (label === "utf-8") {
      notes.push("labelled utf-8, but the bytes are not");
    } else if (isKnown(label)) {
      return decodeAs(label, bytes, notes);
    } else {
      notes.push(`labelled ${label}, which is no known charset`);
    }
  }
  // A few damaged bytes in a text that is UTF-8 elsewhere: the rest must not turn into rubbish for them.
  if (isMostlyUtf8(bytes)) return decodeAs("utf-8", bytes, [...notes, "some bytes are damaged"]);
  return decodeAs(FALLBACK, bytes, [...notes, `no usable label: read as ${FALLBACK}`]);
}

function decodeAs(charset: string, bytes: Uint8Array, notes: readonly string[]): Decoded {
  const decoded = charset === "utf-8" ? decodeUtf8(bytes) : decodeForeign(charset, bytes);
  const text = charset === "utf-8" ? readC1(decoded) : decoded;
  const mended =
    text === decoded ? [] : ["quotes and dashes of windows-1252 stood there as control characters"];
  const damaged = text.includes("\ufffd") ? ["holds U+FFFD: characters were lost before or on the way"] : [];
  return { text, charset, notes: [...notes, ...mended, ...damaged] };
}

/** What windows-1252 has from 0x80 to 0x9f; a full stop where it has nothing. */
const WINDOWS_C1 = "€.‚ƒ„…†‡ˆ‰Š‹Œ.Ž..‘’“”•–—˜™š›œ.žŸ";
const C1 = /[\u0080-\u009f]/gu;
const C1_QUOTES = /[\p{L}\p{N}.,!? ][\u0091-\u0094\u0096\u0097]/u;

/** A text in windows-1252 that was made UTF-8 as if it had been Latin-1 has control characters for its quotes. */
function readC1(text: string): string {
  // Hardly any text has one; to look for its neighbours, too, takes ten times as long.
  if (!/[\u0091-\u0097]/u.test(text) || !C1_QUOTES.test(text) || isMostlyC1(text)) return text;
  return text.replace(C1, (found) => {
    const character = WINDOWS_C1.at(found.charCodeAt(0) - 0x80) ?? "";
    return character === "." ? found : character;
  });
}

/** No text has that many quotes: it is refused for its control characters, and not mended first. */
function isMostlyC1(text: string): boolean {
  let found = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x80 && code <= 0x9f) found += 1;
  }
  return found > 100_000;
}

/** As a TextDecoder has it, several times as quick. */
function decodeUtf8(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

function decodeForeign(charset: string, bytes: Uint8Array): string {
  if (bytes.length > MOST_FOREIGN_BYTES) {
    const message = `A document in ${charset} may have 4 MB. Send it as UTF-8, or fewer stories at a time.`;
    throw new NewsLineError("too_large", { message });
  }
  const decoder = new TextDecoder(charset);
  // In one call Node takes windows-1252 for Latin-1 and turns curly quotes into control characters; in a stream it
  // does not.
  return decoder.decode(bytes, { stream: true }) + decoder.decode();
}

/** Charsets that would pass as UTF-8, since all their bytes are below 0x80: UTF-16 without a mark, ISO-2022. */
function unmarkedCharset(bytes: Uint8Array, labels: readonly string[]): string | undefined {
  const escaped = labels.find((label) => label.startsWith("iso-2022-"));
  if (escaped !== undefined && isKnown(escaped) && bytes.includes(0x1b)) return escaped;
  if (labels.some((label) => label.startsWith("utf-16")) && !isUtf8(bytes))
    return labelledUtf16(bytes, labels);
  if (bytes.length % 2 === 0) {
    const found = utf16ByNulls(bytes.subarray(0, LABEL_REACH));
    if (found !== undefined) return found;
  }
  const [a, b, c, d] = bytes;
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return "utf-16le";
  if (a === 0 && b !== 0 && c === 0 && d !== 0) return "utf-16be";
  return undefined;
}

/** Believed only if all of it is text so. */
function labelledUtf16(bytes: Uint8Array, labels: readonly string[]): string | undefined {
  const charset = labels.includes("utf-16be") ? "utf-16be" : "utf-16le";
  if (bytes.length % 2 !== 0 || bytes.length > MOST_FOREIGN_BYTES) return undefined;
  if (asciiPairs(bytes.subarray(0, LABEL_REACH)) * 20 > 7 * Math.min(bytes.length, LABEL_REACH))
    return undefined;
  const text = new TextDecoder(charset).decode(bytes);
  return /[\ufffd\ufffe\uffff]|[^\P{Cc}\s]/u.test(text) ? undefined : charset;
}

/** How many characters it would have as UTF-16 that are two letters as they stand. */
function asciiPairs(bytes: Uint8Array): number {
  let pairs = 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    if (isPrintable(bytes[at]) && isPrintable(bytes[at + 1])) pairs += 1;
  }
  return pairs;
}

function isPrintable(byte = 0): boolean {
  return byte >= 0x20 && byte < 0x7f;
}

/** Blanks and line ends have a NUL on one side in UTF-16, whatever script stands around them; fill comes in runs. */
function utf16ByNulls(head: Uint8Array): string | undefined {
  const nulls: [even: number, odd: number] = [0, 0];
  for (const [at, byte] of head.entries()) {
    if (byte !== 0) continue;
    if (head[at + 1] === 0) return undefined;
    if (at % 2 === 0) nulls[0] += 1;
    else nulls[1] += 1;
  }
  const [even, odd] = nulls;
  if (even + odd < 4 || (even + odd) * 25 < head.length || asciiPairs(head.subarray(0, 64)) > 0)
    return undefined;
  if (even === 0) return "utf-16le";
  return odd === 0 ? "utf-16be" : undefined;
}

function* labelsOf(bytes: Uint8Array, contentType: string | undefined): Generator<string> {
  const http = /;\s*charset\s*=\s*["']?\s*([^\s"';,]+)/iu.exec(contentType ?? "")?.[1];
  if (http !== undefined) yield toLabel(http);
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, LABEL_REACH));
  const prolog = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']\s*([^"'\s]+)/iu.exec(head)?.[1];
  if (prolog !== undefined) yield toLabel(prolog);
  const meta = /<meta\s[^>]*?charset\s*=\s*["']?\s*([^\s"'/>;]+)/iu.exec(head)?.[1];
  if (meta !== undefined) yield toLabel(meta);
}

/** Names that are in use but not in the list of the encodings' names. */
const ALIASES: Readonly<Record<string, string>> = {
  utf8: "utf-8",
  utf_8: "utf-8",
  utf8mb4: "utf-8",
  "latin-1": "iso-8859-1",
  "latin-9": "iso-8859-15",
  ansi: "windows-1252",
  macroman: "macintosh",
  "mac-roman": "macintosh",
  maccyrillic: "x-mac-cyrillic",
  koi8r: "koi8-r",
  koi8u: "koi8-u",
};

function toLabel(written: string): string {
  const label = written.toLowerCase();
  if (Object.hasOwn(ALIASES, label)) return ALIASES[label] ?? label;
  // `cp-1251`, `win1251`, `windows_1251`
  return label.replace(/^(?:cp|win|windows)[-_]?(?=125\d$)/u, "windows-");
}

function isKnown(label: string): boolean {
  try {
    // UTF-16 without NULs in it is not UTF-16: an XML prolog often lies so after a conversion.
    return !new TextDecoder(label).encoding.startsWith("utf-16");
  } catch {
    return false;
  }
}

function isMostlyUtf8(bytes: Uint8Array): boolean {
  const text = decodeUtf8(bytes.subarray(0, LOOKED_AT_BYTES));
  let lost = 0;
  let kept = 0;
  for (const character of text) {
    if (character === "\ufffd") lost += 1;
    else if (character > "\u007f") kept += 1;
  }
  return kept > 4 * lost;
}

/** Control characters but tab and line ends: only the formats 7901 and ANPA mean anything by them. */
const CONTROL = /[^\P{Cc}\t\n\r]+/gu;
/** Some systems end lines with these; dropped, they would glue two words. */
const OTHER_LINE_END = /[\v\f\u0085]/gu;
const HAS_CONTROL = /[^\P{Cc}\t\n\r]/u;

export function dropControls(written: string): string {
  const text = toPlainLineEnds(written);
  return HAS_CONTROL.test(text) ? text.replace(OTHER_LINE_END, "\n").replace(CONTROL, "") : text;
}

/** CR CR LF and LF CR end one line, not two. */
function toPlainLineEnds(text: string): string {
  return /\r\r\n|\n\r(?!\n)/u.test(text) ? text.replace(/\r{0,4}\n(?:\r(?!\n))?/gu, "\n") : text;
}

/** True when nothing but blanks and control characters stands there. */
export function isBlank(text: string): boolean {
  return !/[^\s\p{Cc}]/u.test(text);
}
