import { randomUUID } from "node:crypto";
import { Router } from "express";
import { z } from "zod";
import { NewsLineError } from "../contract/errors.ts";
import type { DeskCommands } from "../queue/desk-commands.ts";
import type { Edition } from "../store/keys.ts";
import type { Auth } from "./auth.ts";
import { parseAtDoor } from "./parse.ts";
import { bytesOf, readBytes } from "./raw-body.ts";
import { requireSource } from "./sources.ts";

/** Long enough for a worker to fetch the bytes, and no longer. */
const BYTES_SECONDS = 60;

const explainQuery = z.object({ source: z.string("must name a source") });

/** Parses without storing: what would become of a document, and by which rules. */
export function createExplainRouter(options: {
  edition: Edition;
  auth: Auth;
  commands: DeskCommands;
}): Router {
  const { edition, auth, commands } = options;
  const router = Router();
  router.post("/v1/explain", auth.require("machine"), readBytes(), async (request, response) => {
    const { source } = parseAtDoor(explainQuery, request.query);
    const profile = await requireSource(edition, source);
    const bytes = `explain-${randomUUID()}`;
    await edition.redis.set(edition.keys.bytes(bytes), bytesOf(request), "EX", BYTES_SECONDS);
    const type = request.get("Content-Type");
    const result = await commands.ask({
      command: "explain",
      bytes,
      profile,
      source,
      ...(type !== undefined && { type }),
    });
    if (!("explanation" in result)) throw new NewsLineError("internal", { cause: result });
    response.set("Cache-Control", "no-store").json(result.explanation);
  });
  return router;
}
