import { fileURLToPath } from "node:url";
import { isAlive, makeDataFolder, readPid, startProduct } from "./product.ts";

export interface RunningProduct {
  url: string;
  token: string;
  dataDir: string;
  /** A call with the admin token. */
  call(method: string, path: string, body?: string | object, contentType?: string): Promise<Response>;
  /** As a crash does it; the supervisor starts another. */
  kill9(name: "gateway" | `gateway-${number}` | "worker" | "redis"): void;
  stop(): Promise<void>;
}

const START = fileURLToPath(new URL("../../scripts/start.mjs", import.meta.url));
const TOKEN = "product-admin-token";

/** The whole product in a data folder of its own, as `npm start` starts it. */
export async function runProduct(
  env: NodeJS.ProcessEnv = {},
  options: readonly string[] = [],
): Promise<RunningProduct> {
  const { dir, remove } = await makeDataFolder();
  const product = startProduct([START, "--json", ...options], {
    PORT: "0",
    NEWSLINE_DATA: dir,
    NEWSLINE_ADMIN_TOKEN: TOKEN,
    LOG_LEVEL: "error",
    HOME: process.env["HOME"],
    ...env,
  });
  const { url } = await product.started;
  return {
    url: String(url),
    token: TOKEN,
    dataDir: dir,
    call: (method, path, body, contentType = "application/json") =>
      fetch(`${String(url)}${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${TOKEN}`,
          ...(body !== undefined && { "Content-Type": contentType }),
        },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    kill9: (name) => {
      const pid = readPid(dir, name);
      if (pid !== undefined && isAlive(pid)) process.kill(pid, "SIGKILL");
    },
    stop: async () => {
      product.child.kill("SIGTERM");
      await product.exited;
      await remove();
    },
  };
}
