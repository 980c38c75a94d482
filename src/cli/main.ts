#!/usr/bin/env node
import { Command, Option } from "commander";
import { readInstalled } from "../installed.ts";
import { addBenchCommand } from "./bench.ts";
import { addDeskCommands } from "./desk-commands.ts";
import { addDoctorCommand } from "./doctor.ts";
import { addExplainCommand } from "./explain.ts";
import { addExportCommand } from "./export.ts";
import { failCommand } from "./fail.ts";
import { addImportCommand } from "./import.ts";
import { addIngestCommand } from "./ingest.ts";
import { addOpmlCommands } from "./opml-commands.ts";
import { toWhole } from "./option-values.ts";
import { endQuietlyWithPipe } from "./output.ts";
import { addSourceCommands } from "./sources.ts";
import { addTailCommand } from "./tail.ts";
import { addTokenCommands } from "./tokens.ts";

/** The composition root: each command loads only what it runs. */
const program = new Command("newsline")
  .description("A real-time news ticker service. `newsline COMMAND --help` tells more of each command.")
  .version(readInstalled().version);
endQuietlyWithPipe();

program.commandsGroup("Run it:");
program
  .command("start")
  .description("run everything: a private Redis, a gateway and a worker")
  .option("--gateways <count>", "gateways that share the port, for more cores", toWhole(1, 64), 1)
  .option("--json", "JSON lines for programs", false)
  .action(async ({ json, gateways }: { json: boolean; gateways: number }) => {
    const { start } = await import("./start.ts");
    await start({ script: import.meta.filename, json, gateways });
    process.exit(0);
  });

program
  .command("gateway")
  .description("run one gateway: HTTP and sockets, beside others if you like")
  // What `start --gateways` says to those that it starts.
  .addOption(new Option("--siblings <json>").hideHelp())
  .action(async ({ siblings }: { siblings?: string }) => {
    const { runGateway } = await import("./run-gateway.ts");
    await runGateway(siblings);
  });

program
  .command("worker")
  .description("run one worker: it reads what comes in and is the only writer of items")
  .action(async () => {
    const [{ createWorker }, { runService }] = await Promise.all([
      import("../../workers/main.ts"),
      import("./run-service.ts"),
    ]);
    await runService("worker", createWorker);
  });

program.commandsGroup("Write and follow:");
addDeskCommands(program);
addTailCommand(program);
program.commandsGroup("Sources:");
addIngestCommand(program);
addExplainCommand(program);
addSourceCommands(program);
addOpmlCommands(program);
program.commandsGroup("Look after it:");
addExportCommand(program);
addImportCommand(program);
addTokenCommands(program);
addDoctorCommand(program);
addBenchCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  await failCommand(error);
}
