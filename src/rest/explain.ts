import { randomUUID } from "node:crypto";
import { Router } from "express";
import { z } from "zod";
import { NewsLineError } from "../contract/errors.ts";
import type { DeskQuestion } from "../contract/jobs.ts";
import { itemId } from "../contract/names.ts";
import { type Asking, ask } from "./ask.ts";
import type { Auth } from "./auth.ts";
import { paramOf, parseAtDoor } from "./parse.ts";
import { bytesOf, readBytes } from "./raw-body.ts";
import { requireSource } from "./sources.ts";

/** Long enough for a worker to fetch the bytes, and no longer. */
const BYTES_SECONDS = 60;

const explainQuery = z.object({ source: z.string("must name a source") });

/** Parses without storing: what would become of a document, and by which rules. */
export function createExplainRouter({ auth, ...asking }: Asking & { auth: Auth }): Router {
  const { edition } = asking;
  const router = Router();
  router.post("/v1/explain", auth.require("machine"), readBytes(), async (request, response) => {
    const { source } = parseAtDoor(explainQuery, request.query);
    const profile = await requireSource(edition, source);
    const bytes = `explain-${randomUUID()}`;
    await edition.redis.set(edition.keys.bytes(bytes), bytesOf(request), "EX", BYTES_SECONDS);
    const type = request.get("Content-Type");
    const question = {
      command: "explain",
      bytes,
      profile,
      source,
      ...(type !== undefined && { type }),
    } as const;
    response.set("Cache-Control", "no-store").json(await askOnce(asking, question));
  });
  router.get("/v1/deliveries/:id/explain", auth.require("editor"), async (request, response) => {
    const delivery = paramOf(request, "id");
    const told = await ask(asking, { command: "explain-delivery", delivery });
    response.set("Cache-Control", "no-store").json(told);
  });
  router.get("/v1/items/:id/explain", auth.require("editor"), async (request, response) => {
    const id = itemId.safeParse(paramOf(request, "id"));
    if (!id.success) throw new NewsLineError("unknown_item");
    const told = await ask(asking, { command: "explain-item", id: id.data });
    response.set("Cache-Control", "no-store").json(told);
  });
  return router;
}

/** Thousands of large documents in a row must not pile up in Redis until each is forgotten by itself. */
async function askOnce(asking: Asking, question: DeskQuestion & { command: "explain" }): Promise<unknown> {
  const { redis, keys } = asking.edition;
  try {
    return await ask(asking, question);
  } finally {
    await redis.unlink(keys.bytes(question.bytes));
  }
}
