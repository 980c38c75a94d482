import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** One `newsline start --json` as a child, with all it said. */
export interface StartedProduct {
  readonly child: ChildProcess;
  /** The line it prints when all is up. */
  readonly started: Promise<Record<string, unknown>>;
  readonly exited: Promise<number | null>;
  /** Everything on its standard error so far. */
  stderr(): string;
}

export function startProduct(script: readonly string[], env: NodeJS.ProcessEnv): StartedProduct {
  const child = spawn(process.execPath, script, {
    env: { PATH: process.env.PATH, HOST: "127.0.0.1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => {
    child.once("close", (code) => resolve(code));
  });
  const started = new Promise<Record<string, unknown>>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const event: unknown = JSON.parse(line);
      if (typeof event === "object" && event !== null && "event" in event && event.event === "started") {
        resolve({ ...event });
      }
    });
    child.once("close", () => reject(new Error(`it ended before it had started: ${stderr}`)));
  });
  started.catch(() => undefined);
  return { child, started, exited, stderr: () => stderr };
}

export async function makeDataFolder(): Promise<{ dir: string; remove: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), "nl-data-"));
  return { dir, remove: () => rm(dir, { recursive: true, force: true, maxRetries: 5 }) };
}

/** The process id that is noted, while one is. */
export function readPid(dataDir: string, name: string): number | undefined {
  try {
    return Number(readFileSync(join(dataDir, "run", `${name}.pid`), "utf8"));
  } catch {
    return undefined;
  }
}

export function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
