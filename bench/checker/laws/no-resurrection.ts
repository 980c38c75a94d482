import { type ClientHistory, idOf, itemsOf, type SeenItem } from "../history.ts";
import { toText } from "../place.ts";
import type { Truth } from "../truth.ts";
import { walk } from "../walk.ts";
import { findShownWhileAbsent } from "./absent.ts";
import type { Evidence, Finding, Law } from "./law.ts";

/**
 * KIL1, KIL3, KIL4, CAT3: what was killed is off, for whoever asks and for whoever follows, and does not come back.
 * A follower that has got past the kill in the log must have been told, whatever else it was told.
 */
export const noResurrection: Law = (evidence) => {
  const kills = toKills(evidence.truth);
  const followed = [...evidence.history.clients.values()].flatMap((of) => {
    return findHeldOn(evidence, of, kills.get(of.line) ?? []);
  });
  return [...followed, ...findPutAgain(evidence), ...findShownWhileAbsent(evidence, ["killed"])];
};

interface Kill {
  id: string;
  /** How many steps the line had taken when the item was off … */
  index: number;
  /** … and when it was put again, if an editor let it back. */
  untilIndex: number;
}

function toKills(truth: Truth): Map<string, Kill[]> {
  return new Map(
    truth.lines.map((line) => {
      const steps = truth.steps(line);
      const kills = steps.flatMap(({ op }, at) => {
        if (op.op !== "remove" || op.reason !== "killed") return [];
        const again = steps.findIndex((step, index) => {
          return index > at && step.op.op === "put" && step.op.item.id === op.id;
        });
        return [
          { id: op.id, index: at + 1, untilIndex: again === -1 ? Number.POSITIVE_INFINITY : again + 1 },
        ];
      });
      return [line, kills];
    }),
  );
}

/** KIL1: in the log itself nothing follows a kill, unless an editor released what the source sent anew. */
function findPutAgain({ truth, ledger }: Evidence): Finding[] {
  const steps = truth.lines.flatMap((line) => truth.steps(line));
  const restoredMs = new Map(
    ledger.absences.flatMap(({ id, why, untilMs }) => {
      return why === "killed" && untilMs !== undefined ? [[id, untilMs] as const] : [];
    }),
  );
  const killed = new Map<string, number>();
  for (const { op } of steps) {
    if (op.op === "remove" && op.reason === "killed") killed.set(op.id, op.revision);
  }
  return steps.flatMap(({ op, atMs }) => {
    if (op.op === "remove") return [];
    const { id, revision = 0 } = op.item;
    const isAfter = revision > (killed.get(id) ?? Number.POSITIVE_INFINITY);
    const isAllowed = atMs >= (restoredMs.get(id) ?? Number.POSITIVE_INFINITY);
    return isAfter && !isAllowed ? [{ atMs, words: `${id} was put again after its kill` }] : [];
  });
}

/** What the client holds, entry by entry, as the protocol lets it: and whether something dead is among it. */
function findHeldOn({ history, truth }: Evidence, of: ClientHistory, kills: readonly Kill[]): Finding[] {
  const findings: Finding[] = [];
  const held = new Set<string>();
  const told = new Set<string>();
  let due = 0;
  for (const { entry } of walk(of)) {
    const end = endOf(entry);
    if (end === undefined) continue;
    takeInto(held, entry, () => itemsOf(history, entry));
    const index = truth.at(of.line, end)?.index ?? 0;
    while ((kills[due]?.index ?? Number.POSITIVE_INFINITY) <= index) due += 1;
    for (const { id, untilIndex } of kills.slice(0, due)) {
      if (!held.has(id) || told.has(id) || untilIndex <= index) continue;
      told.add(id);
      findings.push({ client: of.client, atMs: entry.atMs, words: `${id} was killed and is held at ${end}` });
    }
  }
  return findings;
}

type Told = Parameters<typeof itemsOf>[1];

function endOf(entry: Told): string | undefined {
  if (entry.kind === "delta") return toText({ epoch: entry.epoch, offset: entry.to });
  return entry.kind === "snapshot" || entry.kind === "catch-up" ? entry.position : undefined;
}

function takeInto(held: Set<string>, entry: Told, items: () => readonly SeenItem[]): void {
  if (entry.kind === "snapshot") {
    held.clear();
    for (const { id } of items()) held.add(id);
    return;
  }
  const deltas = entry.kind === "catch-up" ? entry.deltas : entry.kind === "delta" ? [entry] : [];
  for (const op of deltas.flatMap(({ ops }) => ops)) {
    if (op.op === "put") held.add(idOf(op));
    else held.delete(idOf(op));
  }
}
