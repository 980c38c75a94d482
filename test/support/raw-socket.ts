import { request } from "node:http";
import type { Duplex } from "node:stream";

/** A client's end of a WebSocket that reads only when told to. */
export async function openRawSocket(url: string): Promise<Duplex> {
  const upgrade = request(`${url}/socket.io/?EIO=4&transport=websocket`, {
    headers: {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
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
