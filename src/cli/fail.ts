import { ZodError, z } from "zod";
import { ConfigError } from "../config-error.ts";
import { CallFailed } from "./api.ts";

/** Every other schema has a sentence of its own where it is used. */
const NOT_OURS = "The server's answer is not one that this version knows:";

/** Ends a command that failed: one sentence for what a person can set right, the whole error for the rest. */
export async function failCommand(error: unknown): Promise<never> {
  if (error instanceof ConfigError || error instanceof CallFailed) {
    process.stderr.write(`${error.message}\n`);
  } else if (error instanceof ZodError) {
    process.stderr.write(`${NOT_OURS} ${z.prettifyError(error)}\n`);
  } else {
    const { createLog } = await import("../log.ts");
    createLog("info", "newsline").fatal({ err: error }, "the command failed");
  }
  process.exit(1);
}
