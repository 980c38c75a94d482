/**
 * Whole numbers of so many digits do not fit into a double. Not the digits of a fraction or an exponent, nor
 * more than any version has.
 */
const LONG_INTEGER = /(?<![\d.eE+-])-?\d{16,1000}(?![\d.eE])/gu;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** JSON to values; whole numbers that would lose digits become strings (versions beyond 2^53). Throws what JSON.parse throws. */
export function parseExactJson(text: string): unknown {
  // Broken JSON is refused here: below, every string has its end.
  const value: unknown = JSON.parse(text);
  return /\d{16}/u.test(text) ? JSON.parse(quoteLongIntegers(text)) : value;
}

/** Strings are passed over: digits inside them are text already. */
function quoteLongIntegers(text: string): string {
  let quoted = "";
  for (let at = 0; at < text.length; ) {
    const opening = text.indexOf('"', at);
    const outside = opening < 0 ? text.slice(at) : text.slice(at, opening);
    quoted += outside.replace(LONG_INTEGER, '"$&"');
    if (opening < 0) break;
    at = endOfString(text, opening);
    quoted += text.slice(opening, at);
  }
  return quoted;
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
