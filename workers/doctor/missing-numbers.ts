import type { NumberRun } from "../../src/store/observations.ts";
import { type NumberRound, type Rounds, toRounds } from "./number-rounds.ts";

/** Running numbers that were left out, both ends included. */
export type MissingNumbers = NumberRun;

/** A round that begins higher did not begin anew: it is something sent once more. */
const BEGINNING = 20;
/** Of two rounds a short one may be made of what was sent once more. */
const LEAST_SURE = 25;
/** With more than so many around the turn the counter began anew before its end. */
const MOST_AT_TURN = 100;

/**
 * What is missing among numbers as they came. `end` is the last before the counter begins anew; without it what is
 * missing around the turn is not known.
 */
export function toMissing(runs: readonly NumberRun[], end?: number): MissingNumbers[] {
  const { rounds, strays } = toRounds(runs);
  return rounds.flatMap((round, at) => {
    // What was sent once more may stand in a round of its own.
    const others = rounds.filter((_, index) => index !== at && !areTwo(rounds, at, index));
    const came = [strays, ...others.map((other) => other.came)];
    const isSure = rounds.length === 1 || round.came.size >= LEAST_SURE;
    const gaps = isSure ? toGaps(round).flatMap((gap) => without(gap, came)) : [];
    return end === undefined ? gaps : [...toTurn(round, { rounds, strays }, end), ...gaps];
  });
}

/** Two ways of the counter over the same numbers, rather than parts of one. */
function areTwo(rounds: readonly NumberRound[], one: number, other: number): boolean {
  const later = rounds[Math.max(one, other)];
  return later !== undefined && later.low <= BEGINNING;
}

function toGaps({ came }: NumberRound): MissingNumbers[] {
  const gaps: MissingNumbers[] = [];
  let last: number | undefined;
  for (const number of [...came].toSorted((a, b) => a - b)) {
    if (last !== undefined && number > last + 1) gaps.push({ from: last + 1, to: number - 1 });
    last = number;
  }
  return gaps;
}

/** Between the last number of the round before and the first of this one. */
function toTurn(
  { after, low, came }: NumberRound,
  { rounds, strays }: Rounds,
  end: number,
): MissingNumbers[] {
  if (after === undefined) return [];
  const first = rounds.some(({ came }) => came.has(0)) ? 0 : 1;
  const [tail, head] = [end - after.high, low - first];
  if (tail < 0 || head < 0 || tail + head > MOST_AT_TURN) return [];
  const others = rounds.map((other) => other.came).filter((one) => one !== came && one !== after.came);
  const left = [
    { from: after.high + 1, to: end },
    { from: first, to: low - 1 },
  ];
  return left.flatMap((gap) => without(gap, [strays, ...others]));
}

/** Parts of a gap that came nowhere else either. */
function without({ from, to }: MissingNumbers, came: readonly ReadonlySet<number>[]): MissingNumbers[] {
  const left: MissingNumbers[] = [];
  for (let number = from; number <= to; number += 1) {
    if (came.some((one) => one.has(number))) continue;
    const last = left.at(-1);
    if (last?.to === number - 1) last.to = number;
    else left.push({ from: number, to: number });
  }
  return left;
}

/** Only what was missing before as well: a message may be on its way while a later one has been read. */
export function toSettled(
  now: readonly MissingNumbers[],
  before: readonly MissingNumbers[],
): MissingNumbers[] {
  return now.flatMap(({ from, to }) =>
    before.flatMap((earlier) => {
      const both = { from: Math.max(from, earlier.from), to: Math.min(to, earlier.to) };
      return both.from <= both.to ? [both] : [];
    }),
  );
}
