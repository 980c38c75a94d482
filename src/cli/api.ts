import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { type Config, readConfig } from "../config.ts";

/** Options that every command which talks to a server has. */
export interface ServerOptions {
  server?: string;
  token?: string;
  json?: boolean;
}

/** What a server answered instead of what was asked for, or why there was no answer. */
export class CallFailed extends Error {
  readonly code: string;
  /** The server said that the same call may succeed later. */
  readonly isTemporary: boolean;

  constructor(code: string, message: string, { isTemporary = false }: { isTemporary?: boolean } = {}) {
    super(message);
    this.code = code;
    this.isTemporary = isTemporary;
  }
}

const errorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    temporary: z.boolean().optional(),
    retryAfterMs: z.number().optional(),
  }),
});

/** Too many requests: refused before anything was done, so the same call may simply be made again. */
const TOO_MANY = 429;
const MOST_TRIES = 20;
const PAUSE_MS = 500;

/** A server's HTTP door, with the token of this command. */
export class Api {
  readonly url: string;
  readonly token: string | undefined;

  constructor(url: string, token: string | undefined) {
    this.url = url;
    this.token = token;
  }

  async call(method: string, path: string, request: CallBody = {}): Promise<unknown> {
    const { json, bytes, headers } = request;
    const init = {
      method,
      headers: {
        ...(this.token !== undefined && { Authorization: `Bearer ${this.token}` }),
        ...(json !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      ...(bytes !== undefined && { body: bytes }),
    };
    for (let tries = 1; ; tries += 1) {
      const { status, text } = await this.#fetch(path, init);
      if (status >= 200 && status < 300) return this.#parse(text);
      const told = toTold(text);
      if (status !== TOO_MANY || tries >= MOST_TRIES) throw toFailure(this.url, status, told);
      await sleep(told?.retryAfterMs ?? PAUSE_MS);
    }
  }

  async #fetch(path: string, init: RequestInit): Promise<{ status: number; text: string }> {
    try {
      const response = await fetch(`${this.url}${path}`, init);
      return { status: response.status, text: await response.text() };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? toReason(error.cause) : "";
      throw new CallFailed(
        "unreachable",
        `No News Line answers at ${this.url}${cause}. Start one, or name it with --server.`,
      );
    }
  }

  #parse(text: string): unknown {
    if (text === "") return undefined;
    try {
      return JSON.parse(text);
    } catch {
      throw new CallFailed("http", `What answers at ${this.url} is no News Line. Name one with --server.`);
    }
  }
}

interface CallBody {
  json?: unknown;
  bytes?: Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

/** A host with two addresses fails with two reasons and a message of its own that is empty. */
function toReason(cause: Error): string {
  const reason = cause.message || ("code" in cause ? String(cause.code) : "");
  return reason === "" ? "" : ` (${reason})`;
}

type Told = z.infer<typeof errorBody>["error"];

function toTold(text: string): Told | undefined {
  try {
    return errorBody.parse(JSON.parse(text)).error;
  } catch {
    // A proxy's page, or no News Line at all: the status is all there is to tell.
    return undefined;
  }
}

function toFailure(url: string, status: number, told: Told | undefined): CallFailed {
  return told === undefined
    ? new CallFailed("http", `${url} answered ${status} where a News Line answers something else.`)
    : new CallFailed(told.code, told.message, { isTemporary: told.temporary ?? false });
}

/** The server and token of the options, else of the settings, else the admin token of the data folder. */
export async function openApi(
  options: ServerOptions,
  config: Config = readConfig(process.env),
): Promise<Api> {
  const named = options.server ?? config.url;
  const url = (named.includes("://") ? named : `http://${named}`).replace(/\/+$/u, "");
  if (!/^https?:/u.test(url) || !URL.canParse(url)) {
    throw new CallFailed("invalid", `${named} is no address of a server, such as http://127.0.0.1:3000.`);
  }
  const token = options.token ?? config.token ?? (await readTokenFile(config.dataDir));
  if (token !== undefined && !/^[\x21-\x7e]+$/u.test(token)) {
    throw new CallFailed("invalid", "The token must be visible ASCII characters without blanks.");
  }
  return new Api(url, token);
}

async function readTokenFile(dataDir: string): Promise<string | undefined> {
  try {
    return (await readFile(join(dataDir, "admin-token"), "utf8")).trim();
  } catch {
    // No file: commands that need a token are told so by the server.
    return undefined;
  }
}
