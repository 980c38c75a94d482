import type { Channel } from "../contract/names.ts";

/** Far more logs than ever begin; what clients make up is forgotten first come, first gone. */
const MOST = 10_000;

/**
 * Which logs are over. A cursor of a log that is neither ours nor over may be ahead of us: the log began anew and
 * another gateway has heard of it first. The store is asked once for each log, however many clients come with it.
 */
export class PastLogs {
  readonly #past = new Set<string>();
  readonly #asking = new Map<string, Promise<boolean>>();

  note(channel: Channel, epoch: string): void {
    this.#past.add(toKey(channel, epoch));
    const [oldest] = this.#past;
    if (this.#past.size > MOST && oldest !== undefined) this.#past.delete(oldest);
  }

  /** `readEpoch` reads the channel's epoch in the store. */
  async has(channel: Channel, epoch: string, readEpoch: () => Promise<string>): Promise<boolean> {
    const key = toKey(channel, epoch);
    if (this.#past.has(key)) return true;
    const running = this.#asking.get(key);
    if (running !== undefined) return await running;
    const asking = readEpoch()
      .then((current) => {
        // The client has it from somewhere, so it began before we asked: if it is not the present one it is over.
        if (current !== epoch) this.note(channel, epoch);
        return current !== epoch;
      })
      .finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return await asking;
  }
}

function toKey(channel: Channel, epoch: string): string {
  return `${channel} ${epoch}`;
}
