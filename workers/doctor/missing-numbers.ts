/** Running numbers that were left out, both ends included. */
export interface MissingNumbers {
  from: number;
  to: number;
}

/** More than so many at once is a counter that began anew, not a loss. */
const MOST_MISSING = 500;

/**
 * What is missing between the numbers of some days, each a bitmap, the oldest first. What stands between the last
 * number of a day and the first of the next counts when the counter went on.
 */
export function toMissing(days: readonly Buffer[]): MissingNumbers[] {
  const missing: MissingNumbers[] = [];
  let last: number | undefined;
  for (const bits of days) {
    for (const number of numbersOf(bits)) {
      const left = last === undefined ? 0 : number - last - 1;
      if (last !== undefined && left > 0 && left <= MOST_MISSING) {
        missing.push({ from: last + 1, to: number - 1 });
      }
      last = number;
    }
  }
  return missing;
}

/** Redis counts bits from the left of each byte. */
function* numbersOf(bits: Buffer): Generator<number> {
  for (const [index, byte] of bits.entries()) {
    if (byte === 0) continue;
    for (let bit = 0; bit < 8; bit += 1) {
      if ((byte & (0x80 >> bit)) !== 0) yield index * 8 + bit;
    }
  }
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
