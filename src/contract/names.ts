import { z } from "zod";

/** The name of a line, as it stands in addresses. */
export const lineName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "must match [a-z0-9][a-z0-9-]{0,63}");

/** A source's name: used in addresses and as a folder name below the wire folder. */
export const sourceName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/, "must match [a-z0-9][a-z0-9_.-]{0,63}");

export const itemId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, "must match [A-Za-z0-9_-]{8,64}");

/** The source name of what editors write. */
export const DESK_SOURCE = "desk";

/** What can be subscribed to: the readers' or the desk's view of one line. */
export type Channel = `public:${string}` | `desk:${string}`;
export type Audience = "public" | "desk";

export function toChannel(audience: Audience, line: string): Channel {
  return `${audience}:${line}`;
}
