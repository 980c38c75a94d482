import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { createLedger, type Ledger } from "../ledger.ts";
import type { Chance } from "./chance.ts";
import { Desk } from "./desk.ts";
import { call } from "./http-call.ts";
import { Scribe } from "./scribe.ts";
import { type Servers, startServers } from "./servers.ts";
import { StallWatch } from "./stall-watch.ts";
import { Workload } from "./workload.ts";

export interface RoomOptions {
  gateways: number;
  lines: readonly string[];
  /** Changes a second. */
  rate: number;
  longestDueMs: number;
  chance: Chance;
}

/** The product with everything that is done to it and noted about it, but for its readers. */
export interface Room {
  servers: Servers;
  /** Where readers and the desk connect. */
  ports: number[];
  ledger: Ledger;
  desk: Desk;
  scribe: Scribe;
  workload: Workload;
  watch: StallWatch;
  stop(): Promise<void>;
}

const ITEMS_EACH = 20;
const PATIENCE_MS = 20_000;

export async function openRoom({ gateways, lines, chance, ...pace }: RoomOptions): Promise<Room> {
  const ledger = createLedger();
  const servers = await startServers(gateways);
  const ports = servers.gateways.map(({ front }) => front.port);
  const desk = new Desk(ports, chance.fork("desk"));
  const scribe = new Scribe(servers.redisPort);
  const workload = new Workload({ desk, ledger, chance: chance.fork("workload"), lines, ...pace });
  const watch = new StallWatch(ledger);
  const stop = async () => {
    watch.stop();
    scribe.close();
    await servers.stop();
  };
  try {
    await workload.prepare(ITEMS_EACH);
    scribe.start();
    return { servers, ports, ledger, desk, scribe, workload, watch, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const lineState = z.object({ epoch: z.string(), offset: z.number(), count: z.number(), sha256: z.string() });

/** What every gateway says of every line, for the ledger; and where each line ends. */
export async function readFinals(room: Room, lines: readonly string[]): Promise<Record<string, string>> {
  const ends: Record<string, string> = {};
  for (const line of lines) {
    for (const gateway of room.ports.keys()) {
      const { epoch, offset, count, sha256 } = await readState(room, line, gateway);
      const position = `${epoch}:${offset}`;
      ends[line] = position;
      room.ledger.finals.push({ line, gateway, position, count, sha256 });
    }
  }
  return ends;
}

/** Nobody does harm any more, but the last of it may still have to end. */
async function readState({ ports }: Room, line: string, gateway: number) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      const { text } = await call(`http://127.0.0.1:${ports[gateway]}/v1/lines/${line}/state`);
      return lineState.parse(JSON.parse(text));
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(200);
    }
  }
}
