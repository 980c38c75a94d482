import { once } from "node:events";
import { createServer } from "node:net";
import type { Config } from "../config.ts";
import { ConfigError } from "../config-error.ts";

/** Told before anything is started: behind a started Redis and worker the sentence would be lost. */
export async function requireFreePort(config: Pick<Config, "host" | "port">): Promise<void> {
  const server = createServer();
  try {
    server.listen(config.port, config.host);
    await once(server, "listening");
  } catch (error) {
    throw explainListenError(error, config) ?? error;
  } finally {
    server.close();
  }
}

export function explainListenError(
  error: unknown,
  { host, port }: Pick<Config, "host" | "port">,
): ConfigError | undefined {
  if (!(error instanceof Error && "code" in error)) return undefined;
  switch (error.code) {
    case "EADDRINUSE":
      return new ConfigError("PORT", `Port ${port} of ${host} is in use: stop what uses it, or set PORT.`);
    case "EACCES":
      return new ConfigError(
        "PORT",
        `Port ${port} needs more rights than this user has: set PORT above 1023.`,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new ConfigError("HOST", `HOST is wrong: this machine has no address ${host}.`);
    default:
      return undefined;
  }
}
