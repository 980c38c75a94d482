import type { Channel } from "../contract/names.ts";
import { FrameTarget } from "./prebuilt-frames.ts";
import { AUDIENCES, type LineServer, NAMESPACES } from "./wire.ts";

/**
 * Who follows each channel, as what frames are sent to. The adapter's rooms hold socket ids only: to look up a socket
 * and its connection for each id costs a delivery to thousands a tenth of its time.
 */
export class Followers {
  readonly #channels = new Map<string, Map<string, FrameTarget>>();

  constructor(io: LineServer) {
    for (const audience of AUDIENCES) {
      const { adapter, sockets } = io.of(NAMESPACES[audience]);
      adapter.on("join-room", (room: string, id: string) => {
        const socket = sockets.get(id);
        // A socket's own room, before it is connected, is no channel.
        if (socket !== undefined && room !== id) this.#add(room, id, new FrameTarget(socket.conn));
      });
      adapter.on("leave-room", (room: string, id: string) => this.#remove(room, id));
    }
  }

  /** By socket id; undefined if nobody follows it. */
  of(channel: Channel): ReadonlyMap<string, FrameTarget> | undefined {
    return this.#channels.get(channel);
  }

  #add(room: string, id: string, target: FrameTarget): void {
    const targets = this.#channels.get(room);
    if (targets === undefined) this.#channels.set(room, new Map([[id, target]]));
    else targets.set(id, target);
  }

  #remove(room: string, id: string): void {
    const targets = this.#channels.get(room);
    if (targets?.delete(id) === true && targets.size === 0) this.#channels.delete(room);
  }
}
