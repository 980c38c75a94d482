/**
 * Pings by one timer for all connections, each as a frame that was built once. Engine.IO keeps a timer for each
 * connection, makes another with every ping, and sends a ping as it sends any packet; what that leaves to the garbage
 * collector costs ten thousand idle readers more than everything else that is done for them.
 * See docs/decisions/0015-heartbeats.md.
 *
 * To a client nothing changes: it is pinged as often as its handshake said, and closed for the same silence. What is
 * private in Engine.IO is looked for at every connection; where it is not found, Engine.IO pings by itself, as it would.
 */
import type { Logger } from "../log.ts";
import { isObject } from "./is-object.ts";
import { FrameTarget, type PrebuiltFrames, toTextFrame } from "./prebuilt-frames.ts";
import type { LineServer, LineSocket } from "./wire.ts";

type Connection = LineSocket["conn"];

/** What a client is told when it connects. */
export const PING_INTERVAL_MS = 20_000;
export const PING_TIMEOUT_MS = 15_000;

/** A connection that pings by itself has this. */
const OWN_TIMER = "pingIntervalTimer";
const PING = toTextFrame("2");
/** How finely pings are spread over their interval: each of these is one turn of the timer. */
const TURNS = 20;

export class Heartbeats {
  readonly #options: { readonly pingInterval?: number; readonly pingTimeout?: number };
  readonly #frames: PrebuiltFrames;
  readonly #log: Logger | undefined;
  /** By the turn in which they are pinged; who has left is dropped then. */
  readonly #turns = Array.from({ length: TURNS }, () => new Map<Connection, FrameTarget>());
  /** Who was pinged and has not been heard of since, and from when on; the longest first. */
  readonly #silent = new Map<Connection, number>();
  /** One function for all of them: whatever is heard of a client is a sign of life. */
  readonly #onPacket: (this: Connection) => void;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasWarned = false;

  constructor(io: LineServer, frames: PrebuiltFrames, log: Logger | undefined) {
    this.#options = io.engine.opts;
    this.#frames = frames;
    this.#log = log;
    const silent = this.#silent;
    this.#onPacket = function onPacket() {
      silent.delete(this);
    };
    io.engine.on("connection", (connection: Connection) => this.#adopt(connection));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #adopt(connection: Connection): void {
    const pinged = toPinged(connection);
    if (pinged === undefined) return this.#warn();
    clearTimeout(pinged[OWN_TIMER]);
    pinged[OWN_TIMER] = undefined;
    connection.on("packet", this.#onPacket);
    // The turn that was last: its first ping comes after a whole interval, as Engine.IO's would.
    this.#turns[this.#turn]?.set(connection, new FrameTarget(connection));
    this.#timer ??= this.#wait();
  }

  #wait(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#beat(), (this.#options.pingInterval ?? PING_INTERVAL_MS) / TURNS);
  }

  #beat(): void {
    const nowMs = performance.now();
    const patienceMs = this.#options.pingTimeout ?? PING_TIMEOUT_MS;
    for (const [connection, sinceMs] of this.#silent) {
      if (nowMs - sinceMs < patienceMs) break;
      this.#silent.delete(connection);
      toPinged(connection)?.onClose("ping timeout");
    }
    this.#turn = (this.#turn + 1) % TURNS;
    const turn = this.#turns[this.#turn] ?? new Map<Connection, FrameTarget>();
    for (const [connection, target] of turn) {
      if (connection.readyState === "closed") turn.delete(connection);
      else this.#ping(connection, target, nowMs);
    }
    this.#timer = this.#turns.some(({ size }) => size > 0) ? this.#wait() : undefined;
  }

  #ping(connection: Connection, target: FrameTarget, nowMs: number): void {
    // Who has not answered the last one is waited for since then.
    if (!this.#silent.has(connection)) this.#silent.set(connection, nowMs);
    if (!this.#frames.write(target, PING)) toPinged(connection)?.sendPacket("ping");
  }

  #warn(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#log?.warn(
      "This engine.io has other members than News Line was tested with: it pings each client by itself, which costs more. See docs/decisions/0015-heartbeats.md.",
    );
  }
}

interface Pinged {
  [OWN_TIMER]: ReturnType<typeof setTimeout> | undefined;
  sendPacket: (type: "ping") => void;
  onClose: (reason: string) => void;
}

function toPinged(connection: unknown): Pinged | undefined {
  return isPinged(connection) ? connection : undefined;
}

function isPinged(connection: unknown): connection is Pinged {
  return (
    isObject(connection) &&
    OWN_TIMER in connection &&
    "sendPacket" in connection &&
    typeof connection.sendPacket === "function" &&
    "onClose" in connection &&
    typeof connection.onClose === "function"
  );
}
