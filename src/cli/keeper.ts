import { rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigError } from "../config-error.ts";
import type { Logger } from "../log.ts";

/** One run of a process. */
export interface Running<Ready> {
  readonly pid: number;
  /** May stay open for good when the process ends first. */
  readonly ready: Promise<Ready>;
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

export interface KeeperOptions<Ready> {
  name: string;
  pidFile: string;
  launch: () => Running<Ready>;
  log: Logger;
}

const FIRST_PAUSE_MS = 100;
/** Also in a crash loop: what dies is back within a second, whatever keeps killing it. */
const LONGEST_PAUSE_MS = 800;
/** Whoever served for this long did not die of its start: the next start need not wait. */
const SETTLED_MS = 1_000;

/** Keeps one process alive: what dies is started again, at once unless it keeps dying. */
export class Keeper<Ready> {
  readonly name: string;
  readonly #options: KeeperOptions<Ready>;
  readonly #stopping = new AbortController();
  #running: Running<Ready> | undefined;
  #watch: Promise<void> = Promise.resolve();

  constructor(options: KeeperOptions<Ready>) {
    this.name = options.name;
    this.#options = options;
  }

  /** The first start must succeed: what cannot even begin is for a person to see, not to be repeated. */
  async start(): Promise<Ready> {
    if (this.#stopping.signal.aborted) throw new Error(`The ${this.name} was stopped before it was started.`);
    const first = await this.#launch();
    const ready = await Promise.race([first.ready, failWhenEnded(this.name, first)]);
    this.#watch = this.#keep(first);
    return ready;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running?.stop();
    await this.#watch;
    await rm(this.#options.pidFile, { force: true });
  }

  async #launch(): Promise<Running<Ready>> {
    const running = this.#options.launch();
    this.#running = running;
    await writeFile(this.#options.pidFile, `${running.pid}\n`);
    return running;
  }

  async #keep(first: Running<Ready>): Promise<void> {
    const { log, name } = this.#options;
    const { signal } = this.#stopping;
    let running: Running<Ready> | undefined = first;
    for (let deaths = 0; ; deaths += 1) {
      if (running !== undefined && (await servedFor(running)) >= SETTLED_MS) deaths = 0;
      if (signal.aborted) return;
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** deaths, LONGEST_PAUSE_MS);
      log.warn({ child: name, ms: pause }, "a process ended by itself; starting it again");
      // Cut short by `stop`, which the next look at the signal sees.
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      running = await this.#launchAgain();
    }
  }

  async #launchAgain(): Promise<Running<Ready> | undefined> {
    try {
      return await this.#launch();
    } catch (error) {
      this.#options.log.error({ child: this.name, err: error }, "a process could not be started");
      return undefined;
    }
  }
}

/** Who knows why a process ended says so by its `ready`, given a moment. */
async function failWhenEnded(name: string, { ready, exited }: Running<unknown>): Promise<never> {
  await exited;
  await Promise.race([ready, sleep(500)]);
  throw new ConfigError("start", `The ${name} ended before it was ready.`);
}

/** Milliseconds from ready to end; 0 when it never was ready. */
async function servedFor(running: Running<unknown>): Promise<number> {
  const end = running.exited.then(() => undefined);
  const readyAt = await Promise.race([running.ready.then(() => Date.now()).catch(() => undefined), end]);
  await end;
  return readyAt === undefined ? 0 : Date.now() - readyAt;
}
