import { io } from "socket.io-client";

/** A reader in a process of its own: tells its parent when each item of the line reached it. */
const [url = "", line = "main"] = process.argv.slice(2);
const socket = io(url, { transports: ["websocket"] });
socket.on("connect", () => {
  socket.emit("subscribe", { line }, () => process.send?.({ ready: true }));
});
socket.on("delta", (delta: { ops: { op: string; item?: { id: string } }[] }) => {
  const atMs = performance.timeOrigin + performance.now();
  for (const { op, item } of delta.ops) if (op === "put") process.send?.({ id: item?.id, atMs });
});
process.on("disconnect", () => process.exit(0));
