import { once } from "node:events";
import { createServer } from "node:http";
import type { Socket as TcpSocket } from "node:net";
import express from "express";
import { readConfig } from "../../src/config.ts";
import { createLog } from "../../src/log.ts";
import { connectRedis } from "../../src/redis/connect.ts";
import { resolveRedis } from "../../src/redis/resolve.ts";
import { handleErrors, handleUnknown } from "../../src/rest/errors.ts";
import { createPublicRouter } from "../../src/rest/public/router.ts";
import { createOriginCheck } from "../../src/socket/origin.ts";
import { toBacklogBytes } from "../../src/socket/slow-readers.ts";
import { attachSockets } from "../../src/socket/sockets.ts";
import { toKeys } from "../../src/store/keys.ts";
import { createLineViews } from "../../src/stream/line-views.ts";
import { type Sample, toServer } from "./messages.ts";

/** The reading side of a gateway, in a process of its own, that tells what waits in it for its clients. */
const config = readConfig(process.env);
const target = await resolveRedis(config);
const redis = connectRedis(target, "fail-fast");
await once(redis, "ready");
const edition = { redis, keys: toKeys(config.edition) };
const views = createLineViews(edition, { target });
views.start();
await views.ready;
const door = createPublicRouter(views, edition);
const app = express().use(door, handleUnknown(), handleErrors(createLog("silent", "gateway")));
const server = createServer(app);
const sockets = attachSockets(server, {
  views,
  authenticate: () => Promise.resolve(undefined),
  allowOrigin: createOriginCheck(undefined),
});

const tcpSockets = new Set<TcpSocket>();
server.on("connection", (socket) => {
  tcpSockets.add(socket);
  socket.on("close", () => tcpSockets.delete(socket));
});

let largestBytes = 0;
let rssBytes = 0;
/** Whatever the door, bytes wait in Engine.IO, in ws, or in the TCP socket. */
setInterval(() => {
  rssBytes = Math.max(rssBytes, process.memoryUsage.rss());
  for (const { writableLength } of tcpSockets) largestBytes = Math.max(largestBytes, writableLength);
  for (const { conn } of sockets.io.of("/").sockets.values()) {
    largestBytes = Math.max(largestBytes, toBacklogBytes(conn));
  }
}, 20);

process.on("message", (raw) => {
  const { reset } = toServer.parse(raw);
  const doors = { ...sockets.readersByDoor()["main"], ...door.readersByDoor()["main"] };
  const sample: Sample = { largestBytes, rssBytes, doors };
  process.send?.({ sample });
  if (!reset) return;
  largestBytes = 0;
  rssBytes = 0;
});
process.on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
process.send?.({ port: typeof address === "object" && address !== null ? address.port : 0 });
