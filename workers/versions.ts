import type { HoldCause, VersionMeta } from "../src/store/record.ts";

/**
 * What a source's versions say together. Everything here is a function of the *set* of versions, never of the
 * order in which they came: that is what makes every order of arrival end in the same state (REV1, ORD2).
 */
export interface Verdict {
  /** The version that is shown: the newest with a text. */
  shown: VersionMeta | undefined;
  /** The newest with a text that says `usable` in writing. */
  written: VersionMeta | undefined;
  killed: boolean;
  holdCause: HoldCause | undefined;
  embargo: number | undefined;
  /** The newest usable time among those that move the item; undefined when there is none. */
  orderedAt: number | undefined;
  /** One of the versions had a time in the future. */
  future: boolean;
}

const DIGITS = /^\d+$/;

function isNumbered(meta: VersionMeta): meta is VersionMeta & { v: string } {
  return meta.v !== undefined && DIGITS.test(meta.v);
}

function compareArrivals(a: VersionMeta, b: VersionMeta): number {
  return a.a[0] - b.a[0] || a.a[1] - b.a[1];
}

function compareTimes(a: VersionMeta, b: VersionMeta): number {
  return a.t !== undefined && b.t !== undefined ? a.t - b.t : 0;
}

/** Whole numbers of any length: Reuters's are beyond 2^53. */
function compareNumbers(a: string, b: string): number {
  const [x, y] = [BigInt(a), BigInt(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/**
 * Oldest first. REV1 compares two by number if both have one, else by time, else by arrival; over three of
 * mixed kinds that can run in a circle. So the numbered ones are put in order first, then each that has only a
 * time goes behind the last one that is not newer, then each without either behind what came before it.
 */
export function toOrdered(versions: readonly VersionMeta[]): VersionMeta[] {
  const numbered = versions.filter(isNumbered);
  const timed = versions.filter((meta) => !isNumbered(meta) && meta.t !== undefined);
  const bare = versions.filter((meta) => !isNumbered(meta) && meta.t === undefined);
  const ordered: VersionMeta[] = numbered.toSorted(
    (a, b) => compareNumbers(a.v, b.v) || compareTimes(a, b) || compareArrivals(a, b),
  );
  for (const meta of timed.toSorted((a, b) => compareTimes(a, b) || compareArrivals(a, b))) {
    const after = ordered.findLastIndex((other) =>
      other.t === undefined
        ? compareArrivals(other, meta) < 0
        : compareTimes(other, meta) < 0 ||
          (compareTimes(other, meta) === 0 && compareArrivals(other, meta) < 0),
    );
    ordered.splice(after + 1, 0, meta);
  }
  for (const meta of bare.toSorted(compareArrivals)) {
    const after = ordered.findLastIndex((other) => compareArrivals(other, meta) < 0);
    ordered.splice(after + 1, 0, meta);
  }
  return ordered;
}

/** True when `a` is newer by a number or a time: a version that is only told apart by its text does not count (KIL1). */
function isNewerInWriting(a: VersionMeta, b: VersionMeta): boolean {
  if (isNumbered(a) && isNumbered(b)) return compareNumbers(a.v, b.v) > 0;
  return compareTimes(a, b) > 0;
}

/** The withdrawal that stands: the newest that no editor has lifted. */
function toKill(ordered: VersionMeta[]): VersionMeta | undefined {
  let kill: VersionMeta | undefined;
  for (const meta of ordered) {
    if (meta.s !== "canceled" || meta.forgiven) continue;
    if (kill === undefined || !isNewerInWriting(kill, meta)) kill = meta;
  }
  return kill;
}

/**
 * Versions that may be shown. After a withdrawal only a newer one that says `usable` in writing counts (KIL1):
 * were others shown with it, it would matter whether their text came before or after the withdrawal wiped it.
 */
function toCounting(ordered: VersionMeta[], kill: VersionMeta | undefined): VersionMeta[] {
  if (kill === undefined) return ordered.filter((meta) => meta.s !== "canceled");
  return ordered.filter((meta) => meta.s === undefined && meta.w && isNewerInWriting(meta, kill));
}

function toHoldCause(ordered: VersionMeta[], kill: VersionMeta | undefined): HoldCause | undefined {
  // What comes back after a withdrawal waits for an editor.
  if (kill !== undefined) return "returned";
  const last = ordered.findLast((meta) => meta.s !== "canceled");
  if (last?.s === "withheld" && !last.forgiven) return "source";
  return toEmbargo(ordered).open ? "embargo" : undefined;
}

/**
 * An embargo holds for every version; one without the field does not lift it (EMB1). Words never outrank a
 * field that can be read, an empty or unreadable field that comes later does (EMB2).
 */
function toEmbargo(ordered: VersionMeta[]): { until: number | undefined; open: boolean } {
  let until: number | undefined;
  let open = false;
  for (const meta of ordered) {
    if (meta.e !== undefined) {
      until = meta.e;
      open = false;
    } else if (meta.open === "field" && !meta.forgiven) {
      open = true;
    } else if (meta.open === "words" && !meta.forgiven && until === undefined) {
      open = true;
    }
  }
  return { until, open };
}

/** The newest source time of the first version and of every update that changed the text (ORD2). */
function toOrderedAt(ordered: VersionMeta[], moves: boolean): number | undefined {
  let newest: number | undefined;
  let before: VersionMeta | undefined;
  for (const meta of ordered) {
    if (meta.x === undefined || meta.s === "canceled") continue;
    const counts = before === undefined || (moves && !meta.correction && meta.x !== before.x);
    if (counts && meta.o !== undefined && (newest === undefined || meta.o > newest)) newest = meta.o;
    before = meta;
  }
  return newest;
}

export function judge(versions: readonly VersionMeta[], moves: boolean): Verdict {
  const ordered = toOrdered(versions);
  const kill = toKill(ordered);
  const counting = toCounting(ordered, kill);
  return {
    killed: kill !== undefined && counting.length === 0,
    holdCause: toHoldCause(ordered, kill),
    shown: counting.findLast((meta) => meta.h !== undefined),
    written: ordered.findLast((meta) => meta.h !== undefined && meta.s === undefined && meta.w),
    embargo: toEmbargo(ordered).until,
    orderedAt: toOrderedAt(ordered, moves),
    future: ordered.some((meta) => meta.future === true),
  };
}

/** Versions kept of one item; beyond, runs of the same text give up their middle ones. */
const MOST_VERSIONS = 60;

/** Adds a version, in order; keeps the list from growing with every re-send of the same text. */
export function addVersion(versions: readonly VersionMeta[], meta: VersionMeta): VersionMeta[] {
  const ordered = toOrdered([...versions, meta]);
  if (ordered.length <= MOST_VERSIONS) return ordered;
  const thinned = ordered.filter((one, i) => {
    const [before, after] = [ordered[i - 1], ordered[i + 1]];
    return (
      before === undefined || after === undefined || one.h !== before.h || one.h !== after.h || one === meta
    );
  });
  if (thinned.length <= MOST_VERSIONS) return thinned;
  const [first, ...rest] = thinned;
  return first === undefined ? rest : [first, ...rest.slice(rest.length - MOST_VERSIONS + 1)];
}
