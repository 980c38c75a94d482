import type { DeskLineItem, LineItem } from "../../src/contract/item.ts";
import type { Times } from "../ticker/times.ts";

/** So long before an embargo or an item ends by itself somebody is told. */
const SOON_MS = 5 * 60_000;

export interface DeskState {
  kind: string;
  text: string;
  /** What readers see beside the word. */
  words?: string;
}

export function isDeskItem(item: LineItem): item is DeskLineItem {
  return "pubStatus" in item && typeof item.pubStatus === "string";
}

/** What the desk sees beside a headline, in words. */
export function toStates(item: LineItem, times: Times, nowMs: number): DeskState[] {
  const states: DeskState[] = [];
  const add = (kind: string, text: string, words?: string) =>
    states.push({ kind, text, ...(words !== undefined && { words }) });
  if (item.pinned === true) add("pinned", "PINNED");
  if (item.breakingUntil !== undefined && Date.parse(item.breakingUntil) > nowMs) add("breaking", "BREAKING");
  if (isDeskItem(item)) {
    const embargo = item.embargoedUntil;
    const isEmbargoed = embargo !== undefined && Date.parse(embargo) > nowMs;
    if (isEmbargoed) add("held", `EMBARGO ${toNear(embargo, times, nowMs)}`);
    else if (item.pubStatus === "withheld") add("held", "ON HOLD");
    if (item.pubStatus === "canceled") add("held", "WITHDRAWN");
    if (item.expires !== undefined) add("quiet", `EXPIRES ${toNear(item.expires, times, nowMs)}`);
  }
  const due = toDue(item, nowMs);
  if (due !== undefined && due.isSoon) add("held soon", due.kind === "embargo" ? "OUT SOON" : "ENDS SOON");
  if (item.change === "update") add("changed", "UPDATED");
  if (item.change === "correction") add("changed", "CORRECTED", item.correctionNote);
  if (item.late === true) add("held", "LATE");
  return states;
}

/** Whether a person has to look at it some time: held, embargoed or expiring. */
export function isPending(item: LineItem, nowMs: number): boolean {
  if (!isDeskItem(item)) return false;
  const isAhead = (time: string | undefined) => time !== undefined && Date.parse(time) > nowMs;
  return item.pubStatus === "withheld" || isAhead(item.embargoedUntil) || isAhead(item.expires);
}

export interface Due {
  atMs: number;
  at: string;
  /** What ends then: the embargo, and the item goes out; or the item itself. */
  kind: "embargo" | "expiry";
  isSoon: boolean;
}

/** What happens to an item next by itself. A held one does not go out when its embargo ends. */
export function toDue(item: LineItem, nowMs: number): Due | undefined {
  if (!isDeskItem(item)) return undefined;
  const ends = [
    { at: item.embargoedUntil, kind: "embargo" as const },
    { at: item.expires, kind: "expiry" as const },
  ];
  for (const { at, kind } of ends) {
    const atMs = at === undefined ? Number.NaN : Date.parse(at);
    if (at !== undefined && atMs > nowMs) return { at, atMs, kind, isSoon: atMs - nowMs <= SOON_MS };
  }
  return undefined;
}

/** What goes by itself comes first, by its time; what waits for a person follows in the line's order. */
export function toNext(items: readonly LineItem[], nowMs: number): LineItem[] {
  const atMs = (item: LineItem) => toDue(item, nowMs)?.atMs ?? Number.MAX_SAFE_INTEGER;
  return items.filter((item) => isPending(item, nowMs)).sort((a, b) => atMs(a) - atMs(b));
}

export function toNear(instant: string, times: Times, nowMs: number): string {
  const isToday = times.dayKey(instant) === times.dayKey(new Date(nowMs).toISOString());
  return isToday ? times.short(instant) : `${times.day(instant)} ${times.short(instant)}`;
}
