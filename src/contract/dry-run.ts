import { z } from "zod";

/** One field that a proposed profile would fill otherwise, and the rule by which. Absent = not filled. */
const fieldDifference = z.object({
  field: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  rule: z.string(),
});
export type FieldDifference = z.infer<typeof fieldDifference>;

/** What would differ in one item of one delivery. */
const itemDifference = z.object({
  delivery: z.string(),
  receivedAt: z.string(),
  /** Its place in the document; absent when the document as a whole is meant. */
  index: z.int().optional(),
  id: z.string().optional(),
  headline: z.string().optional(),
  fields: z.array(fieldDifference),
});
export type ItemDifference = z.infer<typeof itemDifference>;

/** `PUT /v1/sources/:source?dryRun=1`: the last raw deliveries read with the profile as it is and as proposed. */
export const dryRun = z.object({
  source: z.string(),
  compared: z.int(),
  /** Deliveries that there was no time for. */
  left: z.int(),
  /** More differs than is told here. */
  more: z.boolean(),
  differences: z.array(itemDifference),
});
export type DryRun = z.infer<typeof dryRun>;

/** `GET /v1/items/:id/explain`: the version that is shown, as its delivery is read now, and why. */
export const itemExplanation = z.object({
  delivery: z.string(),
  receivedAt: z.string(),
  format: z.string(),
  draft: z.record(z.string(), z.unknown()),
  notes: z.array(z.object({ field: z.string(), rule: z.string() })),
});
export type ItemExplanation = z.infer<typeof itemExplanation>;
