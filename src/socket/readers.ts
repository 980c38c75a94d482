import { toChannel } from "../contract/names.ts";
import type { ReaderCounts } from "../reader-counts.ts";
import type { LineViews } from "../stream/line-views.ts";
import { type LineServer, NAMESPACES } from "./wire.ts";

/** Who follows each line as readers do; editors at their desks are none. */
export function countReaders(io: LineServer, views: LineViews): ReaderCounts {
  const { adapter, sockets } = io.of(NAMESPACES.public);
  const counts: Record<string, { websocket: number; polling: number }> = {};
  for (const { line } of views.lines()) {
    const room = adapter.rooms.get(toChannel("public", line));
    if (room === undefined) continue;
    let polling = 0;
    for (const id of room) if (sockets.get(id)?.conn.transport.name === "polling") polling += 1;
    counts[line] = { websocket: room.size - polling, polling };
  }
  return counts;
}
