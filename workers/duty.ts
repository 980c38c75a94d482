import type { Logger } from "../src/log.ts";
import type { Edition } from "../src/store/keys.ts";
import { Lease } from "./lease.ts";
import { createLoop, type Loop } from "./loop.ts";

/** How often a worker that has not the duty asks for it, at most. */
const ASK_MS = 1_000;
const LEAST_LEASE_MS = 5_000;

export interface Duty {
  name: string;
  everyMs: number;
  work: () => Promise<unknown>;
}

/** A piece of work that one worker of many does for all of them, again and again. */
export function createDuty({ name, everyMs, work }: Duty, edition: Edition, log: Logger): Loop {
  const lease = new Lease(edition, name, Math.max(LEAST_LEASE_MS, 2 * everyMs));
  const loop = createLoop(
    name,
    async () => {
      if (!(await lease.hold())) return Math.max(ASK_MS, everyMs);
      await work();
      return everyMs;
    },
    log,
  );
  return {
    start: () => loop.start(),
    close: async () => {
      await loop.close();
      // With the store away, the lease ends by itself.
      await Promise.allSettled([lease.letGo()]);
    },
  };
}
