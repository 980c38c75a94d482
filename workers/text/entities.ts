import { Parser } from "htmlparser2";

/** Only whole references: `?a=1&copy=2` in a link is no ©. */
const REFERENCE = /&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});/gu;

const known = new Map<string, string>();
/** Room for every name HTML has and a page of numbers; a hostile document must not fill memory. */
const MAX_KNOWN = 5000;

/** Character references of XML and HTML to characters; an unknown name stays as text. */
export function decodeEntities(text: string): string {
  return text.includes("&") ? text.replace(REFERENCE, decodeOne) : text;
}

function decodeOne(reference: string): string {
  const before = known.get(reference);
  if (before !== undefined) return before;
  const plain = decodePlainNumber(reference);
  if (plain !== undefined) return plain;
  let decoded = "";
  const parser = new Parser({ ontext: (text) => (decoded += text) });
  parser.end(reference);
  if (known.size < MAX_KNOWN) known.set(reference, decoded);
  return decoded;
}

/** Most numbers mean the character of that number; HTML reads the others in ways of its own. */
function decodePlainNumber(reference: string): string | undefined {
  if (reference[1] !== "#") return undefined;
  const isHex = reference[2] === "x" || reference[2] === "X";
  const code = isHex ? Number.parseInt(reference.slice(3), 16) : Number.parseInt(reference.slice(2), 10);
  const isPlain =
    (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code < 0xd800) || (code >= 0xe000 && code < 0xfffe);
  return isPlain ? String.fromCharCode(code) : undefined;
}
