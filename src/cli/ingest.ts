import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import type { Command } from "commander";
import { type Api, CallFailed, openApi, type ServerOptions } from "./api.ts";
import { countOutcomes, deliver, type Fate, readFate, Waiting } from "./deliver.ts";
import { isFileError } from "./files.ts";
import { createProgress, print, style } from "./output.ts";
import { withServer } from "./server-options.ts";

interface IngestOptions extends ServerOptions {
  source: string;
  type?: string;
  backfill?: boolean;
  wait: boolean;
}

/** What a server would have said of such a file; it is looked into all the same. */
const TYPES: Record<string, string> = {
  ".xml": "application/xml",
  ".rss": "application/rss+xml",
  ".atom": "application/atom+xml",
  ".json": "application/json",
  ".html": "text/html",
  ".htm": "text/html",
  ".txt": "text/plain",
};
/** They are about one file's content; every other refusal would meet the next file as well. */
const ABOUT_THE_FILE = new Set(["invalid", "too_large", "unsupported_type", "unreadable", "unknown_format"]);

interface Row {
  file: string;
  fate?: Fate;
  refused?: { code: string; message: string };
}

export function addIngestCommand(program: Command): void {
  withServer(program.command("ingest <files...>").description("send files as deliveries of a source"))
    .requiredOption("--source <name>", "whose they are")
    .option("--type <content-type>", "for all files (default: by their ending)")
    .option("--backfill", "they are old: never late, never breaking, never shown as new")
    .option("--no-wait", "do not wait for what became of them")
    .action(ingest);
}

async function ingest(files: string[], options: IngestOptions): Promise<void> {
  const api = await openApi(options);
  const progress = createProgress(files.length, "ingest", { printsRows: true });
  const waiting = new Waiting<Row>((row) => {
    if (!isWell(row, options)) process.exitCode = 1;
    const { file, fate, refused } = row;
    print(options.json, { file, ...fate, ...(refused && { refused }) }, `${file}: ${toWords(row)}`);
    progress.step();
  });
  try {
    for (const file of files) {
      const told = await send(api, file, options);
      await waiting.add(typeof told === "string" ? follow(api, file, { id: told, options }) : told);
    }
    await waiting.finish();
  } finally {
    progress.stop();
  }
}

/** The delivery's id, or why there is none. */
async function send(api: Api, file: string, options: IngestOptions): Promise<string | Row> {
  const { source, backfill = false } = options;
  try {
    const bytes = await readFile(file);
    const type = options.type ?? TYPES[extname(file).toLowerCase()] ?? "application/octet-stream";
    return await deliver(api, { source, type, bytes, filename: basename(file).slice(-255), backfill });
  } catch (error) {
    return { file, refused: toRefusal(error) };
  }
}

async function follow(api: Api, file: string, sent: { id: string; options: IngestOptions }): Promise<Row> {
  return { file, fate: await readFate(api, sent.id, sent.options.wait ? undefined : 0) };
}

function toRefusal(error: unknown): { code: string; message: string } {
  if (error instanceof CallFailed && ABOUT_THE_FILE.has(error.code)) {
    return { code: error.code, message: error.message };
  }
  if (isFileError(error)) return { code: "unreadable_file", message: error.message };
  throw error;
}

function isWell({ fate }: Row, { wait }: IngestOptions): boolean {
  return fate !== undefined && (fate.state === "done" || (!wait && fate.state !== "quarantined"));
}

function toWords({ fate, refused }: Row): string {
  if (refused !== undefined) return `${style("red", refused.code)} ${refused.message}`;
  if (fate === undefined) return "";
  if (fate.state === "quarantined") {
    const { code = "", message = "" } = fate.quarantine ?? {};
    return `${style("red", "quarantined")} ${code} ${message}`.trim();
  }
  if (fate.state !== "done") return `${fate.state} as ${fate.id}`;
  return countOutcomes(fate.outcomes) || "nothing in it";
}
