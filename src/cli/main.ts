#!/usr/bin/env node
import { Command } from "commander";
import { addDeskCommands } from "./desk-commands.ts";
import { addDoctorCommand } from "./doctor.ts";
import { addExplainCommand } from "./explain.ts";
import { addIngestCommand } from "./ingest.ts";
import { failCommand, runService } from "./run-service.ts";
import { addSourceCommands } from "./sources.ts";
import { addTailCommand } from "./tail.ts";
import { addTokenCommands } from "./tokens.ts";

/** The composition root: each command loads only what it runs. */
const program = new Command("newsline").description("A real-time news ticker service.");

program
  .command("start")
  .description("run everything: a private Redis, a gateway and a worker")
  .option("--json", "JSON lines for programs", false)
  .action(async ({ json }: { json: boolean }) => {
    const { start } = await import("./start.ts");
    await start({ script: import.meta.filename, json });
    process.exit(0);
  });

program
  .command("gateway")
  .description("run one gateway: HTTP and sockets")
  .action(async () => {
    const { createGateway } = await import("../gateway.ts");
    await runService("gateway", createGateway);
  });

program
  .command("worker")
  .description("run one worker")
  .action(async () => {
    const { createWorker } = await import("../../workers/main.ts");
    await runService("worker", createWorker);
  });

addDeskCommands(program);
addTailCommand(program);
addIngestCommand(program);
addExplainCommand(program);
addSourceCommands(program);
addTokenCommands(program);
addDoctorCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  failCommand(error);
}
