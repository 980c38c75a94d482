import { once } from "node:events";
import { createServer } from "node:http";
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { Server, type Socket as ServerSocket } from "socket.io";
import { io as connect } from "socket.io-client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FrameTarget, PrebuiltFrames, toPrebuilt } from "../src/socket/prebuilt-frames.ts";
import { readyParser, toEventPacket } from "../src/socket/ready-json.ts";
import { deflateOnce, SHARED_DEFLATE, shareDeflate } from "../src/socket/shared-deflate.ts";
import { ADMIN_TOKEN, startTestGateway } from "./support/gateway.ts";
import { hearFrames, openRawSocket, toClientFrame } from "./support/raw-socket.ts";
import { portOf } from "./support/reading-gateway.ts";

const MOST_BYTES = 4_096;
const PLAIN = 0x81;
const DEFLATED = 0xc1;
const TRAILER = Buffer.from([0x00, 0x00, 0xff, 0xff]);
const OFFER = { "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits" };

let io: Server;
let url: string;
beforeEach(async () => {
  const http = createServer();
  io = new Server(http, {
    parser: readyParser,
    perMessageDeflate: SHARED_DEFLATE,
    maxHttpBufferSize: MOST_BYTES,
  });
  shareDeflate(io, MOST_BYTES);
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  url = `http://127.0.0.1:${portOf(http)}`;
});
afterEach(() => io.close());

const nextSocket = () => new Promise<ServerSocket>((resolve) => io.of("/").once("connection", resolve));

function inflate(payload: Buffer): string {
  const whole = Buffer.concat([payload, TRAILER]);
  return inflateRawSync(whole, { finishFlush: constants.Z_SYNC_FLUSH }).toString();
}

/** What a browser sends: compressed, and every message for itself. */
function toDeflatedFrame(payload: Buffer, { isFirst = true, isLast = true } = {}): Buffer {
  const first = (isLast ? 0x80 : 0) | (isFirst ? 0x41 : 0);
  const header =
    payload.length < 126
      ? [first, 0x80 | payload.length]
      : [first, 0xfe, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from([...header, 0, 0, 0, 0]), payload]);
}

const deflate = (text: string) =>
  deflateRawSync(Buffer.from(text), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);

/** A client's connection, let into the namespace. */
async function openConnection(headers: Record<string, string>) {
  const connected = nextSocket();
  const raw = await openRawSocket(url, headers);
  const frames = hearFrames(raw);
  raw.write(toClientFrame("40"));
  const socket = await connected;
  await expect.poll(() => frames.at(-1)?.payload.toString("latin1").startsWith("40")).toBe(true);
  frames.length = 0;
  return { raw, frames, socket };
}

test("CMP whatever is deflated once is inflated to the same by everybody", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 2_000 }),
      fc.integer({ min: 1, max: 20 }),
      (text, times) => {
        const payload = Buffer.from(text.repeat(times));
        const deflated = deflateOnce(payload);
        if (deflated === undefined) return;
        expect(inflate(deflated)).toBe(payload.toString());
        expect(deflated.length).toBeLessThan(payload.length);
      },
    ),
  );
});

test("CMP who agreed gets the deflated frame, the others the plain one, and both read the same", async () => {
  const agreed = await openConnection(OFFER);
  const plain = await openConnection({});
  const smaller = await openConnection({
    "Sec-WebSocket-Extensions": "permessage-deflate; server_max_window_bits=9",
  });
  const packet = toPrebuilt(
    toEventPacket("/", "n", JSON.stringify("The harbour opens again. ".repeat(40))),
    true,
  );
  const sender = new PrebuiltFrames(undefined);
  const all = [agreed, plain, smaller];
  for (const { socket } of all) sender.send(new FrameTarget(socket.conn), packet);
  for (const { frames } of all) await expect.poll(() => frames.length).toBe(1);
  const heard = all.map(({ frames: [frame] }) => frame);
  expect(heard.map((frame) => frame?.first)).toEqual([DEFLATED, PLAIN, PLAIN]);
  expect(inflate(heard[0]?.payload ?? Buffer.alloc(0))).toBe(heard[1]?.payload.toString());
  expect(heard[0]?.payload.length).toBeLessThan((heard[1]?.payload.length ?? 0) * 0.6);
  for (const { raw } of all) raw.destroy();
});

test("CMP what is for one socket alone is not compressed", async () => {
  const { raw, frames, socket } = await openConnection(OFFER);
  socket.emit("n", "The harbour opens again. ".repeat(40));
  await expect.poll(() => frames.length).toBe(1);
  expect(frames[0]?.first).toBe(PLAIN);
  raw.destroy();
});

test("SUB1 a stock client that agreed reads deflated frames and packets in order, and is read", async () => {
  const connected = nextSocket();
  // It compresses everything that it sends.
  const client = connect(url, { transports: ["websocket"], perMessageDeflate: { threshold: 0 } });
  const socket = await connected;
  const got: number[] = [];
  client.on("n", ({ n }: { n: number }) => got.push(n));
  const sender = new PrebuiltFrames(undefined);
  const target = new FrameTarget(socket.conn);
  for (let n = 0; n < 200; n += 1) {
    const json = JSON.stringify({ n, words: "The harbour opens again. ".repeat(n % 50) });
    if (n % 3 === 0) socket.emit("n", { n });
    else sender.send(target, toPrebuilt(toEventPacket("/", "n", json), true));
  }
  await expect.poll(() => got).toEqual(Array.from({ length: 200 }, (_, n) => n));
  socket.on("ask", (words: string, ack: (answer: string) => void) => ack(words));
  for (const words of ["a", "Łódź – 東京 🚢", "x".repeat(3_000)]) {
    expect(await client.timeout(2_000).emitWithAck("ask", words)).toBe(words);
  }
  client.disconnect();
});

test("CMP a compressed message may come in pieces", async () => {
  const { raw, socket } = await openConnection(OFFER);
  const asked = new Promise((resolve) => socket.on("ask", resolve));
  const payload = deflate(`42["ask","${"The harbour opens again. ".repeat(9)}"]`);
  raw.write(toDeflatedFrame(payload.subarray(0, 5), { isLast: false }));
  raw.write(toDeflatedFrame(payload.subarray(5, 9), { isFirst: false, isLast: false }));
  raw.write(toDeflatedFrame(payload.subarray(9), { isFirst: false }));
  expect(await asked).toBe("The harbour opens again. ".repeat(9));
  raw.destroy();
});

test("SEC a message that inflates to more than may be sent, or to nothing, ends the connection only", async () => {
  const bomb = deflate(`42["ask","${"x".repeat(1_000_000)}"]`);
  for (const payload of [bomb, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff])]) {
    const { raw, socket } = await openConnection(OFFER);
    const ended = once(socket, "disconnect");
    raw.write(toDeflatedFrame(payload));
    await ended;
    raw.destroy();
  }
  const { raw, socket } = await openConnection(OFFER);
  expect(socket.connected).toBe(true);
  raw.destroy();
});

test("CMP readers get deltas deflated; what the desk gets never is", async () => {
  const gateway = await startTestGateway({ env: { NEWSLINE_COMPRESSION: "shared" } });
  const heard = { public: 0, desk: 0 };
  for (const [audience, start] of [
    ["public", ["40", '420["subscribe",{"line":"main"}]']],
    ["desk", [`40/desk,{"token":"${ADMIN_TOKEN}"}`, '42/desk,0["subscribe",{"line":"main"}]']],
  ] as const) {
    const raw = await openRawSocket(gateway.url, { ...OFFER, Origin: gateway.url });
    const frames = hearFrames(raw);
    for (const text of start) {
      const before = frames.length;
      raw.write(toClientFrame(text));
      await expect.poll(() => frames.length).toBeGreaterThan(before);
    }
    frames.length = 0;
    const item = { headline: `The harbour opens for ${audience}`, lead: "Ships come in again. ".repeat(30) };
    await gateway.desk
      .post("/v1/items")
      .send({ ...item, lines: ["main"] })
      .expect(201);
    await expect.poll(() => frames.length).toBeGreaterThan(0);
    heard[audience] = frames[0]?.first ?? 0;
    raw.destroy();
  }
  expect(heard).toEqual({ public: DEFLATED, desk: PLAIN });
  await gateway.stop();
});
