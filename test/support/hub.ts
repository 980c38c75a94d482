import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface Asked {
  mode: string;
  topic: string;
  callback: string;
  secret?: string;
  leaseSeconds?: string;
}

/** A WebSub hub that somebody else runs: over real HTTP, on the loopback address. */
export interface Hub {
  readonly url: string;
  /** Every question to it, the oldest first. */
  readonly asked: Asked[];
  /** How it answers the next questions; 202 to begin with. */
  status: number;
  /** Where it sends whoever asks, with 307. */
  redirect: string | undefined;
  /** The lease it gives. */
  leaseSeconds: number;
  /** Asks the callback of the last question whether it was meant; gives what it answered. */
  verify(changes?: Record<string, string>): Promise<{ status: number; body: string }>;
  /** Sends content to the last callback, signed as `method` says, or with `signature` as it is. */
  push(body: string, options?: PushOptions): Promise<number>;
  close(): Promise<void>;
}

interface PushOptions {
  method?: string;
  signature?: string | undefined;
  contentType?: string;
}

export async function startHub(): Promise<Hub> {
  const asked: Asked[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = await readForm(request);
    if (hub.redirect === undefined) asked.push(toAsked(form));
    if (hub.redirect === undefined) response.writeHead(hub.status).end();
    else response.writeHead(307, { location: hub.redirect }).end();
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const last = (): Asked => {
    const one = asked.at(-1);
    if (one === undefined) throw new Error("nobody has asked yet");
    return one;
  };
  const hub: Hub = {
    url: `http://127.0.0.1:${address.port}/hub`,
    asked,
    status: 202,
    redirect: undefined,
    leaseSeconds: 86_400,
    async verify(changes = {}) {
      const { mode, topic, callback } = last();
      const url = new URL(callback);
      const question = {
        "hub.mode": mode,
        "hub.topic": topic,
        "hub.challenge": "a challenge & more",
        ...(mode === "subscribe" && { "hub.lease_seconds": String(hub.leaseSeconds) }),
        ...changes,
      };
      for (const [name, value] of Object.entries(question)) url.searchParams.set(name, value);
      const response = await fetch(url);
      return { status: response.status, body: await response.text() };
    },
    async push(body, { method = "sha256", contentType = "application/rss+xml", ...options } = {}) {
      const { callback, secret = "" } = last();
      const signature =
        "signature" in options
          ? options.signature
          : `${method}=${createHmac(method, secret).update(body).digest("hex")}`;
      const headers = {
        "content-type": contentType,
        ...(signature !== undefined && { "x-hub-signature": signature }),
      };
      return (await fetch(callback, { method: "POST", headers, body })).status;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return hub;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text);
}

function toAsked(form: URLSearchParams): Asked {
  const secret = form.get("hub.secret");
  const leaseSeconds = form.get("hub.lease_seconds");
  return {
    mode: form.get("hub.mode") ?? "",
    topic: form.get("hub.topic") ?? "",
    callback: form.get("hub.callback") ?? "",
    ...(secret !== null && { secret }),
    ...(leaseSeconds !== null && { leaseSeconds }),
  };
}
