import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { readInstalled } from "../installed.ts";
import { CallFailed } from "./api.ts";

export function addBenchCommand(program: Command): void {
  program
    .command("bench [names...]")
    .description("measure this machine: all benches, or those named (needs a checkout)")
    .action(bench);
}

/** What is measured, and what it is measured against, stands beside the program in a checkout only. */
async function bench(names: string[]): Promise<void> {
  const root = dirname(dirname(readInstalled().clientDir));
  const script = join(root, "scripts", "bench.mjs");
  if (!existsSync(script) || !existsSync(join(root, "bench"))) {
    throw new CallFailed(
      "no_checkout",
      "The benches need a checkout of the repository: run npm run bench there.",
    );
  }
  const child = spawn(process.execPath, [script, ...names], { stdio: "inherit" });
  const [code] = await once(child, "close");
  process.exitCode = typeof code === "number" ? code : 1;
}
