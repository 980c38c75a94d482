import type { SourceProfile } from "../../src/contract/profile.ts";
import type { Edition } from "../../src/store/keys.ts";
import { listSources, readSourcesVersion } from "../../src/store/sources.ts";

type Profiles = ReadonlyMap<string, SourceProfile>;

/** Read again after so long even if nothing seems to have changed: a store may have been restored. */
const LONGEST_TRUST_MS = 30_000;

/**
 * Gives all profiles when they may have changed since the last call, else undefined. Cheap enough to call every few
 * seconds: most calls read one number.
 */
export function watchProfiles(edition: Edition): () => Promise<Profiles | undefined> {
  let seen: string | undefined;
  let readMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const version = await readSourcesVersion(edition);
    const nowMs = performance.now();
    if (version === seen && nowMs - readMs < LONGEST_TRUST_MS) return undefined;
    const profiles = await listSources(edition);
    seen = version;
    readMs = nowMs;
    return profiles;
  };
}
