import { z } from "zod";
import { instant, lineItem } from "./item.ts";
import { itemId, lineName } from "./names.ts";

/** Why an item left a line. The words an editor typed stay on the desk (RSN1). */
export const removeReason = z.enum(["killed", "held", "embargoed", "expired", "retired", "moved"]);
export type RemoveReason = z.infer<typeof removeReason>;

export const putOp = z.object({ op: z.literal("put"), item: lineItem });
export const removeOp = z.object({
  op: z.literal("remove"),
  id: itemId,
  revision: z.int().min(1),
  reason: removeReason,
});
export const op = z.discriminatedUnion("op", [putOp, removeOp]);
export type Op = z.infer<typeof op>;

/** A step of a channel from one offset to a later one. `at` is when it was stored. */
export const delta = z.object({
  line: lineName,
  epoch: z.string(),
  from: z.int().min(0),
  to: z.int().min(1),
  at: instant,
  ops: z.array(op),
});
export type Delta = z.infer<typeof delta>;
