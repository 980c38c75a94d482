import fc from "fast-check";
import { expect, test } from "vitest";
import { findAtEnd, isFound, parsePattern, whyNoPattern } from "../src/contract/pattern.ts";
import { sourceProfile } from "../src/contract/profile.ts";

const atom = fc.constantFrom(
  "a",
  "b",
  "-",
  "\\d",
  "[ab]",
  "[^a]",
  ".",
  "\\s",
  "\\p{Lu}",
  "\\*",
  "^",
  "$",
  "\\b",
);
const quantified = fc.tuple(atom, fc.constantFrom("", "*", "+", "?", "{2}", "{1,3}", "{0,}", "+?"));
const piece = quantified.map(([one, sign]) => (/^(?:\^|\$|\\b)$/u.test(one) ? one : one + sign));
const flat = fc.array(piece, { maxLength: 4 }).map((parts) => parts.join(""));
const group = fc
  .tuple(flat, flat, fc.constantFrom("(", "(?:"), fc.constantFrom("", "*", "+", "?", "{2,3}"))
  .map(([one, other, open, sign]) => `${open}${one}|${other})${sign}`);
const pattern = fc.array(fc.oneof(flat, group), { maxLength: 3 }).map((parts) => parts.join(""));
const text = fc.string({ unit: fc.constantFrom("a", "b", "-", "7", " ", "Ä", "*", "😀"), maxLength: 12 });

test("PRF1 a profile's pattern finds what JavaScript's own engine finds, and where", () => {
  fc.assert(
    fc.property(pattern, text, (written, given) => {
      const own = parsePattern(written);
      expect(isFound(own, given)).toBe(new RegExp(written, "u").test(given));
      expect(findAtEnd(own, given)).toBe(new RegExp(`(?:${written})$`, "u").exec(given)?.index);
    }),
    { numRuns: 2_000 },
  );
});

test.each([["(a+)+$"], ["(?:a|a)*b"], ["(?:a*)*b"], ["(?:a?){50}a{50}b"], ["(.*a){12}b"]])(
  "PRF1 %s, on which a backtracking engine never ends, is answered for a long line",
  (written) => {
    expect(isFound(parsePattern(written), `${"a".repeat(2_000)}!`)).toBe(false);
  },
);

test.each([
  ["(", "Unterminated group"],
  ["(?<=\\.)-\\d", "look-around and back-references are not read"],
  ["(?!a)b", "look-around and back-references are not read"],
  ["(a)\\1", "look-around and back-references are not read"],
  ["(?<n>a)\\k<n>", "look-around and back-references are not read"],
  ["(?:a{100}){100}", "it repeats too much"],
  ["a".repeat(501), "at most 500 characters"],
])("PRF1 %s is refused with a reason", (written, reason) => {
  expect(whyNoPattern(written)).toContain(reason);
  const parsed = sourceProfile.safeParse({ kind: "push", lines: ["main"], separatorPattern: written });
  expect(parsed.error?.issues[0]?.message).toContain(reason);
});
