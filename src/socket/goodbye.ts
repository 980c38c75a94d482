import type { Goodbye, GoodbyeCode } from "../contract/socket.ts";
import { letGo } from "./let-go.ts";
import { ReadyJson } from "./ready-json.ts";
import type { LineSocket } from "./wire.ts";

/** After these a client may come back, and when. */
const RETRY_AFTER_MS = {
  draining: 1_000,
  slow: 5_000,
  rate: 10_000,
  too_many: 30_000,
} as const satisfies Partial<Record<GoodbyeCode, number>>;

export function toGoodbye(code: GoodbyeCode, retryAfterMs?: number): Goodbye {
  if (code === "revoked") return { code, temporary: false, retryAfterMs: 0 };
  return { code, temporary: true, retryAfterMs: retryAfterMs ?? RETRY_AFTER_MS[code] };
}

/**
 * Tells a client why it is let go. Stock clients come back by themselves when the connection closes, and stay away
 * when their namespace is disconnected: so the way of going says whether they may.
 */
export function sayGoodbye(socket: LineSocket, code: GoodbyeCode, retryAfterMs?: number): void {
  const goodbye = toGoodbye(code, retryAfterMs);
  socket.emit("goodbye", new ReadyJson(JSON.stringify(goodbye)));
  if (goodbye.temporary) letGo(socket.conn);
  else socket.disconnect();
}
