import { toChannel } from "../contract/names.ts";
import type { LineViews } from "../stream/line-views.ts";
import { AUDIENCES, type LineServer, NAMESPACES } from "./wire.ts";

/** How many follow each line, readers and desk. */
export function countReaders(io: LineServer, views: LineViews): Record<string, number> {
  const readers: Record<string, number> = {};
  for (const { line } of views.lines()) {
    readers[line] = 0;
    for (const audience of AUDIENCES) {
      const rooms = io.of(NAMESPACES[audience]).adapter.rooms;
      readers[line] += rooms.get(toChannel(audience, line))?.size ?? 0;
    }
  }
  return readers;
}
