import { readFile } from "node:fs/promises";
import { join } from "node:path";
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

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const errorBody = z.object({
  error: z.object({ code: z.string(), message: z.string(), field: z.string().optional() }),
});

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
    const response = await this.#fetch(path, {
      method,
      headers: {
        ...(this.token !== undefined && { Authorization: `Bearer ${this.token}` }),
        ...(json !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      ...(bytes !== undefined && { body: bytes }),
    });
    const text = await response.text();
    if (!response.ok) throw toFailure(response.status, text);
    return text === "" ? undefined : JSON.parse(text);
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(`${this.url}${path}`, init);
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
      throw new CallFailed(
        "unreachable",
        `No News Line answers at ${this.url}${cause}. Start one, or name it with --server.`,
      );
    }
  }
}

interface CallBody {
  json?: unknown;
  bytes?: Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

function toFailure(status: number, text: string): CallFailed {
  try {
    const { error } = errorBody.parse(JSON.parse(text));
    return new CallFailed(error.code, error.message);
  } catch {
    return new CallFailed("http", `The server answered ${status}.`);
  }
}

/** The server and token of the options, else of the settings, else the admin token of the data folder. */
export async function openApi(
  options: ServerOptions,
  config: Config = readConfig(process.env),
): Promise<Api> {
  const url = (options.server ?? config.url).replace(/\/+$/u, "");
  const token = options.token ?? config.token ?? (await readTokenFile(config.dataDir));
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
