import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { z } from "zod";
import { deliveryStatus } from "../contract/rest.ts";
import { type Api, CallFailed, openApi, type ServerOptions } from "./api.ts";
import { createProgress, print, style } from "./output.ts";
import { withServer } from "./server-options.ts";

interface IngestOptions extends ServerOptions {
  source: string;
  type?: string;
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
const POLL_MS = 50;
const PATIENCE_MS = 60_000;
const accepted = z.object({ delivery: z.object({ id: z.string() }) });

export function addIngestCommand(program: Command): void {
  withServer(program.command("ingest <files...>").description("send files as deliveries of a source"))
    .requiredOption("--source <name>", "whose they are")
    .option("--type <content-type>", "for all files (default: by their ending)")
    .option("--no-wait", "do not wait for what became of them")
    .action(ingest);
}

async function ingest(files: string[], options: IngestOptions): Promise<void> {
  const api = await openApi(options);
  const progress = createProgress(files.length, "ingest", options.json);
  let failures = 0;
  for (const file of files) {
    try {
      const told = await send(api, file, options);
      if (told.state === "quarantined") failures += 1;
      print(options.json, { file, ...told }, `${file}: ${toWords(told)}`);
    } catch (error) {
      failures += 1;
      const { code, message } = toRefusal(error);
      print(options.json, { file, refused: { code, message } }, `${file}: ${style("red", code)} ${message}`);
    }
    progress.step();
  }
  progress.stop();
  if (failures > 0) process.exitCode = 1;
}

function toRefusal(error: unknown): { code: string; message: string } {
  if (error instanceof CallFailed) return { code: error.code, message: error.message };
  if (error instanceof Error && "code" in error) return { code: "unreadable_file", message: error.message };
  throw error;
}

type Told = { id: string } & z.infer<typeof deliveryStatus>;

async function send(api: Api, file: string, options: IngestOptions): Promise<Told> {
  const bytes = await readFile(file);
  const type = options.type ?? TYPES[extname(file).toLowerCase()] ?? "application/octet-stream";
  const path = `/v1/sources/${encodeURIComponent(options.source)}/deliveries`;
  const answer = await api.call("POST", path, { bytes, headers: { "Content-Type": type } });
  const { id } = accepted.parse(answer).delivery;
  const deadline = Date.now() + (options.wait ? PATIENCE_MS : 0);
  for (;;) {
    const status = deliveryStatus.parse(await api.call("GET", `/v1/deliveries/${id}`));
    const isOver = status.state === "done" || status.state === "quarantined";
    if (isOver || Date.now() >= deadline) return { id, ...status };
    await sleep(POLL_MS);
  }
}

function toWords(told: Told): string {
  if (told.state === "quarantined") {
    return `${style("red", "quarantined")} ${told.quarantine?.code ?? ""} ${told.quarantine?.message ?? ""}`.trim();
  }
  if (told.state !== "done") return `${told.state} as ${told.id}`;
  const counts = new Map<string, number>();
  for (const { outcome } of told.outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const words = [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
  return words === "" ? "nothing in it" : words;
}
