import {
  type ClientEntry,
  type ClientHistory,
  itemsOf,
  listOf,
  type SeenDelta,
  type SeenItem,
  type SeenOp,
} from "../history.ts";
import { compareItems } from "../order.ts";
import { toText } from "../place.ts";
import type { Truth } from "../truth.ts";
import type { Evidence, Finding, Law } from "./law.ts";

/**
 * CAT1, SNP1, P4: a catch-up is exactly the changes, a snapshot or a page exactly the line, at the position it names;
 * and what a client holds in the end is the line. What is here and not there, and the other way round, is told.
 */
export const nothingPartial: Law = ({ history, truth }) =>
  [...history.clients.values()].flatMap((of) => {
    return of.entries.flatMap((entry): Finding[] => {
      const words = compare(entry, { history, truth, of });
      return words === undefined ? [] : [{ client: of.client, atMs: entry.atMs, words }];
    });
  });

interface Context extends Omit<Evidence, "ledger"> {
  of: ClientHistory;
}

function compare(entry: ClientEntry, context: Context): string | undefined {
  const { history, truth, of } = context;
  switch (entry.kind) {
    case "delta":
      return compareChanges(entry, truth, of.line);
    case "catch-up":
      return entry.deltas
        .map((delta) => compareChanges(delta, truth, of.line))
        .find((words) => words !== undefined);
    case "snapshot": {
      const all = truth.at(of.line, entry.position)?.items;
      if (all === undefined) return undefined;
      const items = listOf(history, entry.list);
      const isWhole = entry.count === all.length && entry.isWhole === all.length <= of.limit;
      if (!isWhole) return `a snapshot at ${entry.position} counts ${entry.count} items of ${all.length}`;
      return compareLists(`the snapshot at ${entry.position}`, items, all.slice(0, of.limit));
    }
    case "page":
      return comparePage(entry, context);
    case "held":
      return compareHeld(entry, context);
    default:
      return undefined;
  }
}

function compareChanges({ epoch, from, to, ops }: SeenDelta, truth: Truth, line: string): string | undefined {
  const [start, end] = [toText({ epoch, offset: from }), toText({ epoch, offset: to })];
  const stored = truth.between(line, start, end);
  if (stored === undefined) return undefined;
  return compareNames(`${start}–${to}`, ops.map(nameOp), stored.map(nameOp));
}

function compareLists(
  what: string,
  heard: readonly SeenItem[],
  stored: readonly SeenItem[],
): string | undefined {
  const words = compareNames(what, heard.map(nameItem), stored.map(nameItem));
  if (words !== undefined) return words;
  const isInOrder = heard.every(({ id }, index) => id === stored[index]?.id);
  return isInOrder ? undefined : `${what} is in another order than the line`;
}

function compareNames(what: string, heard: readonly string[], stored: readonly string[]): string | undefined {
  const missing = stored.filter((name) => !heard.includes(name));
  const strange = heard.filter((name) => !stored.includes(name));
  if (missing.length + strange.length === 0) return undefined;
  const parts = [toPart("lacks", missing), toPart("has, against the log,", strange)];
  return `${what} ${parts.filter((part) => part !== "").join(" and ")}`;
}

function toPart(verb: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  return `${verb} ${names.slice(0, 3).join(", ")}${more}`;
}

function nameItem({ id, revision }: SeenItem): string {
  return `${id} r${revision}`;
}

function nameOp(op: SeenOp): string {
  return op.op === "put" ? `put ${nameItem(op.item)}` : `remove ${op.id} r${op.revision} (${op.reason})`;
}

/** Feeds tell no revision: there the mark of the text says which one it is. */
function comparePage(
  entry: Extract<ClientEntry, { kind: "page" }>,
  { history, truth, of }: Context,
): string | undefined {
  const all = truth.at(of.line, entry.position)?.items;
  if (entry.list === undefined || all === undefined) return undefined;
  const heard = listOf(history, entry.list);
  const tellsRevision = heard.every(({ revision }) => revision !== undefined);
  const name = tellsRevision ? nameItem : ({ id, mark }: SeenItem) => `${id} ${mark ?? ""}`;
  const what = `the ${entry.door} at ${entry.position}`;
  const stored = all.slice(0, of.limit);
  const words = compareNames(what, heard.map(name), stored.map(name));
  if (words !== undefined) return words;
  if (!heard.every(({ id }, index) => id === stored[index]?.id)) return `${what} is in another order`;
  return compareRemoved(entry, truth, of.line);
}

/** RFC 6721: a feed that tells what has left tells all of it, as far as it reaches, and nothing that is there. */
const REACH = 100;
function compareRemoved(
  { door, position, removed }: Extract<ClientEntry, { kind: "page" }>,
  truth: Truth,
  line: string,
): string | undefined {
  if (removed === undefined) return undefined;
  const present = new Set(truth.at(line, position)?.items.map(({ id }) => id));
  const wrong = removed.find((id) => present.has(id));
  if (wrong !== undefined) return `the ${door} at ${position} says that ${wrong} has left`;
  const missing = truth.recentRemoves(line, position, REACH).find((id) => !removed.includes(id));
  return missing === undefined
    ? undefined
    : `the ${door} at ${position} does not say that ${missing} has left`;
}

/** A client that does not hold the whole line holds everything from its lowest item up. */
function compareHeld(
  entry: Extract<ClientEntry, { kind: "held" }>,
  { history, truth, of }: Context,
): string | undefined {
  const all = truth.at(of.line, entry.position)?.items;
  if (all === undefined) return `${of.line} was never at ${entry.position}, where a client ended`;
  const heard = itemsOf(history, entry).toSorted(compareItems);
  const lowest = heard.at(-1);
  const isAbove = (item: SeenItem) => lowest !== undefined && compareItems(item, lowest) <= 0;
  const stored = entry.isWhole ? all : all.filter(isAbove);
  return compareLists(`what is held at ${entry.position}`, heard, stored);
}
