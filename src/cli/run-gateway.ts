import { readConfig } from "../config.ts";
import { createGateway } from "../gateway.ts";
import { createLog } from "../log.ts";
import { Siblings, siblingPaths } from "../siblings/siblings.ts";
import { runService } from "./run-service.ts";

/** One gateway as this process: by itself, or as one of several behind the port of `newsline start`. */
export async function runGateway(siblings: string | undefined): Promise<void> {
  if (siblings === undefined) {
    await runService("gateway", createGateway);
    return;
  }
  const { gateway: own, logLevel } = readConfig(process.env);
  const paths = siblingPaths.parse(JSON.parse(siblings));
  const name = `gateway-${Object.keys(paths).indexOf(own) + 1}`;
  await runService(name, (config) =>
    createGateway(config, {
      log: createLog(logLevel, name),
      siblings: new Siblings({ own, paths, channel: process }),
    }),
  );
}
