import {
  type ClientHistory,
  type History,
  idOf,
  itemsOf,
  type SeenDelta,
  type SeenItem,
  type SeenOp,
} from "../history.ts";
import type { Truth } from "../truth.ts";
import { type Step, walk } from "../walk.ts";
import type { Finding, Law } from "./law.ts";

/** SUB1, P2: nothing is told twice, nothing stands on a line twice, no write has made two items. */
export const noDuplicate: Law = ({ history, truth }) => [
  ...[...history.clients.values()].flatMap((of) => findRepeats(history, of)),
  ...findDoubleEffects(truth),
];

function findRepeats(history: History, of: ClientHistory): Finding[] {
  const findings: Finding[] = [];
  for (const step of walk(of)) {
    for (const words of toRepeats(history, step)) {
      findings.push({ client: of.client, atMs: step.entry.atMs, words });
    }
  }
  return findings;
}

function toRepeats(history: History, { entry, state, reached }: Step): string[] {
  switch (entry.kind) {
    case "delta": {
      const isAgain = state === "following" && entry.epoch === reached?.epoch && entry.from < reached.offset;
      const again = `the delta ${toSpan(entry)} came at offset ${reached?.offset}`;
      return [...(isAgain ? [again] : []), ...twiceInOps(entry.ops)];
    }
    case "catch-up": {
      const overlap = entry.deltas.find((delta, index) => delta.from < (entry.deltas[index - 1]?.to ?? 0));
      const words = overlap === undefined ? [] : [`the delta ${toSpan(overlap)} overlaps the one before it`];
      return [...words, ...twiceInOps(entry.deltas.flatMap(({ ops }) => ops))];
    }
    case "snapshot":
    case "page":
    case "held":
      return twiceInItems(itemsOf(history, entry));
    default:
      return [];
  }
}

function toSpan({ epoch, from, to }: SeenDelta): string {
  return `${epoch}:${from}–${to}`;
}

/** Only the last op of an id may stand in a delta, or in the whole of a catch-up (CAT1). */
function twiceInOps(ops: readonly SeenOp[]): string[] {
  return findTwice(ops.map(idOf)).map((id) => `${id} is in one answer twice`);
}

function twiceInItems(items: readonly SeenItem[]): string[] {
  return findTwice(items.map(({ id }) => id)).map((id) => `${id} stands in one list twice`);
}

function findTwice(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}

/** A command or a delivery that was sent again after a lost answer must not have a second effect. */
function findDoubleEffects(truth: Truth): Finding[] {
  const madeBy = new Map<string, string>();
  const findings: Finding[] = [];
  for (const { op, atMs } of truth.lines.flatMap((line) => truth.steps(line))) {
    if (op.op === "remove" || op.item.mark === undefined) continue;
    const { id, mark } = op.item;
    const first = madeBy.get(mark) ?? id;
    madeBy.set(mark, first);
    if (first !== id) findings.push({ atMs, words: `the write ${mark} made ${first} and ${id}` });
  }
  return findings;
}
