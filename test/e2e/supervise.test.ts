import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connectRedis } from "../../src/redis/connect.ts";
import { launchRedisServer, probeSocket } from "../../src/redis/server.ts";
import { isAlive, makeDataFolder, readPid, type StartedProduct, startProduct } from "../support/product.ts";
import { startRedis } from "../support/redis.ts";

const SCRIPT = fileURLToPath(new URL("../support/fake-newsline.ts", import.meta.url));
const NAMES = ["gateway", "worker", "redis"];
const PATIENCE = { timeout: 15_000 };

let dir: string;
let remove: () => Promise<void>;
let products: StartedProduct[];

beforeEach(async () => {
  ({ dir, remove } = await makeDataFolder());
  products = [];
});
afterEach(async () => {
  for (const { child, exited } of products) {
    child.kill("SIGTERM");
    await exited;
  }
  await remove();
});

function launch(env: NodeJS.ProcessEnv = {}): StartedProduct {
  const product = startProduct(["--import", "tsx", SCRIPT, "start"], {
    PORT: "0",
    NEWSLINE_DATA: dir,
    LOG_LEVEL: "warn",
    ...env,
  });
  products.push(product);
  return product;
}

function pids(): (number | undefined)[] {
  return NAMES.map((name) => readPid(dir, name));
}

test("SUP1 start tells where everything is; a signal stops gateway, worker and Redis in this order and leaves nothing", async () => {
  const product = launch();
  const { url, ...rest } = await product.started;
  expect(rest).toMatchObject({
    ticker: `${String(url)}/`,
    wall: `${String(url)}/wall`,
    desk: `${String(url)}/desk`,
    durability: "always",
  });
  const running = pids();
  expect(running.map(isAlive)).toEqual([true, true, true]);
  // Ctrl-C below npm comes twice: from the terminal and from npm.
  product.child.kill("SIGINT");
  product.child.kill("SIGINT");
  expect(await product.exited).toBe(0);
  expect(readFileSync(join(dir, "closed"), "utf8")).toBe("gateway\nworker\n");
  expect(running.map(isAlive)).toEqual([false, false, false]);
  expect(pids()).toEqual([undefined, undefined, undefined]);
});

test("SUP2 the private Redis is for its owner only and is stopped with a mark that it lost nothing", async () => {
  const product = launch();
  await product.started;
  expect(statSync(join(dir, "redis.sock")).mode & 0o077).toBe(0);
  const client = connectRedis({ kind: "socket", path: join(dir, "redis.sock") }, "patient");
  const runId = /run_id:(\w+)/.exec(await client.info("server"))?.[1];
  client.disconnect();
  product.child.kill("SIGTERM");
  await product.exited;
  const server = launchRedisServer({ dir, socket: join(dir, "redis.sock"), appendfsync: "always" });
  await server.ready;
  const again = connectRedis({ kind: "socket", path: join(dir, "redis.sock") }, "patient");
  expect(await again.get("nl:{main}:clean-stop")).toBe(runId);
  again.disconnect();
  await server.stop();
});

test.each(["gateway", "worker", "redis"])("SUP3 a killed %s comes back", async (name) => {
  const product = launch();
  const { url } = await product.started;
  const port = Number(new URL(String(url)).port);
  const before = readPid(dir, name);
  process.kill(before ?? 0, "SIGKILL");
  await expect.poll(() => isAlive(readPid(dir, name)) && readPid(dir, name) !== before, PATIENCE).toBe(true);
  await expect.poll(() => probeSocket(join(dir, "redis.sock")), PATIENCE).toBe("live");
  await expect.poll(() => isListening(port), PATIENCE).toBe(true);
  expect(isAlive(product.child.pid)).toBe(true);
});

test("SUP4 a supervisor that is killed by signal 9 leaves no process behind, and the next start takes over", async () => {
  const product = launch();
  await product.started;
  const running = pids();
  product.child.kill("SIGKILL");
  await expect.poll(() => running.map(isAlive), PATIENCE).toEqual([false, false, false]);
  await launch().started;
  expect(pids().map(isAlive)).toEqual([true, true, true]);
});

test("SUP5 a second start in the same folder refuses in one sentence, and the first goes on", async () => {
  await launch().started;
  const second = launch();
  expect(await second.exited).toBe(1);
  expect(second.stderr()).toBe(
    `News Line already runs in ${dir}: stop it first, or set NEWSLINE_DATA to another folder.\n`,
  );
  expect(pids().map(isAlive)).toEqual([true, true, true]);
});

test("SUP6 a second start waits for the first to end", async () => {
  const first = launch();
  await first.started;
  const second = launch();
  first.child.kill("SIGTERM");
  await second.started;
  expect(await first.exited).toBe(0);
  expect(pids().map(isAlive)).toEqual([true, true, true]);
});

test("SUP7 a port in use is told in one sentence before anything is started", async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
  const product = launch({ PORT: String(port) });
  expect(await product.exited).toBe(1);
  expect(product.stderr()).toBe(`Port ${port} of 127.0.0.1 is in use: stop what uses it, or set PORT.\n`);
  expect(existsSync(join(dir, "redis.log"))).toBe(false);
  server.close();
});

test("SUP8 when a service cannot start, all the others are stopped again", async () => {
  writeFileSync(join(dir, "worker.fails"), "");
  const product = launch();
  expect(await product.exited).toBe(1);
  expect(product.stderr()).toContain("The worker ended before it was ready.");
  expect(pids()).toEqual([undefined, undefined, undefined]);
  expect(await probeSocket(join(dir, "redis.sock"))).toBe("dead");
});

test("SUP9 REDIS_URL uses that Redis, starts none, and warns of one that is not on always", async () => {
  const redis = await startRedis({ appendfsync: "everysec" });
  const product = launch({ REDIS_URL: `unix://${redis.path}` });
  expect(await product.started).toMatchObject({ durability: "everysec" });
  expect(product.stderr()).toContain("up to 2 s of accepted items may be lost");
  expect(readPid(dir, "redis")).toBeUndefined();
  product.child.kill("SIGTERM");
  expect(await product.exited).toBe(0);
  expect(await probeSocket(redis.path)).toBe("live");
  await redis.stop();
});

test("SUP10 a Redis that does not answer is told in one sentence", async () => {
  const product = launch({ REDIS_URL: `unix://${join(dir, "nobody.sock")}` });
  expect(await product.exited).toBe(1);
  expect(product.stderr()).toMatch(
    /^Redis does not answer \(.*ENOENT.*\): start it, or correct REDIS_URL\.\n$/,
  );
});

test("SUP11 a data folder with a long path works all the same", async () => {
  const long = join(dir, "x".repeat(120));
  const product = launch({ NEWSLINE_DATA: long });
  await product.started;
  const socket = readFileSync(join(long, "redis.path"), "utf8");
  expect(await probeSocket(socket)).toBe("live");
  product.child.kill("SIGTERM");
  expect(await product.exited).toBe(0);
});

async function isListening(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/`);
    return true;
  } catch (error) {
    // What the fake answers is no HTTP, which is an answer.
    return error instanceof Error && !String(error.cause).includes("ECONNREFUSED");
  }
}
