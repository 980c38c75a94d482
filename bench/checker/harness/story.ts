import type { Secret } from "../ledger.ts";

/** One item as its author knows it. Only one command for it is under way at a time. */
export interface Story {
  id: string;
  revision: number;
  lines: readonly string[];
  state: "public" | "held" | "embargoed" | "killed" | "gone";
  isBusy: boolean;
  /** Of the wire's. */
  guid?: string;
  version: number;
  /** Its agency has withdrawn it and then sent it anew: only an editor can let it back (KIL1). */
  isRevived: boolean;
  isWireKill: boolean;
  /** Written while readers must not see it: until the release. */
  sealed: Secret[];
}

/** What every new story has. */
export function toFresh(): Pick<Story, "isBusy" | "version" | "isRevived" | "isWireKill" | "sealed"> {
  return { isBusy: false, version: 0, isRevived: false, isWireKill: false, sealed: [] };
}

const PLACES = ["Selin", "Marrow", "Tamsin", "Orrel", "Quay", "Dunmere", "Halden", "Istra"];
const THINGS = ["ferry", "bridge", "harbour", "lighthouse", "market", "school", "tram", "library"];
const EVENTS = [
  "opens again",
  "closes for a day",
  "gets a new roof",
  "is counted",
  "waits for rain",
  "is sold",
];

/** A headline that no two writes share: `mark` tells a text from every other. */
export function toHeadline(number: number, mark: string): string {
  const place = PLACES[number % PLACES.length];
  const thing = THINGS[Math.floor(number / 3) % THINGS.length];
  const event = EVENTS[Math.floor(number / 7) % EVENTS.length];
  return `The ${thing} of ${place} ${event}, says notice ${mark}`;
}

export function toBody(number: number, mark: string): string {
  return `${toHeadline(number, mark)}.\n\nThe office of the ${THINGS[number % THINGS.length]} gave no reason.`;
}
