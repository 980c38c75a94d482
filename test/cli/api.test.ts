import { createServer, type RequestListener } from "node:http";
import { afterEach, expect, test } from "vitest";
import { Api } from "../../src/cli/api.ts";

const servers = new Set<ReturnType<typeof createServer>>();
afterEach(() => {
  for (const server of servers) server.close();
  servers.clear();
});

async function answer(listener: RequestListener): Promise<Api> {
  const server = createServer(listener);
  servers.add(server);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  return new Api(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`, "token");
}

test("CLI too many requests at once are made again when the server says", async () => {
  let calls = 0;
  const api = await answer((_request, response) => {
    calls += 1;
    response.statusCode = calls < 3 ? 429 : 200;
    const error = { code: "rate", message: "Too many.", temporary: true, retryAfterMs: 1 };
    response.end(JSON.stringify(calls < 3 ? { error } : { calls }));
  });
  expect(await api.call("POST", "/v1/items", { json: {} })).toEqual({ calls: 3 });
});

test("CLI any other refusal is told with the server's own words, once", async () => {
  let calls = 0;
  const api = await answer((_request, response) => {
    calls += 1;
    response.writeHead(503).end(JSON.stringify({ error: { code: "not_stored", message: "Not stored." } }));
  });
  await expect(api.call("POST", "/v1/items")).rejects.toMatchObject({
    code: "not_stored",
    message: "Not stored.",
  });
  expect(calls).toBe(1);
});

test("CLI what is no News Line is told as such", async () => {
  const page = await answer((_request, response) => response.end("<html>Hello</html>"));
  await expect(page.call("GET", "/")).rejects.toMatchObject({ code: "http", message: /is no News Line/ });
  const missing = await answer((_request, response) => response.writeHead(404).end("not here"));
  await expect(missing.call("GET", "/")).rejects.toMatchObject({ code: "http", message: /answered 404/ });
});
