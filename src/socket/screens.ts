import { toChannel } from "../contract/names.ts";
import { type Position, parsePosition } from "../contract/position.ts";
import { seenReport } from "../contract/socket.ts";
import type { LineViews } from "../stream/line-views.ts";
import { type LineServer, type LineSocket, NAMESPACES } from "./wire.ts";

/** The position on a line from which on an item is gone, or reads anew. */
export interface Place extends Position {
  readonly line: string;
}

/** What screens connected here show of one item. */
export interface ItemScreens {
  /** These have told that they stand before it. */
  still: number;
  /** These follow the line and have told nothing: they were not made to, or they have just come. */
  unknown: number;
  /** When one of the former was last heard of. */
  lastSeenMs: number | undefined;
}

/** Keeps what a screen says that it shows: the last word for each line that it follows. */
export function hearScreens(socket: LineSocket): void {
  socket.on("seen", (raw) => {
    const report = seenReport.safeParse(raw);
    if (!report.success) return;
    const { line, position } = report.data;
    const place = parsePosition(position);
    if (place === undefined || !socket.rooms.has(toChannel("public", line))) return;
    socket.data.shown ??= new Map();
    socket.data.shown.set(line, { ...place, atMs: Date.now() });
  });
}

/** Counted when it is asked for, never kept by item: reports come from every reader, questions from few. */
export function countScreens(io: LineServer, views: LineViews, places: readonly Place[]): ItemScreens {
  const { sockets, adapter } = io.of(NAMESPACES.public);
  const still = new Set<string>();
  const silent = places.map(() => new Array<string>());
  let lastSeenMs: number | undefined;
  for (const [index, place] of places.entries()) {
    const channel = toChannel("public", place.line);
    const epoch = views.get(channel)?.epoch;
    for (const id of adapter.rooms.get(channel) ?? []) {
      const shown = sockets.get(id)?.data.shown?.get(place.line);
      if (shown === undefined) {
        silent[index]?.push(id);
      } else if (isBefore(shown, place, epoch)) {
        still.add(id);
        lastSeenMs = Math.max(lastSeenMs ?? 0, shown.atMs);
      }
    }
  }
  return { still: still.size, unknown: countOthers(silent, still), lastSeenMs };
}

/** A screen that follows two of the item's lines is one screen. */
function countOthers(lists: readonly (readonly string[])[], counted: ReadonlySet<string>): number {
  const [first = []] = lists;
  if (lists.length <= 1 && counted.size === 0) return first.length;
  return new Set(lists.flat().filter((id) => !counted.has(id))).size;
}

/** A log that began anew began without what had left before; a screen of any older log still shows what it had. */
function isBefore(shown: Position, place: Position, current: string | undefined): boolean {
  return shown.epoch === place.epoch ? shown.offset < place.offset : shown.epoch !== current;
}
