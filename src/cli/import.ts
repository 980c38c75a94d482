import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Command } from "commander";
import { z } from "zod";
import { lineName } from "../contract/names.ts";
import { type Api, CallFailed, openApi, type ServerOptions } from "./api.ts";
import { type ArchiveRow, archiveRow, toImportProfile, toImportSource, toNinjs } from "./archive-row.ts";
import { deliver, type Fate, readFate, Waiting } from "./deliver.ts";
import { isFileError } from "./files.ts";
import { createProgress, print } from "./output.ts";
import { withServer } from "./server-options.ts";

interface ImportOptions extends ServerOptions {
  line: string;
}

/** Of one delivery: many, so that it is quick, and far from what a delivery or a step of the store may have. */
const MOST_ITEMS = 200;
const MOST_CHARACTERS = 1_000_000;

export function addImportCommand(program: Command): void {
  withServer(
    program
      .command("import <file>")
      .description("put what `newsline export` or the archive wrote on a line, as old items; twice is once"),
  )
    .requiredOption("-l, --line <name>", "where they go")
    .action(importFile);
}

async function importFile(file: string, options: ImportOptions): Promise<void> {
  if (!lineName.safeParse(options.line).success) {
    throw new CallFailed(
      "invalid",
      `${options.line} is no name of a line: it must match [a-z0-9][a-z0-9-]*.`,
    );
  }
  const api = await openApi(options);
  const progress = createProgress(await sizeOf(file), "import", { printsRows: false });
  const tally = new Tally();
  const waiting = new Waiting<Fate>((fate) => tally.take(fate));
  const batches = new Batches(api, options.line, (id) => waiting.add(readFate(api, id)));
  try {
    for await (const { row, bytes, number } of readRows(file)) {
      if (row === undefined) tally.unreadable.push(number);
      else if (row.item.pubStatus !== "canceled") {
        tally.rows += 1;
        await batches.add(row);
      }
      progress.step(bytes);
    }
    await batches.finish();
    await waiting.finish();
  } finally {
    progress.stop();
  }
  tally.report(file, options);
}

async function sizeOf(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (!found.isDirectory()) return found.size;
  } catch (error) {
    throw isFileError(error) ? new CallFailed("unreadable_file", `${error.message}.`) : error;
  }
  throw new CallFailed("unreadable_file", `${file} is a folder.`);
}

interface ReadRow {
  /** Undefined for a line that is no such object. */
  row: ArchiveRow | undefined;
  bytes: number;
  number: number;
}

async function* readRows(file: string): AsyncGenerator<ReadRow> {
  const lines = createInterface({
    input: createReadStream(file, "utf8"),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let number = 0;
  for await (const text of lines) {
    number += 1;
    const bytes = Buffer.byteLength(text) + 1;
    if (text.trim() !== "") yield { row: parseRow(text), bytes, number };
  }
}

function parseRow(text: string): ArchiveRow | undefined {
  try {
    return archiveRow.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

interface Batch {
  items: string[];
  characters: number;
}

/** Rows gathered into deliveries, one after the other for each origin. */
class Batches {
  readonly #api: Api;
  readonly #line: string;
  readonly #onSent: (id: string) => Promise<void>;
  readonly #batches = new Map<string, Batch>();

  constructor(api: Api, line: string, onSent: (id: string) => Promise<void>) {
    this.#api = api;
    this.#line = line;
    this.#onSent = onSent;
  }

  async add(row: ArchiveRow): Promise<void> {
    const source = toImportSource(this.#line, row.item.source);
    const batch = this.#batches.get(source) ?? (await this.#open(source, row));
    const item = JSON.stringify(toNinjs(row));
    if (batch.characters + item.length > MOST_CHARACTERS) await this.#send(source, batch);
    batch.items.push(item);
    batch.characters += item.length;
    if (batch.items.length >= MOST_ITEMS) await this.#send(source, batch);
  }

  async finish(): Promise<void> {
    for (const [source, batch] of this.#batches) await this.#send(source, batch);
  }

  async #open(source: string, { item }: ArchiveRow): Promise<Batch> {
    const json = toImportProfile(this.#line, item);
    await this.#api.call("PUT", `/v1/sources/${encodeURIComponent(source)}`, { json });
    const batch = { items: [], characters: 0 };
    this.#batches.set(source, batch);
    return batch;
  }

  async #send(source: string, batch: Batch): Promise<void> {
    if (batch.items.length === 0) return;
    const bytes = new Uint8Array(Buffer.from(`[${batch.items.join(",")}]`));
    batch.items = [];
    batch.characters = 0;
    const parcel = { source, type: "application/ninjs+json", bytes, backfill: true };
    await this.#onSent(await deliver(this.#api, parcel));
  }
}

/** What became of it all. */
class Tally {
  rows = 0;
  readonly unreadable: number[] = [];
  /** Items by what their newest version met. */
  readonly #outcomes = new Map<string, string>();
  readonly #unread: string[] = [];

  take(fate: Fate): void {
    if (fate.state !== "done") this.#unread.push(`${fate.id}: ${fate.quarantine?.message ?? fate.state}`);
    for (const { id, outcome } of fate.outcomes) {
      const isNews = outcome === "applied" || outcome === "held";
      if (id !== null && (isNews || !this.#outcomes.has(id))) this.#outcomes.set(id, outcome);
    }
  }

  report(file: string, options: ImportOptions): void {
    const outcomes: Record<string, number> = {};
    for (const outcome of this.#outcomes.values()) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    const { rows, unreadable } = this;
    const told = { file, line: options.line, rows, outcomes, unreadable, failed: this.#unread };
    const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
    const words = [
      `${rows} items for ${options.line}: ${counts.join(", ") || "nothing in it"}`,
      ...unreadable.map((number) => `${file}:${number} is no row of an export or an archive`),
      ...this.#unread,
    ];
    print(options.json, told, words.join("\n"));
    if (unreadable.length + this.#unread.length > 0) process.exitCode = 1;
  }
}
