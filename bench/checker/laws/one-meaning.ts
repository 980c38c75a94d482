import type { ClientEntry, ClientHistory, SeenDelta, SeenItem, SeenOp } from "../history.ts";
import { toText } from "../place.ts";
import type { Truth } from "../truth.ts";
import type { Evidence, Finding, Law } from "./law.ts";

/**
 * P3: an offset of an epoch means one thing, to every client, at every door, and in the store. Clients are compared
 * with each other first: that would hold even if the store had lost what they saw.
 */
export const oneMeaning: Law = ({ history, truth }) => {
  const meanings = new Meanings();
  const findings: Finding[] = [];
  for (const of of history.clients.values()) {
    for (const entry of of.entries) {
      for (const words of compare(entry, { of, meanings, truth })) {
        findings.push({ client: of.client, atMs: entry.atMs, words });
      }
    }
  }
  return findings;
};

/** What each place was first said to mean. */
class Meanings {
  readonly #first = new Map<string, { print: string; client: number }>();

  /** Whoever said something else before. */
  other(place: string, print: string, client: number): number | undefined {
    const first = this.#first.get(place);
    if (first === undefined) this.#first.set(place, { print, client });
    return first === undefined || first.print === print ? undefined : first.client;
  }
}

interface Context {
  of: ClientHistory;
  meanings: Meanings;
  truth: Evidence["truth"];
}

function compare(entry: ClientEntry, context: Context): string[] {
  switch (entry.kind) {
    case "delta":
      return compareDelta(entry, context);
    case "catch-up":
      return entry.deltas.flatMap((delta) => compareDelta(delta, context));
    case "snapshot":
      return [
        ...comparePosition(entry.position, context),
        ...compareList(`${entry.position} ${context.of.limit}`, entry.list, context),
      ];
    case "page":
      return comparePosition(entry.position, context);
    default:
      return [];
  }
}

function compareList(place: string, list: string, { of, meanings }: Context): string[] {
  const other = meanings.other(`${of.line} ${place}`, list, of.client);
  return other === undefined ? [] : [`the snapshot at ${place} is not what client ${other} was given`];
}

function comparePosition(position: string, { of, truth }: Context): string[] {
  return truth.at(of.line, position) === undefined ? [`${of.line} was never at ${position}`] : [];
}

function compareDelta(delta: SeenDelta, { of, meanings, truth }: Context): string[] {
  const { epoch, from, to, ops } = delta;
  const span = `${epoch}:${from}–${to}`;
  const other = meanings.other(`${of.line} ${span}`, toMeaning(ops), of.client);
  const unlike = other === undefined ? [] : [`the delta ${span} is not what client ${other} was given`];
  return [...unlike, ...compareWithLog(delta, truth, of.line)];
}

function compareWithLog({ epoch, from, to, ops }: SeenDelta, truth: Truth, line: string): string[] {
  const [start, end] = [from, to].map((offset) => toText({ epoch, offset }));
  const stored = truth.between(line, start ?? "", end ?? "");
  if (stored === undefined) return [`${line} was never at ${start} or ${end}`];
  const known = new Map(stored.map((op) => [idAndRevision(op), toMeaning([op])]));
  return ops.flatMap((op) => {
    const meaning = known.get(idAndRevision(op));
    const isSame = meaning === toMeaning([op]);
    return isSame ? [] : [`${idAndRevision(op)} stands in ${start}–${to} and not so in the log`];
  });
}

function idAndRevision(op: SeenOp): string {
  return op.op === "put" ? `${op.item.id} ${op.item.revision}` : `${op.id} ${op.revision}`;
}

function toMeaning(ops: readonly SeenOp[]): string {
  const words = ops.map((op) => {
    return op.op === "put" ? toItemMeaning(op.item) : `remove ${op.id} ${op.revision} ${op.reason}`;
  });
  return words.join(", ");
}

function toItemMeaning({ id, revision, print }: SeenItem): string {
  return `put ${id} ${revision} ${print ?? ""}`;
}
