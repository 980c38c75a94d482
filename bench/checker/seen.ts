import { createHash } from "node:crypto";
import { z } from "zod";
import type { SeenDelta, SeenItem, SeenOp } from "./history.ts";

/** The workload writes one into every headline and every body, so that a text tells which write it came from. */
const MARK = /\bw\d+\b/;
const MARKS = /\bw\d+\b/g;

const itemFields = z.looseObject({
  id: z.string(),
  revision: z.number(),
  orderedAt: z.string(),
  headline: z.string(),
});
const opFields = z.discriminatedUnion("op", [
  z.object({ op: z.literal("put"), item: z.unknown() }),
  z.object({ op: z.literal("remove"), id: z.string(), revision: z.number(), reason: z.string() }),
]);
const deltaFields = z.object({
  epoch: z.string(),
  from: z.number(),
  to: z.number(),
  ops: z.array(z.unknown()),
});

export function toPrint(text: string): string {
  return createHash("sha1").update(text).digest("base64url").slice(0, 12);
}

/** An item as a delta, a snapshot or a page tells it. */
export function toSeenItem(raw: unknown): SeenItem {
  const { id, revision, orderedAt, headline } = itemFields.parse(raw);
  const mark = findMark(headline);
  return {
    id,
    revision,
    orderedAt,
    ...(mark !== undefined && { mark }),
    print: toPrint(JSON.stringify(raw)),
  };
}

export function toSeenDelta(raw: unknown): SeenDelta {
  const { ops, ...place } = deltaFields.parse(raw);
  return { ...place, ops: ops.map(toSeenOp) };
}

function toSeenOp(raw: unknown): SeenOp {
  const op = opFields.parse(raw);
  return op.op === "put" ? { op: "put", item: toSeenItem(op.item) } : op;
}

export function findMark(text: string): string | undefined {
  return MARK.exec(text)?.[0];
}

export function findMarks(text: string): string[] {
  return [...new Set(text.match(MARKS) ?? [])];
}
