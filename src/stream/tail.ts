import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../log.ts";
import { connectRedis, type RedisClient, type RedisTarget } from "../redis/connect.ts";
import { prepareEdition } from "../store/edition.ts";
import type { Edition } from "../store/keys.ts";
import { renewEpochs } from "../store/renew.ts";
import { checkRun } from "../store/run.ts";
import { type Entry, parseEntry, type RawEntry } from "./entry.ts";
import { ReadPace } from "./read-pace.ts";

/** Whose views the tail keeps up to date. */
export interface TailReader {
  /** The epochs that the views know. */
  epochs(): ReadonlyMap<string, string>;
  /** Begins new views, which take entries until `swap`. `edition` has a connection with time. */
  load(edition: Edition): Promise<Loading>;
  /** Takes entries in their order. `reload`: the views no longer know where they are. */
  take(entries: readonly Entry[]): Promise<"ok" | "reload">;
  onLink(link: Link): void;
}
export interface Loading {
  take(entries: readonly Entry[]): "ok" | "reload";
  /** The views are exact now and take the place of the old ones. */
  swap(): Promise<void>;
}

/** Whether the gateway hears of changes; `since` when not. */
export interface Link {
  live: boolean;
  since?: string;
}

/** The last entry that was applied. With seq 0 there was none yet. */
interface Mark {
  seq: number;
  print: string;
}

const BLOCK_MS = 2_000;
const COMPARE_EVERY_MS = 3_000;
/** Longer without a word than any blocked read lasts. */
const SILENT_MS = 6_000;
const RETRY_MS = 200;
const READ_COUNT = 256;

/**
 * Follows the edition's stream on a connection of its own. The stream is read from the last entry on, never from
 * "now", so that nothing is missed across a lost connection; and that last entry is compared with what stands in
 * the store, so that a store that has lost its end is found out before a reader is told a wrong story.
 */
export class Tail {
  readonly #edition: Edition;
  readonly #target: RedisTarget;
  readonly #reader: TailReader;
  readonly #log: Logger | undefined;
  readonly #stop = new AbortController();
  #connection: RedisClient | undefined;
  #isNewConnection = true;
  #mark: Mark | undefined;
  readonly #pace = new ReadPace();
  #link: Link = { live: false, since: new Date().toISOString() };
  #heardAtMs = Date.now();
  #comparedAtMs = 0;
  #loop: Promise<void> = Promise.resolve();
  /** Entries are applied one batch after the other, whoever read them. */
  #queue: Promise<unknown> = Promise.resolve();
  #pulling: Promise<void> | undefined;

  constructor(options: {
    edition: Edition;
    target: RedisTarget;
    reader: TailReader;
    log?: Logger | undefined;
  }) {
    this.#edition = options.edition;
    this.#target = options.target;
    this.#reader = options.reader;
    this.#log = options.log;
  }

  start(): void {
    const connection = connectRedis(this.#target, "blocking");
    connection.on("ready", () => {
      this.#isNewConnection = true;
    });
    connection.on("close", () => this.#setLive(false));
    this.#connection = connection;
    const watch = setInterval(() => {
      if (Date.now() - this.#heardAtMs > SILENT_MS) this.#setLive(false);
    }, 1_000);
    this.#stop.signal.addEventListener("abort", () => clearInterval(watch));
    this.#loop = this.#run({ ...this.#edition, redis: connection });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#connection?.disconnect();
    await this.#loop;
  }

  /** Reads what there is now by the edition's own connection: when this one hangs, the store may still answer. */
  pull(): Promise<void> {
    this.#pulling ??= this.#pull().finally(() => {
      this.#pulling = undefined;
    });
    return this.#pulling;
  }

  async #pull(): Promise<void> {
    while (this.#mark !== undefined) {
      const entries = await readAfter(this.#edition, this.#mark.seq);
      await this.#take(entries);
      if (entries.length < READ_COUNT) return;
    }
  }

  async #run(edition: Edition): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#synchronise(edition);
        this.#setLive(true);
        await this.#follow(edition);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        this.#setLive(false);
        this.#log?.warn({ err: error }, "the stream cannot be read just now");
        await sleep(RETRY_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      }
    }
  }

  /** Makes sure that what the views say is what the store says. */
  async #synchronise(edition: Edition): Promise<void> {
    const found = await this.#compare(edition);
    this.#comparedAtMs = Date.now();
    this.#heardAtMs = Date.now();
    if (found === "same") return;
    this.#log?.info({ found }, "the lines are read from the store");
    if (found === "lost") {
      // An emptied store first gets what it needs, new epochs included; then there is nothing left to renew.
      await prepareEdition(edition);
      await renewEpochs(edition, { epochs: this.#reader.epochs(), seq: this.#mark?.seq ?? 0 });
    }
    await this.#load(edition);
    this.#comparedAtMs = Date.now();
  }

  /**
   * - `first`, `trimmed`, `renewed`: the views must be read again, the logs are sound.
   * - `lost`: our last entry is not in the store's history.
   */
  async #compare(edition: Edition): Promise<"same" | "first" | "trimmed" | "renewed" | "lost"> {
    if (this.#isNewConnection) {
      const run = await checkRun(edition);
      this.#isNewConnection = false;
      if (run === "renewed") return "renewed";
    }
    const mark = this.#mark;
    if (mark === undefined) return "first";
    const { redis, keys } = edition;
    const epoch = await redis.hget(keys.meta, "e:public:main");
    if (epoch === null) return "lost";
    if (epoch !== this.#reader.epochs().get("public:main")) return "renewed";
    if (mark.seq === 0) return "same";
    const [there] = await redis.xrange(keys.stream, `${mark.seq}-0`, `${mark.seq}-0`);
    if (there !== undefined) return parseEntry(there).print === mark.print ? "same" : "lost";
    const [[first], [last]] = await Promise.all([
      redis.xrange(keys.stream, "-", "+", "COUNT", 1),
      redis.xrevrange(keys.stream, "+", "-", "COUNT", 1),
    ]);
    const isBehind = toSeq(first) > mark.seq && toSeq(last) >= mark.seq;
    return isBehind ? "trimmed" : "lost";
  }

  /** Listens before it reads: the mark is taken first, and what came since is applied to what was read. */
  async #load(edition: Edition): Promise<void> {
    const { redis, keys } = edition;
    const [last] = await redis.xrevrange(keys.stream, "+", "-", "COUNT", 1);
    let mark: Mark = last === undefined ? { seq: 0, print: "" } : parseEntry(last);
    const loading = await this.#reader.load(edition);
    for (;;) {
      const entries = await readAfter(edition, mark.seq);
      const isWhole = follows(mark.seq, entries) && loading.take(entries) === "ok";
      if (!isWhole) throw new Error("the logs were renewed or trimmed while they were read");
      mark = entries.at(-1) ?? mark;
      if (entries.length < READ_COUNT) break;
    }
    await this.#serially(async () => {
      await loading.swap();
      this.#mark = { seq: mark.seq, print: mark.print };
    });
  }

  /** Reads on until it is time to compare again. */
  async #follow(edition: Edition): Promise<void> {
    while (this.#mark !== undefined && Date.now() - this.#comparedAtMs < COMPARE_EVERY_MS) {
      const restMs = this.#pace.restMs(performance.now());
      const isWoken = restMs > 0 && (await whenWoken(edition, this.#mark.seq, restMs));
      const entries = await readOn(edition, this.#mark.seq, restMs > 0 ? undefined : BLOCK_MS);
      this.#heardAtMs = Date.now();
      this.#pace.note({ count: entries.length, letters: countLetters(entries), isWoken }, performance.now());
      if (entries.length === 0 && restMs === 0) return;
      await this.#take(entries);
    }
  }

  async #take(entries: readonly Entry[]): Promise<void> {
    await this.#serially(async () => {
      const mark = this.#mark;
      if (mark === undefined) return;
      const fresh = entries.filter(({ seq }) => seq > mark.seq);
      const last = fresh.at(-1);
      if (last === undefined) return;
      const outcome = follows(mark.seq, fresh) ? await this.#reader.take(fresh) : "reload";
      this.#mark = outcome === "ok" ? { seq: last.seq, print: last.print } : undefined;
    });
  }

  #serially(step: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(step);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  #setLive(live: boolean): void {
    if (this.#link.live === live || (live && this.#stop.signal.aborted)) return;
    this.#link = live ? { live } : { live, since: new Date(this.#heardAtMs).toISOString() };
    this.#reader.onLink(this.#link);
  }
}

/** What stands behind `seq`; if nothing does, what comes within `blockMs`. */
async function readOn({ redis, keys }: Edition, seq: number, blockMs: number | undefined): Promise<Entry[]> {
  if (blockMs === undefined) return await readAfter({ redis, keys }, seq);
  const after = `${seq}-0`;
  const read = await redis.xread("COUNT", READ_COUNT, "BLOCK", blockMs, "STREAMS", keys.stream, after);
  return read?.flatMap(([, entries]) => entries.map(parseEntry)) ?? [];
}

/** Whether something behind `seq` must not wait; known the moment that it is stored. */
async function whenWoken({ redis, keys }: Edition, seq: number, ms: number): Promise<boolean> {
  return (await redis.xread("COUNT", 1, "BLOCK", ms, "STREAMS", keys.wake, `${seq}-0`)) !== null;
}

function countLetters(entries: readonly Entry[]): number {
  let letters = 0;
  for (const { changes } of entries) {
    for (const { op } of changes) if (op.kind === "put") letters += op.item.length;
  }
  return letters;
}

async function readAfter({ redis, keys }: Edition, seq: number): Promise<Entry[]> {
  const raw = await redis.xrange(keys.stream, `(${seq}-0`, "+", "COUNT", READ_COUNT);
  return raw.map(parseEntry);
}

/** Whether nothing is missing: a reader that was held up for long may find that the stream was trimmed under it. */
function follows(seq: number, entries: readonly Entry[]): boolean {
  return entries.every((entry, index) => entry.seq === seq + index + 1);
}

function toSeq(raw: RawEntry | undefined): number {
  return raw === undefined ? 0 : Number.parseInt(raw[0], 10);
}
