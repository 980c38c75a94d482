import fc from "fast-check";
import { expect, test } from "vitest";
import { Ear, FAULTS, type FaultName, Liar } from "../../bench/checker/clients/faults.ts";
import { HeldLine } from "../../bench/checker/clients/held-line.ts";
import type { Unsigned } from "../../bench/checker/clients/recorder.ts";
import type { Said } from "../../bench/checker/clients/said.ts";
import type { SeenItem, SeenOp } from "../../bench/checker/history.ts";
import { judge } from "../../bench/checker/laws/judge.ts";
import { Truth } from "../../bench/checker/truth.ts";
import {
  asked,
  at,
  delta,
  EPOCH,
  held,
  LINE,
  page,
  put,
  remove,
  snapshot,
  toEvidence,
  toHeard,
  toLog,
  toMs,
} from "../support/heard.ts";

const IDS = ["a", "b", "c", "d", "e"];
const act = fc.record({
  id: fc.constantFrom(...IDS),
  what: fc.nat(9),
  hour: fc.integer({ min: 1, max: 23 }),
});
const acts = fc.array(act, { minLength: 6, maxLength: 40 });
/** What the client does before each change: nothing, a new subscription with its cursor, or one without. */
const moves = fc.array(fc.nat(9), { minLength: 40, maxLength: 40 });

/** A log that any server might have: revisions grow, and the dead stay dead. */
function toOps(given: readonly { id: string; what: number; hour: number }[]): SeenOp[] {
  const revisions = new Map<string, number>();
  const dead = new Set<string>();
  const present = new Set<string>();
  return given.flatMap(({ id, what, hour }): SeenOp[] => {
    if (dead.has(id)) return [];
    const revision = (revisions.get(id) ?? 0) + 1;
    revisions.set(id, revision);
    if (what < 7 || !present.has(id)) {
      present.add(id);
      return [put(id, revision, hour)];
    }
    present.delete(id);
    if (what === 9) dead.add(id);
    return [remove(id, revision, what === 9 ? "killed" : "held")];
  });
}

/** What an honest server tells one client that comes and goes. */
function tellHonestly(
  ops: readonly SeenOp[],
  choices: readonly number[],
): { said: Said | Unsigned; isAsked: boolean }[] {
  const truth = new Truth(toLog(ops), [{ line: LINE, epoch: EPOCH, after: 0 }]);
  const told: { said: Said | Unsigned; isAsked: boolean }[] = [];
  let client: number | undefined;
  for (const [offset, op] of ops.entries()) {
    const choice = choices[offset] ?? 0;
    if (client === undefined || choice === 9) {
      told.push({ said: asked(), isAsked: true });
      const items = [...(truth.at(LINE, at(offset))?.items ?? [])];
      told.push({
        said: { kind: "snapshot", position: at(offset), count: items.length, items, isWhole: true },
        isAsked: false,
      });
      client = offset;
    } else if (choice >= 6) {
      // Away for this one.
      continue;
    } else if (client < offset) {
      told.push({ said: asked(at(client)), isAsked: true });
      const missed = truth.between(LINE, at(client), at(offset)) ?? [];
      const deltas = [delta(client, offset, missed)];
      told.push({ said: { kind: "catch-up", position: at(offset), deltas }, isAsked: false });
      client = offset;
    }
    told.push({ said: delta(offset, offset + 1, [op]), isAsked: false });
    client = offset + 1;
  }
  return told;
}

function hear(told: ReturnType<typeof tellHonestly>, ear: Ear): Unsigned[] {
  return told.flatMap(({ said, isAsked }): Unsigned[] => {
    if (isAsked || said.kind === "asked") return isUnsigned(said) ? [said] : [];
    if (!isSaid(said)) return [];
    return ear.hear(said).flatMap((one) => toEntry(one));
  });
}

function isUnsigned(said: Said | Unsigned): said is Unsigned {
  return said.kind === "asked";
}
function isSaid(said: Said | Unsigned): said is Said {
  return said.kind === "delta" || said.kind === "catch-up" || (said.kind === "snapshot" && "items" in said);
}
function toEntry(said: Said): Unsigned[] {
  if (said.kind === "snapshot") return [snapshot(said.position, said.items)];
  return said.kind === "delta" || said.kind === "catch-up" ? [said] : [];
}

/** As a client that trusts what it hears ends up. */
function hold(entries: readonly Unsigned[], items: (position: string) => readonly SeenItem[]): HeldLine {
  const line = new HeldLine();
  for (const entry of entries) {
    if (entry.kind === "snapshot") line.replace(entry.position, items(entry.position), entry.isWhole);
    if (entry.kind === "delta") line.apply(entry);
    if (entry.kind === "catch-up") for (const one of entry.deltas) line.apply(one);
  }
  return line;
}

test("CHK3 an honest server breaks no law, whatever it was asked to do and however its client came and went", () => {
  fc.assert(
    fc.property(acts, moves, (given, choices) => {
      const ops = toOps(given);
      const log = toLog(ops);
      const truth = new Truth(log, [{ line: LINE, epoch: EPOCH, after: 0 }]);
      const entries = hear(tellHonestly(ops, choices), new Ear(LINE));
      const line = hold(entries, (position) => truth.at(LINE, position)?.items ?? []);
      const last = line.position ?? at(0);
      const end = [...entries, held(last, line.items, line.isWhole), page(last, line.items, toMs(0))];
      expect(judge(toEvidence(toHeard(end, end), log))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

const LIES = FAULTS.filter((fault) => fault !== "stale-cache" && fault !== "leak-withheld");

test.each(LIES)("CHK3 %s, told once to one of two clients, is always found", (fault: FaultName) => {
  fc.assert(
    fc.property(acts, moves, (given, choices) => {
      const ops = toOps([...given, { id: "z", what: 0, hour: 5 }, { id: "y", what: 0, hour: 5 }]);
      const liar = new Liar(fault);
      liar.arm();
      // A delta that is lost together with its connection does no harm: the next question gets it.
      const isOfOneConnection = fault === "drop-one" || fault === "swap-two";
      const honest = tellHonestly(ops, isOfOneConnection ? [] : choices);
      const lied = hear(honest, new Ear(LINE, liar));
      fc.pre(liar.told > 0);
      const evidence = toEvidence(toHeard(hear(honest, new Ear(LINE)), lied), toLog(ops));
      expect(judge(evidence)).not.toEqual([]);
    }),
    { numRuns: 60 },
  );
});
