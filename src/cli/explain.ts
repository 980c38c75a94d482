import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Command } from "commander";
import { z } from "zod";
import { readConfig } from "../config.ts";
import { NewsLineError } from "../contract/errors.ts";
import { type SourceProfile, sourceProfile } from "../contract/profile.ts";
import { type Explanation, explanation } from "../contract/rest.ts";
import { withPreset } from "../presets.ts";
import { CallFailed, openApi, type ServerOptions } from "./api.ts";
import { isFileError, readJsonFile } from "./files.ts";
import { createProgress, style } from "./output.ts";
import { withServer } from "./server-options.ts";

interface ExplainOptions extends ServerOptions {
  source?: string;
  profile?: string;
  type?: string;
}

/** What is done with each file. */
interface Reading {
  explain: Explain;
  /** Takes away what a large file left in memory. */
  collect: () => void;
}
type Explain = (bytes: Buffer<ArrayBuffer>) => Promise<Explanation>;

/** As the deliveries door has it. */
const MOST_BYTES = 15 * 1024 * 1024;
const LARGE_BYTES = 512 * 1024;
/** What is the command's fault and not the file's would meet every file. */
const ABOUT_THE_COMMAND = new Set(["unreachable", "http", "unauthorized", "forbidden", "unknown_source"]);
/** A worker or a gateway that is away comes back in seconds: no reason to give up in the midst of thousands. */
const MOST_TRIES = 5;
const PAUSE_MS = 1_000;

export function addExplainCommand(program: Command): void {
  withServer(program.command("explain <files...>").description("tell what would be stored of files, and why"))
    .option("--source <name>", "whose they are; its profile is asked of the server")
    .option("--profile <file>", "a source profile in a file: needs no server")
    .option("--type <content-type>", "what a server would have said they are")
    .action(explainFiles);
}

async function explainFiles(files: string[], options: ExplainOptions): Promise<void> {
  const explain =
    options.profile === undefined ? await viaServer(options) : await locally(options, options.profile);
  const progress = createProgress(files.length, "explain", { printsRows: true });
  const collect = openCollector();
  try {
    for (const file of files) {
      const told = await explainFile(file, { explain, collect });
      const text = options.json ? JSON.stringify(told) : toWords(told);
      // Thousands of files into a slow pipe must not pile up here.
      if (!process.stdout.write(`${text}\n`)) await once(process.stdout, "drain");
      progress.step();
    }
  } finally {
    progress.stop();
  }
}

/** A row for every file, whatever is wrong with it. What the server refuses to take is an answer; what we could not read is a failure. */
async function explainFile(file: string, { explain, collect }: Reading): Promise<Explanation> {
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) return toRefused(file, "too_large", "A delivery may have 15 MB.");
    const told = await explain(await readFile(file));
    if (size > LARGE_BYTES) collect();
    return { file, ...told };
  } catch (error) {
    if (error instanceof CallFailed) {
      if (error.isTemporary || ABOUT_THE_COMMAND.has(error.code)) throw error;
      return toRefused(file, error.code, error.message);
    }
    process.exitCode = 1;
    const message = error instanceof Error ? error.message : String(error);
    return toRefused(file, isFileError(error) ? "unreadable_file" : "internal", message);
  }
}

function toRefused(file: string, code: string, message: string): Explanation {
  return { file, format: "", drafts: [], notes: [], refused: { code, message } };
}

async function locally(options: ExplainOptions, profileFile: string): Promise<Explain> {
  const { explain } = await import("../../workers/explain.ts");
  const profile = await readProfile(profileFile);
  const { edition } = readConfig(process.env);
  return async (bytes) =>
    explain({
      bytes,
      profile,
      source: options.source ?? "source",
      edition,
      nowMs: Date.now(),
      ...(options.type !== undefined && { contentType: options.type }),
    });
}

/** What one large file leaves behind may lie there until many have been read: their memory must not add up. */
function openCollector(): () => void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  return () => {
    if (typeof collect === "function") Reflect.apply(collect, undefined, []);
  };
}

async function readProfile(file: string): Promise<SourceProfile> {
  const parsed = sourceProfile.safeParse(fillIn(file, await readJsonFile(file)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CallFailed(
    "invalid",
    `${file} is no source profile: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}.`,
  );
}

function fillIn(file: string, written: unknown): unknown {
  try {
    return withPreset(written);
  } catch (error) {
    if (!(error instanceof NewsLineError)) throw error;
    throw new CallFailed(error.code, `${file} is no source profile: ${error.message}`);
  }
}

async function viaServer(options: ExplainOptions): Promise<Explain> {
  if (options.source === undefined) {
    throw new CallFailed(
      "invalid",
      "Say whose the files are with --source NAME, or give a profile with --profile FILE.json.",
    );
  }
  const api = await openApi(options);
  const path = `/v1/explain?source=${encodeURIComponent(options.source)}`;
  const headers = { "Content-Type": options.type ?? "application/octet-stream" };
  let hasAnswered = false;
  const call = async (bytes: Buffer<ArrayBuffer>): Promise<Explanation> => {
    const told = explanation.parse(await api.call("POST", path, { bytes, headers }));
    hasAnswered = true;
    return told;
  };
  return async (bytes) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await call(bytes);
      } catch (error) {
        const mayPass = error instanceof CallFailed && (error.isTemporary || error.code === "unreachable");
        if (!mayPass || !hasAnswered || tries >= MOST_TRIES) throw error;
        await sleep(PAUSE_MS);
      }
    }
  };
}

const shown = z.looseObject({
  id: z.string().optional(),
  headline: z.string().optional(),
  orderedAt: z.string().optional(),
  pubStatus: z.string().optional(),
});

function toWords(told: Explanation): string {
  const head = style("bold", told.file ?? "");
  if (told.refused !== undefined)
    return `${head}: ${style("red", told.refused.code)} ${told.refused.message}`;
  const drafts = told.drafts.map((draft) => {
    const { headline, orderedAt, pubStatus, id } = shown.parse(draft);
    return `  ${orderedAt ?? ""} ${pubStatus === "usable" ? "" : `${pubStatus} `}${headline ?? id ?? ""}`;
  });
  const notes = told.notes.map(({ field, rule }) => style("dim", `  ${field}: ${rule}`));
  return [`${head}: ${told.format}, ${told.drafts.length} drafts`, ...drafts, ...notes].join("\n");
}
