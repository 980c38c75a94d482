import type { Config } from "../config.ts";
import type { Logger } from "../log.ts";
import { launchCommand } from "./child.ts";

export interface DataFolder {
  dir: string;
  /** Where the private Redis listens. */
  socket: string;
  pidFile: (name: string) => string;
}

/** What all children of one `newsline start` share. */
export interface LaunchOptions {
  config: Config;
  folder: DataFolder;
  script: string;
  log: Logger;
  onLogLine: ((line: string) => void) | undefined;
}

interface ServiceOptions extends Pick<Parameters<typeof launchCommand>[0], "command" | "onChild"> {
  port: number;
  gateway?: string;
}

export function launchService(
  { config, folder, script, onLogLine }: LaunchOptions,
  { port, gateway, ...rest }: ServiceOptions,
) {
  return launchCommand({
    ...rest,
    script,
    env: {
      ...process.env,
      PORT: String(port),
      NEWSLINE_DATA: folder.dir,
      ...(gateway !== undefined && { NEWSLINE_GATEWAY: gateway }),
    },
    onLogLine,
    drainMs: config.drainWaitMs + config.drainSpreadMs,
  });
}
