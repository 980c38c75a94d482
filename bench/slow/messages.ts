import { z } from "zod";

export const SLOW_DOORS = ["websocket", "polling", "events", "poll"] as const;
export type SlowDoor = (typeof SLOW_DOORS)[number];

/** So many more shall not read. */
export const toClients = z.partialRecord(z.enum(SLOW_DOORS), z.int());

/** What the processes of the bench tell each other. */
export const toServer = z.object({ reset: z.boolean() });

const sample = z.object({
  /** The most that waited for one client since the last reset. */
  largestBytes: z.number(),
  rssBytes: z.number(),
  doors: z.record(z.string(), z.number()),
});
export type Sample = z.infer<typeof sample>;

export const fromServer = z.union([z.object({ port: z.number() }), z.object({ sample })]);
