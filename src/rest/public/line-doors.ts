import { Router } from "express";
import { NewsLineError } from "../../contract/errors.ts";
import { lineQuery, stateQuery } from "../../contract/rest.ts";
import type { Edition } from "../../store/keys.ts";
import { parseCursor } from "../../stream/cursor.ts";
import type { LineViews } from "../../stream/line-views.ts";
import { paramOf, parseAtDoor } from "../parse.ts";
import { checkAudience, type Identify, setCaching } from "./callers.ts";
import { type Page, type PageQuery, readPage } from "./line-page.ts";
import { LineStates } from "./line-states.ts";
import { type Body, ReadyBodies } from "./ready-bodies.ts";

interface LineDoors {
  views: LineViews;
  edition: Edition;
  identify: Identify;
}

/** The list of lines, a line page by page, and the hash of what it holds. */
export function createLineDoors({ views, edition, identify }: LineDoors): Router {
  const router = Router();
  const states = new LineStates(views);
  const pages = new Pages(views, edition);

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
    const { position, bytes } = await pages.read({
      audience,
      line: paramOf(request, "line"),
      limit,
      ...(cursor !== undefined && { before: cursor }),
      ...(urgency !== undefined && { urgency }),
      ...(q !== undefined && { q }),
    });
    setCaching(response, audience);
    response.set("ETag", `"${position}"`).type("json").send(bytes);
  });

  router.get("/v1/lines/:line/state", async (request, response) => {
    const { channel: audience } = parseAtDoor(stateQuery, request.query);
    await checkAudience(request, audience, identify);
    const state = await states.read(audience, paramOf(request, "line"));
    response.set("Cache-Control", "no-store").json(state);
  });

  return router;
}

/** Pages as they go out: one that many read is made once for each position. */
export class Pages {
  readonly #source: { views: LineViews; edition: Edition };
  readonly #ready = new ReadyBodies();

  constructor(views: LineViews, edition: Edition) {
    this.#source = { views, edition };
  }

  async read(query: PageQuery): Promise<Body> {
    const key = toKey(query);
    const view = this.#source.views.find(query.audience, query.line);
    const ready = this.#ready.find(key, view.position);
    if (ready !== undefined) return ready;
    return await readPage(this.#source, query, (page) => {
      return this.#ready.make(key, page.position, () => toPageJson(page));
    });
  }
}

function toKey({ audience, line, limit, before, urgency, q }: PageQuery): string {
  return JSON.stringify([audience, line, limit, before?.orderedAtMs, before?.id, urgency, q]);
}

function toPageJson({ line, position, count, items, next }: Page): string {
  const head = `"line":"${line}","position":"${position}","count":${count}`;
  return `{${head},"items":[${items.join(",")}],"next":${JSON.stringify(next)}}`;
}
