import { styleText } from "node:util";

/** What a person, or a program, needs to know of a system that has come up. */
export interface Started {
  url: string;
  /** undefined when no file holds it. */
  adminTokenFile: string | undefined;
  hasFixedToken: boolean;
  dataDir: string;
  gateways: number;
  redis: string;
  durability: string;
  ms: number;
}

/** Node 20 colours also what goes into a file. */
function paint(style: Parameters<typeof styleText>[0], text: string): string {
  return process.stdout.isTTY && !process.env.NO_COLOR ? styleText(style, text) : text;
}

export function showStarted(started: Started, json: boolean): void {
  const { url, adminTokenFile, dataDir, gateways, redis, durability, ms } = started;
  const places = { ticker: `${url}/`, wall: `${url}/wall`, desk: `${url}/desk`, api: `${url}/docs` };
  if (json) {
    print({ event: "started", url, ...places, adminTokenFile, dataDir, gateways, redis, durability, ms });
    return;
  }
  const row = (name: string, value: string) => `  ${paint("dim", name.padEnd(7))} ${value}`;
  const place = (name: string, address: string) => row(name, paint("cyan", address));
  const lines = [
    "",
    `${paint("green", "●")} ${paint("bold", "News Line is running")} ${paint("dim", `after ${(ms / 1000).toFixed(1)} s`)}`,
    "",
    place("ticker", places.ticker),
    place("wall", places.wall),
    place("desk", places.desk),
    place("API", places.api),
    "",
    row("token", describeToken(started)),
    row("data", dataDir),
    ...(gateways > 1 ? [row("shared", `by ${gateways} gateways`)] : []),
    row("Redis", `${redis} (writes to disk: ${durability})`),
    "",
    paint("dim", "Ctrl-C stops it."),
    "",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function describeToken({ adminTokenFile, hasFixedToken }: Started): string {
  if (hasFixedToken) return "as set in NEWSLINE_ADMIN_TOKEN";
  return adminTokenFile === undefined
    ? "made earlier; its file is not in this data folder"
    : `in ${adminTokenFile}`;
}

export function showStopping(json: boolean): void {
  if (json) print({ event: "stopping" });
  else process.stdout.write("\nStopping: gateways, worker, Redis …\n");
}

export function showStopped(json: boolean): void {
  if (json) print({ event: "stopped" });
  else process.stdout.write("Stopped; everything is on disk.\n");
}

function print(event: object): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
