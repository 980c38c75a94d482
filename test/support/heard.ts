import type { Unsigned } from "../../bench/checker/clients/recorder.ts";
import {
  type ClientEntry,
  type Entry,
  type History,
  type SeenDelta,
  type SeenItem,
  type SeenOp,
  toHistory,
} from "../../bench/checker/history.ts";
import type { Evidence, Law } from "../../bench/checker/laws/law.ts";
import { createLedger, type Ledger } from "../../bench/checker/ledger.ts";
import { Truth, type TruthStep } from "../../bench/checker/truth.ts";

/** Small histories, written by hand: one line, one second between two entries. */
export const LINE = "main";
export const EPOCH = "epoch0001";
const START_MS = Date.UTC(2026, 2, 4, 11);

export function toMs(second: number): number {
  return START_MS + second * 1_000;
}

export function item(id: string, revision = 1, hour = 10): SeenItem {
  return {
    id,
    revision,
    orderedAt: `2026-03-04T${String(hour).padStart(2, "0")}:00:00.000Z`,
    mark: toMark(id, revision),
    print: `${id}-${revision}`,
  };
}

/** Of the write that made this revision. */
export function toMark(id: string, revision: number): string {
  return `w${(id.codePointAt(0) ?? 0) * 100 + revision}`;
}

export function put(id: string, revision = 1, hour = 10): SeenOp {
  return { op: "put", item: item(id, revision, hour) };
}

export function remove(id: string, revision = 2, reason = "killed"): SeenOp {
  return { op: "remove", id, revision, reason };
}

/** A log of one step a second, the first with offset 1. */
export function toLog(ops: readonly SeenOp[], epoch = EPOCH, startSecond = 0): TruthStep[] {
  return ops.map((op, at) => ({ line: LINE, epoch, offset: at + 1, atMs: toMs(startSecond + at), op }));
}

export function at(offset: number, epoch = EPOCH): string {
  return `${epoch}:${offset}`;
}

export function delta(from: number, to: number, ops: SeenOp[]): { kind: "delta" } & SeenDelta {
  return { kind: "delta", epoch: EPOCH, from, to, ops };
}

export function asked(since?: string, door: "websocket" | "events" = "websocket"): Unsigned {
  return { kind: "asked", door, gateway: 0, ...(since !== undefined && { since }) };
}

export function snapshot(position: string, items: readonly SeenItem[], count = items.length): Unsigned {
  return { kind: "snapshot", position, count, list: nameOf(items), isWhole: count === items.length };
}

export function page(position: string, items: readonly SeenItem[], askedMs: number): Unsigned {
  return { kind: "page", askedMs, door: "page", gateway: 0, position, list: nameOf(items) };
}

export function held(position: string, items: readonly SeenItem[], isWhole = true): Unsigned {
  return { kind: "held", position, list: nameOf(items), isWhole };
}

const lists = new Map<string, readonly SeenItem[]>();
function nameOf(items: readonly SeenItem[]): string {
  const name = JSON.stringify(items);
  lists.set(name, items);
  return name;
}

/** Each list is what one client heard, a second an entry. */
export function toHeard(...clients: readonly (readonly Unsigned[])[]): History {
  const entries: Entry[] = [...lists].map(([list, items]) => ({ kind: "list", list, items: [...items] }));
  for (const [client, own] of clients.entries()) {
    entries.push({ kind: "client", client, atMs: START_MS, line: LINE, limit: 50 });
    for (const [second, one] of own.entries()) {
      const signed: ClientEntry = { ...one, client, atMs: toMs(second) };
      entries.push(signed);
    }
  }
  return toHistory(entries);
}

export function toEvidence(
  history: History,
  log: readonly TruthStep[] = [],
  ledger: Partial<Ledger> = {},
): Evidence {
  const epochs = [{ line: LINE, epoch: EPOCH, after: 0 }];
  return { history, truth: new Truth(log, epochs), ledger: { ...createLedger(), ...ledger } };
}

/** What the law says of it. */
export function wordsOf(law: Law, evidence: Evidence): string[] {
  return law(evidence).map(({ words }) => words);
}
