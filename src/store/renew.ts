import { readFileSync } from "node:fs";
import { type Edition, newEpoch } from "./keys.ts";
import type { ControlMessage } from "./message.ts";

const RENEW = readFileSync(new URL("./renew.lua", import.meta.url), "utf8");
const RENEWED: ControlMessage = { type: "renewed" };
const TRIES = 5;

export interface Renewal {
  /** The epoch that the caller knows, by channel. A channel that has another one by now was renewed by someone else. */
  epochs: ReadonlyMap<string, string>;
  /** The last seq that the caller has seen. */
  seq: number;
  /** To be stored as the known one. */
  runId?: string;
}

/** Gives every log a new epoch at offset 0, unless someone was faster. */
export async function renewEpochs(edition: Edition, renewal: Renewal): Promise<"renewed" | "already"> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answer = await callRenew(edition, renewal);
    if (answer === "ok") return "renewed";
    if (answer === "already") return "already";
  }
  throw new Error("lines were made faster than their logs could be renewed");
}

async function callRenew(edition: Edition, renewal: Renewal): Promise<unknown> {
  const { redis, keys } = edition;
  const epochs = new Map([...(await readEpochs(edition)), ...renewal.epochs]);
  const channels = [...epochs.keys()];
  const named = [keys.meta, keys.stream, keys.run, ...channels.map((channel) => keys.log(channel))];
  const args = channels.flatMap((channel) => [channel, epochs.get(channel) ?? "", newEpoch()]);
  const head = [renewal.seq, renewal.runId ?? "", JSON.stringify(RENEWED)];
  const answer = await redis.eval(RENEW, named.length, ...named, ...head, ...args);
  return Array.isArray(answer) ? answer[0] : undefined;
}

/** The epoch of every channel's log. */
export async function readEpochs(edition: Edition): Promise<Map<string, string>> {
  const meta = await edition.redis.hgetall(edition.keys.meta);
  return new Map(
    Object.entries(meta)
      .filter(([field]) => field.startsWith("e:"))
      .map(([field, epoch]) => [field.slice(2), epoch] as const),
  );
}
