import { access, constants } from "node:fs/promises";
import type { Command } from "commander";
import { type Config, readConfig } from "../config.ts";
import { openApi, type ServerOptions } from "./api.ts";
import { readSourceFindings, type SourceFinding, showSource, toSourceTable } from "./doctor-sources.ts";
import { print, style } from "./output.ts";
import { withServer } from "./server-options.ts";

interface DoctorOptions extends ServerOptions {
  source?: string;
}

interface Finding {
  check: string;
  ok: boolean;
  says: string;
}

export function addDoctorCommand(program: Command): void {
  withServer(program.command("doctor").description("look at settings, Redis, the server and its sources"))
    .option("--source <name>", "one source, with its usual week")
    .action(doctor);
}

/** Every check runs, whatever the others found; the exit code tells whether all is well. */
async function doctor(options: DoctorOptions): Promise<void> {
  if (options.source !== undefined) return await showSource(options.source, options);
  const config = readConfig(process.env);
  let sources: SourceFinding[] = [];
  const findings: Finding[] = [
    { check: "settings", ok: true, says: `edition ${config.edition}, data in ${config.dataDir}` },
    await check("data folder", async () => {
      await access(config.dataDir, constants.R_OK | constants.W_OK);
      return `${config.dataDir} can be read and written`;
    }),
    await check("redis", () => lookAtRedis(config)),
    await check("server", async () => {
      const api = await openApi(options, config);
      await api.call("GET", "/healthz");
      const ready = await api.call("GET", "/readyz");
      return `${api.url} is ready: ${JSON.stringify(ready)}`;
    }),
    await check("sources", async () => {
      sources = await readSourceFindings(options);
      const odd = sources.filter(({ problems }) => problems.length > 0).length;
      return `${sources.length} sources, ${odd === 0 ? "all as usual" : `${odd} to look at`}`;
    }),
  ];
  const bySource = sources.map(({ source, problems, health }) => ({
    check: `source ${source}`,
    ok: problems.length === 0,
    says: problems.join(" ") || "as usual",
    health,
  }));
  const words = findings.map(
    ({ check: name, ok, says }) => `${style(ok ? "green" : "red", ok ? "ok " : "BAD")} ${name}: ${says}`,
  );
  const all = [...findings, ...bySource];
  const ok = all.every((one) => one.ok);
  print(options.json, { ok, findings: all }, [...words, toSourceTable(sources)].join("\n"));
  if (!ok) process.exitCode = 1;
}

async function check(name: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { check: name, ok: true, says: await look() };
  } catch (error) {
    return { check: name, ok: false, says: error instanceof Error ? error.message : String(error) };
  }
}

async function lookAtRedis(config: Config): Promise<string> {
  const [{ checkRedis }, { connectRedis }, { resolveRedis }] = await Promise.all([
    import("../redis/check.ts"),
    import("../redis/connect.ts"),
    import("../redis/resolve.ts"),
  ]);
  const redis = connectRedis(await resolveRedis(config, 0), "fail-fast");
  try {
    const { version, durability, warnings } = await checkRedis(redis);
    return [`Redis ${version}, durability ${durability}`, ...warnings].join("; ");
  } finally {
    redis.disconnect();
  }
}
