import { randomUUID } from "node:crypto";
import { text as readAll } from "node:stream/consumers";
import { type Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import { type Api, CallFailed, openApi, type ServerOptions } from "./api.ts";
import { readTextFile } from "./files.ts";
import { collect, toWhole } from "./option-values.ts";
import { print, style } from "./output.ts";
import { withServer } from "./server-options.ts";

interface FieldOptions extends ServerOptions {
  line?: string[];
  headline?: string;
  lead?: string;
  body?: string;
  urgency?: number;
  slugline?: string;
  link?: string;
  language?: string;
  time?: string;
  embargo?: string;
  expires?: string;
  note?: string;
  readerNote?: string;
  hideEarlier?: boolean;
  clear?: string[];
  key?: string;
  reason?: string;
}

const answer = z.object({
  item: z.looseObject({ id: z.string(), revision: z.number(), headline: z.string().optional() }),
  position: z.string().nullable(),
  positions: z.record(z.string(), z.string()),
});

function withFields(command: Command): Command {
  return withServer(command)
    .option("-l, --line <name>", "line it goes to; again for more (default: main)", collect)
    .option("--lead <text>", "first sentence")
    .option("--body <text>", "text; - reads it from standard input, @FILE from a file")
    .option("-u, --urgency <1-9>", "1 flash, 2 bulletin, 3 urgent, 5 routine", toWhole(1, 9))
    .option("--slugline <text>", "what editors call it")
    .option("--link <address>", "where the full story is")
    .option("--language <tag>", "such as en or az")
    .option("--time <instant>", "the story's own time, with a zone")
    .option("--embargo <instant>", "not before")
    .option("--expires <instant>", "not after")
    .option("--note <text>", "for the desk only");
}

/** The options whose field has another name. */
const CLEARED: Record<string, string> = { time: "versionCreated", embargo: "embargoedUntil", note: "edNote" };
const CLEARABLE = [
  "lead",
  "body",
  "urgency",
  "slugline",
  "link",
  "language",
  "time",
  "embargo",
  "expires",
  "note",
];

function toCleared(name: string, before: string[] = []): string[] {
  if (CLEARABLE.includes(name)) return collect(name, before);
  throw new InvalidArgumentError(`It must be one of ${CLEARABLE.join(", ")}.`);
}

export function addDeskCommands(program: Command): void {
  withFields(program.command("publish <headline>").description("put a new item on the line"))
    .option("--key <text>", "the same key publishes once, however often it is run within 24 hours")
    .action(publish);
  withFields(program.command("update <id>").description("change an item"))
    .option("--headline <text>", "new headline")
    .option("--clear <field>", `take a field away, again for more: ${CLEARABLE.join(", ")}`, toCleared)
    .action((id: string, options: FieldOptions) => change(id, "update", options));
  withFields(program.command("correct <id>").description("correct an item; readers see the note"))
    .option("--headline <text>", "right headline")
    .option("--clear <field>", `take a field away, again for more: ${CLEARABLE.join(", ")}`, toCleared)
    .requiredOption("--reader-note <text>", "what was wrong, as readers will see it")
    .option("--hide-earlier", "take the earlier texts out of every public door for good")
    .action((id: string, options: FieldOptions) => change(id, "correction", options));
  withServer(program.command("kill <id>").description("withdraw an item for good, everywhere"))
    .requiredOption("--reason <text>", "why; stays on the desk")
    .action((id: string, options: FieldOptions) => act(id, "kill", options));
  for (const [verb, says] of Object.entries(ACTS)) {
    withServer(program.command(`${verb} <id>`).description(says)).action(
      (id: string, options: FieldOptions) => act(id, verb, options),
    );
  }
}

async function publish(headline: string, options: FieldOptions): Promise<void> {
  const api = await openApi(options);
  const fields = { ...(await toFields(options)), headline };
  const headers = { "Idempotency-Key": options.key ?? randomUUID() };
  const publishOnce = () => api.call("POST", "/v1/items", { json: fields, headers });
  // The server may not know whether it was stored. With the same key it is asked again without publishing twice.
  const told = await publishOnce().catch((error: unknown) => {
    if (error instanceof CallFailed && error.code === "outcome_unknown") return publishOnce();
    throw error;
  });
  report(options, "published", answer.parse(told));
}

async function change(id: string, kind: "update" | "correction", options: FieldOptions): Promise<void> {
  const api = await openApi(options);
  const revision = await readRevision(api, id);
  const json = {
    ...(await toFields(options)),
    change: kind,
    ...Object.fromEntries((options.clear ?? []).map((name) => [CLEARED[name] ?? name, null])),
    ...(options.headline !== undefined && { headline: options.headline }),
    ...(options.readerNote !== undefined && { correctionNote: options.readerNote }),
    ...(options.hideEarlier && { hideEarlier: true }),
  };
  const headers = { "If-Match": `"${revision}"` };
  report(
    options,
    kind === "update" ? "updated" : "corrected",
    answer.parse(await api.call("PUT", itemPath(id), { json, headers })),
  );
}

async function act(id: string, verb: string, options: FieldOptions): Promise<void> {
  const api = await openApi(options);
  const json = options.reason === undefined ? {} : { reason: options.reason };
  report(
    options,
    PAST[verb] ?? verb,
    answer.parse(await api.call("POST", `${itemPath(id)}/${verb}`, { json })),
  );
}

const ACTS = {
  hold: "take an item from readers while it is being checked",
  release: "give a held or embargoed item to readers",
  pin: "keep an item in sight",
  unpin: "let a pinned item go with the others",
};

const PAST: Record<string, string> = {
  kill: "killed",
  hold: "held",
  release: "released",
  pin: "pinned",
  unpin: "unpinned",
};

const itemPath = (id: string): string => `/v1/items/${encodeURIComponent(id)}`;

async function readRevision(api: Api, id: string): Promise<number> {
  return z.object({ revision: z.number() }).parse(await api.call("GET", itemPath(id))).revision;
}

async function toFields(options: FieldOptions): Promise<Record<string, unknown>> {
  const fields = {
    lines: options.line,
    lead: options.lead,
    body: options.body === undefined ? undefined : await readText(options.body),
    urgency: options.urgency,
    slugline: options.slugline,
    link: options.link,
    language: options.language,
    versionCreated: options.time,
    embargoedUntil: options.embargo,
    expires: options.expires,
    edNote: options.note,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

async function readText(text: string): Promise<string> {
  if (text === "-") return await readAll(process.stdin);
  return text.startsWith("@") ? await readTextFile(text.slice(1)) : text;
}

function report(options: ServerOptions, verb: string, told: z.infer<typeof answer>): void {
  const { item, positions } = told;
  const where = Object.entries(positions).map(([line, position]) => `${line} ${style("dim", position)}`);
  const place = where.length > 0 ? ` on ${where.join(", ")}` : ", nothing public changed";
  print(options.json, told, `${style("green", verb)} ${item.id} revision ${item.revision}${place}`);
}
