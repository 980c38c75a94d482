import { inOrder } from "./in-order.ts";
import type { Evidence, Finding, Law } from "./law.ts";
import { noDuplicate } from "./no-duplicate.ts";
import { noGap } from "./no-gap.ts";
import { noResurrection } from "./no-resurrection.ts";
import { nothingLost } from "./nothing-lost.ts";
import { nothingPartial } from "./nothing-partial.ts";
import { nothingStale } from "./nothing-stale.ts";
import { nothingWithheld } from "./nothing-withheld.ts";
import { oneMeaning } from "./one-meaning.ts";

export const LAWS = {
  "no-gap": noGap,
  "no-duplicate": noDuplicate,
  order: inOrder,
  "no-resurrection": noResurrection,
  offsets: oneMeaning,
  withheld: nothingWithheld,
  whole: nothingPartial,
  fresh: nothingStale,
  "nothing-lost": nothingLost,
} as const satisfies Record<string, Law>;
export type LawName = keyof typeof LAWS;
export const LAW_NAMES = Object.keys(LAWS).filter((name): name is LawName => name in LAWS);

export interface Verdict extends Finding {
  law: LawName;
}

/** Every law over all that was heard and done. */
export function judge(evidence: Evidence): Verdict[] {
  return LAW_NAMES.flatMap((law) => LAWS[law](evidence).map((finding) => ({ law, ...finding })));
}
