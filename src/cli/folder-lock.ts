import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createConnection, createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_AGAIN_MS = 100;

/**
 * One owner of a data folder at a time. The lock is a unix socket that the owner answers on: the kernel lets go of
 * it with the process, however that ends, while a noted process id may belong to somebody else by tomorrow.
 * Gives the function that lets go, or undefined when the owner did not end in time.
 */
export async function holdFolder(socketPath: string, patienceMs: number): Promise<(() => void) | undefined> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const release = await tryToHold(socketPath);
    if (release !== undefined) return release;
    if (Date.now() >= deadline) return undefined;
    await sleep(LOOK_AGAIN_MS);
  }
}

/** Two that find a dead owner at once can remove each other's socket, so the winner is who is still there later. */
async function tryToHold(path: string): Promise<(() => void) | undefined> {
  if ((await askOwner(path)) !== undefined) return undefined;
  const name = randomUUID();
  const server = await listen(path, name);
  if (server === undefined) return undefined;
  await sleep(LOOK_AGAIN_MS / 2);
  if ((await askOwner(path)) === name) return () => server.close();
  server.close();
  return undefined;
}

/** The name of who answers; an owner too busy to tell its name is an owner all the same. */
async function askOwner(path: string): Promise<string | undefined> {
  const socket = createConnection({ path });
  try {
    await once(socket, "connect");
    const [name] = await once(socket, "data", { signal: AbortSignal.timeout(1_000) });
    return String(name);
  } catch (error) {
    return error instanceof Error && error.name === "AbortError" ? "" : undefined;
  } finally {
    socket.destroy();
  }
}

async function listen(path: string, name: string): Promise<Server | undefined> {
  // The file of a dead owner stays behind and is in the way.
  await rm(path, { force: true });
  const server = createServer((socket) => socket.on("error", () => undefined).end(name));
  server.unref();
  try {
    server.listen(path);
    await once(server, "listening");
    return server;
  } catch {
    return undefined;
  }
}
