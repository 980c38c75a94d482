/** What the desk and the wire did, as they know it: when they asked, what they were answered. */

/** A write that was acknowledged. */
export interface Write {
  mark: string;
  id: string;
  revision: number;
  askedMs: number;
  answeredMs: number;
  /** Line → where its log stood after it. */
  positions: Readonly<Record<string, string>>;
}

/** From an acknowledgement on, readers must not be given the item. */
export interface Absence {
  id: string;
  why: "killed" | "held" | "embargoed";
  sinceMs: number;
  /** From then on it may be seen again. */
  untilMs?: number;
}

/** A text that readers must not see before a moment, or never. */
export interface Secret {
  mark: string;
  untilMs?: number;
}

/** While it lasts a gateway may serve what it had: it was cut off from the store, or the machine stood still. */
export interface Trouble {
  gateway: number | "all";
  fromMs: number;
  toMs: number;
  why: string;
}

/** What `/state` of a gateway said at the very end. */
export interface FinalState {
  line: string;
  gateway: number;
  position: string;
  count: number;
  sha256: string;
}

export interface Ledger {
  writes: Write[];
  absences: Absence[];
  secrets: Secret[];
  troubles: Trouble[];
  finals: FinalState[];
}

export function createLedger(): Ledger {
  return { writes: [], absences: [], secrets: [], troubles: [], finals: [] };
}

export function isInTrouble(
  { troubles }: Ledger,
  asked: { gateway: number; fromMs: number; toMs: number },
): boolean {
  return troubles.some(({ gateway, fromMs, toMs }) => {
    return (gateway === "all" || gateway === asked.gateway) && fromMs <= asked.toMs && toMs >= asked.fromMs;
  });
}
