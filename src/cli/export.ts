import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import type { Writable } from "node:stream";
import type { Command } from "commander";
import { z } from "zod";
import { Api, CallFailed, openApi, type ServerOptions } from "./api.ts";
import { Waiting } from "./deliver.ts";
import { isFileError } from "./files.ts";
import { createProgress, type Progress } from "./output.ts";
import { withServer } from "./server-options.ts";

interface ExportOptions extends ServerOptions {
  out?: string;
  public?: boolean;
}

const page = z.object({
  count: z.number(),
  items: z.array(z.looseObject({ id: z.string() })),
  next: z.string().nullable(),
});
const history = z.object({ revisions: z.array(z.unknown()) });

export function addExportCommand(program: Command): void {
  withServer(
    program
      .command("export [line]")
      .description("all items of a line (default: main) with their revisions, one JSON object a line"),
  )
    .option("--out <file>", "where to; it is there once it is whole (default: standard output)")
    .option("--public", "only what readers may see")
    .action(exportLine);
}

async function exportLine(line = "main", options: ExportOptions): Promise<void> {
  const opened = await openApi(options);
  const api = options.public ? new Api(opened.url, undefined) : opened;
  if (options.out === undefined) {
    await writeLine(api, line, process.stdout);
    return;
  }
  const unfinished = `${options.out}.part`;
  try {
    const to = createWriteStream(unfinished);
    const failed = once(to, "error").then(([error]) => Promise.reject(error));
    const written = writeLine(api, line, to);
    const count = await Promise.race([written, failed]);
    to.end();
    await Promise.race([once(to, "finish"), failed]);
    await rename(unfinished, options.out);
    process.stderr.write(`${count} items of ${line} are in ${options.out}\n`);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw isFileError(error) ? new CallFailed("unwritable_file", `${error.message}.`) : error;
  }
}

/** By pages, newest first. What is killed or moved meanwhile is left out. */
async function writeLine(api: Api, line: string, to: Writable): Promise<number> {
  let progress: Progress | undefined;
  let count = 0;
  const waiting = new Waiting<unknown>(async (row) => {
    progress?.step();
    if (row === undefined) return;
    count += 1;
    if (!to.write(`${JSON.stringify(row)}\n`)) await once(to, "drain");
  });
  try {
    for await (const { ids, total } of readPages(api, line)) {
      progress ??= createProgress(total, "export", { printsRows: to === process.stdout });
      for (const id of ids) await waiting.add(readRow(api, line, id));
    }
    await waiting.finish();
    return count;
  } finally {
    progress?.stop();
  }
}

async function* readPages(api: Api, line: string): AsyncGenerator<{ ids: string[]; total: number }> {
  const channel = api.token === undefined ? "public" : "desk";
  let before: string | null | undefined;
  while (before !== null) {
    const query = new URLSearchParams({ limit: "200", channel, ...(before !== undefined && { before }) });
    const answer = page.parse(
      await api.call("GET", `/v1/lines/${encodeURIComponent(line)}?${query.toString()}`),
    );
    yield { ids: answer.items.map(({ id }) => id), total: answer.count };
    before = answer.next;
  }
}

async function readRow(api: Api, line: string, id: string): Promise<unknown> {
  try {
    const [item, past] = await Promise.all([
      api.call("GET", `/v1/items/${id}`),
      api.call("GET", `/v1/items/${id}/revisions`),
    ]);
    return { line, item, revisions: history.parse(past).revisions };
  } catch (error) {
    if (error instanceof CallFailed && (error.code === "killed" || error.code === "unknown_item")) return;
    throw error;
  }
}
