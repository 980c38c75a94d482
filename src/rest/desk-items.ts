import { randomUUID } from "node:crypto";
import { type Request, type Response, Router } from "express";
import { isErrorCode, NewsLineError } from "../contract/errors.ts";
import type { DeskResult } from "../contract/jobs.ts";
import { type Channel, DESK_SOURCE, itemId, toChannel } from "../contract/names.ts";
import { holdRequest, itemChange, killRequest, newItem } from "../contract/rest.ts";
import type { DeskCommands, NewCommand } from "../queue/desk-commands.ts";
import { claimKey } from "../store/commands.ts";
import { readItem } from "../store/items.ts";
import { type Edition, toHash, toItemId } from "../store/keys.ts";
import { toDeskItem } from "../store/project.ts";
import type { ItemRecord } from "../store/record.ts";
import type { Auth } from "./auth.ts";
import { readJson } from "./json-body.ts";
import { paramOf, parseAtDoor } from "./parse.ts";

/** Stored it is in any case; a view that lags longer than this is told of on the socket, not here. */
const VIEW_PATIENCE_MS = 2_000;

export interface DeskItemsOptions {
  edition: Edition;
  auth: Auth;
  commands: DeskCommands;
  /** Whether this gateway's view of the channel has come to the position. */
  whenAt: (channel: Channel, position: string, timeoutMs: number) => Promise<boolean>;
}

type Command = NewCommand["command"];
/** A command as the route reads it, before it has an id and an author. */
type Wish = {
  [C in NewCommand as C["command"]]: Omit<C, "commandId" | "by" | "id"> & { id?: string };
}[Command];

/** The editors' door: each call is one command on the desk lane. */
export function createDeskItemsRouter(options: DeskItemsOptions): Router {
  const { auth } = options;
  const router = Router();
  const answer = (toWish: (request: Request) => Wish, status = 200) => {
    return async (request: Request, response: Response) => {
      const { isReplayed, ...body } = await carryOut(options, request, toWish(request));
      if (isReplayed) response.set("Idempotent-Replayed", "true");
      response.set("Cache-Control", "no-store").status(status).json(body);
    };
  };
  const editor = auth.require("editor");
  router.post("/v1/items", editor, readJson(), answer(toPublish, 201));
  router.put("/v1/items/:id", editor, readJson(), answer(toChange));
  router.post("/v1/items/:id/kill", editor, readJson(), answer(toKill));
  router.post("/v1/items/:id/hold", editor, readJson(), answer(toHold));
  for (const command of ["release", "pin", "unpin"] as const) {
    router.post(
      `/v1/items/:id/${command}`,
      editor,
      answer((request) => ({ command, id: toId(request) })),
    );
  }
  return router;
}

/** An id of the wrong form is one that no item has. */
function toId(request: Request): string {
  const parsed = itemId.safeParse(paramOf(request, "id"));
  if (!parsed.success) throw new NewsLineError("unknown_item");
  return parsed.data;
}

function toPublish(request: Request): Wish {
  return { command: "publish", fields: parseAtDoor(newItem, request.body ?? {}) };
}

function toChange(request: Request): Wish {
  const id = toId(request);
  const revision = parseIfMatch(request.get("If-Match"));
  return { command: "change", id, revision, fields: parseAtDoor(itemChange, request.body ?? {}) };
}

function toKill(request: Request): Wish {
  return { command: "kill", id: toId(request), ...parseAtDoor(killRequest, request.body ?? {}) };
}

function toHold(request: Request): Wish {
  const { reason } = parseAtDoor(holdRequest, request.body ?? {});
  return { command: "hold", id: toId(request), ...(reason !== undefined && { reason }) };
}

function parseIfMatch(header: string | undefined): number {
  if (header === undefined) throw new NewsLineError("if_match_required");
  const [, digits] = /^(?:W\/)?"?([1-9]\d{0,14})"?$/.exec(header.trim()) ?? [];
  if (digits === undefined) {
    throw new NewsLineError("invalid", {
      field: "If-Match",
      message: 'If-Match: must be the revision you have read, such as "3".',
    });
  }
  return Number(digits);
}

interface CommandAnswer {
  item: object;
  position: string | null;
  positions: Record<string, string>;
  isReplayed: boolean;
}

async function carryOut(options: DeskItemsOptions, request: Request, wish: Wish): Promise<CommandAnswer> {
  const { edition, commands } = options;
  const caller = options.auth.callerOf(request);
  const commandId = await toCommandId(edition, caller.id, { key: request.get("Idempotency-Key"), wish });
  const id = wish.id ?? toItemId(edition.keys.edition, DESK_SOURCE, commandId);
  const result = await commands.send({ ...wish, commandId, by: caller.name, id });
  if ("refused" in result) throw await toRefusal(edition, id, result.refused);
  if (!("revision" in result)) throw new Error("a command was answered with an explanation");
  await whenSeen(options.whenAt, result);
  const record = await readRecord(edition, id);
  const { positions } = result;
  return {
    item: toShown(record),
    position: positions[record.lines[0] ?? ""] ?? Object.values(positions)[0] ?? null,
    positions,
    isReplayed: result.replayed === true,
  };
}

const IDEMPOTENCY_KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/**
 * The same key of the same token gives the same command, and so the same new item: whatever a repeat meets on its
 * way, it has no second effect.
 */
async function toCommandId(
  edition: Edition,
  token: string,
  { key, wish }: { key: string | undefined; wish: Wish },
): Promise<string> {
  if (key === undefined) return randomUUID();
  if (!IDEMPOTENCY_KEY.test(key)) {
    throw new NewsLineError("invalid", {
      field: "Idempotency-Key",
      message: "Idempotency-Key: must be 1 to 255 visible ASCII characters.",
    });
  }
  const claim = await claimKey(edition, { token, key, bodyHash: toHash(JSON.stringify(wish)) });
  if (claim === "other") throw new NewsLineError("key_reused");
  return toHash("command", edition.keys.edition, token, key);
}

/** A caller that reads its own write here must find it. */
async function whenSeen(
  whenAt: DeskItemsOptions["whenAt"],
  { positions, deskPositions }: Extract<DeskResult, { revision: number }>,
): Promise<void> {
  const places = [
    ...Object.entries(positions).map(([line, position]) => [toChannel("public", line), position] as const),
    ...Object.entries(deskPositions).map(([line, position]) => [toChannel("desk", line), position] as const),
  ];
  await Promise.all(places.map(([channel, position]) => whenAt(channel, position, VIEW_PATIENCE_MS)));
}

async function readRecord(edition: Edition, id: string): Promise<ItemRecord> {
  const stored = await readItem(edition, id);
  if (stored === undefined) throw new Error(`item ${id} is not in the store after a command on it`);
  return stored.record;
}

/** Nothing is left of a killed item but that it was. */
function toShown(record: ItemRecord): object {
  if (record.content !== null) return toDeskItem(record);
  const { id, revision, pubStatus, lines, source } = record;
  return { id, revision, pubStatus, lines, source };
}

async function toRefusal(
  edition: Edition,
  id: string,
  refused: Extract<DeskResult, { refused: object }>["refused"],
): Promise<NewsLineError> {
  const { code, message, field } = refused;
  if (!isErrorCode(code)) throw new Error(`a worker refused a command with the unknown code ${code}`);
  const current = code === "stale_revision" ? toShown(await readRecord(edition, id)) : undefined;
  return new NewsLineError(code, {
    ...(message !== undefined && { message }),
    ...(field !== undefined && { field }),
    ...(current !== undefined && { current }),
  });
}
