import { type ClientEntry, type ClientHistory, type History, itemsOf, type SeenItem } from "../history.ts";
import { type Absence, isInTrouble } from "../ledger.ts";
import { type Step, walk } from "../walk.ts";
import { ALLOWED_MS, type Evidence, type Finding } from "./law.ts";

/**
 * Whoever asks after the desk was told "it is off" must not be given the item. Only answers are looked at: what is
 * pushed can lie in a slow connection for as long as it likes, and its offsets tell its time.
 */
export function findShownWhileAbsent(evidence: Evidence, why: readonly Absence["why"][]): Finding[] {
  const absences = new Map<string, Absence[]>();
  for (const absence of evidence.ledger.absences) {
    if (!why.includes(absence.why)) continue;
    absences.set(absence.id, [...(absences.get(absence.id) ?? []), absence]);
  }
  return [...evidence.history.clients.values()].flatMap((of) => findShown(evidence, of, absences));
}

function findShown(
  { history, ledger }: Evidence,
  of: ClientHistory,
  absences: ReadonlyMap<string, readonly Absence[]>,
): Finding[] {
  const findings: Finding[] = [];
  for (const step of walk(of)) {
    const asked = toQuestion(step);
    if (asked === undefined) continue;
    const { atMs } = step.entry;
    const fromMs = asked.askedMs - ALLOWED_MS;
    const isWrong = (absence: Absence) => {
      return absence.sinceMs < fromMs && (absence.untilMs === undefined || atMs < absence.untilMs);
    };
    for (const { id } of toShown(history, step.entry)) {
      const absence = absences.get(id)?.find(isWrong);
      if (absence === undefined) continue;
      if (isInTrouble(ledger, { gateway: asked.gateway, fromMs, toMs: atMs })) break;
      findings.push({ client: of.client, atMs, words: `${id} was ${absence.why} and is shown` });
    }
  }
  return findings;
}

interface Question {
  askedMs: number;
  gateway: number;
}

function toQuestion({ entry, state, askedMs, gateway }: Step): Question | undefined {
  if (entry.kind === "page" || entry.kind === "item") return entry;
  const isAnswer = (entry.kind === "snapshot" || entry.kind === "catch-up") && state === "asking";
  return isAnswer && askedMs !== undefined && gateway !== undefined ? { askedMs, gateway } : undefined;
}

function toShown(history: History, entry: ClientEntry): readonly SeenItem[] {
  if (entry.kind !== "item") return itemsOf(history, entry);
  return entry.status === 200 ? [{ id: entry.id }] : [];
}
