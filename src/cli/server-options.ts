import type { Command } from "commander";

/** The options of every command that talks to a server. */
export function withServer(command: Command): Command {
  return command
    .option("--server <address>", "where News Line is (default: NEWSLINE_URL, else HOST and PORT)")
    .option("--token <token>", "who you are (default: NEWSLINE_TOKEN, else <data>/admin-token)")
    .option("--json", "JSON for programs", false);
}
