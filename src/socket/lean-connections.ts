/**
 * Lets go what an open connection needs no longer: the request that opened it, with all its headers; the response that
 * Engine.IO made up for an upgrade; listeners that can never be called again; and the room that Socket.IO makes for
 * every single socket. See docs/decisions/0012-lean-connections.md for what each of them weighs.
 *
 * What is private in Engine.IO and ws is only looked for: where it is not found, nothing is freed and nothing breaks.
 */
import { EventEmitter } from "node:events";
import type { LineServer, LineSocket } from "./wire.ts";

type Connection = LineSocket["conn"];

/** Of no use to anybody once a socket was let into its namespace. */
const NO_HANDSHAKE = Object.freeze({});

export function keepLean(io: LineServer): void {
  io.engine.on("connection", (connection: Connection) => {
    const { transport } = connection;
    if (transport.name === "websocket") freeUpgrade(transport);
    else connection.once("upgrade", freeUpgrade);
  });
}

/** To be called when a namespace has let the socket in. */
export function slimDown(socket: LineSocket): void {
  const { conn, request } = socket;
  // Nobody sends to a single socket by a room.
  void socket.leave(socket.id);
  Reflect.set(socket, "handshake", NO_HANDSHAKE);
  const { host, origin } = request.headers;
  // What the door of another namespace looks at, and Socket.IO for its handshake there.
  Reflect.set(conn, "request", { headers: { host, origin }, connection: {} });
}

function freeUpgrade(transport: Connection["transport"]): void {
  // Only a long poll tells of its headers.
  transport.removeAllListeners("headers");
  const ws: unknown = Reflect.get(transport, "socket");
  if (!(ws instanceof EventEmitter)) return;
  dropListeners(ws, "error", ({ name }) => name === "onUpgradeError");
  const tcp: unknown = Reflect.get(ws, "_socket");
  // Engine.IO's response waits with `once` for the end, to tell middlewares that are long done; ws and Node with `on`.
  if (tcp instanceof EventEmitter) dropListeners(tcp, "close", (listener) => "listener" in listener);
}

type Listener = (...args: unknown[]) => void;

function dropListeners(emitter: EventEmitter, event: string, isDone: (listener: Listener) => boolean): void {
  for (const listener of emitter.rawListeners(event)) {
    if (isListener(listener) && isDone(listener)) emitter.removeListener(event, listener);
  }
}

function isListener(value: unknown): value is Listener {
  return typeof value === "function";
}
