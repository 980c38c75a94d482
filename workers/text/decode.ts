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
  const text = charset === "utf-8" ? decodeUtf8(bytes) : decodeForeign(charset, bytes);
  const damaged = text.includes("\ufffd") ? ["holds U+FFFD: characters were lost before or on the way"] : [];
  return { text, charset, notes: [...notes, ...damaged] };
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
  const [a, b, c, d] = bytes;
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return "utf-16le";
  if (a === 0 && b !== 0 && c === 0 && d !== 0) return "utf-16be";
  return undefined;
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

function toLabel(written: string): string {
  const label = written.toLowerCase();
  return label === "utf8" ? "utf-8" : label;
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

export function dropControls(text: string): string {
  return HAS_CONTROL.test(text) ? text.replace(OTHER_LINE_END, "\n").replace(CONTROL, "") : text;
}

/** True when nothing but blanks and control characters stands there. */
export function isBlank(text: string): boolean {
  return !/[^\s\p{Cc}]/u.test(text);
}
