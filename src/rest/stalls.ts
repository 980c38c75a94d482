import type { Server } from "node:http";

/** Longer than a long poll waits, and than an event stream is silent. */
const STALL_MS = 60_000;

/**
 * Ends connections on which nothing has moved for so long. A client that asks for a long answer and does not read it
 * would otherwise keep it, and its connection, until its machine is switched off. WebSockets have their pings.
 */
export function limitStalls(server: Server, stallMs = STALL_MS): void {
  server.setTimeout(stallMs);
}
