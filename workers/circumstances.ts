import type { SourceProfile } from "../src/contract/profile.ts";

/** What is known around a draft when it is decided on. Times in milliseconds. */
export interface Circumstances {
  id: string;
  source: string;
  profile: SourceProfile;
  nowMs: number;
  /** When the delivery was accepted, its arrival number, and the draft's place in it. */
  receivedMs: number;
  arrival: [delivery: number, index: number];
  /** The first delivery of its source, or an import (TIM2). */
  backfill: boolean;
  /** The newest `orderedAt` on the lines it goes to. */
  newestMs: number | undefined;
  /** It repeats a killed item's text or link, supersedes one, or bears the slug of one (KIL1, KIL2). */
  suspect?: "twin" | "slug";
  /** Joined under another guid: its version number says nothing here. */
  isJoined?: boolean;
}
