import type { DefaultEventsMap, Server, Socket } from "socket.io";
import type { Audience } from "../contract/names.ts";
import type { Position } from "../contract/position.ts";
import type { DownEvents } from "../contract/socket.ts";
import type { Identity } from "../store/tokens.ts";
import type { ReadyJson } from "./ready-json.ts";

/** What arrives is unknown until it is parsed; the acknowledgement may be missing. */
export interface UpUnknown {
  subscribe: (request: unknown, ack: unknown) => void;
  unsubscribe: (request: unknown, ack: unknown) => void;
  seen: (report: unknown) => void;
}

/** What is sent is text that was made once. */
export type DownReady = { [E in keyof DownEvents]: (payload: ReadyJson) => void };

export interface SocketData {
  /** On the desk's namespace only. */
  caller?: Identity;
  token?: string;
  /** By line: what the screen last said that it shows, and when. */
  shown?: Map<string, Position & { atMs: number }>;
}

export type LineServer = Server<UpUnknown, DownReady, DefaultEventsMap, SocketData>;
export type LineSocket = Socket<UpUnknown, DownReady, DefaultEventsMap, SocketData>;

export const NAMESPACES = { public: "/", desk: "/desk" } as const satisfies Record<Audience, string>;
export const AUDIENCES = ["public", "desk"] as const;
