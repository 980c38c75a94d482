import fc from "fast-check";
import { expect } from "vitest";
import { NewsLineError } from "../../src/contract/errors.ts";
import type { SourceProfileInput } from "../../src/contract/profile.ts";
import { readDocument } from "../../workers/read.ts";
import { testProfile } from "./profile.ts";

export const FRAME = ["\u0001", "\u0002", "\u0003", "\u0004", "\u007f"];
const PIECES = [
  ...FRAME,
  "\u0008",
  "\u0010",
  "\u0016",
  "\u001f",
  "\u0000",
  "\r",
  "\n",
  "=",
  "/",
  "*",
  "^",
  "\t",
  " ",
];

export function without(text: string, characters: readonly string[]): string {
  return characters.reduce((rest, character) => rest.replaceAll(character, ""), text);
}

/** Cuts and control bytes anywhere give a reading or a refusal in words, and never a control character in a text. */
export function expectToBearDamage(document: string, profile: Partial<SourceProfileInput>): void {
  const put = fc.string({ unit: fc.constantFrom(...PIECES), maxLength: 6 });
  const place = fc.nat(document.length);
  const cut = fc.tuple(place, fc.oneof(fc.nat(40), place), put);
  fc.assert(
    fc.property(fc.array(cut, { minLength: 1, maxLength: 4 }), fc.boolean(), (cuts, isNamed) => {
      const text = cuts.reduce(
        (whole, [at, length, piece]) => whole.slice(0, at) + piece + whole.slice(at + length),
        document,
      );
      expectReadingOrRefusal(text, isNamed ? profile : {});
    }),
    { numRuns: 300 },
  );
}

function expectReadingOrRefusal(text: string, profile: Partial<SourceProfileInput>): void {
  try {
    const { drafts } = readDocument(Buffer.from(text), {
      profile: testProfile(profile),
      receivedAt: "2013-11-13T12:00:00.000Z",
    });
    for (const { headline, bodyText, edNote } of drafts) {
      expect(`${headline}${bodyText}${edNote}`).not.toMatch(/[^\P{Cc}\n]/u);
    }
  } catch (error) {
    if (!(error instanceof NewsLineError)) throw error;
  }
}
