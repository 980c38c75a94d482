import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { z } from "zod";
import { type SourceProfile, sourceProfile } from "../contract/profile.ts";
import { type Explanation, explanation } from "../contract/rest.ts";
import { CallFailed, openApi, type ServerOptions } from "./api.ts";
import { createProgress, style } from "./output.ts";
import { withServer } from "./server-options.ts";

interface ExplainOptions extends ServerOptions {
  source?: string;
  profile?: string;
  type?: string;
}

type Explain = (bytes: Buffer) => Promise<Explanation>;

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
  const progress = createProgress(files.length, "explain", options.json);
  for (const file of files) {
    const told = await explainFile(file, explain);
    if (told.refused?.code === "unreadable_file") process.exitCode = 1;
    const text = options.json ? JSON.stringify(told) : toWords(told);
    // Thousands of files into a slow pipe must not pile up here.
    if (!process.stdout.write(`${text}\n`)) await once(process.stdout, "drain");
    progress.step();
  }
  progress.stop();
}

async function explainFile(file: string, explain: Explain): Promise<Explanation> {
  try {
    return { file, ...(await explain(await readFile(file))) };
  } catch (error) {
    return { file, format: "", drafts: [], notes: [], refused: toRefusal(error) };
  }
}

function toRefusal(error: unknown): { code: string; message: string } {
  if (error instanceof CallFailed) return { code: error.code, message: error.message };
  if (error instanceof Error && "syscall" in error)
    return { code: "unreadable_file", message: error.message };
  throw error;
}

async function locally(options: ExplainOptions, profileFile: string): Promise<Explain> {
  const { explain } = await import("../../workers/explain.ts");
  const profile = await readProfile(profileFile);
  return async (bytes) =>
    explain({
      bytes,
      profile,
      source: options.source ?? "source",
      edition: "main",
      nowMs: Date.now(),
      ...(options.type !== undefined && { contentType: options.type }),
    });
}

async function readProfile(file: string): Promise<SourceProfile> {
  const parsed = sourceProfile.safeParse(JSON.parse(await readFile(file, "utf8")));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CallFailed(
    "invalid",
    `${file}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "is no source profile"}`,
  );
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
  return async (bytes) =>
    explanation.parse(await api.call("POST", path, { bytes: new Uint8Array(bytes), headers }));
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
