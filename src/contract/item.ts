import { z } from "zod";
import { itemId, lineName } from "./names.ts";

/** ISO 8601 in UTC with milliseconds, the only way a time is written. */
export const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

export const pubStatus = z.enum(["usable", "withheld", "canceled"]);
export const change = z.enum(["new", "update", "correction"]);
/** What the item is ordered by: a time of the source's, ours, or ours because the source's lay in the future. */
export const timeBasis = z.enum(["source", "received", "future"]);
export const urgency = z.int().min(1).max(9);

export type PubStatus = z.infer<typeof pubStatus>;
export type Change = z.infer<typeof change>;
export type TimeBasis = z.infer<typeof timeBasis>;

/** What a line shows of an item. The body is not in it: it is fetched when someone opens the item. */
export const lineItem = z.object({
  id: itemId,
  revision: z.int().min(1),
  change,
  headline: z.string(),
  lead: z.string().optional(),
  slugline: z.string().optional(),
  urgency,
  lines: z.array(lineName),
  language: z.string().optional(),
  source: z.string(),
  credit: z.string().optional(),
  link: z.string().optional(),
  orderedAt: instant,
  firstCreated: instant.optional(),
  versionCreated: instant.optional(),
  publishedAt: instant.optional(),
  timeBasis,
  late: z.literal(true).optional(),
  pinned: z.literal(true).optional(),
  /** Came with a first delivery or an import: never shown as new. */
  backfill: z.literal(true).optional(),
  breakingUntil: instant.optional(),
  correctionNote: z.string().optional(),
  signOff: z.string().optional(),
});
export type LineItem = z.infer<typeof lineItem>;

const deskFields = {
  pubStatus,
  embargoedUntil: instant.optional(),
  expires: instant.optional(),
  edNote: z.string().optional(),
  guid: z.string().optional(),
  sourceVersion: z.string().optional(),
  receivedAt: instant,
  by: z.string().optional(),
};

/** A line's item as the desk sees it, held and embargoed ones included. */
export const deskLineItem = z.object({ ...lineItem.shape, ...deskFields });
export type DeskLineItem = z.infer<typeof deskLineItem>;

/** The public record: what `GET /v1/items/:id` answers. */
export const item = z.object({
  ...lineItem.shape,
  pubStatus,
  bodyText: z.string().optional(),
  bodyHtml: z.string().optional(),
  summary: z.string().optional(),
  byline: z.string().optional(),
  dateline: z.string().optional(),
  subjects: z.array(z.string()).optional(),
  embargoedUntil: instant.optional(),
  expires: instant.optional(),
});
export type Item = z.infer<typeof item>;

/** The record with what only the desk may see. */
export const deskItem = z.object({
  ...item.shape,
  ...deskFields,
  /** A later version of the source's that waits for an editor, since the item belongs to the desk. */
  proposal: z
    .object({ headline: z.string(), bodyText: z.string().optional(), receivedAt: instant })
    .optional(),
});
export type DeskItem = z.infer<typeof deskItem>;

/** One revision as `GET /v1/items/:id/revisions` tells it. */
export const revisionEntry = z.object({
  revision: z.int().min(1),
  change,
  pubStatus,
  headline: z.string(),
  bodyText: z.string(),
  versionCreated: instant.optional(),
  receivedAt: instant,
  timeBasis,
  signOff: z.string().optional(),
  correctionNote: z.string().optional(),
  by: z.string().optional(),
});
export type RevisionEntry = z.infer<typeof revisionEntry>;
