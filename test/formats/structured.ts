import fc from "fast-check";
import { expect } from "vitest";
import type { Draft } from "../../src/contract/draft.ts";
import { NewsLineError } from "../../src/contract/errors.ts";
import { read } from "./profile.ts";

type Options = Parameters<typeof read>[1];

/** The drafts of a document. */
export function draftsOf(text: string | Uint8Array, options?: Options): Draft[] {
  return read(text, options).drafts;
}

/** The one draft of a document. */
export function draftOf(text: string | Uint8Array, options?: Options): Draft {
  const [draft, ...more] = draftsOf(text, options);
  expect(more).toEqual([]);
  if (draft === undefined) throw new Error("no draft");
  return draft;
}

export function rulesOf(draft: Draft, field: string): string {
  return draft.notes.flatMap((note) => (note.field === field ? [note.rule] : [])).join("; ");
}

/** A reading, or a refusal with a sentence; every other exception is a fault. */
export function readOrRefuse(text: string, options?: Options): Draft[] {
  try {
    return draftsOf(text, options);
  } catch (error) {
    expect(error).toBeInstanceOf(NewsLineError);
    return [];
  }
}

/** Cut anywhere, and with a piece replaced by rubbish, a document is read or refused. */
export function expectRobust(whole: string, options?: Options): void {
  const rubbish = fc.constantFrom(
    "",
    "<",
    ">",
    "&",
    '"',
    "</p>",
    "{",
    "]",
    "null",
    "\u0000",
    "0",
    "]]>",
    "<!--",
  );
  fc.assert(
    fc.property(fc.nat(whole.length), fc.nat(30), rubbish, (at, length, junk) => {
      readOrRefuse(whole.slice(0, at), options);
      readOrRefuse(whole.slice(0, at) + junk + whole.slice(at + length), options);
    }),
    { numRuns: 150 },
  );
}
