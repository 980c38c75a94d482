import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { z } from "zod";
import { DESK_SOURCE } from "../contract/names.ts";
import { type Api, CallFailed, openApi, type ServerOptions } from "./api.ts";
import { isFileError, readTextFile } from "./files.ts";
import type { OpmlFeed } from "./opml.ts";
import { collect, toWhole } from "./option-values.ts";
import { createProgress, print, style } from "./output.ts";
import { withServer } from "./server-options.ts";

interface OpmlImportOptions extends ServerOptions {
  line?: string[];
  every?: number;
  zone?: string;
  trust?: string;
}

const listed = z.object({
  sources: z.array(
    z.object({
      source: z.string(),
      profile: z.looseObject({ kind: z.string(), url: z.string().optional(), credit: z.string().optional() }),
    }),
  ),
});

export function addOpmlCommands(program: Command): void {
  const opml = program.command("opml").description("lists of feeds, as feed readers exchange them");
  withServer(
    opml.command("import <file>").description("poll each feed of a list; one that is polled already stays"),
  )
    .option("-l, --line <name>", "line their items go to; again for more (default: main)", collect)
    .option("--every <seconds>", "pause between two polls", toWhole(5, 86_400))
    .option("--zone <zone>", "zone of times written without one, such as Asia/Baku")
    .option("--trust <trust>", "hold, normal or flash")
    .action(importOpml);
  withServer(opml.command("export").description("the feeds that are polled, as a list"))
    .option("--out <file>", "where to (default: standard output)")
    .action(exportOpml);
}

async function importOpml(file: string, options: OpmlImportOptions): Promise<void> {
  const { readOpml, toSourceName } = await import("./opml.ts");
  const { isOpml, feeds } = readOpml(await readTextFile(file));
  if (!isOpml) throw new CallFailed("unreadable", `${file} is no OPML.`);
  const api = await openApi(options);
  const sources = await readSources(api);
  const taken = new Set([DESK_SOURCE, ...sources.map(({ source }) => source)]);
  const polled = new Map(sources.map(({ source, profile }) => [profile.url, source]));
  const progress = createProgress(feeds.length, "opml", { printsRows: false });
  const rows: Row[] = [];
  try {
    for (const feed of feeds) {
      const known = polled.get(feed.url);
      const source = known ?? toSourceName(feed, taken);
      taken.add(source);
      rows.push(
        known === undefined
          ? await add(api, source, { feed, options })
          : { source, ...feed, outcome: "known" },
      );
      progress.step();
    }
  } finally {
    progress.stop();
  }
  report(file, rows, options);
}

interface Row extends OpmlFeed {
  source: string;
  outcome: "added" | "known" | "refused";
  message?: string;
}

interface Wanted {
  feed: OpmlFeed;
  options: OpmlImportOptions;
}

async function add(api: Api, source: string, { feed, options }: Wanted): Promise<Row> {
  const { every, zone, trust } = options;
  const profile = {
    kind: "poll",
    url: feed.url,
    lines: options.line ?? ["main"],
    credit: feed.title.slice(0, 200),
  };
  const json = { ...profile, every, zone, trust };
  try {
    await api.call("PUT", `/v1/sources/${source}`, { json });
    return { source, ...feed, outcome: "added" };
  } catch (error) {
    // A feed that the server will not have costs its neighbours nothing; everything else would meet them as well.
    if (!(error instanceof CallFailed) || error.code !== "invalid") throw error;
    return { source, ...feed, outcome: "refused", message: error.message };
  }
}

function report(file: string, rows: readonly Row[], options: ServerOptions): void {
  const words = rows.map(({ source, url, outcome, message }) => {
    const told =
      outcome === "added" ? style("green", outcome) : style(outcome === "refused" ? "red" : "dim", outcome);
    return `${told} ${source} ${url}${message === undefined ? "" : ` ${message}`}`;
  });
  print(options.json, { file, feeds: rows }, words.join("\n") || `${file} names no feed`);
  if (rows.some(({ outcome }) => outcome === "refused")) process.exitCode = 1;
}

async function exportOpml(options: ServerOptions & { out?: string }): Promise<void> {
  const sources = await readSources(await openApi(options));
  const outlines = sources.flatMap(({ source, profile: { kind, url, credit } }) => {
    const text = credit ?? source;
    return kind === "poll" && url !== undefined ? [{ text, title: text, type: "rss", xmlUrl: url }] : [];
  });
  const text = await toOpml(outlines);
  if (options.out === undefined) {
    if (options.json)
      print(true, { feeds: outlines.map(({ title, xmlUrl }) => ({ title, url: xmlUrl })) }, "");
    else process.stdout.write(text);
    return;
  }
  try {
    await writeFile(options.out, text);
  } catch (error) {
    throw isFileError(error) ? new CallFailed("unwritable_file", `${error.message}.`) : error;
  }
  print(
    options.json,
    { file: options.out, feeds: outlines.length },
    `${outlines.length} feeds are in ${options.out}`,
  );
}

interface Outline {
  text: string;
  title: string;
  type: string;
  xmlUrl: string;
}

async function toOpml(outlines: Outline[]): Promise<string> {
  const { generateOpml } = await import("feedsmith");
  const head = { title: "News Line: what is polled", dateCreated: new Date() };
  // The library refuses a body without outlines; an empty list is a list.
  if (outlines.length === 0) return `<opml version="2.0"><head/><body/></opml>\n`;
  return `${generateOpml({ head, body: { outlines } }).trimEnd()}\n`;
}

async function readSources(api: Api) {
  return listed.parse(await api.call("GET", "/v1/sources")).sources;
}
