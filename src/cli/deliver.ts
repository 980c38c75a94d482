import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { deliveryStatus } from "../contract/rest.ts";
import type { Api } from "./api.ts";

const POLL_MS = 50;
const PATIENCE_MS = 60_000;
/** Deliveries on their way at once: their order is fixed when they are accepted, so only the waiting overlaps. */
const MOST_WAITING = 16;

const accepted = z.object({ delivery: z.object({ id: z.string() }) });

export interface Parcel {
  source: string;
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
  filename?: string;
  /** An import: never late, never breaking, never shown as new (TIM2). */
  backfill?: boolean;
}

export type Fate = { id: string } & z.infer<typeof deliveryStatus>;

/** Hands a delivery over; gives its id. */
export async function deliver(api: Api, parcel: Parcel): Promise<string> {
  const query = new URLSearchParams({
    ...(parcel.filename !== undefined && { filename: parcel.filename }),
    ...(parcel.backfill && { backfill: "true" }),
  });
  const path = `/v1/sources/${encodeURIComponent(parcel.source)}/deliveries?${query.toString()}`;
  const headers = { "Content-Type": parcel.type };
  return accepted.parse(await api.call("POST", path, { bytes: parcel.bytes, headers })).delivery.id;
}

/** What became of a delivery; what is known of it by then when that takes too long. */
export async function readFate(api: Api, id: string, patienceMs = PATIENCE_MS): Promise<Fate> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const status = deliveryStatus.parse(await api.call("GET", `/v1/deliveries/${id}`));
    const isOver = status.state === "done" || status.state === "quarantined";
    if (isOver || Date.now() >= deadline) return { id, ...status };
    await sleep(POLL_MS);
  }
}

/** Carries on while earlier work is waited for, a bounded number at once; `onDone` is called in order. */
export class Waiting<T> {
  readonly #pending: Promise<T>[] = [];
  readonly #onDone: (result: T) => void | Promise<void>;

  constructor(onDone: (result: T) => void | Promise<void>) {
    this.#onDone = onDone;
  }

  async add(work: Promise<T> | T): Promise<void> {
    const pending = Promise.resolve(work);
    // It is awaited later; until then a failure must not count as unhandled.
    pending.catch(() => undefined);
    this.#pending.push(pending);
    if (this.#pending.length >= MOST_WAITING) await this.#take();
  }

  async finish(): Promise<void> {
    while (this.#pending.length > 0) await this.#take();
  }

  async #take(): Promise<void> {
    const first = this.#pending.shift();
    if (first !== undefined) await this.#onDone(await first);
  }
}

/** `2 applied, 1 duplicate`. */
export function countOutcomes(outcomes: readonly { outcome: string }[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
}
