/** Strings are matched only to be passed over: digits inside them are text already. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gsu;
const LONG_INTEGER = /^-?\d{16,}$/u;

/** JSON to values; whole numbers that would lose digits become strings (versions beyond 2^53). Throws what JSON.parse throws. */
export function parseExactJson(text: string): unknown {
  // Broken JSON is refused here: the pattern below is quick only where every string ends.
  const value: unknown = JSON.parse(text);
  if (!/\d{16}/u.test(text)) return value;
  return JSON.parse(text.replace(TOKEN, (token) => (LONG_INTEGER.test(token) ? `"${token}"` : token)));
}
