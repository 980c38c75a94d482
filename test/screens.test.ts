import { io, type Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { itemScreens } from "../src/contract/screens.ts";
import { createGateway } from "../src/gateway.ts";
import { tellPresence } from "../src/store/presence.ts";
import { ADMIN_TOKEN, startTestGateway, type TestGateway } from "./support/gateway.ts";

const TELL_MS = 200;

let gate: TestGateway;
const endings: (() => unknown)[] = [];
beforeAll(async () => {
  gate = await startTestGateway({ env: { NEWSLINE_GATEWAY: "one" }, presenceMs: TELL_MS });
});
afterAll(() => gate.stop());
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

interface Screen {
  socket: Socket;
  /** Where the line stands on it. */
  position: string;
  /** As our own client does after it has painted. */
  report: () => void;
}

async function openScreen(url: string, lines: readonly string[] = ["main"]): Promise<Screen> {
  const socket = io(url, { transports: ["websocket"], forceNew: true });
  endings.push(() => socket.disconnect());
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  const held = new Map<string, string>();
  const screen = {
    socket,
    position: "",
    report: () => {
      for (const [line, position] of held) socket.emit("seen", { line, position });
    },
  };
  const take = (line: string, position: string) => {
    held.set(line, position);
    screen.position = position;
  };
  socket.on("delta", ({ line, epoch, to }) => take(line, `${epoch}:${to}`));
  for (const line of lines) {
    take(line, (await socket.timeout(5_000).emitWithAck("subscribe", { line })).position);
  }
  return screen;
}

async function publish(headline: string, lines = ["main"]): Promise<{ id: string; revision: number }> {
  const { body } = await gate.desk.post("/v1/items").send({ headline, lines }).expect(201);
  return body.item;
}
const kill = (id: string) => gate.desk.post(`/v1/items/${id}/kill`).send({ reason: "not so" }).expect(200);
const screensOf = async (id: string) => (await gate.desk.get(`/v1/items/${id}/screens`)).body;
const patient = { timeout: 15_000 };

test("SEEN1 a withdrawn item is on every screen that has not said otherwise, until all have", async () => {
  const { id } = await publish("Only for a moment");
  const screens = await Promise.all([openScreen(gate.url), openScreen(gate.url), openScreen(gate.url)]);
  for (const { report } of screens) report();
  // The word of a socket is in order: once this is answered, what came before it was heard.
  for (const { socket } of screens) await socket.timeout(5_000).emitWithAck("unsubscribe", { line: "none" });
  await kill(id);
  const body = itemScreens.parse(await screensOf(id));
  expect(body).toMatchObject({ id, revision: 2, still: 3, unknown: 0, pending: 0 });
  expect(Date.parse(body.lastSeenAt ?? "")).toBeLessThanOrEqual(Date.now());
  const [first, second, third] = screens;
  await expect.poll(() => new Set(screens.map(({ position }) => position)).size).toBe(1);
  first?.report();
  second?.report();
  await expect.poll(async () => (await screensOf(id)).still).toBe(1);
  third?.socket.disconnect();
  await expect.poll(() => screensOf(id)).toEqual({ id, revision: 2, still: 0, unknown: 0, pending: 0 });
});

test("SEEN1 a correction is on its way until each screen has said that it stands behind it", async () => {
  const { id, revision } = await publish("Aliyevs opens the bridge");
  const screen = await openScreen(gate.url);
  screen.report();
  await screen.socket.timeout(5_000).emitWithAck("unsubscribe", { line: "none" });
  await gate.desk
    .put(`/v1/items/${id}`)
    .set("If-Match", `"${revision}"`)
    .send({
      headline: "Aliyeva opens the bridge",
      change: "correction",
      correctionNote: "the name is Aliyeva",
    })
    .expect(200);
  expect(await screensOf(id)).toMatchObject({ still: 1, unknown: 0 });
  await expect.poll(() => screen.position).toMatch(/:\d+$/);
  await expect
    .poll(async () => {
      screen.report();
      return (await screensOf(id)).still;
    })
    .toBe(0);
});

test("SEEN1 who never says what it shows is told apart, and who follows two lines is one screen", async () => {
  await gate.desk.put("/v1/lines/politics").send({}).expect(200);
  const { id } = await publish("On two lines", ["main", "politics"]);
  const teller = await openScreen(gate.url, ["main", "politics"]);
  await openScreen(gate.url, ["main", "politics"]);
  teller.report();
  await teller.socket.timeout(5_000).emitWithAck("unsubscribe", { line: "none" });
  await kill(id);
  expect(await screensOf(id)).toMatchObject({ still: 1, unknown: 1 });
});

test("SEEN1 a report about a line that the socket does not follow counts for nothing", async () => {
  const { id } = await publish("Nobody follows it there");
  const screen = await openScreen(gate.url);
  await gate.desk.put("/v1/lines/sport").send({}).expect(200);
  screen.socket.emit("seen", { line: "sport", position: "aaaaaaaaaaaa:0" });
  screen.socket.emit("seen", { line: "main", position: "no position" });
  screen.socket.emit("seen", null);
  await screen.socket.timeout(5_000).emitWithAck("unsubscribe", { line: "none" });
  await kill(id);
  expect(await screensOf(id)).toMatchObject({ still: 0, unknown: 1 });
});

test("SEEN1 the screens of other gateways are in the sum, and the sum says whose word is still missing", async () => {
  const config = readConfig({
    PORT: "0",
    REDIS_URL: `unix://${gate.redis.path}`,
    NEWSLINE_DATA: gate.dataDir,
    NEWSLINE_GATEWAY: "two",
    NEWSLINE_ADMIN_TOKEN: ADMIN_TOKEN,
    LOG_LEVEL: "silent",
  });
  const second = createGateway(config, { drainMs: 50, presenceMs: TELL_MS });
  endings.push(() => second.close());
  const url = `http://127.0.0.1:${(await second.start()).port}`;
  const { id } = await publish("On the screens of two gateways");
  const [near, far] = [await openScreen(gate.url), await openScreen(url)];
  for (const { report } of [near, far]) report();
  const status = async () => (await gate.http.get("/v1/status")).body;
  await expect.poll(async () => (await status()).readers.main, patient).toBe(2);
  await kill(id);
  // Before the other gateway has told, nobody says that the item is off its screens.
  const early = await screensOf(id);
  expect(early.still + early.pending).toBe(2);
  await expect.poll(() => screensOf(id), patient).toMatchObject({ still: 2, pending: 0 });
  near.report();
  far.report();
  await expect
    .poll(() => screensOf(id), patient)
    .toEqual({ id, revision: 2, still: 0, unknown: 0, pending: 0 });
});

test("SEEN1 a gateway that began after the change owes no word", async () => {
  const { id } = await publish("Before the new gateway");
  await kill(id);
  await tellPresence(gate.edition, "newcomer", { fromMs: Date.now() + 5_000, readers: {}, screens: {} });
  await expect.poll(async () => (await gate.http.get("/v1/status")).body.gateways, patient).toBe(2);
  await expect.poll(() => screensOf(id), patient).toMatchObject({ still: 0, pending: 0 });
});

test("SEEN1 only editors may ask, and only of what has changed lately", async () => {
  const { id } = await publish("As it was");
  await gate.http.get(`/v1/items/${id}/screens`).expect(401);
  const machine = gate.as(await gate.token("machine"));
  await machine.get(`/v1/items/${id}/screens`).expect(403);
  const { body } = await gate.desk.get(`/v1/items/${id}/screens`).expect(404);
  expect(body.error.code).toBe("unknown_item");
});
