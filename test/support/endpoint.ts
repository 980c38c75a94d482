import { createServer, type IncomingMessage, type RequestListener } from "node:http";

export interface Endpoint {
  /** No slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Every request that came, the oldest first, and when (ms since 1970). */
  readonly requests: { at: number; path: string; headers: IncomingMessage["headers"] }[];
  /** What answers from now on. */
  answer(listener: RequestListener): void;
  close(): Promise<void>;
}

/** A web server that somebody else runs: on the loopback address, at a free port. */
export async function startEndpoint(listener: RequestListener, host = "127.0.0.1"): Promise<Endpoint> {
  let current = listener;
  const requests: Endpoint["requests"] = [];
  const server = createServer((request, response) => {
    requests.push({ at: Date.now(), path: request.url ?? "", headers: request.headers });
    current(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    requests,
    answer(next) {
      current = next;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
