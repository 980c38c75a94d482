import type { ClientHistory } from "../history.ts";
import { isInTrouble } from "../ledger.ts";
import { ALLOWED_MS, type Evidence, type Finding, type Law } from "./law.ts";

/** KIL4: a page or a feed is never older than caches may make it, counted from when it was asked for. */
export const nothingStale: Law = (evidence) =>
  [...evidence.history.clients.values()].flatMap((of) => findStale(evidence, of));

function findStale({ truth, ledger }: Evidence, of: ClientHistory): Finding[] {
  const findings: Finding[] = [];
  for (const entry of of.entries) {
    if (entry.kind !== "page") continue;
    const fromMs = entry.askedMs - ALLOWED_MS;
    const index = truth.at(of.line, entry.position)?.index;
    const least = truth.indexAtTime(of.line, fromMs);
    if (index === undefined || index >= least) continue;
    if (isInTrouble(ledger, { gateway: entry.gateway, fromMs, toMs: entry.atMs })) continue;
    const atMs = truth.steps(of.line)[index]?.atMs ?? 0;
    const age = ((entry.askedMs - atMs) / 1_000).toFixed(1);
    const words = `the ${entry.door} at ${entry.position} was asked for ${age} s after it was out of date`;
    findings.push({ client: of.client, atMs: entry.atMs, words });
  }
  return findings;
}
