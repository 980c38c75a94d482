import { once } from "node:events";
import { chmod, rm } from "node:fs/promises";
import { IncomingMessage, type Server } from "node:http";
import { Socket } from "node:net";
import { z } from "zod";
import { type GatewayWord, type PassedUpgrade, supervisorWord } from "./words.ts";

/** By name, in the order of their places: the unix socket on which each gateway hears the others. */
export const siblingPaths = z.record(z.string(), z.string());

/** What is used of `process`: the channel to the supervisor. */
interface Channel {
  send?: NodeJS.Process["send"];
  on(event: "message", listener: (message: unknown, handle: unknown) => void): unknown;
  off(event: "message", listener: (message: unknown, handle: unknown) => void): unknown;
}

interface SiblingsOptions {
  own: string;
  /** Of all gateways behind the port, this one included. */
  paths: Readonly<Record<string, string>>;
  channel: Channel;
}

/**
 * The gateways of one machine that share its port. The supervisor accepts the connections and deals them out, each as
 * a whole; a gateway listens only on a unix socket, for its siblings.
 */
export class Siblings {
  readonly own: string;
  readonly #paths: ReadonlyMap<string, string>;
  readonly #channel: Channel;
  readonly #taken = new Set<Socket>();
  #stopTaking: () => void = () => undefined;

  constructor({ own, paths, channel }: SiblingsOptions) {
    this.own = own;
    this.#paths = new Map(Object.entries(paths));
    this.#channel = channel;
  }

  get names(): readonly string[] {
    return [...this.#paths.keys()];
  }

  pathOf(gateway: string): string | undefined {
    return this.#paths.get(gateway);
  }

  /** From now on the server hears siblings, and is dealt callers. */
  async open(server: Server): Promise<void> {
    const path = this.pathOf(this.own);
    if (path === undefined) throw new Error(`${this.own} is not among its siblings`);
    // Of a predecessor that was killed.
    await rm(path, { force: true });
    server.listen(path);
    await once(server, "listening");
    await chmod(path, 0o600);
    const handle = (message: unknown, socket: unknown) => this.#handle(server, message, socket);
    this.#channel.on("message", handle);
    this.#stopTaking = () => this.#channel.off("message", handle);
    this.#say({ door: "open" });
  }

  /** No more callers, as long as there are others to take them. */
  drain(): void {
    this.#say({ door: "draining" });
  }

  /** Ends with the last caller that was dealt to this gateway. */
  async close(): Promise<void> {
    this.#stopTaking();
    for (const socket of this.#taken) await (socket.closed || once(socket, "close"));
  }

  handOver(to: string, { url = "", headers, socket }: IncomingMessage): void {
    this.#taken.delete(socket);
    leaveServer(socket);
    this.#say({ door: "hand-over", to, upgrade: { url, headers: toPlain(headers) } }, socket);
  }

  #handle(server: Server, message: unknown, socket: unknown): void {
    const word = supervisorWord.safeParse(message);
    // A caller that has gone while it was passed on arrives as no socket.
    if (!word.success || !(socket instanceof Socket)) return;
    this.#taken.add(socket);
    socket.once("close", () => this.#taken.delete(socket));
    if (word.data.door === "connection") {
      // As the HTTP server has it for what it accepts itself: a caller may close its half and await the answer.
      socket.allowHalfOpen = true;
      server.emit("connection", socket);
    } else {
      server.emit("upgrade", toRequest(socket, word.data.upgrade), socket, Buffer.alloc(0));
    }
  }

  /** A supervisor that has gone takes this process with it anyway. */
  #say(word: GatewayWord, socket?: Socket): void {
    this.#channel.send?.(word, socket, undefined, () => undefined);
  }
}

/** Else Node keeps books of every socket that is passed on, and a server would not close before all of them have. */
export function leaveServer(socket: Socket): void {
  Object.assign(socket, { server: null });
}

function toPlain(headers: IncomingMessage["headers"]): PassedUpgrade["headers"] {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function toRequest(socket: Socket, { url, headers }: PassedUpgrade): IncomingMessage {
  return Object.assign(new IncomingMessage(socket), { method: "GET", url, headers });
}
