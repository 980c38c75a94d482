import type { Channel } from "../contract/names.ts";
import { TICK_SECONDS } from "../contract/protocol.ts";
import type { Tick } from "../contract/socket.ts";
import type { LineView } from "../stream/line-view.ts";
import type { LineViews } from "../stream/line-views.ts";
import { Bursts } from "./bursts.ts";
import { Followers } from "./followers.ts";
import { type PrebuiltFrames, toPrebuilt } from "./prebuilt-frames.ts";
import { toEventPacket } from "./ready-json.ts";
import { AUDIENCES, type DownReady, type LineServer, NAMESPACES } from "./wire.ts";

export function toTick(views: LineViews, view: LineView): Tick {
  const { line, epoch, offset } = view;
  return { line, epoch, offset, at: new Date().toISOString(), ...views.live };
}

export interface Broadcast {
  /** To be called in the same step as joining the channel's room: at which offset the socket was answered. */
  join: (channel: Channel, socketId: string, offset: number) => void;
  stop: () => void;
}

interface BroadcastOptions {
  views: LineViews;
  frames: PrebuiltFrames;
  onWritten: (bytes: number) => void;
}

/** Tells every subscriber what happens to its lines. */
export function broadcastLines(io: LineServer, { views, frames, onWritten }: BroadcastOptions): Broadcast {
  const followers = new Followers(io);
  const write = (message: Message, toText: () => string) => {
    const { channel, event, to, except } = message;
    const targets = followers.of(channel);
    // Otherwise a packet would be made for nobody.
    if (targets === undefined) return;
    const text = toText();
    const audience = channel.startsWith("desk:") ? "desk" : "public";
    // What only editors may know is not compressed together with what strangers wrote (CRIME, BREACH).
    const packet = toPrebuilt(toEventPacket(NAMESPACES[audience], event, text), audience === "public");
    if (to === undefined) {
      for (const [id, target] of targets) if (except?.has(id) !== true) frames.send(target, packet);
    } else {
      for (const id of to) {
        const target = targets.get(id);
        if (target !== undefined) frames.send(target, packet);
      }
    }
    onWritten(text.length);
  };
  const reset = (channel: Channel, line: string, reason: string) => {
    bursts.forget(channel);
    write({ channel, event: "reset" }, () => JSON.stringify({ line, reason }));
    // Nothing more comes until they subscribe again.
    for (const audience of AUDIENCES) io.of(NAMESPACES[audience]).in(channel).socketsLeave(channel);
  };
  const bursts = new Bursts({
    send: ({ channel, json, except, own }) => {
      write({ channel, event: "delta", except }, () => json);
      for (const { json: rest, socketIds } of own) {
        write({ channel, event: "delta", to: socketIds }, () => rest);
      }
    },
    overrun: (channel, line) => reset(channel, line, "overrun"),
  });
  const tickAll = () => {
    for (const view of views.all()) {
      // A tick ahead of what a client has got tells it that it has lost something.
      bursts.flush(view.channel);
      write({ channel: view.channel, event: "tick" }, () => JSON.stringify(toTick(views, view)));
    }
  };
  const stops = [
    views.onDelta((delta) => bursts.add(delta)),
    views.onReset(({ view: { channel, line }, reason }) => reset(channel, line, reason)),
    views.onLive(tickAll),
    () => bursts.close(),
  ];
  const timer = setInterval(tickAll, TICK_SECONDS * 1_000);
  return {
    join: (channel, socketId, offset) => bursts.join(channel, socketId, offset),
    stop() {
      clearInterval(timer);
      for (const stop of stops) stop();
    },
  };
}

interface Message {
  channel: Channel;
  event: keyof DownReady;
  /** Socket ids; everybody in the channel's room if not given. */
  to?: readonly string[];
  except?: ReadonlySet<string>;
}
