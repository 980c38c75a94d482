import { z } from "zod";
import { type Delta, delta } from "./delta.ts";
import type { ErrorBody } from "./errors.ts";
import { type LineItem, lineItem } from "./item.ts";
import { lineName } from "./names.ts";
import { MAX_LIMIT, PROTOCOL } from "./protocol.ts";

export const subscribeRequest = z.object({
  line: lineName,
  since: z.string().optional(),
  limit: z.int().min(1).max(MAX_LIMIT).optional(),
});
export type SubscribeRequest = z.infer<typeof subscribeRequest>;

export const unsubscribeRequest = z.object({ line: lineName });
export type UnsubscribeRequest = z.infer<typeof unsubscribeRequest>;

export const seenReport = z.object({ line: lineName, position: z.string() });
export type SeenReport = z.infer<typeof seenReport>;

export const snapshotAck = z.object({
  protocol: z.literal(PROTOCOL),
  kind: z.literal("snapshot"),
  line: lineName,
  position: z.string(),
  at: z.string(),
  count: z.int(),
  items: z.array(lineItem),
  next: z.string().nullable(),
});
export const catchUpAck = z.object({
  protocol: z.literal(PROTOCOL),
  kind: z.literal("catch-up"),
  line: lineName,
  position: z.string(),
  at: z.string(),
  deltas: z.array(delta),
});

export interface Snapshot<T = LineItem> {
  kind: "snapshot";
  line: string;
  position: string;
  at: string;
  count: number;
  items: T[];
  next: string | null;
}
export interface CatchUp {
  kind: "catch-up";
  line: string;
  position: string;
  at: string;
  deltas: Delta[];
}
export type SubscribeAck = ({ protocol: typeof PROTOCOL } & (Snapshot | CatchUp)) | ErrorBody;

/** Where a line stands now. `live` is false while the gateway has lost its own link to the store (`since` when). */
export interface Tick {
  line: string;
  epoch: string;
  offset: number;
  at: string;
  live: boolean;
  since?: string;
}
export interface Reset {
  line: string;
  reason: string;
}
export const goodbyeCode = z.enum(["draining", "slow", "revoked", "rate", "too_many"]);
export type GoodbyeCode = z.infer<typeof goodbyeCode>;
export interface Goodbye {
  code: GoodbyeCode;
  temporary: boolean;
  retryAfterMs: number;
}

/** Up: what a client sends. Payloads are `unknown` to the server until parsed. */
export interface UpEvents {
  subscribe: (request: SubscribeRequest, ack: (answer: SubscribeAck) => void) => void;
  unsubscribe: (
    request: UnsubscribeRequest,
    ack: (answer: Record<string, never> | ErrorBody) => void,
  ) => void;
  seen: (report: SeenReport) => void;
}

/** Down: what the server sends. */
export interface DownEvents {
  delta: (delta: Delta) => void;
  tick: (tick: Tick) => void;
  reset: (reset: Reset) => void;
  goodbye: (goodbye: Goodbye) => void;
}
