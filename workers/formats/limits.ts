import { NewsLineError } from "../../src/contract/errors.ts";

/**
 * What a document may hold. All of it is counted before work is spent on it, so that no document can hold a worker up;
 * nothing is timed, since a clock would refuse on a busy day what it reads on a quiet one. What is refused goes to
 * quarantine whole: no story is cut.
 */
export interface DocumentLimits {
  characters: number;
  /** Line ends. */
  lines?: number;
  /** Signs that open a tag, be it an element, a comment or HTML inside a text. */
  tags?: number;
  /** Signs that open a reference such as `&amp;`. */
  references?: number;
}

/** What no document of any format may exceed: more than its stories may have, since the rest is markup. */
const MOST_CHARACTERS = 4_000_000;
export const XML_LIMITS: DocumentLimits = {
  characters: MOST_CHARACTERS,
  tags: 200_000,
  references: 150_000,
};
export const JSON_LIMITS: DocumentLimits = { characters: MOST_CHARACTERS };
/** A page with all that its site puts around the story. */
export const PAGE_LIMITS: DocumentLimits = { characters: 3_000_000, lines: 60_000, tags: 30_000 };
/** A file of wire stories. */
export const WIRE_LIMITS: DocumentLimits = { characters: 2_000_000, lines: 30_000 };
/** One story as plain text: what an item may have. */
export const STORY_LIMITS: DocumentLimits = { characters: 256_000, lines: 10_000 };

/** Values, names and brackets of a JSON document. */
const MOST_JSON_SIGNS = 250_000;
/** What holds more of them is no text, whatever frame it has. */
const MOST_CONTROLS = 100_000;

/** Asked of every document before anything else looks at it. */
export function checkLength(text: string): void {
  if (text.length > MOST_CHARACTERS) throw tooLarge(MOST_CHARACTERS, "characters");
}

/** The same before it is decoded, as far as bytes tell it: no character has more of them than three. */
export function checkBytes(bytes: Uint8Array): void {
  if (bytes.length > 3 * MOST_CHARACTERS) throw tooLarge(MOST_CHARACTERS, "characters");
}

export function checkLimits(text: string, limits: DocumentLimits): void {
  const { characters, lines = Infinity, tags = Infinity, references = Infinity } = limits;
  if (text.length > characters) throw tooLarge(characters, "characters");
  if (isMoreThan(text, "\n", lines) || isMoreThan(text, "\r", lines)) throw tooLarge(lines, "lines");
  if (isMoreThan(text, "<", tags)) throw tooLarge(tags, "tags");
  if (isMoreThan(text, "&", references)) throw tooLarge(references, "character references");
  checkControls(text);
}

const HAS_CONTROL = /[^\P{Cc}\t\n\r]/u;

/** Line ends and tabs are none. */
function checkControls(text: string): void {
  // Nearly no document has any, and a pattern looks through it quicker than a loop.
  if (!HAS_CONTROL.test(text)) return;
  let controls = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 ? code !== 0x0a && code !== 0x0d && code !== 0x09 : code >= 0x7f && code <= 0x9f)
      controls += 1;
  }
  if (controls > MOST_CONTROLS) throw tooLarge(MOST_CONTROLS, "control characters");
}

/** Commas, colons and opening brackets, those inside texts as well: one for every value at least. */
export function checkJsonLimits(text: string): void {
  let signs = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // , : [ {
    if (code === 0x2c || code === 0x3a || code === 0x5b || code === 0x7b) signs += 1;
  }
  if (signs > MOST_JSON_SIGNS) throw tooLarge(MOST_JSON_SIGNS, "values and names");
}

function isMoreThan(text: string, sign: string, most: number): boolean {
  return most !== Infinity && countOf(text, sign, most) > most;
}

/** Stops counting when there are too many. */
function countOf(text: string, sign: string, most: number): number {
  let count = 0;
  for (let at = text.indexOf(sign); at !== -1 && count <= most; at = text.indexOf(sign, at + sign.length))
    count += 1;
  return count;
}

/** What all stories of a document may hold together. */
const MOST = {
  stories: 1_000,
  bytes: 3_000_000,
  tags: 30_000,
  references: 50_000,
  lines: 30_000,
  /** All of it at once, in bytes that take as long. */
  effort: 4_500_000,
} as const;

/** How many bytes of plain text take as long as one of them; measured by `npm run bench -- hostile`. */
const EFFORT = { stories: 1_000, bytes: 1, tags: 50, references: 25, lines: 60 } as const;

/** Counts what the stories of one document hold. Letters that are not Latin take as long as their bytes in UTF-8. */
export type Workload = Record<keyof typeof EFFORT, number>;

export function createWorkload(): Workload {
  return { stories: 0, bytes: 0, tags: 0, references: 0, lines: 0 };
}

/** Counts one story before it is cleaned; refuses the document when it is one too many. */
export function addStory(workload: Workload, texts: readonly string[]): void {
  workload.stories += 1;
  // Each text is a paragraph at least.
  workload.lines += texts.length;
  for (const text of texts) {
    workload.bytes += Buffer.byteLength(text);
    workload.lines += countOf(text, "\n", MOST.lines);
    workload.references += countOf(text, "&", MOST.references);
    // A tag may be escaped: then it is read once more. A sign that closes none is written as a reference.
    workload.tags += Math.max(countOf(text, "<", MOST.tags), countOf(text, ">", MOST.tags));
    workload.tags += countOf(text, "&lt;", MOST.tags);
  }
  checkWorkload(workload);
}

function checkWorkload(workload: Workload): void {
  let effort = 0;
  for (const what of ["stories", "bytes", "tags", "references", "lines"] as const) {
    if (workload[what] > MOST[what]) throw tooLarge(MOST[what], `${what} in its stories`);
    effort += workload[what] * EFFORT[what];
  }
  if (effort <= MOST.effort) return;
  const { stories, tags, references, lines } = EFFORT;
  const weights = `a story counted as ${stories}, a tag as ${tags}, a line as ${lines}, a reference as ${references}`;
  throw tooLarge(MOST.effort, `bytes in its stories, ${weights}`);
}

/** Asked before the stories are looked at: a flood of items must not cost more than its parsing. */
export function refuseMany(items: readonly unknown[], most: number = MOST.stories): void {
  if (items.length > most) throw tooLarge(most, "stories");
}

function tooLarge(most: number, what: string): NewsLineError {
  const told = most.toLocaleString("en-US");
  return new NewsLineError("too_large", {
    message: `The document has more than ${told} ${what}. Send fewer or smaller stories at a time.`,
  });
}
