import { type ClientRequest, get, type IncomingMessage } from "node:http";

export interface StreamEvent {
  event: string;
  id: string | undefined;
  data: unknown;
}

/** A reader of server-sent events as simple as the format. */
export class EventReader {
  readonly events: StreamEvent[] = [];
  readonly ended: Promise<void>;
  readonly response: Promise<IncomingMessage>;
  readonly #request: ClientRequest;

  constructor(url: string, options: { lastEventId?: string; onEvent?: (event: StreamEvent) => void } = {}) {
    const { lastEventId, onEvent } = options;
    const headers = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
    this.#request = get(url, { headers });
    this.response = new Promise((resolve, reject) => {
      this.#request.once("response", resolve);
      this.#request.once("error", reject);
    });
    this.response.catch(() => undefined);
    this.ended = this.#read(onEvent).catch(() => undefined);
  }

  async #read(onEvent: ((event: StreamEvent) => void) | undefined): Promise<void> {
    let rest = "";
    for await (const chunk of (await this.response).setEncoding("utf8")) {
      const blocks = `${rest}${chunk}`.split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parseBlock(block);
        if (event === undefined) continue;
        this.events.push(event);
        onEvent?.(event);
      }
    }
  }

  named(name: string): StreamEvent[] {
    return this.events.filter(({ event }) => event === name);
  }

  close(): void {
    this.#request.destroy();
  }
}

function parseBlock(block: string): StreamEvent | undefined {
  const fields = new Map(block.split("\n").map((line) => [line.split(": ")[0], line.replace(/^\w+: /, "")]));
  const [event, data] = [fields.get("event"), fields.get("data")];
  if (event === undefined || data === undefined) return undefined;
  return { event, id: fields.get("id"), data: JSON.parse(data) };
}
