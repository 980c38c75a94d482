import { type Channel, toChannel } from "../contract/names.ts";
import { TICK_SECONDS } from "../contract/protocol.ts";
import type { Tick } from "../contract/socket.ts";
import type { LineView } from "../stream/line-view.ts";
import type { LineViews } from "../stream/line-views.ts";
import { ReadyJson } from "./ready-json.ts";
import { AUDIENCES, type DownReady, type LineServer, NAMESPACES } from "./wire.ts";

export function toTick(views: LineViews, view: LineView): Tick {
  const { line, epoch, offset } = view;
  return { line, epoch, offset, at: new Date().toISOString(), ...views.live };
}

/** Tells every subscriber what happens to its lines. Gives back what stops it. */
export function broadcastLines(
  io: LineServer,
  views: LineViews,
  onWritten: (bytes: number) => void,
): () => void {
  const send = (channel: Channel, event: keyof DownReady, toText: () => string) => {
    const namespace = io.of(NAMESPACES[channel.startsWith("desk:") ? "desk" : "public"]);
    // Otherwise a packet would be made for nobody.
    if (!namespace.adapter.rooms.has(channel)) return;
    const text = toText();
    namespace.to(channel).emit(event, new ReadyJson(text));
    onWritten(text.length);
  };
  const tickAll = () => {
    for (const view of views.all()) {
      send(view.channel, "tick", () => JSON.stringify(toTick(views, view)));
    }
  };
  const stops = [
    views.onDelta(({ channel, json }) => send(channel, "delta", () => json)),
    views.onReset(({ view: { channel, line }, reason }) => {
      send(channel, "reset", () => JSON.stringify({ line, reason }));
      // Nothing more comes until they subscribe again.
      for (const audience of AUDIENCES) io.of(NAMESPACES[audience]).in(channel).socketsLeave(channel);
    }),
    views.onLive(tickAll),
  ];
  const timer = setInterval(tickAll, TICK_SECONDS * 1_000);
  return () => {
    clearInterval(timer);
    for (const stop of stops) stop();
  };
}

/** How many follow each line, readers and desk. */
export function countReaders(io: LineServer, views: LineViews): Record<string, number> {
  const readers: Record<string, number> = {};
  for (const { line } of views.lines()) {
    readers[line] = 0;
    for (const audience of AUDIENCES) {
      const rooms = io.of(NAMESPACES[audience]).adapter.rooms;
      readers[line] += rooms.get(toChannel(audience, line))?.size ?? 0;
    }
  }
  return readers;
}
