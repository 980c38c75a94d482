import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import express from "express";
import { io as connect, type Socket } from "socket.io-client";
import type { Position } from "../../src/contract/position.ts";
import type { DownEvents, SubscribeAck, SubscribeRequest, UpEvents } from "../../src/contract/socket.ts";
import { createLog } from "../../src/log.ts";
import { connectRedis } from "../../src/redis/connect.ts";
import { handleErrors, handleUnknown } from "../../src/rest/errors.ts";
import type { Identify } from "../../src/rest/public/callers.ts";
import { createPublicRouter, type PublicRouter } from "../../src/rest/public/router.ts";
import { createOriginCheck } from "../../src/socket/origin.ts";
import { attachSockets, type SocketOptions, type Sockets } from "../../src/socket/sockets.ts";
import { toKeys } from "../../src/store/keys.ts";
import { createLineViews, type LineViews } from "../../src/stream/line-views.ts";
import type { TestStore } from "./store.ts";

export type Client = Socket<DownEvents, UpEvents>;

/** The reading side of a gateway on a port of its own: views, sockets, public door. */
export interface ReadingGateway {
  readonly views: LineViews;
  readonly sockets: Sockets;
  readonly door: PublicRouter;
  readonly url: string;
  readonly server: Server;
  readonly connect: (options?: Parameters<typeof connect>[1], namespace?: string) => Promise<Client>;
  readonly close: () => Promise<void>;
}

export interface GatewayOverrides extends Partial<SocketOptions> {
  port?: number;
  identify?: Identify;
}

export async function startGateway(
  store: TestStore,
  overrides: GatewayOverrides = {},
): Promise<ReadingGateway> {
  const client = connectRedis(store.redis.target, "fail-fast");
  await once(client, "ready");
  const edition = { redis: client, keys: toKeys(store.edition.keys.edition) };
  const views = createLineViews(edition, { target: store.redis.target });
  views.start();
  await views.ready;
  const app = express();
  const { identify } = overrides;
  const door = createPublicRouter(views, edition, { ...(identify !== undefined && { identify }) });
  app.use(door, handleUnknown(), handleErrors(createLog("silent", "gateway")));
  const server = createServer(app);
  const sockets = attachSockets(server, {
    views,
    authenticate: () => Promise.resolve(undefined),
    allowOrigin: createOriginCheck(undefined),
    ...overrides,
  });
  server.listen(overrides.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${portOf(server)}`;
  const clients: Client[] = [];
  return {
    views,
    sockets,
    door,
    url,
    server,
    async connect(options = {}, namespace = "/") {
      const socket: Client = connect(`${url}${namespace}`, {
        transports: ["websocket"],
        forceNew: true,
        reconnectionDelay: 50,
        reconnectionDelayMax: 200,
        ...options,
      });
      clients.push(socket);
      await new Promise<void>((resolve, reject) => {
        socket.once("connect", resolve);
        socket.once("connect_error", reject);
      });
      return socket;
    },
    async close() {
      for (const socket of clients) socket.disconnect();
      door.close();
      sockets.close();
      await views.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      client.disconnect();
    },
  };
}

export function portOf(server: Server): number {
  const address = server.address();
  if (!isAddress(address)) throw new Error("the server does not listen");
  return address.port;
}

function isAddress(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}

export async function subscribe(socket: Client, request: SubscribeRequest): Promise<SubscribeAck> {
  return await socket.timeout(8_000).emitWithAck("subscribe", request);
}

/** Waits until the view stands where the store does. */
export async function settle(
  store: TestStore,
  views: LineViews,
  channel: `public:${string}`,
): Promise<Position> {
  const { client, edition } = store;
  for (;;) {
    const [epoch, offset] = await client.hmget(edition.keys.meta, `e:${channel}`, `o:${channel}`);
    const position = { epoch: epoch ?? "", offset: Number(offset ?? 0) };
    if (await views.whenAt(channel, position, 200)) return position;
    await sleep(10);
  }
}
