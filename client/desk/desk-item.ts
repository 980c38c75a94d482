import type { DeskLineItem, LineItem } from "../../src/contract/item.ts";
import type { Times } from "../ticker/times.ts";

export function isDeskItem(item: LineItem): item is DeskLineItem {
  return "pubStatus" in item && typeof item.pubStatus === "string";
}

/** What the desk sees beside a headline, in words. */
export function toStates(item: LineItem, times: Times, nowMs: number): { kind: string; text: string }[] {
  const states: { kind: string; text: string }[] = [];
  const add = (kind: string, text: string) => states.push({ kind, text });
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
  if (item.change === "update") add("changed", "UPDATED");
  if (item.change === "correction") add("changed", `CORRECTED ${item.correctionNote ?? ""}`.trim());
  if (item.late === true) add("held", "LATE");
  return states;
}

/** Whether a person has to look at it some time: held, embargoed or expiring. */
export function isPending(item: LineItem, nowMs: number): boolean {
  if (!isDeskItem(item)) return false;
  const isAhead = (time: string | undefined) => time !== undefined && Date.parse(time) > nowMs;
  return item.pubStatus === "withheld" || isAhead(item.embargoedUntil) || isAhead(item.expires);
}

function toNear(instant: string, times: Times, nowMs: number): string {
  const isToday = times.dayKey(instant) === times.dayKey(new Date(nowMs).toISOString());
  return isToday ? times.short(instant) : `${times.day(instant)} ${times.short(instant)}`;
}
