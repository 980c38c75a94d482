import type { History } from "../history.ts";
import type { Ledger } from "../ledger.ts";
import type { Truth } from "../truth.ts";

export interface Evidence {
  history: History;
  truth: Truth;
  ledger: Ledger;
}

/** One thing that must not be. */
export interface Finding {
  /** Undefined when it is nobody's in particular. */
  client?: number;
  atMs?: number;
  words: string;
}

/** Pure: what was heard and what was done → what is wrong. */
export type Law = (evidence: Evidence) => Finding[];

/** Caches keep a page for 1 s (KIL4); a change is on every gateway within 2 s (P5). */
export const ALLOWED_MS = 3_000;
