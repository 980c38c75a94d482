import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { io } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { createGateway } from "../src/gateway.ts";
import { ADMIN_TOKEN, startTestGateway, type TestGateway } from "./support/gateway.ts";

let gate: TestGateway;
beforeAll(async () => {
  gate = await startTestGateway();
});
afterAll(() => gate.stop());

const LOWEST: [method: "get" | "post" | "put" | "delete", path: string, role: string][] = [
  ["post", "/v1/sources/none/deliveries", "machine"],
  ["get", "/v1/deliveries/d-0", "machine"],
  ["post", "/v1/explain", "machine"],
  ["post", "/v1/items", "editor"],
  ["put", "/v1/items/unknown-item", "editor"],
  ["post", "/v1/items/unknown-item/kill", "editor"],
  ["post", "/v1/items/unknown-item/hold", "editor"],
  ["post", "/v1/items/unknown-item/release", "editor"],
  ["post", "/v1/items/unknown-item/pin", "editor"],
  ["post", "/v1/items/unknown-item/unpin", "editor"],
  ["get", "/v1/quarantine", "editor"],
  ["post", "/v1/quarantine/none/retry", "editor"],
  ["get", "/v1/sources", "chief"],
  ["get", "/v1/sources/none", "chief"],
  ["put", "/v1/sources/none", "chief"],
  ["delete", "/v1/sources/none", "chief"],
  ["delete", "/v1/quarantine/none", "chief"],
  ["get", "/v1/audit", "chief"],
  ["put", "/v1/lines/none", "admin"],
  ["get", "/v1/tokens", "admin"],
  ["post", "/v1/tokens", "admin"],
  ["delete", "/v1/tokens/none", "admin"],
];
const ROLES = ["machine", "editor", "chief", "admin"];

describe("PRV2 every door of the desk", () => {
  test.each(LOWEST)("%s %s is shut without a token and with a wrong one", async (method, path) => {
    for (const agent of [gate.http, gate.as("nonsense"), gate.as(`nl_abcdef123456_${"x".repeat(43)}`)]) {
      const answer = await agent[method](path);
      expect([answer.status, answer.body.error.code]).toEqual([401, "unauthorized"]);
      expect(answer.headers["www-authenticate"]).toBe("Bearer");
    }
  });

  test.each(ROLES)("lets in the role %s where it may go, and nowhere else", async (role) => {
    const agent = gate.as(await gate.token(role));
    for (const [method, path, lowest] of LOWEST) {
      const answer = await agent[method](path);
      const isForbidden = answer.body.error?.code === "forbidden";
      expect([path, isForbidden]).toEqual([path, ROLES.indexOf(role) < ROLES.indexOf(lowest)]);
    }
  });
});

test("PRV2 a token's text is told once and kept only as a hash", async () => {
  const made = await gate.desk.post("/v1/tokens").send({ name: "Night desk", role: "editor" });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    name: "Night desk",
    role: "editor",
    token: expect.stringMatching(/^nl_\w+_.{43}$/),
  });
  const secret = String(made.body.token).split("_").slice(2).join("_");
  const listed = await gate.desk.get("/v1/tokens");
  expect(listed.text).toContain(made.body.id);
  expect(listed.text).not.toContain(secret);
  const stored = JSON.stringify(await gate.client.hgetall(gate.edition.keys.tokens));
  expect(stored).toContain(made.body.id);
  expect(stored).not.toContain(secret);
});

test("PRV2 what is wrong in a token's request is refused", async () => {
  const answer = await gate.desk.post("/v1/tokens").send({ name: "x", role: "owner" });
  expect(answer.body.error).toMatchObject({ code: "invalid", field: "role" });
  const unknown = await gate.desk.delete("/v1/tokens/none");
  expect([unknown.status, unknown.body.error.code]).toEqual([404, "unknown_token"]);
});

test("PRV2 revoking a token shuts the door at every gateway and ends its sockets there", async () => {
  const config = readConfig({
    PORT: "0",
    REDIS_URL: `unix://${gate.redis.path}`,
    NEWSLINE_DATA: gate.dataDir,
    NEWSLINE_ADMIN_TOKEN: ADMIN_TOKEN,
    LOG_LEVEL: "silent",
  });
  const other = createGateway(config, { drainMs: 10 });
  const { port } = await other.start();
  const url = `http://127.0.0.1:${port}`;
  const made = (await gate.desk.post("/v1/tokens").send({ name: "leaver", role: "editor" })).body;
  const read = () => fetch(`${url}/v1/quarantine`, { headers: { authorization: `Bearer ${made.token}` } });
  expect((await read()).status).toBe(200);
  const socket = io(`${url}/desk`, {
    auth: { token: made.token },
    transports: ["websocket"],
    forceNew: true,
  });
  const goodbye = new Promise((resolve) => socket.once("goodbye", resolve));
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  await gate.desk.delete(`/v1/tokens/${made.id}`).expect(204);
  expect(await goodbye).toMatchObject({ code: "revoked", temporary: false });
  expect((await read()).status).toBe(401);
  expect((await gate.as(made.token).get("/v1/quarantine")).status).toBe(401);
  socket.disconnect();
  await other.close();
});

test("CFG without a fixed admin token the first one is written once, for the owner's eyes", async () => {
  const settings = { REDIS_URL: `unix://${gate.redis.path}`, NEWSLINE_DATA: join(gate.dataDir, "own") };
  const config = readConfig({ PORT: "0", NEWSLINE_EDITION: "second", LOG_LEVEL: "silent", ...settings });
  const path = join(config.dataDir, "admin-token");
  const start = async () => {
    const gateway = createGateway(config, { drainMs: 10 });
    const { port } = await gateway.start();
    return { gateway, url: `http://127.0.0.1:${port}` };
  };
  const [one, two] = await Promise.all([start(), start()]);
  const token = (await readFile(path, "utf8")).trim();
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const headers = { authorization: `Bearer ${token}` };
  const { tokens } = await (await fetch(`${one.url}/v1/tokens`, { headers })).json();
  expect(tokens).toEqual([expect.objectContaining({ name: "admin", role: "admin" })]);
  expect((await fetch(`${two.url}/v1/tokens`, { headers })).status).toBe(200);
  const last = await fetch(`${one.url}/v1/tokens/${tokens[0].id}`, { method: "DELETE", headers });
  expect([last.status, (await last.json()).error.code]).toEqual([409, "conflict"]);
  await Promise.all([one.gateway.close(), two.gateway.close()]);
  const again = await start();
  expect((await readFile(path, "utf8")).trim()).toBe(token);
  await again.gateway.close();
});
