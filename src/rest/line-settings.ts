import { Router } from "express";
import { NewsLineError } from "../contract/errors.ts";
import { lineName } from "../contract/names.ts";
import { lineSettings } from "../contract/rest.ts";
import { appendAudit } from "../store/audit.ts";
import type { Edition } from "../store/keys.ts";
import { writeLine } from "../store/lines.ts";
import type { Auth } from "./auth.ts";
import { readJson } from "./json-body.ts";
import { paramOf, parseAtDoor } from "./parse.ts";

export function createLineSettingsRouter({ edition, auth }: { edition: Edition; auth: Auth }): Router {
  const router = Router();
  router.put("/v1/lines/:line", auth.require("admin"), readJson(), async (request, response) => {
    const line = paramOf(request, "line");
    if (!lineName.safeParse(line).success) {
      throw new NewsLineError("invalid", {
        field: "line",
        message: "line: must match [a-z0-9][a-z0-9-]{0,63}.",
      });
    }
    const settings = parseAtDoor(lineSettings, request.body ?? {});
    await writeLine(edition, line, settings);
    await appendAudit(edition, {
      by: auth.callerOf(request).name,
      action: "line-put",
      target: line,
      details: { settings },
    });
    response.set("Cache-Control", "no-store").json({ line, ...settings });
  });
  return router;
}
