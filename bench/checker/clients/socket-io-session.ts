import { z } from "zod";
import { parseAnswer, parseEvent } from "./said.ts";
import { ANSWER_MS, type Talk } from "./talk.ts";

interface Wire {
  send: (packet: string) => void;
  end: (why: string) => void;
}

const event = z.tuple([z.string(), z.unknown()]);
const ack = z.tuple([z.unknown()]);
const PACKET = /^4([0-9])(\d*)(.*)$/s;

/** One connection to the public namespace, packet by packet, over whatever carries them. */
export class SocketIoSession {
  readonly #talk: Talk;
  readonly #wire: Wire;
  #asked = 0;
  #late: NodeJS.Timeout | undefined;

  constructor(talk: Talk, wire: Wire) {
    this.#talk = talk;
    this.#wire = wire;
  }

  /** An Engine.IO packet. */
  take(packet: string): void {
    if (packet === "2") this.#wire.send("3");
    else if (packet.startsWith("0")) this.#wire.send("40");
    else if (packet === "1") this.#wire.end("closed by the server");
    else if (packet.startsWith("4")) this.#takeMessage(packet);
  }

  #takeMessage(packet: string): void {
    const [, type, id = "", json = ""] = PACKET.exec(packet) ?? [];
    if (type === "0") this.#subscribe();
    else if (type === "1" || type === "4") this.#wire.end("sent away");
    else if (type === "2") this.#takeEvent(json);
    // An answer to an earlier question is still true: but what follows it belongs to the later one.
    else if (type === "3" && Number(id) === this.#asked) this.#takeAnswer(json);
  }

  #subscribe(): void {
    const { line, limit } = this.#talk;
    const since = this.#talk.ask();
    this.#asked += 1;
    const request = JSON.stringify({ line, limit, ...(since !== undefined && { since }) });
    this.#wire.send(`42${this.#asked}["subscribe",${request}]`);
    clearTimeout(this.#late);
    this.#late = setTimeout(() => this.#wire.end("no acknowledgement came"), ANSWER_MS);
  }

  #takeAnswer(json: string): void {
    clearTimeout(this.#late);
    const said = parseAnswer(ack.parse(JSON.parse(json))[0]);
    const isWhole = this.#talk.hear(said);
    if (said.kind === "refused") this.#wire.end(said.code);
    else if (!isWhole) this.#subscribe();
  }

  #takeEvent(json: string): void {
    const [name, payload] = event.parse(JSON.parse(json));
    const said = parseEvent(name, payload);
    if (said === undefined) return;
    const isWhole = this.#talk.hear(said);
    if (said.kind === "reset" || !isWhole) this.#subscribe();
  }

  close(): void {
    clearTimeout(this.#late);
  }
}
