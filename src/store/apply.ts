import { readFileSync } from "node:fs";
import type { Result } from "ioredis";
import { z } from "zod";
import type { RedisClient } from "../redis/connect.ts";
import { type ItemChange, toArguments } from "./change.ts";
import type { Edition } from "./keys.ts";

const APPLY = readFileSync(new URL("./apply.lua", import.meta.url), "utf8");

declare module "ioredis" {
  interface RedisCommander<Context> {
    applyItem(keys: number, ...args: (string | number)[]): Result<unknown, Context>;
  }
}

/** Teaches a connection the script; call once for each connection that writes. */
export function defineApply(redis: RedisClient): void {
  redis.defineCommand("applyItem", { lua: APPLY });
}

export interface Place {
  channel: string;
  epoch: string;
  offset: number;
}
export type Applied =
  | { kind: "ok"; write: number; atMs: number; places: Place[] }
  /** Someone wrote first: read again, decide again. */
  | { kind: "conflict" }
  /** The deadline has passed; nothing was done and nothing will be. */
  | { kind: "late" }
  /** This command was carried out before; its result. */
  | { kind: "done"; result: CommandResult }
  /** The identity belongs to another item meanwhile. */
  | { kind: "alias"; field: string; id: string };

const commandResult = z.object({
  id: z.string(),
  revision: z.number(),
  at: z.number(),
  // cjson writes an empty Lua table as {} – and an empty list likewise.
  positions: z.record(z.string(), z.string()),
});
export type CommandResult = z.infer<typeof commandResult>;

export function parseCommandResult(text: string): CommandResult {
  return commandResult.parse(JSON.parse(text));
}

const answer = z.tuple([z.string()], z.union([z.string(), z.number()]));

function parseAnswer(raw: unknown): Applied {
  const [kind, ...rest] = answer.parse(raw);
  switch (kind) {
    case "ok": {
      const [write, atMs, , ...flat] = rest;
      const places: Place[] = [];
      for (let i = 0; i + 2 < flat.length; i += 3) {
        places.push({ channel: String(flat[i]), epoch: String(flat[i + 1]), offset: Number(flat[i + 2]) });
      }
      return { kind, write: Number(write), atMs: Number(atMs), places };
    }
    case "conflict":
    case "late":
      return { kind };
    case "done":
      return { kind, result: parseCommandResult(String(rest[0])) };
    case "alias":
      return { kind, field: String(rest[0]), id: String(rest[1]) };
    default:
      throw new Error(`apply.lua answered ${kind}`);
  }
}

function toCall(edition: Edition, change: ItemChange, nowMs: number): [number, ...(string | number)[]] {
  const { keys } = edition;
  const id = change.after[0]?.id ?? "";
  const { channels, args } = toArguments(change, nowMs);
  const named = [
    keys.item(id),
    keys.history(id),
    keys.stream,
    keys.meta,
    keys.lines,
    keys.aliases,
    keys.killed,
    keys.due,
    keys.command(change.command?.id ?? "none"),
    keys.audit,
    keys.wake,
    ...channels.flatMap((channel) => [keys.order(channel), keys.log(channel)]),
  ];
  return [named.length, ...named, ...args];
}

/** Applies one item's change in one step. */
export async function applyChange(edition: Edition, change: ItemChange, nowMs: number): Promise<Applied> {
  return parseAnswer(await edition.redis.applyItem(...toCall(edition, change, nowMs)));
}

/** Applies changes of different items, each in a step of its own, in one round trip; answers in the same order. */
export async function applyChanges(
  edition: Edition,
  changes: ItemChange[],
  nowMs: number,
): Promise<Applied[]> {
  const pipeline = edition.redis.pipeline();
  for (const change of changes) pipeline.applyItem(...toCall(edition, change, nowMs));
  const answers = (await pipeline.exec()) ?? [];
  return answers.map(([error, raw]) => {
    if (error) throw error;
    return parseAnswer(raw);
  });
}
