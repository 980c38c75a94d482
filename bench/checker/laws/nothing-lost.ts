import type { History } from "../history.ts";
import type { Ledger } from "../ledger.ts";
import { toText } from "../place.ts";
import { type Truth, toStateHash } from "../truth.ts";
import type { Finding, Law } from "./law.ts";

/**
 * P1, P4, P6: what was acknowledged stands in the log where the answer said; in the end every gateway shows the log,
 * and every follower has got to its end.
 */
export const nothingLost: Law = ({ history, truth, ledger }) => [
  ...findUnkept(truth, ledger),
  ...findOtherStates(truth, ledger),
  ...findLeftBehind(history, ledger),
];

function findUnkept(truth: Truth, { writes }: Ledger): Finding[] {
  const findings: Finding[] = [];
  for (const { mark, id, revision, positions, answeredMs } of writes) {
    for (const [line, position] of Object.entries(positions)) {
      const op = truth.step(line, position)?.op;
      const kept = op?.op === "put" ? op.item : op;
      // The answer shows the item as it is by then: an embargo may have ended since.
      if (kept?.id === id && (kept.revision ?? 0) <= revision) continue;
      const words = `the write ${mark} was acknowledged as ${id} r${revision} at ${position} and is not there`;
      findings.push({ atMs: answeredMs, words });
    }
  }
  return findings;
}

function findOtherStates(truth: Truth, { finals }: Ledger): Finding[] {
  return finals.flatMap(({ line, gateway, position, count, sha256 }) => {
    const steps = truth.steps(line);
    const last = steps.at(-1);
    const moment = truth.at(line, position);
    const end = last === undefined ? "nothing" : toText(last);
    if (moment === undefined || moment.index !== steps.length) {
      return [{ words: `gateway ${gateway} ends ${line} at ${position}, the log at ${end}` }];
    }
    const isSame = moment.items.length === count && toStateHash(moment.items) === sha256;
    return isSame ? [] : [{ words: `gateway ${gateway} shows another ${line} at ${position} than the log` }];
  });
}

/** A follower that was given time and peace, and is not where the line is. */
function findLeftBehind({ clients }: History, { finals }: Ledger): Finding[] {
  const ends = new Map(finals.map(({ line, position }) => [line, position]));
  if (ends.size === 0) return [];
  return [...clients.values()].flatMap(({ client, line, entries }) => {
    if (!entries.some(({ kind }) => kind === "asked")) return [];
    const held = entries.findLast((entry) => entry.kind === "held");
    const at = held?.kind === "held" ? held.position : "nowhere";
    return at === ends.get(line)
      ? []
      : [{ client, words: `it ends at ${at}, and ${line} at ${ends.get(line)}` }];
  });
}
