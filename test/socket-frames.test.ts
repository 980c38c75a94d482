import { once } from "node:events";
import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { Server, type Socket as ServerSocket } from "socket.io";
import { type Socket as ClientSocket, io as connect } from "socket.io-client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLog } from "../src/log.ts";
import { FrameTarget, PrebuiltFrames, toPrebuilt, toTextFrame } from "../src/socket/prebuilt-frames.ts";
import { ReadyJson, readyParser, toEventPacket } from "../src/socket/ready-json.ts";
import { sendShared } from "../src/socket/shared-answers.ts";
import { toBacklogBytes } from "../src/socket/slow-readers.ts";
import { openRawSocket, toClientFrame } from "./support/raw-socket.ts";
import { portOf } from "./support/reading-gateway.ts";

let io: Server;
let url: string;
const clients: ClientSocket[] = [];
beforeEach(async () => {
  const http = createServer();
  io = new Server(http, { parser: readyParser, transports: ["polling", "websocket"] });
  io.of("/desk");
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  url = `http://127.0.0.1:${portOf(http)}`;
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await io.close();
});

interface Pair {
  client: ClientSocket;
  server: ServerSocket;
  /** The numbers that the client has got. */
  got: number[];
}

/** A stock client, and its socket on this side. */
async function join(options: Parameters<typeof connect>[1] = {}, namespace = "/"): Promise<Pair> {
  const connected = new Promise<ServerSocket>((resolve) => io.of(namespace).once("connection", resolve));
  const client = connect(`${url}${namespace}`, { transports: ["websocket"], forceNew: true, ...options });
  clients.push(client);
  const got: number[] = [];
  client.on("n", ({ n }: { n: number }) => got.push(n));
  const server = await connected;
  if (!client.connected) await new Promise<void>((resolve) => void client.once("connect", resolve));
  return { client, server, got };
}

const numbered = (n: number, filler = "") => JSON.stringify({ n, filler });

function sendFrame(frames: PrebuiltFrames, { server }: Pair, text: string): void {
  frames.send(new FrameTarget(server.conn), toPrebuilt(toEventPacket(server.nsp.name, "n", text)));
}

/** As an acknowledgement is sent: a start of its own, and what others get as well. */
function sendAnswer({ server }: Pair, text: string): void {
  const packet = toEventPacket(server.nsp.name, "n", text);
  const rest = packet.slice(packet.indexOf("{"));
  sendShared(server.conn, packet.slice(0, packet.indexOf("{")), { text: rest, bytes: Buffer.from(rest) });
}

/** How often Engine.IO is asked to send, which a direct frame does without. */
function countNormalSends({ server }: Pair): () => number {
  const write = vi.spyOn(server.conn, "write");
  return () => write.mock.calls.length;
}

test("FRM a frame of any length is what the WebSocket protocol says", () => {
  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 100_000]) {
    const frame = toTextFrame("x".repeat(length));
    expect(frame[0]).toBe(0x81);
    const [size, header] = sizeOf(frame);
    expect([size, frame.length - header]).toEqual([length, length]);
  }
  expect(toTextFrame("Łódź – 東京 🚢").subarray(2).toString()).toBe("Łódź – 東京 🚢");
});

function sizeOf(frame: Buffer): [size: number, header: number] {
  const short = frame.readUInt8(1);
  if (short < 126) return [short, 2];
  return short === 126 ? [frame.readUInt16BE(2), 4] : [Number(frame.readBigUInt64BE(2)), 10];
}

test("FRM with the pinned versions of engine.io and ws a frame goes straight to the TCP socket", async () => {
  const pair = await join();
  const frames = new PrebuiltFrames(undefined);
  const countSends = countNormalSends(pair);
  for (let n = 0; n < 5; n += 1) sendFrame(frames, pair, numbered(n, "é".repeat(n * 20_000)));
  await expect.poll(() => pair.got).toEqual([0, 1, 2, 3, 4]);
  expect([countSends(), frames.isDirect]).toEqual([0, true]);
});

test("SUB1 frames, shared answers and normal packets come in the order they were sent, with and without direct frames", async () => {
  const kinds = ["packet", "frame", "large frame", "answer", "large answer", "pause"] as const;
  const steps = fc.array(fc.constantFrom(...kinds), { maxLength: 40 });
  for (const isDirect of [true, false]) {
    const frames = new PrebuiltFrames(undefined, isDirect);
    const pairs = [await join(), await join({}, "/desk"), await join({ transports: ["polling"] })];
    await fc.assert(
      fc.asyncProperty(steps, async (run) => {
        for (const { got } of pairs) got.length = 0;
        let sent = 0;
        for (const step of run) {
          if (step === "pause") await sleep(0);
          else sent += 1;
          for (const pair of pairs) {
            if (step === "packet") pair.server.emit("n", new ReadyJson(numbered(sent)));
            if (step === "frame") sendFrame(frames, pair, numbered(sent));
            if (step === "large frame") sendFrame(frames, pair, numbered(sent, "x".repeat(300_000)));
            if (step === "answer") sendAnswer(pair, numbered(sent, "é"));
            if (step === "large answer") sendAnswer(pair, numbered(sent, "é".repeat(50_000)));
          }
        }
        const expected = Array.from({ length: sent }, (_, index) => index + 1);
        for (const { got } of pairs) await expect.poll(() => got, { interval: 2 }).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  }
});

test("SUB1 an acknowledgement that still waits is not overtaken", async () => {
  const pair = await join();
  const order: string[] = [];
  pair.server.on("ask", (ack: (answer: ReadyJson) => void) => {
    // The first keeps the transport busy, so the second waits in Engine.IO's buffer.
    pair.server.emit("n", new ReadyJson(numbered(1, "x".repeat(500_000))));
    ack(new ReadyJson("{}"));
    sendFrame(new PrebuiltFrames(undefined), pair, numbered(2));
  });
  pair.client.on("n", ({ n }: { n: number }) => order.push(`n${n}`));
  pair.client.emit("ask", () => order.push("ack"));
  await expect.poll(() => order).toHaveLength(3);
  expect(order).toEqual(["n1", "ack", "n2"]);
});

test("SUB1 a client that changes from polling to WebSocket meanwhile misses nothing", async () => {
  const frames = new PrebuiltFrames(undefined);
  const pair = await join({ transports: ["polling", "websocket"] });
  const countSends = countNormalSends(pair);
  let sent = 0;
  const send = () => sendFrame(frames, pair, numbered((sent += 1)));
  while (pair.server.conn.transport.name === "polling") {
    send();
    await sleep(1);
  }
  const before = countSends();
  for (let n = 0; n < 50; n += 1) {
    send();
    await sleep(1);
  }
  const expected = Array.from({ length: sent }, (_, index) => index + 1);
  await expect.poll(() => pair.got).toEqual(expected);
  expect(before).toBeGreaterThan(0);
  expect(countSends() - before).toBeLessThan(50);
});

test("P7 what a slow client does not read waits where it is counted, and comes in order once it reads", async () => {
  const connected = new Promise<ServerSocket>((resolve) => io.of("/").once("connection", resolve));
  const raw = await openRawSocket(url);
  raw.write(toClientFrame("40"));
  const server = await connected;
  const read = await readNumbers(raw);
  raw.pause();
  const frames = new PrebuiltFrames(undefined);
  let sent = 0;
  while (toBacklogBytes(server.conn) < 400_000) {
    frames.send(
      new FrameTarget(server.conn),
      toPrebuilt(toEventPacket("/", "n", numbered((sent += 1), "x".repeat(50_000)))),
    );
    await sleep(0);
  }
  raw.resume();
  await expect.poll(() => read.at(-1)).toBe(sent);
  expect(read).toEqual(Array.from({ length: sent }, (_, index) => index + 1));
  raw.destroy();
});

async function readNumbers(raw: Duplex): Promise<number[]> {
  const numbers: number[] = [];
  let text = "";
  raw.on("data", (bytes: Buffer) => {
    text += bytes.toString("latin1");
    for (const [, n] of text.matchAll(/\{"n":(\d+),/g)) numbers.push(Number(n));
    // A message may be cut anywhere.
    text = text.slice(text.lastIndexOf("{") === -1 ? text.length : text.lastIndexOf("{"));
    if (/^\{"n":\d+,/.test(text)) text = "";
  });
  await sleep(0);
  return numbers;
}

test("FRM without the private members everything goes the normal way, and the log says so once", async () => {
  const pair = await join();
  const log = createLog("silent", "gateway");
  const warn = vi.spyOn(log, "warn");
  const frames = new PrebuiltFrames(log);
  const { transport } = pair.server.conn;
  const ws: unknown = Reflect.get(transport, "socket");
  const send = transport.send.bind(transport);
  // As a new version might have it: a ws that keeps its TCP socket elsewhere.
  Reflect.set(transport, "socket", { readyState: 1 });
  transport.send = (packets) => {
    Reflect.set(transport, "socket", ws);
    send(packets);
  };
  for (const n of [1, 2]) sendFrame(frames, pair, numbered(n));
  await expect.poll(() => pair.got).toEqual([1, 2]);
  expect([warn.mock.calls.length, frames.isDirect]).toEqual([1, false]);
});
