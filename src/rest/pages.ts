import express, { Router } from "express";
import { NewsLineError } from "../contract/errors.ts";
import { allowAnyOrigin } from "./security.ts";

const PAGES = { "/": "index.html", "/wall": "wall.html", "/desk": "desk.html" };

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
  router.get("/embed.js", allowAnyOrigin(), (_request, response, next) => {
    const headers = { "Cache-Control": "public, max-age=300" };
    response.sendFile("embed.js", { root: clientDir, cacheControl: false, headers }, (error) => {
      if (error && !response.headersSent) next(toMissing(error, "embed.js"));
    });
  });
  // Browsers ask for it whatever the page says; an error in the console would be no help to anybody.
  router.get("/favicon.ico", (_request, response) => {
    response.set("Cache-Control", "public, max-age=86400").status(204).end();
  });
  router.use("/assets", allowAnyOrigin(), files);
  return router;
}

function toMissing(error: Error, file: string): Error {
  if (!("code" in error) || error.code !== "ENOENT") return error;
  return new NewsLineError("not_found", {
    message: `${file} has not been built. Run: npm run build`,
    cause: error,
  });
}
