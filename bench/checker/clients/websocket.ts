import { WebSocket } from "ws";
import { SocketIoSession } from "./socket-io-session.ts";
import { ANSWER_MS, type FollowDoor, SILENT_MS } from "./talk.ts";

/** Socket.IO over a WebSocket without Socket.IO's client: what section 3 of docs/protocol.md says is enough. */
export const followByWebSocket: FollowDoor = (talk) =>
  new Promise((resolve) => {
    const url = `ws://127.0.0.1:${talk.port}/socket.io/?EIO=4&transport=websocket`;
    const socket = new WebSocket(url, {
      perMessageDeflate: talk.offersCompression,
      handshakeTimeout: ANSWER_MS,
    });
    let why = "closed";
    const end = (reason: string) => {
      why = reason;
      socket.terminate();
    };
    const silence = setTimeout(() => end("silent"), SILENT_MS);
    const session = new SocketIoSession(talk, {
      send: (packet) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(packet);
      },
      end,
    });
    const leave = () => end("left");
    talk.signal.addEventListener("abort", leave);
    socket.on("message", (data, isBinary) => {
      // Bytes that were under way when the connection ended are nothing that we heard.
      if (isBinary || !Buffer.isBuffer(data) || socket.readyState !== WebSocket.OPEN) return;
      silence.refresh();
      session.take(data.toString());
    });
    socket.on("error", (error) => {
      why = error.message;
    });
    socket.once("close", () => {
      clearTimeout(silence);
      session.close();
      talk.signal.removeEventListener("abort", leave);
      resolve(why);
    });
    if (talk.signal.aborted) leave();
  });
