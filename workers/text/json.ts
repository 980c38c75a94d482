/**
 * Whole numbers of so many digits do not fit into a double. Not the digits of a fraction or an exponent, nor
 * more than any version has.
 */
const LONG_INTEGER = /(?<![\d.eE+-])-?\d{16,1000}(?![\d.eE])/gu;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What no string of JSON may hold as it is, and wires put there all the same: line ends, tabs, control bytes. */
const RAW_CONTROL = /\p{Cc}/u;

/** JSON to values; whole numbers that would lose digits become strings (versions beyond 2^53). Throws what JSON.parse throws. */
export function parseExactJson(text: string): unknown {
  const { whole, value } = parseAnyJson(text);
  return /\d{16}/u.test(whole) ? JSON.parse(quoteLongIntegers(whole)) : value;
}

/** Broken JSON is refused here: in what comes out, every string has its end. */
function parseAnyJson(text: string): { whole: string; value: unknown } {
  try {
    return { whole: text, value: JSON.parse(text) };
  } catch (error) {
    if (!RAW_CONTROL.test(text)) throw error;
    const whole = escapeControls(text);
    return { whole, value: JSON.parse(whole) };
  }
}

function quoteLongIntegers(text: string): string {
  return mapParts(text, {
    // Digits inside strings are text already.
    outside: (part) => part.replace(LONG_INTEGER, '"$&"'),
    string: (part) => part,
  });
}

function escapeControls(text: string): string {
  return mapParts(text, {
    outside: (part) => part,
    string: (part) =>
      part.replace(/\p{Cc}/gu, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`),
  });
}

interface PartMap {
  outside: (part: string) => string;
  string: (part: string) => string;
}

function mapParts(text: string, { outside, string }: PartMap): string {
  let mapped = "";
  for (let at = 0; at < text.length; ) {
    const opening = text.indexOf('"', at);
    mapped += outside(opening < 0 ? text.slice(at) : text.slice(at, opening));
    if (opening < 0) break;
    at = endOfString(text, opening);
    mapped += string(text.slice(opening, at));
  }
  return mapped;
}

/** Behind the closing quote: the first that is not escaped. A pattern for it would run out of stack. */
function endOfString(text: string, opening: number): number {
  let at = opening + 1;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at += 1;
  }
  return at;
}
