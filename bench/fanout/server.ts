import { once } from "node:events";
import { createServer } from "node:http";
import { Socket as TcpSocket } from "node:net";
import { Server } from "socket.io";
import { WebSocketServer } from "ws";
import { readConfig } from "../../src/config.ts";
import { createGateway } from "../../src/gateway.ts";
import { toTextFrame } from "../../src/socket/prebuilt-frames.ts";
import { toServer } from "./messages.ts";

/** One server, in a process of its own, so that its CPU and its memory can be told from everything else. */
const SERVERS: Record<string, () => Promise<number>> = {
  "ws-prebuilt": async () => {
    const server = await openWs();
    onPublish((text) => {
      const frame = toTextFrame(text);
      for (const client of server.clients) {
        const tcp: unknown = Reflect.get(client, "_socket");
        if (tcp instanceof TcpSocket) tcp.write(frame);
      }
    });
    return portOf(server.address());
  },
  "ws-send": async () => {
    const server = await openWs();
    onPublish((text) => {
      for (const client of server.clients) client.send(text);
    });
    return portOf(server.address());
  },
  "socket.io": async () => {
    const http = createServer();
    const io = new Server(http, { transports: ["websocket"], serveClient: false });
    io.on("connection", (socket) => void socket.join("public:main"));
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    onPublish((text) => {
      const delta: unknown = JSON.parse(text);
      io.to("public:main").emit("delta", delta);
    });
    return portOf(http.address());
  },
  /** The whole gateway, as `newsline gateway` runs it; its changes come from the store. */
  "news-line": async () => {
    const { port } = await createGateway(readConfig(process.env)).start();
    return port;
  },
};

async function openWs(): Promise<WebSocketServer> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  await once(server, "listening");
  return server;
}

function onPublish(publish: (text: string) => void): void {
  process.on("message", (raw) => publish(toServer.parse(raw).publish));
}

function portOf(address: string | { port: number } | null): number {
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");
  return address.port;
}

process.on("disconnect", () => process.exit(0));
const port = await SERVERS[process.argv[2] ?? ""]?.();
process.send?.({ port });
