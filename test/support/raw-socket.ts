import { request } from "node:http";
import type { Duplex } from "node:stream";

/** A client's end of a WebSocket that reads only when told to. */
export async function openRawSocket(url: string, headers: Record<string, string> = {}): Promise<Duplex> {
  const upgrade = request(`${url}/socket.io/?EIO=4&transport=websocket`, {
    headers: {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
      ...headers,
    },
  });
  const upgraded = new Promise<Duplex>((resolve) => {
    upgrade.once("upgrade", (_response, socket) => resolve(socket));
  });
  upgrade.end();
  return await upgraded;
}

/** A text frame of at most 125 bytes, masked with zeros as a client may. */
export function toClientFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}

/** The frames that a server sent, as they come: the first byte with its flags, and the payload as it is. */
export function hearFrames(socket: Duplex): { first: number; payload: Buffer }[] {
  const frames: { first: number; payload: Buffer }[] = [];
  let rest = Buffer.alloc(0);
  socket.on("data", (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      if (rest.length < 2) return;
      const short = rest.readUInt8(1);
      const header = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (rest.length < header) return;
      const length =
        header === 2 ? short : header === 4 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
      if (rest.length < header + length) return;
      frames.push({ first: rest.readUInt8(0), payload: rest.subarray(header, header + length) });
      rest = rest.subarray(header + length);
    }
  });
  return frames;
}
