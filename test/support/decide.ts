import type { Draft } from "../../src/contract/draft.ts";
import { type SourceProfileInput, sourceProfile } from "../../src/contract/profile.ts";
import type { ItemRecord } from "../../src/store/record.ts";
import { type Circumstances } from "../../workers/circumstances.ts";
import { type Decision, decide } from "../../workers/decide.ts";

/** The moment at which tests play, unless they say otherwise. */
export const NOW = Date.parse("2026-03-04T12:00:00.000Z");

export const at = (clock: string): string => `2026-03-04T${clock}:00.000Z`;

/** A version of a story; the time stands for both of its times. */
export function toDraft(fields: Partial<Draft> & { time?: string } = {}): Draft {
  const { time, ...rest } = fields;
  const times = time === undefined ? {} : { firstCreated: time, versionCreated: time };
  return {
    guid: "story-1",
    headline: "Harbour reopens",
    bodyText: "Ferries run.",
    pubStatus: "usable",
    notes: [],
    ...times,
    ...rest,
  };
}

export interface Told {
  profile?: Partial<SourceProfileInput>;
  nowMs?: number;
  receivedMs?: number;
  arrival?: [number, number];
  backfill?: boolean;
  newestMs?: number;
  suspect?: "twin" | "slug";
}

export function toAround(told: Told = {}): Circumstances {
  const nowMs = told.nowMs ?? NOW;
  return {
    id: "item-0001",
    source: "wire",
    profile: sourceProfile.parse({ kind: "push", lines: ["main"], ...told.profile }),
    nowMs,
    receivedMs: told.receivedMs ?? nowMs,
    arrival: told.arrival ?? [1, 0],
    backfill: told.backfill ?? false,
    newestMs: told.newestMs,
    ...(told.suspect !== undefined && { suspect: told.suspect }),
  };
}

/** A source's item as it grows, one delivery after the other. */
export class Story {
  record: ItemRecord | undefined;
  readonly outcomes: string[] = [];
  #arrival = 0;

  tell(draft: Draft, told: Told = {}): Decision {
    this.#arrival += 1;
    const decision = decide(this.record, draft, toAround({ arrival: [this.#arrival, 0], ...told }));
    if (decision.kind !== "ignore") this.record = decision.next;
    this.outcomes.push(decision.outcome);
    return decision;
  }

  get state(): ItemRecord {
    if (this.record === undefined) throw new Error("nothing was told yet");
    return this.record;
  }
}
