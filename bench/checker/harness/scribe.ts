import { Redis } from "ioredis";
import { z } from "zod";
import type { SeenOp } from "../history.ts";
import { toSeenItem } from "../seen.ts";
import { Truth, type TruthEpoch, type TruthStep } from "../truth.ts";

const READ_COUNT = 1_000;
/** Far more often than the stream can be trimmed. */
const READ_EVERY_MS = 200;

const places = z.array(z.tuple([z.string(), z.string(), z.number(), z.enum(["put", "remove"]), z.unknown()]));

/**
 * Writes down what the store's logs say, over every renewal: the edition's stream holds each step of each log and is
 * never begun anew. Keys and fields are written a second time here, so that a change of meaning is noticed.
 */
export class Scribe {
  readonly #redis: Redis;
  readonly #steps: TruthStep[] = [];
  readonly #epochs: TruthEpoch[] = [];
  readonly #known = new Set<string>();
  readonly #counts = new Map<string, number>();
  #lastId = "0-0";
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<boolean> = Promise.resolve(true);

  constructor(redisPort: number) {
    this.#redis = new Redis({
      port: redisPort,
      host: "127.0.0.1",
      maxRetriesPerRequest: 1,
      retryStrategy: () => 100,
      commandTimeout: 5_000,
    });
    this.#redis.on("error", () => undefined);
  }

  start(): void {
    this.#timer = setInterval(() => void this.read(), READ_EVERY_MS);
  }

  /** Reads what there is. False when the store does not answer just now. */
  read(): Promise<boolean> {
    this.#reading = this.#reading.then(() => this.#readOn());
    return this.#reading;
  }

  async #readOn(): Promise<boolean> {
    try {
      for (;;) {
        const entries = await this.#redis.xrange(
          "nl:{main}:stream",
          `(${this.#lastId}`,
          "+",
          "COUNT",
          READ_COUNT,
        );
        for (const [id, flat] of entries) this.#take(id, toFields(flat));
        if (entries.length < READ_COUNT) break;
      }
      await this.#readEpochs();
      return true;
    } catch {
      return false;
    }
  }

  #take(id: string, fields: ReadonlyMap<string, string>): void {
    const before = Number.parseInt(this.#lastId, 10);
    if (Number.parseInt(id, 10) !== before + 1 && before > 0) throw new Error("the stream was trimmed");
    this.#lastId = id;
    const atMs = Number(fields.get("at"));
    for (const [channel, epoch, offset, kind, reason] of places.parse(JSON.parse(fields.get("c") ?? "[]"))) {
      if (!channel.startsWith("public:")) continue;
      const line = channel.slice("public:".length);
      const op: SeenOp =
        kind === "put"
          ? { op: "put", item: toSeenItem(JSON.parse(fields.get("p") ?? "null")) }
          : {
              op: "remove",
              id: fields.get("i") ?? "",
              revision: Number(fields.get("v")),
              reason: String(reason),
            };
      this.#steps.push({ line, epoch, offset, atMs, op });
      this.#counts.set(line, (this.#counts.get(line) ?? 0) + 1);
      this.#known.add(`${line} ${epoch}`);
    }
  }

  /** A log that has begun anew has a name before it has an entry. */
  async #readEpochs(): Promise<void> {
    const meta = await this.#redis.hgetall("nl:{main}:meta");
    for (const [field, epoch] of Object.entries(meta)) {
      if (!field.startsWith("e:public:")) continue;
      const line = field.slice("e:public:".length);
      if (this.#known.has(`${line} ${epoch}`)) continue;
      this.#known.add(`${line} ${epoch}`);
      // With an entry by now: the step itself will say where it began.
      if (meta[`o:public:${line}`] !== undefined) continue;
      this.#epochs.push({ line, epoch, after: this.#counts.get(line) ?? 0 });
    }
  }

  toTruth(): Truth {
    return new Truth(this.#steps, this.#epochs);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#redis.disconnect();
  }
}

function toFields(flat: readonly string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (let at = 0; at + 1 < flat.length; at += 2) fields.set(flat[at] ?? "", flat[at + 1] ?? "");
  return fields;
}
