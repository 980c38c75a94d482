import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { type ClientEntry, type Entry, entry, type SeenItem } from "../history.ts";
import { toPrint } from "../seen.ts";

const FLUSH_MS = 200;

/** Writes down what the clients of one process hear, in the order in which they hear it. */
export class Recorder {
  readonly #file: WriteStream;
  readonly #lists = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #lines: string[] = [];
  readonly counts: Partial<Record<Entry["kind"], number>> = {};

  constructor(path: string) {
    this.#file = createWriteStream(path);
    this.#timer = setInterval(() => this.#flush(), FLUSH_MS);
  }

  write(one: Entry): void {
    this.#lines.push(JSON.stringify(one));
    this.counts[one.kind] = (this.counts[one.kind] ?? 0) + 1;
  }

  /** The name of the list in the history. Hundreds of clients hear the same one: it is written once. */
  list(items: readonly SeenItem[]): string {
    const text = JSON.stringify(items);
    const list = toPrint(text);
    if (!this.#lists.has(list)) {
      this.#lists.add(list);
      this.write({ kind: "list", list, items: [...items] });
    }
    return list;
  }

  #flush(): void {
    if (this.#lines.length === 0) return;
    this.#file.write(`${this.#lines.join("\n")}\n`);
    this.#lines = [];
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#flush();
    this.#file.end();
    await once(this.#file, "close");
  }
}

export function parseEntry(line: string): Entry {
  return entry.parse(JSON.parse(line));
}

/** Without what the recorder adds. */
export type Unsigned<E = ClientEntry> = E extends ClientEntry ? Omit<E, "client" | "atMs"> : never;
