import { Router } from "express";
import { NewsLineError } from "../../contract/errors.ts";
import { lineQuery, stateQuery } from "../../contract/rest.ts";
import type { Edition } from "../../store/keys.ts";
import { parseCursor } from "../../stream/cursor.ts";
import type { LineViews } from "../../stream/line-views.ts";
import { paramOf, parseAtDoor } from "../parse.ts";
import { checkAudience, type Identify, setCaching } from "./callers.ts";
import { type Page, readPage } from "./line-page.ts";
import { LineStates } from "./line-states.ts";

interface LineDoors {
  views: LineViews;
  edition: Edition;
  identify: Identify;
}

/** The list of lines, a line page by page, and the hash of what it holds. */
export function createLineDoors({ views, edition, identify }: LineDoors): Router {
  const router = Router();
  const states = new LineStates(views);

  router.get("/v1/lines", (_request, response) => {
    if (!views.isReady) throw new NewsLineError("not_ready");
    setCaching(response, "public");
    response.json({ lines: views.lines() });
  });

  router.get("/v1/lines/:line", async (request, response) => {
    const { limit, before, urgency, q, channel: audience } = parseAtDoor(lineQuery, request.query);
    await checkAudience(request, audience, identify);
    const cursor = before === undefined ? undefined : parseCursor(before);
    if (before !== undefined && cursor === undefined)
      throw new NewsLineError("bad_cursor", { field: "before" });
    const page = await readPage(views, edition, {
      audience,
      line: paramOf(request, "line"),
      limit,
      ...(cursor !== undefined && { before: cursor }),
      ...(urgency !== undefined && { urgency }),
      ...(q !== undefined && { q }),
    });
    setCaching(response, audience);
    response.set("ETag", `"${page.position}"`).type("json").send(toPageJson(page));
  });

  router.get("/v1/lines/:line/state", async (request, response) => {
    const { channel: audience } = parseAtDoor(stateQuery, request.query);
    await checkAudience(request, audience, identify);
    const state = await states.read(audience, paramOf(request, "line"));
    response.set("Cache-Control", "no-store").json(state);
  });

  return router;
}

function toPageJson({ line, position, count, items, next }: Page): string {
  const head = `"line":"${line}","position":"${position}","count":${count}`;
  return `{${head},"items":[${items.join(",")}],"next":${JSON.stringify(next)}}`;
}
