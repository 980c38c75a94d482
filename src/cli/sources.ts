import type { Command } from "commander";
import { z } from "zod";
import { readPresets } from "../presets.ts";
import { openApi, type ServerOptions } from "./api.ts";
import { collect, toWhole } from "./option-values.ts";
import { print, toClock, toTable } from "./output.ts";
import { withServer } from "./server-options.ts";

interface SourceOptions extends ServerOptions {
  kind: string;
  preset?: string;
  url?: string;
  every?: number;
  slowest?: number;
  format?: string;
  zone?: string;
  language?: string;
  line?: string[];
  trust?: string;
  credit?: string;
  keepPlace?: boolean;
  actsFor?: string[];
}

const listed = z.object({
  sources: z.array(
    z.looseObject({
      source: z.string(),
      profile: z.looseObject({ kind: z.string(), lines: z.array(z.string()), url: z.string().optional() }),
      health: z
        .looseObject({ lastItemAt: z.string().optional(), items: z.number(), failures: z.number() })
        .optional(),
    }),
  ),
});

export function addSourceCommands(program: Command): void {
  const source = program.command("source").description("who supplies items");
  withServer(source.command("add <name>").description("make a source, or replace its profile"))
    .option("--kind <kind>", "push, poll or folder", "push")
    .option("--preset <name>", "a known habit to begin with; `source presets` lists them")
    .option("--url <address>", "what to poll")
    .option("--every <seconds>", "pause between two polls", toWhole(5, 86_400))
    .option("--slowest <seconds>", "pause to which it grows while nothing changes", toWhole(5, 86_400))
    .option("--format <format>", "auto, agency-page, rss, nitf, …")
    .option("--zone <zone>", "zone of times written without one, such as Asia/Baku")
    .option("--language <tag>", "of items that do not say")
    .option("-l, --line <name>", "line its items go to; again for more", collect)
    .option("--trust <trust>", "hold, normal or flash")
    .option("--credit <name>", "what readers see")
    .option("--keep-place", "updates stay in the item's place")
    .option("--acts-for <source>", "a source whose items this one may withdraw; again for more", collect)
    .action(add);
  withServer(source.command("list").description("all sources and their pulse")).action(list);
  withServer(source.command("show <name>").description("one source's profile")).action(show);
  source
    .command("presets")
    .description("known habits of agencies that a profile can begin with")
    .option("--json", "JSON for programs", false)
    .action(listPresets);
  withServer(source.command("remove <name>").description("forget a source; its items stay")).action(remove);
}

async function add(name: string, options: SourceOptions): Promise<void> {
  const api = await openApi(options);
  const fields = {
    kind: options.kind,
    preset: options.preset,
    url: options.url,
    every: options.every,
    slowest: options.slowest,
    format: options.format,
    zone: options.zone,
    language: options.language,
    lines: options.line ?? ["main"],
    trust: options.trust,
    credit: options.credit,
    moves: options.keepPlace ? false : undefined,
    actsFor: options.actsFor,
  };
  const json = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const stored = await api.call("PUT", `/v1/sources/${encodeURIComponent(name)}`, { json });
  print(options.json, stored, `source ${name} is set`);
}

async function list(options: ServerOptions): Promise<void> {
  const api = await openApi(options);
  const answer = await api.call("GET", "/v1/sources");
  const { sources } = listed.parse(answer);
  const rows = sources.map(({ source, profile, health }) => [
    source,
    profile.kind,
    profile.lines.join(","),
    health?.lastItemAt === undefined ? "-" : toClock(health.lastItemAt),
    String(health?.items ?? 0),
    String(health?.failures ?? 0),
    profile.url ?? "",
  ]);
  print(
    options.json,
    answer,
    toTable([["SOURCE", "KIND", "LINES", "LAST ITEM", "ITEMS", "FAILURES", "URL"], ...rows]),
  );
}

/** They came with the program: no server is asked. */
function listPresets({ json }: { json: boolean }): void {
  const presets = [...readPresets()].map(([preset, told]) => ({ preset, ...told }));
  print(json, { presets }, toTable(presets.map(({ preset, says }) => [preset, says])));
}

async function show(name: string, options: ServerOptions): Promise<void> {
  const api = await openApi(options);
  const answer = await api.call("GET", `/v1/sources/${encodeURIComponent(name)}`);
  print(options.json, answer, JSON.stringify(answer, null, 2));
}

async function remove(name: string, options: ServerOptions): Promise<void> {
  const api = await openApi(options);
  const answer = await api.call("DELETE", `/v1/sources/${encodeURIComponent(name)}`);
  print(options.json, answer ?? { removed: name }, `source ${name} is removed; its items stay`);
}
