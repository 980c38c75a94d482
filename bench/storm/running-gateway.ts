import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { serviceReady } from "../../src/cli/child.ts";

export interface RunningGateway {
  readonly pid: number;
  readonly port: number;
  /** As a crash does it. */
  kill9(): Promise<void>;
  stop(): Promise<void>;
}

const MAIN = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

/** The built product's `newsline gateway`, as the supervisor starts it. */
export async function startGateway(env: NodeJS.ProcessEnv): Promise<RunningGateway> {
  const child = spawn(process.execPath, [MAIN, "gateway"], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const said = await new Promise<unknown>((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", () => reject(new Error("the gateway did not start")));
  });
  const { port = 0 } = serviceReady.parse(said);
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  return { pid: child.pid ?? 0, port, kill9: () => end("SIGKILL"), stop: () => end("SIGTERM") };
}
