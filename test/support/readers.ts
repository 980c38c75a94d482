import { io, type Socket } from "socket.io-client";
import type { Delta, Op } from "../../src/contract/delta.ts";
import type { LineItem } from "../../src/contract/item.ts";
import { toStateHash } from "./state-hash.ts";

interface SnapshotBody {
  kind: "snapshot";
  position: string;
  items: LineItem[];
  next: string | null;
}
interface CatchUpBody {
  kind: "catch-up";
  position: string;
  deltas: Delta[];
}
export type Answer = SnapshotBody | CatchUpBody;

/**
 * A foreign client as the protocol describes it, without any of our own client's code: what it holds after it was
 * away must be exactly the server's line. Complains at once about a gap or a revision that goes back.
 */
export class HeldLine {
  position: string | undefined;
  readonly faults: string[] = [];
  readonly #items = new Map<string, LineItem>();

  take(answer: Answer): void {
    if (answer.kind === "snapshot") {
      if (answer.next !== null) this.faults.push("the snapshot does not hold the whole line");
      this.#items.clear();
      for (const item of answer.items) this.#items.set(item.id, item);
    } else {
      for (const delta of answer.deltas) this.follow(delta);
    }
    this.position = answer.position;
  }

  follow(delta: Delta): void {
    if (this.position !== `${delta.epoch}:${delta.from}`) {
      this.faults.push(`a delta from ${delta.epoch}:${delta.from} came at ${this.position}`);
    }
    for (const op of delta.ops) this.#apply(op);
    this.position = `${delta.epoch}:${delta.to}`;
  }

  #apply(op: Op): void {
    if (op.op === "remove") {
      this.#items.delete(op.id);
      return;
    }
    const held = this.#items.get(op.item.id);
    if (held !== undefined && held.revision > op.item.revision) this.faults.push(`${op.item.id} went back`);
    this.#items.set(op.item.id, op.item);
  }

  get ids(): string[] {
    return [...this.#items.keys()];
  }

  /** As `/state` has it. */
  get sha256(): string {
    return toStateHash([...this.#items.values()]);
  }
}

export interface Reader {
  door: string;
  held: HeldLine;
  /** Cuts it off, as a closed laptop does. */
  cut(): void;
  /** Comes back with the position it has, and goes on. */
  comeBack(): Promise<void>;
  close(): void;
}

const ALL = 200;

/** Over Socket.IO; comes back by itself when the server goes away. */
export async function readBySocket(url: string, line: string): Promise<Reader> {
  const held = new HeldLine();
  const socket: Socket = io(url, {
    transports: ["websocket"],
    reconnectionDelay: 100,
    reconnectionDelayMax: 500,
    forceNew: true,
  });
  const subscribe = async () => {
    const since = held.position === undefined ? {} : { since: held.position };
    const answer = await socket.emitWithAck("subscribe", { line, limit: ALL, ...since });
    if ("error" in answer) held.faults.push(answer.error.code);
    else held.take(answer);
  };
  socket.on("delta", (delta: Delta) => held.follow(delta));
  socket.on("reset", () => void subscribe());
  const first = new Promise<void>((resolve) => socket.once("connect", () => void subscribe().then(resolve)));
  await first;
  socket.on("connect", () => void subscribe());
  return {
    door: "Socket.IO",
    held,
    cut: () => void socket.disconnect(),
    comeBack: async () => void socket.connect(),
    close: () => void socket.disconnect(),
  };
}

/** By JSON long polls. */
export async function readByPoll(url: string, line: string): Promise<Reader> {
  const held = new HeldLine();
  let ending = new AbortController();
  const ask = async (wait: number) => {
    const since = held.position === undefined ? "" : `&since=${held.position}`;
    const response = await fetch(`${url}/v1/lines/${line}/deltas?wait=${wait}&limit=${ALL}${since}`, {
      signal: ending.signal,
    });
    if (!response.ok) throw new Error(`the poll got ${response.status}`);
    held.take(await response.json());
  };
  const follow = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      try {
        await ask(25);
      } catch {
        // The server is away or we are cut off: a poller simply asks again.
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  };
  await ask(0);
  void follow(ending.signal);
  return {
    door: "long poll",
    held,
    cut: () => ending.abort(),
    comeBack: async () => {
      ending = new AbortController();
      void follow(ending.signal);
    },
    close: () => ending.abort(),
  };
}

/** By server-sent events, the stream read by hand as a browser does. */
export async function readByEvents(url: string, line: string): Promise<Reader> {
  const held = new HeldLine();
  let ending = new AbortController();
  const handle = (event: string, data: string, onSnapshot: () => void) => {
    if (event === "snapshot") held.take({ kind: "snapshot", ...JSON.parse(data) });
    if (event === "delta") held.follow(JSON.parse(data));
    if (event === "snapshot" || event === "delta" || event === "tick") onSnapshot();
  };
  const connect = async (onFirst: () => void, signal: AbortSignal) => {
    const headers = held.position === undefined ? {} : { "Last-Event-ID": held.position };
    const response = await fetch(`${url}/v1/lines/${line}/events?limit=${ALL}`, { headers, signal });
    if (!response.ok || response.body === null) throw new Error(`the events got ${response.status}`);
    let text = "";
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const fields = new Map(
          text
            .slice(0, end)
            .split("\n")
            .map((row) => [row.slice(0, row.indexOf(":")), row.slice(row.indexOf(":") + 1).trim()]),
        );
        handle(fields.get("event") ?? "", fields.get("data") ?? "", onFirst);
        text = text.slice(end + 2);
      }
    }
  };
  const follow = async (onFirst: () => void, signal: AbortSignal) => {
    while (!signal.aborted) {
      // Whether it ended or failed, an EventSource connects again with the last id.
      await connect(onFirst, signal).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  await new Promise<void>((resolve) => void follow(resolve, ending.signal));
  return {
    door: "server-sent events",
    held,
    cut: () => ending.abort(),
    comeBack: async () => {
      ending = new AbortController();
      void follow(() => undefined, ending.signal);
    },
    close: () => ending.abort(),
  };
}
