import type { Command } from "commander";
import { z } from "zod";
import { openApi, type ServerOptions } from "./api.ts";
import { print, toTable } from "./output.ts";
import { withServer } from "./server-options.ts";

const created = z.looseObject({ id: z.string(), token: z.string(), role: z.string() });
const listed = z.object({
  tokens: z.array(
    z.looseObject({ id: z.string(), name: z.string(), role: z.string(), createdAt: z.string().optional() }),
  ),
});

export function addTokenCommands(program: Command): void {
  const token = program.command("token").description("who may use the desk door");
  withServer(token.command("create <name>").description("make a token; it is shown this once"))
    .option("--role <role>", "machine, editor, chief or admin", "editor")
    .action(create);
  withServer(token.command("list").description("all tokens")).action(list);
  withServer(token.command("revoke <id>").description("end a token and its connections")).action(revoke);
}

async function create(name: string, options: ServerOptions & { role: string }): Promise<void> {
  const api = await openApi(options);
  const answer = await api.call("POST", "/v1/tokens", { json: { name, role: options.role } });
  const { id, token, role } = created.parse(answer);
  print(options.json, answer, `${token}\n${role} token ${id} for ${name}; it is not shown again`);
}

async function list(options: ServerOptions): Promise<void> {
  const api = await openApi(options);
  const answer = await api.call("GET", "/v1/tokens");
  const rows = listed
    .parse(answer)
    .tokens.map(({ id, name, role, createdAt }) => [id, name, role, createdAt ?? ""]);
  print(options.json, answer, toTable([["ID", "NAME", "ROLE", "CREATED"], ...rows]));
}

async function revoke(id: string, options: ServerOptions): Promise<void> {
  const api = await openApi(options);
  const answer = await api.call("DELETE", `/v1/tokens/${encodeURIComponent(id)}`);
  print(options.json, answer ?? { revoked: id }, `token ${id} is revoked`);
}
