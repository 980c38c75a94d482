import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export interface Product {
  url: string;
  token: string;
  dataDir: string;
  /** Of the supervisor. */
  pid: number;
  stop(): Promise<void>;
}

const START = fileURLToPath(new URL("../scripts/start.mjs", import.meta.url));
const READY_MS = 60_000;

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** The whole product in a data folder of its own, started as `npm start` does. */
export async function startProduct(env: Record<string, string> = {}): Promise<Product> {
  const dataDir = await mkdtemp(join(tmpdir(), "nl-product-"));
  const port = await findFreePort();
  const token = "product-admin-token";
  const child = spawn(process.execPath, [START, "--json"], {
    env: {
      ...process.env,
      PORT: String(port),
      NEWSLINE_DATA: dataDir,
      NEWSLINE_ADMIN_TOKEN: token,
      LOG_LEVEL: "warn",
      ...env,
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(child, "exit");
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + READY_MS;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`the product did not start: exit code ${child.exitCode}`);
    await sleep(50);
  }
  return {
    url,
    token,
    dataDir,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).status === 200;
  } catch {
    // Not listening yet.
    return false;
  }
}
