import { diffArrays } from "diff";
import type { DiffRun } from "../../contract/screens.ts";

/** Words of any script, blanks, and everything else sign by sign. */
const TOKENS = /[\p{L}\p{M}\p{N}_'’]+|\s+|[^\p{L}\p{M}\p{N}\s_'’]/gu;

/** Two texts that share little take long to compare, and the result says no more than both of them whole. */
const MOST_MS = 200;

export function diffWords(from: string, to: string): DiffRun[] {
  const changes = diffArrays(toTokens(from), toTokens(to), { timeout: MOST_MS });
  const runs: DiffRun[] =
    changes === undefined
      ? [
          { mark: "removed", text: from },
          { mark: "added", text: to },
        ]
      : changes.map(({ added, removed, value }) => {
          return { mark: added ? "added" : removed ? "removed" : "same", text: value.join("") };
        });
  return runs.filter(({ text }) => text !== "");
}

function toTokens(text: string): string[] {
  return text.match(TOKENS) ?? [];
}
