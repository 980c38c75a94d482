import type { LineSocket } from "./wire.ts";

/** What was written last gets this long to arrive. */
const LAST_WORDS_MS = 2_000;

/**
 * Closes a connection, by force if asking does not do it: a client that reads nothing never sees the close, and some
 * answer it but keep their side open, which would hold up the end of a gateway for half a minute.
 */
export function letGo(connection: LineSocket["conn"]): void {
  const webSocket: unknown = Reflect.get(connection.transport, "socket");
  connection.close();
  if (isWebSocket(webSocket)) {
    // Engine.IO takes the connection for closed before the WebSocket is.
    const timer = setTimeout(() => webSocket.terminate(), LAST_WORDS_MS);
    webSocket.once("close", () => clearTimeout(timer));
  } else {
    const timer = setTimeout(() => connection.close(true), LAST_WORDS_MS);
    connection.once("close", () => clearTimeout(timer));
  }
}

interface Terminable {
  terminate: () => void;
  once: (event: "close", listener: () => void) => void;
}

/** The member is private to Engine.IO: without it a connection is only asked to close. */
function isWebSocket(value: unknown): value is Terminable {
  return (
    typeof value === "object" &&
    value !== null &&
    "terminate" in value &&
    typeof value.terminate === "function" &&
    "once" in value &&
    typeof value.once === "function"
  );
}
