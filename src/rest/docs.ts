import { Router } from "express";
import { DOCS_STYLE, toDocsPage } from "./docs-page.ts";
import { createOpenApi } from "./openapi.ts";

/** What the API is, for programs and for people. */
export function createDocsRouter(version: string): Router {
  const document = JSON.stringify(createOpenApi(version));
  const page = toDocsPage(version);
  const router = Router();
  const answer = (path: string, type: string, text: string) => {
    router.get(path, (_request, response) => {
      response.set("Cache-Control", "public, max-age=300").type(type).send(text);
    });
  };
  answer("/openapi.json", "application/json", document);
  answer("/docs", "html", page);
  answer("/docs.css", "css", DOCS_STYLE);
  return router;
}
