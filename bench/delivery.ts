import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Smaller than by itself (`npm run bench:fanout`): one round of every peer, to see where we stand. */
const SIZE = ["--clients", "1000", "--messages", "40", "--rounds", "1"];

/** What a change costs for each reader, beside the peers that are there. */
export async function benchDelivery(): Promise<void> {
  const program = fileURLToPath(new URL("./fanout.ts", import.meta.url));
  const json = process.argv.includes("--json") ? ["--json"] : [];
  const child = spawn(process.execPath, ["--import", "tsx", program, ...SIZE, ...json], { stdio: "inherit" });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`the fan-out bench ended with ${String(code)}`);
}
