import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Chance } from "./chance.ts";
import { call } from "./http-call.ts";
import { ADMIN_TOKEN } from "./servers.ts";

export interface DeskAnswer {
  status: number;
  body: unknown;
  /** When it was first asked. */
  askedMs: number;
  answeredMs: number;
}

export interface Command {
  method?: "POST" | "PUT";
  path: string;
  body?: object;
  /** The revision that the change is made to. */
  ifMatch?: number;
}

/** What a write was answered. Of a killed item little is left. */
export const commandAnswer = z.object({
  item: z.object({ id: z.string(), revision: z.number() }),
  positions: z.record(z.string(), z.string()),
});

const GIVE_UP_MS = 90_000;
const TRY_MS = 8_000;

/**
 * An editor's tool that does not give up: what has no answer is sent again with the same Idempotency-Key, to whichever
 * gateway answers, until it is clear what became of it.
 */
export class Desk {
  readonly #ports: readonly number[];
  readonly #chance: Chance;
  readonly #prefix: string;
  #keys = 0;
  /** Tries that had to be made again. */
  repeats = 0;

  constructor(ports: readonly number[], chance: Chance) {
    this.#ports = ports;
    this.#chance = chance;
    this.#prefix = `checker-${chance.whole(0, 1_000_000_000)}`;
  }

  /** Undefined when it never became clear. */
  async command({ method = "POST", path, body, ifMatch }: Command): Promise<DeskAnswer | undefined> {
    this.#keys += 1;
    const headers = {
      "Idempotency-Key": `${this.#prefix}-${this.#keys}`,
      "Content-Type": "application/json",
      ...(ifMatch !== undefined && { "If-Match": `"${ifMatch}"` }),
    };
    return await this.#insist({ method, path, headers, body: JSON.stringify(body ?? {}) });
  }

  /** Sent again it is the same version, which has no second effect. */
  async deliver(source: string, body: object): Promise<DeskAnswer | undefined> {
    const headers = { "Content-Type": "application/json" };
    const path = `/v1/sources/${source}/deliveries`;
    return await this.#insist({ method: "POST", path, headers, body: JSON.stringify(body) });
  }

  async read(path: string): Promise<DeskAnswer | undefined> {
    return await this.#insist({ method: "GET", path, headers: {}, body: undefined });
  }

  async #insist(question: {
    method: string;
    path: string;
    headers: Record<string, string>;
    body: string | undefined;
  }): Promise<DeskAnswer | undefined> {
    const { method, path, body } = question;
    const headers = { ...question.headers, Authorization: `Bearer ${ADMIN_TOKEN}` };
    const askedMs = Date.now();
    while (Date.now() < askedMs + GIVE_UP_MS) {
      const port = this.#chance.pick(this.#ports);
      try {
        const url = `http://127.0.0.1:${port}${path}`;
        const { status, text } = await call(url, { method, headers, body, timeoutMs: TRY_MS });
        if (status !== 503 && status !== 429) {
          return { status, body: JSON.parse(text), askedMs, answeredMs: Date.now() };
        }
      } catch {
        // Cut off on the way there or on the way back: nobody can tell which.
      }
      this.repeats += 1;
      await sleep(this.#chance.between(100, 500));
    }
    return undefined;
  }
}
