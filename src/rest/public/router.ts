import { Router } from "express";
import { eventsQuery } from "../../contract/rest.ts";
import { joinCounts, type ReaderCounts, type ReaderDoor, toTotals } from "../../reader-counts.ts";
import type { Edition } from "../../store/keys.ts";
import type { LineViews } from "../../stream/line-views.ts";
import { paramOf, parseAtDoor } from "../parse.ts";
import type { Identify } from "./callers.ts";
import { createLongPolls } from "./deltas.ts";
import { EventStreams } from "./events.ts";
import { createFeedDoors } from "./feeds.ts";
import { createItemDoors } from "./item-doors.ts";
import { createLineDoors } from "./line-doors.ts";

export type PublicRouter = Router & {
  /** Who follows over server-sent events or by long polls. */
  readersByDoor(): ReaderCounts;
  /** The same, by line. */
  readers(): Record<string, number>;
  /** Lets go whoever follows or waits, spread over the time. */
  drain(spreadMs: number): Promise<void>;
  /** Lets go whoever is still there. */
  close(): void;
};

/**
 * What anybody may read. `identify` tells who calls: with an editor's token the item doors give the desk's record,
 * and lines can be read as the desk sees them.
 */
export function createPublicRouter(
  views: LineViews,
  edition: Edition,
  { identify = () => Promise.resolve(undefined) }: { identify?: Identify } = {},
): PublicRouter {
  const router = Router();
  const polls = createLongPolls({ views, identify });
  const streams = new EventStreams(views);
  router.use(createLineDoors({ views, edition, identify }));
  router.use(polls.router);
  router.get("/v1/lines/:line/events", async (request, response) => {
    const query = parseAtDoor(eventsQuery, request.query);
    const since = request.get("Last-Event-ID") ?? query.since;
    await streams.open(response, { line: paramOf(request, "line"), since, limit: query.limit });
  });
  router.use(createItemDoors({ edition, identify }));
  router.use(createFeedDoors({ views, edition }));
  const readersByDoor = () =>
    joinCounts(toCounts("events", streams.readers()), toCounts("poll", polls.readers()));
  return Object.assign(router, {
    readersByDoor,
    readers: () => toTotals(readersByDoor()),
    async drain(spreadMs: number) {
      await Promise.all([polls.drain(spreadMs), streams.drain(spreadMs)]);
    },
    close() {
      polls.close();
      streams.close();
    },
  });
}

function toCounts(door: ReaderDoor, readers: ReadonlyMap<string, number>): ReaderCounts {
  return Object.fromEntries([...readers].map(([line, count]) => [line, { [door]: count }]));
}
