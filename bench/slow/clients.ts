import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { SLOW_DOORS, type SlowDoor, toClients } from "./messages.ts";

/**
 * Clients that read nothing, in a process of their own: what they cost themselves must not fall on the changes that
 * are measured.
 */
const port = Number(process.argv[2]);
const sockets: Socket[] = [];

const WS_HEAD =
  "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const SUBSCRIBE = '420["subscribe",{"line":"main","limit":1}]';

/** Opens a connection by the door as any client does, and from then on reads nothing. */
async function openSlow(door: SlowDoor): Promise<Socket> {
  switch (door) {
    case "websocket":
      return await openWebSocket();
    case "polling":
      return await openPolling();
    case "events":
      return await ask("/v1/lines/main/events?limit=1", { until: "event: tick" });
    case "poll":
      return await ask("/v1/lines/main/deltas?wait=25", { until: "HTTP/1.1 200" });
  }
}

async function openWebSocket(): Promise<Socket> {
  const path = "/socket.io/?EIO=4&transport=websocket";
  const socket = await ask(path, { head: WS_HEAD, until: '0{"sid"', isKept: true });
  await say(socket, toFrame("40"), '40{"sid"');
  await say(socket, toFrame(SUBSCRIBE), "430[");
  return socket.pause();
}

async function openPolling(): Promise<Socket> {
  const url = `http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`;
  const opened = await (await fetch(url)).text();
  const [, sid] = /"sid":"([^"]+)"/.exec(opened) ?? [];
  const session = `${url}&sid=${sid}`;
  for (const body of ["40", SUBSCRIBE]) {
    await fetch(session, { method: "POST", body });
    await (await fetch(session)).text();
  }
  return await ask(new URL(session).pathname + new URL(session).search, {});
}

interface Asking {
  head?: string;
  /** Read until this has come. */
  until?: string;
  /** There is more to say. */
  isKept?: boolean;
}

async function ask(path: string, { head = "", until, isKept }: Asking): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  await say(socket, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${head}\r\n`, until);
  return isKept === true ? socket : socket.pause();
}

async function say(socket: Socket, words: string | Buffer, until: string | undefined): Promise<void> {
  socket.write(words);
  if (until === undefined) return;
  let heard = "";
  await new Promise<void>((resolve, reject) => {
    const hear = (bytes: Buffer) => {
      heard += bytes.toString("latin1");
      if (!heard.includes(until)) return;
      socket.off("data", hear);
      resolve();
    };
    socket.on("data", hear);
    socket.once("close", () => reject(new Error(`the server closed before it said ${until}`)));
  });
}

function toFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}

process.on("message", (raw) => {
  const wanted = toClients.parse(raw);
  void answer(wanted);
});

async function answer(wanted: Partial<Record<SlowDoor, number>>): Promise<void> {
  for (const door of SLOW_DOORS) {
    for (let n = 0; n < (wanted[door] ?? 0); n += 1) sockets.push(await openSlow(door));
  }
  process.send?.({ opened: sockets.length });
}
process.on("disconnect", () => process.exit(0));
