import { afterAll, beforeAll, expect, test } from "vitest";
import { openRawSocket, toClientFrame } from "./support/raw-socket.ts";
import { startGateway } from "./support/reading-gateway.ts";
import { startStore, type TestStore } from "./support/store.ts";

let store: TestStore;
beforeAll(async () => {
  store = await startStore();
});
afterAll(() => store.stop());

test("SOCK a client that does not close its side after a goodbye does not hold up the gateway's end", async () => {
  const gateway = await startGateway(store);
  const socket = await openRawSocket(gateway.url);
  // As python-socketio does: it stops reading and keeps the connection.
  Object.assign(socket, { allowHalfOpen: true });
  // It may learn of its end by a reset.
  socket.on("error", () => undefined);
  const said: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => said.push(chunk));
  socket.write(toClientFrame("40"));
  await expect.poll(() => String(Buffer.concat(said))).toContain('40{"sid"');
  await gateway.sockets.drain(0);
  await expect.poll(() => String(Buffer.concat(said))).toContain('["goodbye",{"code":"draining"');
  const count = () => new Promise((resolve) => gateway.server.getConnections((_error, n) => resolve(n)));
  await expect.poll(count).toBe(0);
  socket.destroy();
  await gateway.close();
});
