import { randomUUID } from "node:crypto";
import type { Edition } from "../src/store/keys.ts";

const LEASE_MS = 5_000;

/** KEYS lease · ARGV owner, ms: takes it when it is free, keeps it when it is ours. */
const HOLD = `
local owner = redis.call("GET", KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
return 1
`;
const LET_GO = `
if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end
return 0
`;

/**
 * One worker of many does a piece of work at a time. A safeguard against doing it twice, not a lock: whatever is
 * done under it must bear a second one (the store's compare-and-set sees to that).
 */
export class Lease {
  readonly #edition: Edition;
  readonly #key: string;
  readonly #ms: number;
  readonly #owner = randomUUID();

  /** `ms`: after so long without `hold` it is free again, whatever became of its holder. */
  constructor(edition: Edition, name: string, ms = LEASE_MS) {
    this.#edition = edition;
    this.#key = edition.keys.lease(name);
    this.#ms = ms;
  }

  async hold(): Promise<boolean> {
    return (await this.#edition.redis.eval(HOLD, 1, this.#key, this.#owner, this.#ms)) === 1;
  }

  async letGo(): Promise<void> {
    await this.#edition.redis.eval(LET_GO, 1, this.#key, this.#owner);
  }
}
