import type { Queue } from "bullmq";
import { Router } from "express";
import { appendAudit } from "../store/audit.ts";
import type { Edition } from "../store/keys.ts";
import {
  discardQuarantine,
  listQuarantine,
  readQuarantineBytes,
  retryQuarantine,
} from "../store/quarantine.ts";
import type { Auth } from "./auth.ts";
import { paramOf } from "./parse.ts";

/** What could not be read, and what to do with it. */
export function createQuarantineRouter(options: { edition: Edition; auth: Auth; lane: Queue }): Router {
  const { edition, auth, lane } = options;
  const router = Router();
  router.get("/v1/quarantine", auth.require("editor"), async (_request, response) => {
    response.set("Cache-Control", "no-store").json({ entries: await listQuarantine(edition) });
  });
  router.get("/v1/quarantine/:id/bytes", auth.require("editor"), async (request, response) => {
    const bytes = await readQuarantineBytes(edition, paramOf(request, "id"));
    // Whatever it is, no browser may take it for a page of ours.
    response
      .set("Cache-Control", "no-store")
      .set("X-Content-Type-Options", "nosniff")
      .set("Content-Disposition", 'attachment; filename="delivery.bin"')
      .type("application/octet-stream")
      .send(bytes);
  });
  router.post("/v1/quarantine/:id/retry", auth.require("editor"), async (request, response) => {
    const entry = await retryQuarantine(edition, lane, paramOf(request, "id"));
    const by = auth.callerOf(request).name;
    const { delivery, source } = entry;
    await appendAudit(edition, {
      by,
      action: "quarantine-retry",
      target: entry.id,
      details: { delivery, source },
    });
    response.status(202).json({ delivery: { id: delivery } });
  });
  router.delete("/v1/quarantine/:id", auth.require("chief"), async (request, response) => {
    const entry = await discardQuarantine(edition, paramOf(request, "id"));
    const by = auth.callerOf(request).name;
    const { delivery, source } = entry;
    await appendAudit(edition, {
      by,
      action: "quarantine-discard",
      target: entry.id,
      details: { delivery, source },
    });
    response.status(204).end();
  });
  return router;
}
