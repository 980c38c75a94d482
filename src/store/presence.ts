import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Edition } from "./keys.ts";

const PRESENCE = readFileSync(new URL("./presence.lua", import.meta.url), "utf8");

/** How long a gateway counts after it was last heard of. */
export const PRESENCE_LIFETIME_MS = 10_000;

const readerCounts = z.record(
  z.string(),
  z.partialRecord(z.enum(["websocket", "polling", "events", "poll"]), z.int()),
);

/** How many screens of one gateway still show what an item was before it was withdrawn or corrected. */
const screenCount = z.object({
  revision: z.int(),
  /** When that was stored. */
  atMs: z.int(),
  still: z.int(),
  /** They follow the line and have not told what they show. */
  unknown: z.int(),
  /** When one of those that still show it was last heard of. */
  lastSeenMs: z.int().optional(),
});
export type ScreenCount = z.infer<typeof screenCount>;

/** What one gateway tells all others of its readers. */
const presence = z.object({
  /** When it first told anything, by the store's clock. */
  fromMs: z.int(),
  readers: readerCounts,
  /** By item: what was withdrawn or corrected lately, and the lines where it stood. */
  screens: z.record(z.string(), screenCount),
});
export type GatewayPresence = z.infer<typeof presence>;

/** `atMs`: when it told this, by the store's clock. */
export type ToldPresence = GatewayPresence & { readonly atMs: number };

const TOLD = /^(\d+) (.*)$/s;

/** Tells what this gateway has, and gives what each gateway told last, this one's own included. */
export async function tellPresence(
  edition: Edition,
  gateway: string,
  mine: GatewayPresence,
): Promise<{ nowMs: number; gateways: Map<string, ToldPresence> }> {
  const [now, ...flat] = await callPresence(edition, gateway, JSON.stringify(mine));
  const gateways = new Map<string, ToldPresence>();
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const [, at, json = ""] = TOLD.exec(String(flat[i + 1])) ?? [];
    const told = presence.safeParse(toJson(json));
    // A newer program may tell what this one cannot read; its readers are then missing here, and nothing else.
    if (told.success) gateways.set(String(flat[i]), { ...told.data, atMs: Number(at) });
  }
  return { nowMs: Number(now), gateways };
}

/** This gateway's readers have gone elsewhere: they must not count twice until it is forgotten. */
export async function leavePresence(edition: Edition, gateway: string): Promise<void> {
  await callPresence(edition, gateway, "");
}

async function callPresence({ redis, keys }: Edition, gateway: string, json: string): Promise<unknown[]> {
  return z
    .array(z.unknown())
    .parse(await redis.eval(PRESENCE, 1, keys.presence, gateway, json, PRESENCE_LIFETIME_MS));
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
