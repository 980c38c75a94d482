import { type ClientHistory, type History, idOf, listOf, type SeenItem, type SeenOp } from "../history.ts";
import { compareItems } from "../order.ts";
import { toText } from "../place.ts";
import type { Truth } from "../truth.ts";
import { type Step, walk } from "../walk.ts";
import type { Evidence, Finding, Law } from "./law.ts";

/**
 * ORD1, P3, CAT2, SUB1: lists are in display order, ops in log order, no revision goes back, no answer is older than
 * the question, and no delta comes outside of a subscription.
 */
export const inOrder: Law = (evidence) =>
  [...evidence.history.clients.values()].flatMap((of) => findDisorder(evidence, of));

function findDisorder({ history, truth }: Evidence, of: ClientHistory): Finding[] {
  const findings: Finding[] = [];
  const revisions = new Map<string, number>();
  for (const step of walk(of)) {
    const words = [
      ...toDisorder(step, { history, truth, line: of.line }),
      ...findGoingBack(revisions, heardItems(history, step)),
    ];
    findings.push(...words.map((one) => ({ client: of.client, atMs: step.entry.atMs, words: one })));
  }
  return findings;
}

interface Context {
  history: History;
  truth: Truth;
  line: string;
}

function toDisorder({ entry, state, reached }: Step, { history, truth, line }: Context): string[] {
  switch (entry.kind) {
    case "delta": {
      const outside = state === "following" ? [] : ["a delta came outside of a subscription"];
      const backwards = entry.to <= entry.from ? ["a delta leads nowhere"] : [];
      return [...outside, ...backwards, ...findSwaps(entry, truth, line)];
    }
    case "catch-up":
      return entry.deltas.flatMap((delta) => findSwaps(delta, truth, line));
    case "snapshot": {
      const since = reached === undefined ? undefined : truth.at(line, toText(reached))?.index;
      const index = truth.at(line, entry.position)?.index;
      const isOlder = state !== "away" && since !== undefined && index !== undefined && index < since;
      const older = reached && `a snapshot at ${entry.position} is older than ${toText(reached)}`;
      return [...(isOlder && older ? [older] : []), ...findMisplaced(listOf(history, entry.list))];
    }
    case "page":
      return entry.list === undefined ? [] : findMisplaced(listOf(history, entry.list));
    default:
      return [];
  }
}

/** A feed may not tell what its items are ordered by; then the catch-up law compares it with the log. */
function findMisplaced(items: readonly SeenItem[]): string[] {
  return items.flatMap((item, index) => {
    const above = items[index - 1];
    const isKnown = above?.orderedAt !== undefined && item.orderedAt !== undefined;
    return isKnown && compareItems(above, item) >= 0 ? [`${item.id} stands below ${above.id}`] : [];
  });
}

function findSwaps(
  { epoch, from, to, ops }: { epoch: string; from: number; to: number; ops: readonly SeenOp[] },
  truth: Truth,
  line: string,
): string[] {
  const inLog = truth.between(line, toText({ epoch, offset: from }), toText({ epoch, offset: to }));
  if (inLog === undefined) return [];
  const places = new Map(inLog.map((op, index) => [idOf(op), index]));
  let last = -1;
  for (const op of ops) {
    const place = places.get(idOf(op)) ?? last;
    if (place < last) return [`the ops of ${epoch}:${from}–${to} are not in log order`];
    last = place;
  }
  return [];
}

/** What a follower is given. Pages are of their own time, which the cache law looks at. */
function heardItems(history: History, { entry }: Step): SeenItem[] {
  switch (entry.kind) {
    case "snapshot":
      return [...listOf(history, entry.list)];
    case "delta":
      return putsOf(entry.ops);
    case "catch-up":
      return entry.deltas.flatMap(({ ops }) => putsOf(ops));
    default:
      return [];
  }
}

function putsOf(ops: readonly SeenOp[]): SeenItem[] {
  return ops.flatMap((op) => (op.op === "put" ? [op.item] : []));
}

function findGoingBack(revisions: Map<string, number>, items: readonly SeenItem[]): string[] {
  const words: string[] = [];
  for (const { id, revision = 0 } of items) {
    const highest = revisions.get(id) ?? 0;
    if (revision < highest) words.push(`${id} went back from revision ${highest} to ${revision}`);
    revisions.set(id, Math.max(highest, revision));
  }
  return words;
}
