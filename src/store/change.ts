import type { RemoveReason } from "../contract/delta.ts";
import { type Audience, type Channel, toChannel } from "../contract/names.ts";
import { type NewAuditEntry, toAuditJson } from "./audit.ts";
import { toKilledFields } from "./compare.ts";
import { newEpoch } from "./keys.ts";
import { type HistoryEntry, toDeskLineItem, toHistoryEntry, toLineItem } from "./project.ts";
import type { ItemRecord } from "./record.ts";

/** One item's step from what is stored to what shall be, ready for the script. */
export interface ItemChange {
  /** The write number that was read with `before`; 0 when the item is unknown. */
  expected: number;
  before: ItemRecord | undefined;
  /** The new states, oldest first. Only the last one is shown; the others go to the history (a page of versions). */
  after: ItemRecord[];
  aliases?: Alias[];
  /** Who did it: stands in the audit if and only if it was done. */
  audit?: NewAuditEntry;
  /** It leaves a line for its age, not for another line. */
  retires?: true;
  command?: { id: string; seconds: number; deadline: number };
}

/**
 * A name under which the item is found again. `claim`: nobody else may have it, or the change is refused;
 * `first`: whoever had it keeps it; `last`: the newest has it.
 */
export interface Alias {
  field: string;
  id: string;
  mode: "claim" | "first" | "last";
}

export interface ChannelStep {
  c: Channel;
  line: string;
  k: "put" | "remove";
  /** The epoch of the log, should this be the line's first entry. */
  e: string;
  op?: string;
  reason?: RemoveReason;
}

/** Why an item that is not public is not; undefined when it may be shown. */
export function toAbsence(record: ItemRecord, nowMs: number): RemoveReason | undefined {
  if (record.pubStatus === "canceled") return "killed";
  if (record.lines.length === 0) return "retired";
  if (record.pubStatus === "withheld" || record.content === null) return "held";
  if (record.embargoedUntil !== undefined && Date.parse(record.embargoedUntil) > nowMs) return "embargoed";
  if (record.expires !== undefined && Date.parse(record.expires) <= nowMs) return "expired";
  return undefined;
}

/** Lines where the desk sees it: all of them, until it is killed or has left. */
function toDeskLines(record: ItemRecord | undefined): string[] {
  return record === undefined || record.content === null || record.pubStatus === "canceled"
    ? []
    : record.lines;
}

/** Why it leaves one line: for what it is now, or because it stands elsewhere or nowhere from now on (RSN1). */
function toReason(change: ItemChange, line: string, gone: RemoveReason): RemoveReason {
  const last = toLast(change);
  if (last.lines.includes(line) || last.pubStatus === "canceled") return gone;
  return change.retires ? "retired" : "moved";
}

function toSteps(change: ItemChange, nowMs: number): ChannelStep[] {
  const last = toLast(change);
  const absence = toAbsence(last, nowMs);
  const steps: ChannelStep[] = [];
  const compare = (audience: Audience, before: string[], after: string[], gone: RemoveReason) => {
    for (const line of after) steps.push({ c: toChannel(audience, line), line, k: "put", e: newEpoch() });
    for (const line of before.filter((name) => !after.includes(name))) {
      const reason = toReason(change, line, gone);
      const op = JSON.stringify({ op: "remove", id: last.id, revision: last.revision, reason });
      steps.push({ c: toChannel(audience, line), line, k: "remove", e: newEpoch(), op, reason });
    }
  };
  compare("public", change.before?.publicLines ?? [], last.publicLines, absence ?? "moved");
  compare("desk", toDeskLines(change.before), toDeskLines(last), absence ?? "moved");
  return steps;
}

export function toLast(change: ItemChange): ItemRecord {
  const last = change.after.at(-1);
  if (last === undefined) throw new Error("a change without a new state");
  return last;
}

function toDue(record: ItemRecord, nowMs: number): [string, number | false][] {
  const alive = record.pubStatus !== "canceled" && record.content !== null && record.lines.length > 0;
  const moment = (text: string | undefined) => {
    const ms = text === undefined ? Number.NaN : Date.parse(text);
    return alive && ms > nowMs ? ms : false;
  };
  return [
    [`embargo:${record.id}`, moment(record.embargoedUntil)],
    [`expire:${record.id}`, moment(record.expires)],
  ];
}

/** Revisions that this change turns into history, each with what it said. */
function toHistory(change: ItemChange): HistoryEntry[] {
  const last = toLast(change);
  const past =
    change.before === undefined ? change.after.slice(0, -1) : [change.before, ...change.after.slice(0, -1)];
  const seen = past.filter((record) => record.content !== null && record.revision < last.revision);
  return seen.map(toHistoryEntry);
}

function isUrgentLevel(urgency = 9): boolean {
  return urgency <= 2;
}

/** Arguments of `apply.lua`, and the channels whose keys it needs. */
export function toArguments(
  change: ItemChange,
  nowMs: number,
): { channels: Channel[]; args: (string | number)[] } {
  const last = toLast(change);
  const changed = change.before === undefined || last.revision !== change.before.revision;
  const steps = changed ? toSteps(change, nowMs) : [];
  const killed = last.pubStatus === "canceled";
  const shown = toDeskLines(last).length > 0;
  const head = {
    id: last.id,
    revision: last.revision,
    score: Date.parse(last.orderedAt),
    keep: last.content !== null,
    command: change.command?.id ?? false,
    commandSeconds: change.command?.seconds ?? 0,
    urgent: killed || (shown && isUrgentLevel(last.content?.urgency)),
    channels: steps,
    aliases: change.aliases ?? [],
    audit: change.audit === undefined ? false : toAuditJson(change.audit),
    killed: killed ? toKilledFields(change.before?.content ?? null, last.source) : [],
    due: toDue(last, nowMs),
  };
  const history = toHistory(change).flatMap((entry) => [entry.revision, JSON.stringify(entry)]);
  return {
    channels: steps.map((step) => step.c),
    args: [
      change.expected,
      change.command?.deadline ?? 0,
      JSON.stringify(head),
      JSON.stringify(last),
      shown ? JSON.stringify(toLineItem(last)) : "",
      shown ? JSON.stringify(toDeskLineItem(last)) : "",
      ...(last.content === null ? [] : history),
    ],
  };
}
