import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { Running } from "./keeper.ts";

/** What a service says to the supervisor once it serves. */
export const serviceReady = z.object({ ready: z.literal(true), port: z.int().optional() });
export type ServiceReady = z.infer<typeof serviceReady>;

/** Longer than a service gives itself to close, beside draining. */
const STOP_LIMIT_MS = 15_000;

export interface CommandOptions {
  script: string;
  /** The command and its options. */
  command: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Takes the log line by line; without it the lines go where ours go. */
  onLogLine: ((line: string) => void) | undefined;
  /** How long it may drain before it closes. */
  drainMs: number;
  onChild?: (child: ChildProcess) => void;
}

/**
 * One of our own commands as a child. The channel to it is also what tells it that we are gone: it closes when we
 * die, by whatever signal.
 */
export function launchCommand(options: CommandOptions): Running<ServiceReady> {
  const { script, command, env, onLogLine, drainMs, onChild } = options;
  const child = spawn(process.execPath, [...process.execArgv, script, ...command], {
    env,
    // A group of its own: Ctrl-C in the terminal reaches only the supervisor, which ends them in order.
    detached: true,
    stdio: ["ignore", "inherit", onLogLine === undefined ? "inherit" : "pipe", "ipc"],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`the ${command[0]} could not be started`);
  if (onLogLine !== undefined && child.stderr !== null) {
    createInterface({ input: child.stderr }).on("line", onLogLine);
  }
  onChild?.(child);
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  const ready = new Promise<ServiceReady>((resolve) => {
    child.on("message", (message) => {
      const parsed = serviceReady.safeParse(message);
      if (parsed.success) resolve(parsed.data);
    });
  });
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), drainMs + STOP_LIMIT_MS);
    await exited;
    clearTimeout(late);
  };
  return { pid, ready, exited, stop };
}
