/**
 * The regular expressions that a profile may hold. JavaScript's own engine tries again and again, and one careless
 * pattern (`(a+)+$`) on one long line would hold a worker up for ever. So they are read here: compiled to steps and
 * followed all at once, which takes time in proportion to pattern times text, whatever the pattern. Look-around and
 * back-references cannot be read that way and are refused.
 */
export type Pattern = readonly Step[];

type Step =
  | { kind: "char"; fits: (char: string) => boolean }
  | { kind: "edge"; fits: (around: Around) => boolean }
  /** Go on at each of these distances. */
  | { kind: "fork"; by: readonly number[] };

interface Around {
  before: string | undefined;
  after: string | undefined;
}

const LONGEST_PATTERN = 500;
/** Counted repeats are written out: `(?:x{50}){50}` is 2,500 steps. */
const MOST_STEPS = 2_000;

const ATOM =
  /\\[pP]\{[^{}]+\}|\\u\{[0-9a-f]+\}|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\c[a-z]|\\[^1-9k]|\[(?:[^\]\\]|\\.)*\]|[^()|*+?{}\\]/iuy;
const QUANTIFIER = /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/uy;
const GROUP = /\((?:\?:|\?<[\p{L}_$][\p{L}\p{N}_$]*>)?(?!\?)/uy;

/** Why a text is no pattern, in words that complete "signOffPattern …"; undefined when it is one. */
export function whyNoPattern(text: string): string | undefined {
  try {
    parsePattern(text);
    return undefined;
  } catch (error) {
    return error instanceof SyntaxError ? `must be a regular expression: ${error.message}` : String(error);
  }
}

/** Throws a SyntaxError that says what cannot be read. */
export function parsePattern(text: string): Pattern {
  if (text.length > LONGEST_PATTERN) throw new SyntaxError(`at most ${LONGEST_PATTERN} characters`);
  // JavaScript knows best what is well-formed; what follows may rely on it.
  if (!(new RegExp(text, "u") instanceof RegExp)) throw new SyntaxError("it cannot be read");
  return new Parser(text).parse();
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Pattern {
    const steps = this.#parseChoice();
    if (this.#at < this.#text.length) throw this.#refuse();
    return steps;
  }

  #parseChoice(): Step[] {
    const first = this.#parseSequence();
    if (this.#text[this.#at] !== "|") return first;
    this.#at += 1;
    const other = this.#parseChoice();
    return checkSize([
      { kind: "fork", by: [1, first.length + 2] },
      ...first,
      { kind: "fork", by: [other.length + 1] },
      ...other,
    ]);
  }

  #parseSequence(): Step[] {
    const steps: Step[] = [];
    while (this.#at < this.#text.length && !/[|)]/u.test(this.#text[this.#at] ?? "")) {
      steps.push(...this.#parseRepeat(this.#parseOne()));
      checkSize(steps);
    }
    return steps;
  }

  #parseOne(): Step[] {
    if (this.#text[this.#at] === "(") {
      if (this.#take(GROUP) === undefined) throw this.#refuse();
      const inner = this.#parseChoice();
      this.#at += 1;
      return inner;
    }
    const atom = this.#take(ATOM)?.[0];
    if (atom === undefined) throw this.#refuse();
    return [toStep(atom)];
  }

  #parseRepeat(steps: Step[]): Step[] {
    const found = this.#take(QUANTIFIER);
    if (found === undefined) return steps;
    const [, sign, least, comma, most] = found;
    if (sign === "?") return repeat(steps, 0, 1);
    if (sign !== undefined) return repeat(steps, sign === "+" ? 1 : 0, undefined);
    const min = Number(least);
    return repeat(steps, min, comma === "" ? min : most === "" ? undefined : Number(most));
  }

  #take(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#text);
    if (found === null) return undefined;
    this.#at += found[0].length;
    return found;
  }

  #refuse(): SyntaxError {
    const rest = this.#text.slice(this.#at, this.#at + 12);
    return new SyntaxError(`look-around and back-references are not read here (at \`${rest}\`)`);
  }
}

/** `max` undefined: as often as it likes. */
function repeat(steps: Step[], min: number, max: number | undefined): Step[] {
  const copies = Math.max(min, max ?? min + 1);
  if (copies * (steps.length + 1) > MOST_STEPS) throw tooLarge();
  const all: Step[] = [];
  for (let i = 0; i < min; i += 1) all.push(...steps);
  if (max === undefined) {
    all.push({ kind: "fork", by: [1, steps.length + 2] }, ...steps);
    all.push({ kind: "fork", by: [-(steps.length + 1)] });
  } else {
    for (let i = min; i < max; i += 1) all.push({ kind: "fork", by: [1, steps.length + 1] }, ...steps);
  }
  return all;
}

function checkSize(steps: Step[]): Step[] {
  if (steps.length > MOST_STEPS) throw tooLarge();
  return steps;
}

function tooLarge(): SyntaxError {
  return new SyntaxError(`it repeats too much: written out it has more than ${MOST_STEPS} steps`);
}

const WORD = /^\w$/u;
const isBoundary = ({ before, after }: Around) => WORD.test(before ?? "") !== WORD.test(after ?? "");

function toStep(atom: string): Step {
  if (atom === "^") return { kind: "edge", fits: ({ before }) => before === undefined };
  if (atom === "$") return { kind: "edge", fits: ({ after }) => after === undefined };
  if (atom === "\\b") return { kind: "edge", fits: isBoundary };
  if (atom === "\\B") return { kind: "edge", fits: (around) => !isBoundary(around) };
  const one = new RegExp(`^${atom}$`, "u");
  return { kind: "char", fits: (char) => one.test(char) };
}

/** Where the leftmost match begins that ends where the text ends; undefined when there is none. */
export function findAtEnd(pattern: Pattern, text: string): number | undefined {
  return follow(pattern, text, false);
}

/** Whether it matches anywhere in the text. */
export function isFound(pattern: Pattern, text: string): boolean {
  return follow(pattern, text, true) !== undefined;
}

/** A step that may come next, and where the match that leads to it began. */
type Places = Map<number, number>;

/**
 * All ways through the pattern at once, character by character. Places are kept in the order of where their match
 * began, so the first to reach a step is the leftmost, and a step is never followed twice at one character.
 */
function follow(pattern: Pattern, text: string, anywhere: boolean): number | undefined {
  let places: Places = new Map();
  let offset = 0;
  let before: string | undefined;
  // By code points, as the flag `u` has it.
  for (const after of [...Array.from(text), undefined]) {
    const here = spread(pattern, places, { before, after }, offset);
    const ended = here.get(pattern.length);
    if (ended !== undefined && (anywhere || after === undefined)) return ended;
    places = new Map();
    if (after === undefined) break;
    for (const [at, start] of here) {
      const step = pattern[at];
      if (step?.kind === "char" && !places.has(at + 1) && step.fits(after)) places.set(at + 1, start);
    }
    before = after;
    offset += after.length;
  }
  return undefined;
}

/** What can be reached without taking a character, a match that begins here included. */
function spread(pattern: Pattern, places: Places, around: Around, offset: number): Places {
  const reached: Places = new Map();
  const open: [at: number, start: number][] = [[0, offset], ...[...places].toReversed()];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [at, start] = next;
    if (reached.has(at)) continue;
    reached.set(at, start);
    const step = pattern[at];
    if (step?.kind === "fork") for (const by of step.by) open.push([at + by, start]);
    if (step?.kind === "edge" && step.fits(around)) open.push([at + 1, start]);
  }
  return reached;
}
