import { Router } from "express";
import { NewsLineError } from "../contract/errors.ts";
import type { ItemScreens } from "../contract/screens.ts";
import type { Auth } from "./auth.ts";
import { paramOf } from "./parse.ts";
import type { Presence } from "./presence.ts";

/** Which screens still show what has been withdrawn or corrected. Answered from memory: a desk asks again and again. */
export function createScreensRouter(options: { auth: Auth; presence: Presence }): Router {
  const { auth, presence } = options;
  const router = Router();
  router.get("/v1/items/:id/screens", auth.require("editor"), (request, response) => {
    const id = paramOf(request, "id");
    const screens = presence.screens(id);
    if (screens === undefined) {
      throw new NewsLineError("unknown_item", {
        message: "This item was not withdrawn, held or corrected in the last minutes.",
      });
    }
    const { lastSeenMs, ...counts } = screens;
    const answer: ItemScreens = {
      id,
      ...counts,
      ...(lastSeenMs !== undefined && { lastSeenAt: new Date(lastSeenMs).toISOString() }),
    };
    response.set("Cache-Control", "no-store").json(answer);
  });
  return router;
}
