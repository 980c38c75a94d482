import { setTimeout as sleep } from "node:timers/promises";
import { NewsLineError } from "../../src/contract/errors.ts";
import type { Edition } from "../../src/store/keys.ts";
import { Lease } from "../lease.ts";
import { FETCH_TIMEOUT_MS } from "./fetch.ts";

/** A fetch that has ended, one way or the other, has given its turn back; a worker that died has not. */
const TURN_MS = FETCH_TIMEOUT_MS + 10_000;
const LONGEST_WAIT_MS = 10_000;
const ASK_AGAIN_MS = 100;

/** One fetch per host at a time, over all workers: whoever fetches has the host's turn. */
export class HostTurn {
  readonly #edition: Edition;
  readonly #signal: AbortSignal;
  #host: string | undefined;
  #lease: Lease | undefined;

  constructor(edition: Edition, signal: AbortSignal) {
    this.#edition = edition;
    this.#signal = signal;
  }

  /** False when somebody else has it. */
  async take(host: string): Promise<boolean> {
    const lease = new Lease(this.#edition, `host:${host}`, TURN_MS);
    if (!(await lease.hold())) return false;
    this.#lease = lease;
    this.#host = host;
    return true;
  }

  /**
   * For a redirect to another host: waits for its turn. The old one is given back first, so that two fetches that
   * are sent to each other's hosts do not wait for each other.
   */
  async moveTo(host: string): Promise<void> {
    if (host === this.#host) return;
    await this.giveBack();
    for (let waitedMs = 0; !(await this.take(host)); waitedMs += ASK_AGAIN_MS) {
      if (waitedMs >= LONGEST_WAIT_MS) {
        throw new NewsLineError("fetch_failed", {
          message: `It redirects to ${host}, which is busy with others.`,
        });
      }
      await sleep(ASK_AGAIN_MS, undefined, { signal: this.#signal });
    }
  }

  async giveBack(): Promise<void> {
    await this.#lease?.letGo();
    this.#lease = undefined;
    this.#host = undefined;
  }
}
