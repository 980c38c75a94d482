import { sayGoodbye } from "./goodbye.ts";
import type { LineSocket } from "./wire.ts";

/** A page with many widgets subscribes to all of its lines at once; after that a client has little to say. */
const BURST = 100;
const PER_SECOND = 10;

/** Socket.IO has no limit of its own: tiny events by the hundred thousand would cost a second of the processor. */
export function limitEvents(socket: LineSocket): void {
  let tokens = BURST;
  let filledAtMs = Date.now();
  let isGone = false;
  socket.use((_event, next) => {
    const now = Date.now();
    tokens = Math.min(BURST, tokens + ((now - filledAtMs) / 1_000) * PER_SECOND);
    filledAtMs = now;
    if (tokens >= 1) {
      tokens -= 1;
      next();
      return;
    }
    // Without `next` the event goes nowhere; more of them may be in the same read.
    if (!isGone) sayGoodbye(socket, "rate");
    isGone = true;
  });
}
