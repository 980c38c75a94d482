import type { NumberRun } from "../../src/store/observations.ts";

/**
 * Running numbers in the order they came, told apart into rounds: a round is one way of the counter from its beginning
 * to where it begins anew, be it at midnight or at 9999. Nothing tells when that happens but the numbers themselves,
 * some of which come out of turn, twice, or never.
 */
export interface NumberRound {
  came: Set<number>;
  low: number;
  high: number;
  /** The round that the counter was in before; undefined for the first. */
  after: NumberRound | undefined;
}

export interface Rounds {
  rounds: NumberRound[];
  /** What fits in no round, such as something sent once more: it is in none, but it came. */
  strays: ReadonlySet<number>;
}

/** More than so many left out at once is a counter that began anew, not a loss. */
const MOST_MISSING = 500;
/** What comes twice comes this close behind its first time, or something is sent once more. */
const NEAR = 20;
/** So far out of turn are neighbours. */
const BESIDE = 3;
/** So many neighbours that fit nowhere begin a new round … */
const LEAST_BEGINNING = 4;
/** … unless so much that fits has come between. */
const LONGEST_BEGINNING = 20;
/** So long after the counter began anew, stragglers of the round before may come … */
const STRAGGLING = 500;
/** … and what is sent once more of that. */
const REPEATING = 40;

export function toRounds(runs: readonly NumberRun[]): Rounds {
  const reader = new RoundReader();
  for (const { from, to } of runs) {
    for (let number = from; number <= to; number += 1) reader.read(number);
  }
  reader.end();
  return { rounds: reader.rounds, strays: reader.strays };
}

class RoundReader {
  readonly rounds: NumberRound[] = [];
  readonly strays = new Set<number>();
  /** Of a round that may be no round; `sinceGrown` numbers have come elsewhere since. */
  /** Where the last number went that fitted: what was sent once more does not lead away from it. */
  #home: NumberRound | undefined;
  #latest: readonly number[] = [];
  #beginning: { round: NumberRound; sinceGrown: number } | undefined;

  read(number: number): void {
    this.#place(number);
    this.#latest = [...this.#latest.slice(1 - BESIDE), number];
  }

  end(): void {
    this.#dropBeginning();
  }

  #place(number: number): void {
    const home = this.#findHome(number);
    if (home !== undefined) {
      add(home, number);
      this.#home = home;
      this.#ageBeginning();
      return;
    }
    const round = this.#beginning?.round;
    if (round !== undefined && Math.abs(number - round.high) <= NEAR) add(round, number);
    else if (round !== undefined && round.came.size > 1) this.strays.add(number);
    else this.#begin(number);
    this.#settleBeginning();
  }

  #begin(number: number): void {
    this.#dropBeginning();
    // The first of a short round may have come before its number 1, and look like something sent once more.
    for (const one of this.#latest) this.strays.add(one);
    this.#beginning = { round: begin(number, this.#home), sinceGrown: 0 };
  }

  #dropBeginning(): void {
    for (const number of this.#beginning?.round.came ?? []) this.strays.add(number);
    this.#beginning = undefined;
  }

  #ageBeginning(): void {
    if (this.#beginning === undefined) return;
    this.#beginning.sinceGrown += 1;
    if (this.#beginning.sinceGrown > LONGEST_BEGINNING) this.#dropBeginning();
  }

  #settleBeginning(): void {
    if (this.#beginning === undefined) return;
    const { round } = this.#beginning;
    this.#beginning.sinceGrown = 0;
    if (this.rounds.length > 0 && round.came.size < LEAST_BEGINNING) return;
    this.rounds.push(round);
    this.#home = round;
    this.#beginning = undefined;
  }

  /** The newest round, or the one before it while stragglers of that may come. */
  #findHome(number: number): NumberRound | undefined {
    const now = this.rounds.at(-1);
    if (now === undefined || this.#isOfBeginning(number, now)) return undefined;
    const before = now.came.size < STRAGGLING ? now.after : undefined;
    if (before !== undefined && now.came.size < NEAR && isGapOf(before, number)) return before;
    const [far, farBefore] = [toDistance(now, number), toDistance(before, number)];
    const isRepeated =
      now.came.size < REPEATING && before?.came.has(number) === true && !isGapOf(now, number);
    if (far > NEAR && farBefore <= NEAR && !now.came.has(number)) return before;
    return far === Number.POSITIVE_INFINITY || (isRepeated && far > BESIDE) ? undefined : now;
  }

  /** A short round begins anew with numbers that could be repeated just as well: in a row they are not. */
  #isOfBeginning(number: number, now: NumberRound): boolean {
    if (!now.came.has(number)) return false;
    const round = this.#beginning?.round;
    if (round === undefined) return number <= 1 && now.high > 1;
    return !round.came.has(number) && Math.abs(number - round.high) <= BESIDE;
  }
}

function begin(number: number, after: NumberRound | undefined): NumberRound {
  return { came: new Set([number]), low: number, high: number, after };
}

function add(round: NumberRound, number: number): void {
  round.came.add(number);
  round.low = Math.min(round.low, number);
  round.high = Math.max(round.high, number);
}

function isGapOf({ came, low, high }: NumberRound, number: number): boolean {
  return number > low && number < high && !came.has(number);
}

/** From a round's newest number; infinite for what cannot be of the round. */
function toDistance(round: NumberRound | undefined, number: number): number {
  if (round === undefined) return Number.POSITIVE_INFINITY;
  const far = Math.abs(number - round.high);
  if (number > round.high) return far - 1 <= MOST_MISSING ? far : Number.POSITIVE_INFINITY;
  const isYoung = round.came.size < REPEATING;
  if (round.low - number > (isYoung ? NEAR : BESIDE)) return Number.POSITIVE_INFINITY;
  const most = isGapOf(round, number) ? MOST_MISSING : NEAR;
  return far <= most ? far : Number.POSITIVE_INFINITY;
}
