/**
 * The command line with services that do nothing, for tests of what runs them: `start`, `gateway`, `worker`.
 * Behaviour is asked for by files in the data folder: `<name>.fails` makes a service fail at its start.
 */
import { appendFileSync, existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { failCommand } from "../../src/cli/fail.ts";
import { runService, type Service } from "../../src/cli/run-service.ts";
import { start } from "../../src/cli/start.ts";
import type { Config } from "../../src/config.ts";

const PATIENCE_MS = 2_000;

function createFake(name: string): (config: Config) => Service {
  return ({ host, port, dataDir }) => {
    const server = createServer((socket) => socket.end(name));
    return {
      start: () =>
        new Promise((resolve, reject) => {
          if (existsSync(join(dataDir, `${name}.fails`))) reject(new Error(`${name} fails as asked`));
          server.once("error", reject);
          server.listen(name === "gateway" ? port : 0, host, () => {
            const address = server.address();
            resolve(typeof address === "object" && address ? { port: address.port } : undefined);
          });
        }),
      close: async () => {
        appendFileSync(join(dataDir, "closed"), `${name}\n`);
        server.close();
      },
    };
  };
}

const command = process.argv[2];
try {
  if (command === "gateway" || command === "worker") await runService(command, createFake(command));
  else {
    await start({ script: import.meta.filename, json: true, patienceMs: PATIENCE_MS });
    process.exit(0);
  }
} catch (error) {
  await failCommand(error);
}
