import { dirname, join } from "node:path";
import { type Config, GATEWAY_NAME } from "../config.ts";
import { ConfigError } from "../config-error.ts";
import type { ServiceReady } from "./child.ts";
import { FrontDoor } from "./front-door.ts";
import { Keeper } from "./keeper.ts";
import { type LaunchOptions, launchService } from "./launch.ts";

/** The gateways of one `newsline start`. */
export interface Gateways {
  keepers: readonly Keeper<ServiceReady>[];
  /** Before any is started. */
  open(): Promise<void>;
  /** Where they are reached; `said` is what the first said when it was ready. */
  toPort(said: ServiceReady | undefined): number;
  close(): void;
}

/** One gateway listens on the port itself. */
export function createOneGateway(options: LaunchOptions): Gateways {
  const { config, folder, log } = options;
  let { port } = config;
  const keeper = new Keeper<ServiceReady>({
    name: "gateway",
    pidFile: folder.pidFile("gateway"),
    log,
    launch: () => launchService(options, { command: ["gateway"], port, gateway: config.gateway }),
  });
  return {
    keepers: [keeper],
    open: () => Promise.resolve(),
    toPort(said) {
      // One that got any free port must come back on the same one: its readers know no other.
      port = said?.port ?? port;
      return port;
    },
    close: () => undefined,
  };
}

/** Each of several has the name with its number: too long a one would end each of them, again and again. */
export function requireGatewayNames({ gateway }: Pick<Config, "gateway">, count: number): void {
  const longest = `${gateway}-${count}`;
  if (count === 1 || GATEWAY_NAME.test(longest)) return;
  throw new ConfigError(
    "NEWSLINE_GATEWAY",
    `NEWSLINE_GATEWAY is wrong: with --gateways ${count} the last is called ${longest}, and a name may have 48 signs.`,
  );
}

/** Several share the port: we accept, and deal out what we accept. */
export function createSeveralGateways(options: LaunchOptions, count: number): Gateways {
  const { config, folder, log } = options;
  const door = new FrontDoor();
  let { port } = config;
  const places = Array.from({ length: count }, (_, index) => ({
    name: `gateway-${index + 1}`,
    gateway: `${config.gateway}-${index + 1}`,
    // No longer than the name of the private Redis's socket, for which the folder was chosen.
    path: join(dirname(folder.socket), `g${index + 1}.sock`),
  }));
  const paths = JSON.stringify(Object.fromEntries(places.map(({ gateway, path }) => [gateway, path])));
  const keepers = places.map(
    ({ name, gateway }) =>
      new Keeper<ServiceReady>({
        name,
        pidFile: folder.pidFile(name),
        log,
        launch: () => {
          const command = ["gateway", "--siblings", paths];
          const onChild = door.seat.bind(door, gateway);
          return launchService(options, { command, port, gateway, onChild });
        },
      }),
  );
  return {
    keepers,
    async open() {
      port = await door.listen(config);
    },
    toPort: () => port,
    close: () => door.close(),
  };
}
