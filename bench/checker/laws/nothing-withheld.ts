import { itemsOf } from "../history.ts";
import { findShownWhileAbsent } from "./absent.ts";
import type { Finding, Law } from "./law.ts";

/**
 * EMB4, HLD1, P8: a text that was withheld when it was written is heard nowhere before its time; an item that is held
 * or under embargo again is given to nobody who asks.
 */
export const nothingWithheld: Law = (evidence) => {
  const { history, ledger } = evidence;
  const secrets = new Map(ledger.secrets.map((secret) => [secret.mark, secret.untilMs]));
  const findings: Finding[] = [];
  for (const of of history.clients.values()) {
    for (const entry of of.entries) {
      const items = entry.kind === "item" ? [] : itemsOf(history, entry);
      const marks = entry.kind === "item" ? entry.marks : items.map(({ mark }) => mark);
      for (const mark of new Set(marks)) {
        if (mark === undefined || !secrets.has(mark)) continue;
        const untilMs = secrets.get(mark);
        if (untilMs !== undefined && entry.atMs >= untilMs) continue;
        findings.push({ client: of.client, atMs: entry.atMs, words: `the withheld text ${mark} was heard` });
      }
    }
  }
  return [...findings, ...findShownWhileAbsent(evidence, ["held", "embargoed"])];
};
