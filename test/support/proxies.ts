import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./repository.ts";

export interface Proxy {
  url: string;
  stop(): Promise<void>;
}

/** The configuration of the docs as it stands there, but for its ports. */
function writeConfig(dir: string, name: string, ports: Record<string, number>): string {
  const text = readFileSync(join(root, "docs/proxies", name), "utf8");
  const path = join(dir, name);
  writeFileSync(
    path,
    text.replaceAll(/(?<!\d)(3001|3002|8080)(?!\d)/g, (port) => String(ports[port])),
  );
  return path;
}

const PROXIES = {
  nginx: (config: string, dir: string): readonly [string, ...string[]] => [
    process.env["NGINX_PATH"] ?? "nginx",
    "-p",
    dir,
    "-c",
    config,
    "-e",
    join(dir, "error.log"),
    "-g",
    `daemon off; pid ${join(dir, "nginx.pid")};`,
  ],
  haproxy: (config: string, _dir: string): readonly [string, ...string[]] => [
    process.env["HAPROXY_PATH"] ?? "haproxy",
    "-db",
    "-f",
    config,
  ],
};

/** The real proxy, in front of two gateways at these ports. */
export async function startProxy(
  name: keyof typeof PROXIES,
  gateways: readonly [number, number],
): Promise<Proxy> {
  const dir = mkdtempSync(join(tmpdir(), `nl-${name}-`));
  const port = await findPort();
  const file = name === "nginx" ? "nginx.conf" : "haproxy.cfg";
  const config = writeConfig(dir, file, { "3001": gateways[0], "3002": gateways[1], "8080": port });
  const [command, ...args] = PROXIES[name](config, dir);
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const kill = () => child.kill("SIGTERM");
  process.once("exit", kill);
  const url = `http://127.0.0.1:${port}`;
  await waitUntilReady(url, child);
  return {
    url,
    async stop() {
      process.off("exit", kill);
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function waitUntilReady(url: string, child: ChildProcess): Promise<void> {
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the proxy ended: ${said}`);
    const status = await fetch(`${url}/readyz`).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return;
    await sleep(50);
  }
  throw new Error(`the proxy did not answer: ${said}`);
}

export async function findPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}
