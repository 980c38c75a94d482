import { io, type Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { readConfig } from "../../src/config.ts";
import { createGateway, type Gateway } from "../../src/gateway.ts";
import { EventReader } from "../support/event-stream.ts";
import { ADMIN_TOKEN, startTestGateway, type TestGateway } from "../support/gateway.ts";
import { type Proxy, startProxy } from "../support/proxies.ts";
import { readByEvents, readByPoll, readBySocket } from "../support/readers.ts";

const PATIENCE = { timeout: 20_000 };

describe.each(["nginx", "haproxy"] as const)("PRX %s in front of two gateways", (name) => {
  let first: TestGateway;
  let second: Gateway;
  let proxy: Proxy;
  let sockets: Socket[] = [];

  beforeAll(async () => {
    first = await startTestGateway({ env: { NEWSLINE_GATEWAY: "g1" }, drainMs: 1_500 });
    const config = readConfig({
      PORT: "0",
      REDIS_URL: `unix://${first.redis.path}`,
      NEWSLINE_DATA: first.dataDir,
      NEWSLINE_ADMIN_TOKEN: ADMIN_TOKEN,
      NEWSLINE_GATEWAY: "g2",
      LOG_LEVEL: "silent",
    });
    second = createGateway(config, { drainMs: 10 });
    const { port } = await second.start();
    await vi.waitFor(async () => {
      for (const at of [first.port, port]) {
        expect((await fetch(`http://127.0.0.1:${at}/readyz`)).status).toBe(200);
      }
    }, PATIENCE);
    proxy = await startProxy(name, [first.port, port]);
  });
  afterEach(() => {
    for (const socket of sockets) socket.disconnect();
    sockets = [];
  });
  afterAll(async () => {
    await proxy.stop();
    await second.close();
    await first.stop();
  });

  async function connect(options: Parameters<typeof io>[1] = {}): Promise<Socket> {
    const socket = io(proxy.url, { forceNew: true, reconnectionDelay: 100, ...options });
    sockets.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("connect_error", reject);
    });
    return socket;
  }

  function homes(): string[] {
    return sockets.map((socket) => String(Object(socket.io.engine).id).split(".")[0] ?? "");
  }

  async function publish(headline: string): Promise<void> {
    const answer = await fetch(`${proxy.url}/v1/items`, {
      method: "POST",
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify({ headline }),
    });
    expect([answer.status, await answer.text()]).toEqual([201, expect.stringContaining(headline)]);
  }

  test("a session over long polling keeps its gateway across requests", async () => {
    const heard: string[] = [];
    for (let count = 0; count < 6; count += 1) {
      const socket = await connect({ transports: ["polling"] });
      socket.on("delta", ({ ops }) => heard.push(ops[0].item.headline));
      socket.on("disconnect", (reason) => heard.push(reason));
      expect(await socket.emitWithAck("subscribe", { line: "main" })).toMatchObject({ kind: "snapshot" });
    }
    expect(new Set(homes())).toEqual(new Set(["g1", "g2"]));
    for (const headline of ["One", "Two", "Three"]) {
      await publish(headline);
      await expect.poll(() => heard.filter((one) => one === headline).length, PATIENCE).toBe(6);
    }
    expect(heard).toHaveLength(18);
  });

  test("WebSocket works, from the start and as an upgrade", async () => {
    for (const transports of [
      ["websocket"],
      ["websocket"],
      ["polling", "websocket"],
      ["polling", "websocket"],
    ]) {
      const socket = await connect({ transports });
      await expect.poll(() => socket.io.engine.transport.name, PATIENCE).toBe("websocket");
      await socket.emitWithAck("subscribe", { line: "main" });
    }
    const heard = Promise.all(
      sockets.map((socket) => new Promise((resolve) => socket.once("delta", resolve))),
    );
    await publish("To every socket");
    expect(await heard).toHaveLength(4);
  });

  test("server-sent events leave as they come", async () => {
    const streams = [1, 2].map(() => new EventReader(`${proxy.url}/v1/lines/main/events`));
    for (const stream of streams) await expect.poll(() => stream.named("snapshot").length, PATIENCE).toBe(1);
    await publish("On the stream");
    for (const stream of streams) await expect.poll(() => stream.named("delta").length, PATIENCE).toBe(1);
    for (const stream of streams) stream.close();
  });

  test("/metrics stays inside", async () => {
    expect((await fetch(`${proxy.url}/metrics`)).status).toBe(404);
  });

  // The last: the first gateway does not come back.
  test("when one gateway is asked to end its readers go on at the other, and nothing is lost", async () => {
    const readers = await Promise.all(
      [1, 2].flatMap(() => [
        readBySocket(proxy.url, "main"),
        readByEvents(proxy.url, "main"),
        readByPoll(proxy.url, "main"),
      ]),
    );
    const polling = await Promise.all([1, 2, 3, 4].map(() => connect({ transports: ["polling"] })));
    const goodbyes = polling
      .filter((_, index) => homes()[index] === "g1")
      .map((socket) => new Promise((resolve) => socket.once("goodbye", resolve)));
    const closing = { isOver: false };
    const closed = first.gateway.close().finally(() => {
      closing.isOver = true;
    });
    let count = 0;
    for (; !closing.isOver || count < 5; count += 1) {
      await publish(`While it drains ${count}`);
      // Whoever comes now is let in at once, by whichever gateway still takes callers.
      await connect({ transports: [count % 2 === 0 ? "websocket" : "polling"] });
    }
    await closed;
    for (const goodbye of await Promise.all(goodbyes)) expect(goodbye).toMatchObject({ code: "draining" });
    await expect.poll(() => new Set(homes()), PATIENCE).toEqual(new Set(["g2"]));
    await expect.poll(() => sockets.every((socket) => socket.connected), PATIENCE).toBe(true);
    await publish("After it");
    const state = async () => await (await fetch(`${proxy.url}/v1/lines/main/state`)).json();
    for (const { held, door } of readers) {
      await expect.poll(async () => (await state()).sha256 === held.sha256, PATIENCE).toBe(true);
      expect([door, held.faults]).toEqual([door, []]);
    }
    for (const reader of readers) reader.close();
  });
});
