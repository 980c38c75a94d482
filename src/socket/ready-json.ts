/**
 * JSON that is written once and sent to many: the views hold text, and this carries it through Socket.IO, which
 * would otherwise parse nothing but stringify for every ack. How text becomes a packet is known here only.
 */
import { Decoder, Encoder, type Packet, PacketType } from "socket.io-parser";

export class ReadyJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The payload of an acknowledgement that is not encoded: `send` gets the packet up to it, and sends the whole. */
export class SelfSent {
  readonly send: (start: string) => void;

  constructor(send: (start: string) => void) {
    this.send = send;
  }
}

class ReadyEncoder extends Encoder {
  override encode(packet: Packet): (string | Buffer)[] {
    const { type, data } = packet;
    if (type === PacketType.ACK && Array.isArray(data) && data[0] instanceof SelfSent) {
      data[0].send(toStart(packet));
      return [];
    }
    const isMessage = type === PacketType.EVENT || type === PacketType.ACK;
    if (!isMessage || !Array.isArray(data) || !data.some(isReady)) return super.encode(packet);
    const parts = data.map((part: unknown) => (isReady(part) ? part.text : JSON.stringify(part)));
    return [`${toStart(packet)}${parts.join(",")}]`];
  }
}

/** The packet of an event with one payload, for everybody on the namespace. */
export function toEventPacket(namespace: string, event: string, text: string): string {
  return `${PacketType.EVENT}${toPrefix(namespace)}["${event}",${text}]`;
}

function toStart({ type, nsp, id }: Packet): string {
  return `${type}${toPrefix(nsp)}${id ?? ""}[`;
}

function toPrefix(namespace: string): string {
  return namespace === "/" ? "" : `${namespace},`;
}

function isReady(part: unknown): part is ReadyJson {
  return part instanceof ReadyJson;
}

/** For Socket.IO's option `parser`. Clients see the standard protocol. */
export const readyParser = { Encoder: ReadyEncoder, Decoder };
