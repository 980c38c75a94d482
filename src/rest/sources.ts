import { Router } from "express";
import { z } from "zod";
import { NewsLineError } from "../contract/errors.ts";
import { DESK_SOURCE, sourceName } from "../contract/names.ts";
import { type SourceProfile, sourceProfile } from "../contract/profile.ts";
import { readPresets, withPreset } from "../presets.ts";
import type { DeskCommands } from "../queue/desk-commands.ts";
import { appendAudit } from "../store/audit.ts";
import type { Edition } from "../store/keys.ts";
import { readReport, readReports, readUsualWeek } from "../store/reports.ts";
import { listSources, readSource, readSourceHealth, removeSource, writeSource } from "../store/sources.ts";
import { ask } from "./ask.ts";
import type { Auth } from "./auth.ts";
import { readJson } from "./json-body.ts";
import { paramOf, parseAtDoor } from "./parse.ts";

export async function requireSource(edition: Edition, source: string): Promise<SourceProfile> {
  const profile = sourceName.safeParse(source).success ? await readSource(edition, source) : undefined;
  if (profile === undefined) throw new NewsLineError("unknown_source");
  return profile;
}

const sourceQuery = z.object({ dryRun: z.enum(["0", "1", "false", "true"]).optional() });

/** Profiles of sources, and their pulse. */
export function createSourcesRouter({
  edition,
  auth,
  commands,
}: {
  edition: Edition;
  auth: Auth;
  commands: DeskCommands;
}): Router {
  const router = Router();
  const chief = auth.require("chief");
  router.get("/v1/sources", chief, async (_request, response) => {
    const [sources, reports] = await Promise.all([listSources(edition), readReports(edition)]);
    const told = [...sources].map(async ([source, profile]) => {
      const health = await readSourceHealth(edition, source);
      const report = reports.get(source);
      return { source, profile, health: { ...health, ...(report !== undefined && { report }) } };
    });
    response.set("Cache-Control", "no-store").json({ sources: await Promise.all(told) });
  });
  router.get("/v1/presets", chief, (_request, response) => {
    const presets = [...readPresets()].map(([preset, told]) => ({ preset, ...told }));
    response.set("Cache-Control", "no-store").json({ presets });
  });
  router.get("/v1/sources/:source", chief, async (request, response) => {
    response.set("Cache-Control", "no-store").json(await requireSource(edition, paramOf(request, "source")));
  });
  router.get("/v1/sources/:source/report", chief, async (request, response) => {
    const source = paramOf(request, "source");
    const { zone } = await requireSource(edition, source);
    const [report, week] = await Promise.all([readReport(edition, source), readUsualWeek(edition, source)]);
    response.set("Cache-Control", "no-store").json({ source, zone, report, week });
  });
  router.put("/v1/sources/:source", chief, readJson(), async (request, response) => {
    const source = paramOf(request, "source");
    const profile = parseProfile(source, request.body ?? {});
    const { dryRun } = parseAtDoor(sourceQuery, request.query);
    if (dryRun === "1" || dryRun === "true") {
      const told = await ask({ edition, commands }, { command: "compare", source, profile });
      response.set("Cache-Control", "no-store").json(told);
      return;
    }
    await writeSource(edition, source, profile);
    await appendAudit(edition, {
      by: auth.callerOf(request).name,
      action: "source-put",
      target: source,
      details: { profile },
    });
    response.set("Cache-Control", "no-store").json(profile);
  });
  router.delete("/v1/sources/:source", chief, async (request, response) => {
    const source = paramOf(request, "source");
    if (!(await removeSource(edition, source))) throw new NewsLineError("unknown_source");
    await appendAudit(edition, { by: auth.callerOf(request).name, action: "source-remove", target: source });
    response.status(204).end();
  });
  return router;
}

function parseProfile(source: string, body: unknown): SourceProfile {
  if (!sourceName.safeParse(source).success) throw refused("source", "must match [a-z0-9][a-z0-9_.-]{0,63}");
  const profile = parseAtDoor(sourceProfile, withPreset(body));
  if (profile.kind === "poll" && profile.url === undefined) throw refused("url", "a poll source needs one");
  if ((source === DESK_SOURCE) !== (profile.kind === "desk")) {
    throw refused("kind", "the source `desk`, and no other, is of the kind desk");
  }
  return profile;
}

function refused(field: string, why: string): NewsLineError {
  return new NewsLineError("invalid", { field, message: `${field}: ${why}.` });
}
