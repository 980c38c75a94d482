import { existsSync } from "node:fs";
import { join } from "node:path";
import express, { Router } from "express";
import { NewsLineError } from "../contract/errors.ts";
import { paramOf } from "./parse.ts";
import { ReadyFiles } from "./ready-files.ts";
import { allowAnyOrigin } from "./security.ts";

const PAGES = { "/": "index.html", "/wall": "wall.html", "/desk": "desk.html" };

/** A file beside the pages, no way to another folder. */
const COMPRESSED = /^\w[\w-]*(?:\.[\w-]+)*\.(?:js|css)$/;

/** The screens and the widget, as the build left them in one folder. */
export function createPagesRouter(clientDir: string): Router {
  const router = Router();
  const files = express.static(clientDir, { index: false, redirect: false, dotfiles: "ignore", maxAge: 0 });
  for (const [path, file] of Object.entries(PAGES)) {
    router.get(path, (_request, response, next) => {
      response.sendFile(
        file,
        { root: clientDir, cacheControl: false, headers: { "Cache-Control": "no-cache" } },
        (error) => {
          if (error && !response.headersSent) next(toMissing(error, file));
        },
      );
    });
  }
  const ready = new ReadyFiles();
  router.get("/embed.js", allowAnyOrigin(), async (request, response) => {
    response.set("Cache-Control", "public, max-age=300");
    await ready.send(join(clientDir, "embed.js"), request, response).catch((error: unknown) => {
      throw toMissing(error, "embed.js");
    });
  });
  // Browsers ask for it whatever the page says; an error in the console would be no help to anybody.
  router.get("/favicon.ico", (_request, response) => {
    response.set("Cache-Control", "public, max-age=86400").status(204).end();
  });
  router.get("/assets/:file", allowAnyOrigin(), async (request, response, next) => {
    const file = paramOf(request, "file");
    if (!COMPRESSED.test(file) || !existsSync(join(clientDir, file))) {
      next();
      return;
    }
    response.set("Cache-Control", "public, max-age=0");
    await ready.send(join(clientDir, file), request, response);
  });
  router.use("/assets", allowAnyOrigin(), files);
  return router;
}

function toMissing(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "ENOENT") return error;
  return new NewsLineError("not_found", {
    message: `${file} has not been built. Run: npm run build`,
    cause: error,
  });
}
