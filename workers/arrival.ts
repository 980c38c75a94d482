import type { SourceProfile } from "../src/contract/profile.ts";
import type { Edition } from "../src/store/keys.ts";

/** An accepted delivery, in the form that deciding needs. */
export interface Arrival {
  edition: Edition;
  source: string;
  profile: SourceProfile;
  receivedMs: number;
  /** Its number in the edition: which of two came first, whatever order their jobs run in (REV1). */
  arrival: number;
  /** The first delivery of its source, or an import (TIM2). */
  backfill: boolean;
}
