/** Strings are matched only to be passed over: digits inside them are text already. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gsu;
const LONG_INTEGER = /^-?\d{16,}$/u;

/** JSON to values; whole numbers that would lose digits become strings (versions beyond 2^53). Throws what JSON.parse throws. */
export function parseExactJson(text: string): unknown {
  if (!/\d{16}/u.test(text)) return JSON.parse(text);
  return JSON.parse(text.replace(TOKEN, (token) => (LONG_INTEGER.test(token) ? `"${token}"` : token)));
}
