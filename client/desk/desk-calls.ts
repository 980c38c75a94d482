import type { Item } from "../../src/contract/item.ts";
import { isFields } from "../feed/guards.ts";
import { CallError, callJson, type Door, isItem } from "../feed/reading.ts";

export interface DeskDoor extends Door {
  readonly token: string;
}

export interface NewItemFields {
  headline: string;
  lines: string[];
  urgency: number;
  lead?: string;
  body?: string;
  link?: string;
  embargoedUntil?: string;
  edNote?: string;
}

export interface ChangeFields {
  change: "update" | "correction";
  headline: string;
  lead: string | null;
  body: string | null;
  urgency: number;
  correctionNote?: string;
  hideEarlier?: boolean;
}

export type DeskAction = "hold" | "release" | "pin" | "unpin";

const RETRIES = 3;
const RETRY_MS = 700;

/** One command has one key, however often it is sent: a repeat has no second effect. */
export function toCommandKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function publish(door: DeskDoor, fields: NewItemFields, key: string): Promise<Item> {
  return toItem(await send(door, { method: "POST", path: "v1/items", body: fields, key }));
}

export async function change(
  door: DeskDoor,
  target: { id: string; revision: number },
  fields: ChangeFields,
): Promise<Item> {
  const path = `v1/items/${target.id}`;
  const ifMatch = `"${target.revision}"`;
  return toItem(await send(door, { method: "PUT", path, body: fields, key: toCommandKey(), ifMatch }));
}

export function kill(door: DeskDoor, id: string, reason: string): Promise<unknown> {
  return send(door, { method: "POST", path: `v1/items/${id}/kill`, body: { reason }, key: toCommandKey() });
}

export function act(door: DeskDoor, id: string, action: DeskAction): Promise<unknown> {
  return send(door, { method: "POST", path: `v1/items/${id}/${action}`, body: {}, key: toCommandKey() });
}

/** Any call of the desk's door that answers with JSON of its own shape. */
export function callDesk(
  door: DeskDoor,
  method: string,
  path: string,
  body?: Readonly<Record<string, unknown>> | string,
): Promise<unknown> {
  const type = typeof body === "string" ? "application/octet-stream" : "application/json";
  return callJson(new URL(path, door.server), {
    method,
    headers: { authorization: `Bearer ${door.token}`, ...(body !== undefined && { "content-type": type }) },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

/** Bytes as they are. */
export async function callBytes(door: DeskDoor, path: string): Promise<Uint8Array> {
  const headers = { authorization: `Bearer ${door.token}` };
  const response = await fetch(new URL(path, door.server), { headers }).catch(() => {
    throw new CallError(0, undefined);
  });
  if (!response.ok) throw new CallError(response.status, await response.json().catch(() => undefined));
  return new Uint8Array(await response.arrayBuffer());
}

/** An editor's rights; a token that is no token throws. */
export async function checkToken(door: DeskDoor): Promise<void> {
  await callDesk(door, "GET", "v1/quarantine");
}

/** Whether the command may have been stored all the same: then only a repeat with its key is safe. */
export function isOutcomeOpen(error: unknown): boolean {
  return error instanceof CallError && (error.code === "outcome_unknown" || error.code === "unreachable");
}

interface Command {
  method: string;
  path: string;
  body: object;
  key: string;
  ifMatch?: string;
}

async function send(door: DeskDoor, command: Command): Promise<unknown> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await sendOnce(door, command);
    } catch (error) {
      // Only here a repeat can help by itself, and it is safe: the key is the same.
      if (!isOutcomeOpen(error) || tries >= RETRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS * (tries + 1)));
    }
  }
}

function sendOnce(door: DeskDoor, command: Command): Promise<unknown> {
  const headers = {
    authorization: `Bearer ${door.token}`,
    "content-type": "application/json",
    "idempotency-key": command.key,
    ...(command.ifMatch !== undefined && { "if-match": command.ifMatch }),
  };
  const init = { method: command.method, headers, body: JSON.stringify(command.body) };
  return callJson(new URL(command.path, door.server), init);
}

function toItem(answer: unknown): Item {
  const item = isFields(answer) ? answer["item"] : undefined;
  if (isItem(item)) return item;
  throw new CallError(200, undefined);
}
