import type { LineItem } from "../../src/contract/item.ts";
import type { Times } from "./times.ts";
import type { Words } from "./words/words.ts";

export interface Mark {
  kind: "breaking" | "changed" | "late" | "pinned" | "note";
  text: string;
}

/** How one screen speaks and tells time. */
export interface Voice {
  readonly words: Words;
  readonly times: Times;
  /** Server time. */
  readonly nowMs: number;
}

export function isBreaking(item: LineItem, nowMs: number): boolean {
  return item.breakingUntil !== undefined && Date.parse(item.breakingUntil) > nowMs;
}

/** The words that stand before a headline. */
export function toLeadingMarks(item: LineItem, { words, nowMs }: Voice): Mark[] {
  const marks: Mark[] = [];
  if (item.pinned === true) marks.push({ kind: "pinned", text: words.pinned });
  if (isBreaking(item, nowMs)) marks.push({ kind: "breaking", text: words.breaking });
  return marks;
}

/** The words that stand after it: what happened to the item, so that an old item never looks new. */
export function toTrailingMarks(item: LineItem, voice: Voice): Mark[] {
  const { words, times } = voice;
  const marks: Mark[] = [];
  if (item.change === "update") marks.push({ kind: "changed", text: toUpdated(item, voice) });
  if (item.change === "correction") {
    marks.push({ kind: "changed", text: words.corrected });
    if (item.correctionNote !== undefined) marks.push({ kind: "note", text: item.correctionNote });
  }
  if (item.late === true && item.backfill !== true) {
    marks.push({ kind: "late", text: words.added(times.short(item.publishedAt ?? item.orderedAt)) });
  }
  return marks;
}

function toUpdated(item: LineItem, { words, times }: Voice): string {
  const first = item.firstCreated;
  if (first === undefined || first === item.orderedAt) return words.updated;
  const isSameDay = times.dayKey(first) === times.dayKey(item.orderedAt);
  return words.updatedFirst(isSameDay ? times.clock(first) : `${times.day(first)} ${times.clock(first)}`);
}
