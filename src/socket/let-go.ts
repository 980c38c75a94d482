import type { Server as HttpServer } from "node:http";
import type { LineServer, LineSocket } from "./wire.ts";

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

/**
 * Engine.IO closes a client that does not answer its ping by asking, and ws waits half a minute for the answer of one
 * that is not there. The member is private to Engine.IO: without it, that stays so.
 */
export function limitCloses(io: LineServer, httpServer: HttpServer): void {
  const limit = () => {
    const webSockets: unknown = Reflect.get(io.engine, "ws");
    if (typeof webSockets !== "object" || webSockets === null || !("options" in webSockets)) return;
    const { options } = webSockets;
    if (typeof options === "object" && options !== null) Reflect.set(options, "closeTimeout", LAST_WORDS_MS);
  };
  limit();
  // Engine.IO makes itself a new one when the server begins to listen.
  httpServer.on("listening", limit);
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
