import { access, constants } from "node:fs/promises";
import type { Command } from "commander";
import { z } from "zod";
import { type Config, readConfig } from "../config.ts";
import { openApi, type ServerOptions } from "./api.ts";
import { print, style } from "./output.ts";
import { withServer } from "./server-options.ts";

interface Finding {
  check: string;
  ok: boolean;
  says: string;
}

export function addDoctorCommand(program: Command): void {
  withServer(
    program.command("doctor").description("look at settings, Redis, the server and its sources"),
  ).action(doctor);
}

/** Every check runs, whatever the others found; the exit code tells whether all is well. */
async function doctor(options: ServerOptions): Promise<void> {
  const config = readConfig(process.env);
  const findings = [
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
    ...(await checkSources(options)),
  ];
  const words = findings.map(
    ({ check: name, ok, says }) => `${style(ok ? "green" : "red", ok ? "ok " : "BAD")} ${name}: ${says}`,
  );
  print(options.json, { ok: findings.every(({ ok }) => ok), findings }, words.join("\n"));
  if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
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

const listed = z.object({
  sources: z.array(
    z.looseObject({
      source: z.string(),
      health: z
        .looseObject({ lastItemAt: z.string().optional(), items: z.number(), failures: z.number() })
        .optional(),
    }),
  ),
});

async function checkSources(options: ServerOptions): Promise<Finding[]> {
  const findings: Finding[] = [];
  const read = await check("sources", async () => {
    const api = await openApi(options);
    const { sources } = listed.parse(await api.call("GET", "/v1/sources"));
    for (const { source, health } of sources) {
      const last = health?.lastItemAt === undefined ? "no item yet" : `last item ${health.lastItemAt}`;
      const failures = health?.failures ?? 0;
      const says = `${last}, ${health?.items ?? 0} items, ${failures} failures`;
      findings.push({ check: `source ${source}`, ok: true, says });
    }
    return `${sources.length} sources`;
  });
  return [read, ...findings];
}
