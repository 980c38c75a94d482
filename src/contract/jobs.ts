import { z } from "zod";
import { itemId, sourceName } from "./names.ts";
import { sourceProfile } from "./profile.ts";
import { itemChange, newItem } from "./rest.ts";

/**
 * Jobs are parsed again when a worker takes them: a queue outlives the program that filled it. The bytes of a
 * delivery stand in the store beside the job, never in it, so that a backlog stays cheap to list and to retry.
 */
export const ingestJob = z.object({ delivery: z.string(), source: sourceName });
export type IngestJob = z.infer<typeof ingestJob>;

export const pollJob = z.object({ source: sourceName });
export type PollJob = z.infer<typeof pollJob>;

const command = {
  /** The same for every repeat of one command: a second run has no second effect. */
  commandId: z.string(),
  /** Name of the token that gave it. */
  by: z.string(),
  /** Milliseconds of Redis's clock after which it is refused, never carried out later. */
  deadline: z.number(),
};
const target = { ...command, id: itemId };

export const deskJob = z.discriminatedUnion("command", [
  z.object({ command: z.literal("publish"), ...target, fields: newItem }),
  z.object({
    command: z.literal("change"),
    ...target,
    revision: z.int().min(1),
    fields: itemChange,
  }),
  z.object({ command: z.literal("kill"), ...target, reason: z.string() }),
  z.object({ command: z.literal("hold"), ...target, reason: z.string().optional() }),
  z.object({ command: z.literal("release"), ...target }),
  z.object({ command: z.literal("pin"), ...target }),
  z.object({ command: z.literal("unpin"), ...target }),
  z.object({
    command: z.literal("explain"),
    /** Key of the bytes. */
    bytes: z.string(),
    type: z.string().optional(),
    profile: sourceProfile,
    source: sourceName,
  }),
  z.object({ command: z.literal("compare"), source: sourceName, profile: sourceProfile }),
  z.object({ command: z.literal("explain-delivery"), delivery: z.string() }),
  z.object({ command: z.literal("explain-item"), id: itemId }),
]);
export type DeskJob = z.infer<typeof deskJob>;
/** Questions change nothing: they have no deadline, and a repeat asks anew. */
export type DeskQuestion = Extract<
  DeskJob,
  { command: "explain" | "compare" | "explain-delivery" | "explain-item" }
>;
export type DeskCommand = Exclude<DeskJob, DeskQuestion>;

/** What a desk job gives back. `positions` are those of the public logs; empty when nothing public changed. */
export const deskResult = z.union([
  z.object({
    id: itemId,
    revision: z.int(),
    positions: z.record(z.string(), z.string()),
    deskPositions: z.record(z.string(), z.string()),
    replayed: z.boolean().optional(),
  }),
  /** Where the answer to a question lies. */
  z.object({ answer: z.string() }),
  z.object({
    refused: z.object({
      code: z.string(),
      message: z.string().optional(),
      field: z.string().optional(),
      current: z.number().optional(),
    }),
  }),
]);
export type DeskResult = z.infer<typeof deskResult>;
