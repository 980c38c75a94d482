import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { ADMIN_TOKEN, type TestGateway } from "./gateway.ts";
import { root } from "./repository.ts";

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CommandLine {
  /** Runs `newsline` against the gateway, with its admin token, until it ends. */
  run(args: readonly string[], input?: string): Promise<Ended>;
  /** The same with `--json`: what it printed, parsed. */
  json(args: readonly string[]): Promise<unknown[]>;
}

const MAIN = ["--import", "tsx", `${root}src/cli/main.ts`];

/** The real command as a child process, without the settings of whoever runs the tests. */
export function startCommand(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [...MAIN, ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, NEWSLINE_DATA: "/nowhere", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

export async function runCommand(
  args: readonly string[],
  { input = "", env }: { input?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const child = startCommand(args, env);
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin?.end(input);
  const code = await new Promise<number | null>((resolve) => {
    child.once("close", resolve);
  });
  return { code, stdout, stderr };
}

export function toEnv({ url }: Pick<TestGateway, "url">): NodeJS.ProcessEnv {
  return { NEWSLINE_URL: url, NEWSLINE_TOKEN: ADMIN_TOKEN };
}

export function createCommandLine(gateway: Pick<TestGateway, "url">): CommandLine {
  const env = toEnv(gateway);
  return {
    run: (args, input = "") => runCommand(args, { input, env }),
    async json(args) {
      const { stdout, stderr } = await runCommand([...args, "--json"], { env });
      if (stdout === "") throw new Error(`nothing was printed: ${stderr}`);
      return stdout.trim().split("\n").map(parseRow);
    },
  };
}

export function parseRow(text: string): unknown {
  return JSON.parse(text);
}

/** A command that goes on, such as `tail`, read row by row. */
export function followCommand(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = startCommand(args, env);
  const rows: string[] = [];
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  if (child.stdout) createInterface({ input: child.stdout }).on("line", (row) => rows.push(row));
  const exited = new Promise<number | null>((resolve) => {
    child.once("close", resolve);
  });
  return { rows, stderr: () => stderr, exited, stop: () => child.kill() };
}
