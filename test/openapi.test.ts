import express from "express";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ERRORS } from "../src/contract/errors.ts";
import { startTestGateway, type TestGateway } from "./support/gateway.ts";

/** What is served by something else than a route. */
const NO_ROUTE = new Set(["get /socket.io/", "post /socket.io/"]);
/** Each is a route of its own there. */
const FEEDS = ["rss", "atom", "json"];

let gate: TestGateway;
let routes: Set<string>;
beforeAll(async () => {
  // Every door makes its routes by this one method, whichever router it is of.
  const making = vi.spyOn(express.Router.prototype, "route");
  gate = await startTestGateway({ worker: false });
  routes = new Set(making.mock.results.flatMap(({ value }) => toCalls(value)));
  making.mockRestore();
});
afterAll(async () => await gate.stop());

function toCalls(route: express.IRoute): string[] {
  const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
  return route.stack.map(({ method }) => `${method} ${path}`);
}

async function readDocument() {
  const { body, text } = await gate.http.get("/openapi.json");
  const calls = Object.entries<object>(body.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
  return { body, text, calls };
}

describe("CFG the OpenAPI document", () => {
  test("is version 3.1, with an id for every call and no dangling reference", async () => {
    const { body, text, calls } = await readDocument();
    expect(body.openapi).toBe("3.1.0");
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(body.components.schemas).toHaveProperty(name ?? "");
    }
    expect(body.components.schemas.NewItem).toMatchObject({ type: "object", required: ["headline"] });
    const ids = new Set(
      Object.values<Record<string, { operationId: string }>>(body.paths).flatMap((item) =>
        Object.values(item).map(({ operationId }) => operationId),
      ),
    );
    expect(ids.size).toBe(calls.length);
  });

  test("has every route that a gateway serves, and no other", async () => {
    const { calls } = await readDocument();
    const named = calls
      .filter((call) => !NO_ROUTE.has(call))
      .flatMap((call) =>
        call.includes("{format}") ? FEEDS.map((one) => call.replace("{format}", one)) : [call],
      );
    expect(named.toSorted()).toEqual([...routes].toSorted());
    expect(routes.size).toBeGreaterThan(40);
  });

  test("names what is served without a route, and it answers", async () => {
    const { calls } = await readDocument();
    for (const call of NO_ROUTE) expect(calls).toContain(call);
    const handshake = await gate.http.get("/socket.io/?EIO=4&transport=polling");
    expect(handshake.status).toBe(200);
    const { sid } = JSON.parse(handshake.text.slice(1));
    const sent = await gate.http
      .post(`/socket.io/?EIO=4&transport=polling&sid=${sid}`)
      .type("text/plain")
      .send("40");
    expect(sent.status).toBe(200);
  });

  test("names the parts of a path as the routes do", async () => {
    const { body } = await readDocument();
    const callback = body.paths["/v1/websub/{source}/{token}"];
    const names = (method: string) =>
      callback[method].parameters.map(
        ({ name, in: place }: { name: string; in: string }) => `${place} ${name}`,
      );
    expect(names("get")).toEqual([
      "path source",
      "path token",
      "query hub.mode",
      "query hub.topic",
      "query hub.challenge",
      "query hub.lease_seconds",
      "query hub.reason",
    ]);
    expect(names("post")).toEqual(["path source", "path token", "header X-Hub-Signature"]);
    expect(Object.keys(callback.post.responses)).toEqual(["202", "410", "default"]);
  });
});

test("CFG the calls can be read as a page without any script", async () => {
  const { text, headers } = await gate.http.get("/docs");
  expect(headers["content-type"]).toMatch(/^text\/html/);
  expect(text).not.toContain("<script");
  for (const code of Object.keys(ERRORS)) expect(text).toContain(`<code>${code}</code>`);
  expect((await gate.http.get("/docs.css")).headers["content-type"]).toMatch(/^text\/css/);
});
