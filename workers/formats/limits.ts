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

/** Twice what its stories may have: the rest is markup. */
export const XML_LIMITS: DocumentLimits = { characters: 8_000_000, tags: 200_000, references: 300_000 };
export const JSON_LIMITS: DocumentLimits = { characters: 8_000_000 };
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

export function checkLimits(text: string, limits: DocumentLimits): void {
  const { characters, lines = Infinity, tags = Infinity, references = Infinity } = limits;
  if (text.length > characters) throw tooLarge(characters, "characters");
  if (isMoreThan(text, "\n", lines) || isMoreThan(text, "\r", lines)) throw tooLarge(lines, "lines");
  if (isMoreThan(text, "<", tags)) throw tooLarge(tags, "tags");
  if (isMoreThan(text, "&", references)) throw tooLarge(references, "character references");
  checkControls(text);
}

/** Only those below the blank, and no line ends: the others are as rare as they are harmless. */
function checkControls(text: string): void {
  let controls = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) controls += 1;
  }
  if (controls > MOST_CONTROLS) throw tooLarge(MOST_CONTROLS, "control characters");
}

/** Commas, colons and opening brackets, those inside texts as well: one for every value at least. */
export function checkJsonLimits(text: string): void {
  if (text.length > JSON_LIMITS.characters) throw tooLarge(JSON_LIMITS.characters, "characters");
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
const MOST = { stories: 1_000, characters: 3_000_000, tags: 30_000, lines: 30_000 } as const;

/** Counts what the stories of one document hold. */
export interface Workload {
  stories: number;
  characters: number;
  tags: number;
  lines: number;
}

export function createWorkload(): Workload {
  return { stories: 0, characters: 0, tags: 0, lines: 0 };
}

/** Counts one story before it is cleaned; refuses the document when it is one too many. */
export function addStory(workload: Workload, texts: readonly string[]): void {
  workload.stories += 1;
  // Each text is a paragraph at least.
  workload.lines += texts.length;
  for (const text of texts) {
    workload.characters += text.length;
    workload.lines += countOf(text, "\n", MOST.lines);
    // A tag may be escaped: then it is read once more.
    workload.tags += countOf(text, "<", MOST.tags) + countOf(text, "&lt;", MOST.tags);
  }
  for (const what of ["stories", "characters", "tags", "lines"] as const) {
    if (workload[what] > MOST[what]) throw tooLarge(MOST[what], `${what} in its stories`);
  }
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
