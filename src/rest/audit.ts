import { Router } from "express";
import { z } from "zod";
import { readAudit } from "../store/audit.ts";
import type { Edition } from "../store/keys.ts";
import type { Auth } from "./auth.ts";
import { parseAtDoor } from "./parse.ts";

const auditQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  before: z
    .string()
    .regex(/^\d{1,15}-\d{1,10}$/, "must be the id of an entry")
    .optional(),
});

/** Who did what, newest first. */
export function createAuditRouter({ edition, auth }: { edition: Edition; auth: Auth }): Router {
  const router = Router();
  router.get("/v1/audit", auth.require("chief"), async (request, response) => {
    const { limit, before } = parseAtDoor(auditQuery, request.query);
    const entries = await readAudit(edition, { limit, ...(before !== undefined && { before }) });
    const next = entries.length === limit ? (entries.at(-1)?.id ?? null) : null;
    response.set("Cache-Control", "no-store").json({ entries, next });
  });
  return router;
}
