import type { SeenItem } from "../history.ts";
import type { Said } from "./said.ts";

/**
 * Lies that a server or a cache could tell. They are told here, between what arrives and whoever hears it, so that
 * neither the client nor the recorder knows: what the checker is for is to find them.
 */
export const FAULTS = [
  "drop-one",
  "send-twice",
  "swap-two",
  "partial-catch-up",
  "forget-tombstone",
  "reuse-offset",
  "leak-withheld",
  "stale-cache",
] as const;
export type FaultName = (typeof FAULTS)[number];

/** An item that readers must not see, as a leak would show it. */
export interface Leak {
  line: string;
  item: SeenItem;
}

/** Between two lies of one process: each must be found by itself, and the others' hearing stays true. */
const REST_MS = 4_000;

/** What all ears of a process share. */
export class Liar {
  readonly #fault: FaultName;
  #leaks: readonly Leak[] = [];
  #readyMs = Number.POSITIVE_INFINITY;
  told = 0;

  constructor(fault: FaultName) {
    this.#fault = fault;
  }

  get fault(): FaultName {
    return this.#fault;
  }

  /** From now on it lies. */
  arm(): void {
    this.#readyMs = Date.now();
  }

  get isArmed(): boolean {
    return this.#readyMs !== Number.POSITIVE_INFINITY;
  }

  learn(leaks: readonly Leak[]): void {
    this.#leaks = leaks;
  }

  leakOf(line: string): SeenItem | undefined {
    return this.#leaks.find((leak) => leak.line === line)?.item;
  }

  get isDue(): boolean {
    return Date.now() >= this.#readyMs;
  }

  noteTold(): void {
    this.told += 1;
    this.#readyMs = Date.now() + REST_MS;
  }
}

/** What one client hears. */
export class Ear {
  readonly #line: string;
  readonly #liar: Liar | undefined;
  /** `swap-two`: the one that is kept back. */
  #kept: Said | undefined;
  /** `stale-cache`: what a cache keeps for ever. */
  #cached: Said | undefined;

  constructor(line: string, liar?: Liar) {
    this.#line = line;
    this.#liar = liar;
  }

  /** A new connection: what was kept back is gone. */
  begin(): void {
    this.#kept = undefined;
  }

  /** What is heard of it. */
  hear(said: Said): Said[] {
    const liar = this.#liar;
    if (liar === undefined) return [said];
    if (this.#kept !== undefined && said.kind === "delta") {
      const kept = this.#kept;
      this.#kept = undefined;
      return [said, kept];
    }
    if (liar.fault === "stale-cache") return [this.#fromCache(said, liar)];
    if (!liar.isDue) return [said];
    const lie = this.#lie(said, liar);
    if (lie === undefined) return [said];
    liar.noteTold();
    return lie;
  }

  /** Undefined: this is nothing to lie about. */
  #lie(said: Said, liar: Liar): Said[] | undefined {
    switch (liar.fault) {
      case "drop-one":
        return said.kind === "delta" ? [] : undefined;
      case "send-twice":
        return said.kind === "delta" ? [said, said] : undefined;
      case "swap-two":
        if (said.kind !== "delta") return undefined;
        this.#kept = said;
        return [];
      case "partial-catch-up":
        return toPartial(said);
      case "forget-tombstone":
        return forgetKills(said);
      case "reuse-offset":
        return reuseOffset(said);
      case "leak-withheld":
        return leak(said, liar.leakOf(this.#line));
      case "stale-cache":
        return undefined;
    }
  }

  /** One page that is never asked for again; the positions in it stay what they were. */
  #fromCache(said: Said, liar: Liar): Said {
    if (said.kind !== "page" || !liar.isArmed) return said;
    this.#cached ??= said;
    liar.told += 1;
    return this.#cached;
  }
}

/** Every second change is left out; the position says that all are there. */
function toPartial(said: Said): Said[] | undefined {
  if (said.kind !== "catch-up") return undefined;
  const ops = said.deltas.flatMap((delta) => delta.ops);
  if (ops.length < 2) return undefined;
  const kept = new Set(ops.filter((_, index) => index % 2 === 0));
  const deltas = said.deltas.map((delta) => ({ ...delta, ops: delta.ops.filter((op) => kept.has(op)) }));
  return [{ ...said, deltas }];
}

function forgetKills(said: Said): Said[] | undefined {
  if (said.kind !== "catch-up" && said.kind !== "delta") return undefined;
  const deltas = said.kind === "delta" ? [said] : said.deltas;
  const isKill = (op: (typeof deltas)[number]["ops"][number]) => op.op === "remove" && op.reason === "killed";
  if (!deltas.some(({ ops }) => ops.some(isKill))) return undefined;
  const forgotten = deltas.map((delta) => ({ ...delta, ops: delta.ops.filter((op) => !isKill(op)) }));
  if (said.kind === "catch-up") return [{ ...said, deltas: forgotten }];
  return forgotten.map((delta) => ({ ...delta, kind: "delta" }));
}

/** As a store tells it that lost its end and wrote on under the same epoch: other words at a place that was taken. */
function reuseOffset(said: Said): Said[] | undefined {
  if (said.kind !== "delta") return undefined;
  const [first, ...others] = said.ops;
  if (first?.op !== "put") return undefined;
  const item = { ...first.item, id: `${first.item.id.slice(0, -1)}_`, print: "other-words" };
  return [{ ...said, ops: [{ op: "put", item }, ...others] }];
}

function leak(said: Said, item: SeenItem | undefined): Said[] | undefined {
  if (item === undefined) return undefined;
  if (said.kind === "delta") return [{ ...said, ops: [...said.ops, { op: "put", item }] }];
  if (said.kind === "page" && said.items !== undefined) return [{ ...said, items: [item, ...said.items] }];
  return undefined;
}
