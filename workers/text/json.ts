const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gu;
/** Of so many digits it does not fit into a double. */
const LONG_INTEGER = /^-?\d{16,}$/u;

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
    quoted += outside.replace(NUMBER, (number) => (LONG_INTEGER.test(number) ? `"${number}"` : number));
    if (opening < 0) break;
    at = endOfString(text, opening);
    quoted += text.slice(opening, at);
  }
  return quoted;
}

/** Behind the closing quote: the first that is not escaped. A pattern for it would run out of stack. */
function endOfString(text: string, opening: number): number {
  for (let quote = text.indexOf('"', opening + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let escapes = 0;
    while (text[quote - 1 - escapes] === "\\") escapes += 1;
    if (escapes % 2 === 0) return quote + 1;
  }
  return text.length;
}
