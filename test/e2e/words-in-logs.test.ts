import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { makeDataFolder, startProduct } from "../support/product.ts";

const START = fileURLToPath(new URL("../../scripts/start.mjs", import.meta.url));
const TOKEN = "words-admin-token";
/** No program says it by itself. */
const SECRET = "Quokkaford";
const PATIENCE = { timeout: 15_000 };

test("PRV3 no word of an item stands in a log line at level info or in a metric", async () => {
  const { dir, remove } = await makeDataFolder();
  const product = startProduct([START, "--json"], {
    PORT: "0",
    NEWSLINE_DATA: dir,
    NEWSLINE_ADMIN_TOKEN: TOKEN,
    LOG_LEVEL: "info",
    HOME: process.env["HOME"],
  });
  const stop = async () => {
    product.child.kill("SIGTERM");
    await product.exited;
  };
  onTestFinished(async () => {
    await stop();
    await remove();
  });
  const { url } = await product.started;
  const call = (method: string, path: string, body?: object | string) =>
    fetch(`${String(url)}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${TOKEN}`,
        ...(body !== undefined && { "Content-Type": "application/json" }),
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  expect((await call("PUT", "/v1/sources/wire", { kind: "push", format: "ninjs", lines: ["main"] })).ok).toBe(
    true,
  );
  const story = {
    uri: "urn:x:1",
    type: "text",
    version: "1",
    headline: `${SECRET} opens`,
    body_text: SECRET,
  };
  const broken = `{"uri":"urn:x:2","headline":"${SECRET}`;
  for (const body of [JSON.stringify(story), broken]) {
    expect((await call("POST", "/v1/sources/wire/deliveries", body)).status).toBe(202);
  }
  const desk = await call("POST", "/v1/items", {
    headline: `${SECRET} closes`,
    lead: SECRET,
    edNote: SECRET,
  });
  const { item } = Object(await desk.json());
  const refused = await call("POST", "/v1/items", { headline: SECRET, [SECRET]: SECRET });
  expect(refused.status).toBe(400);
  const readLine = async () => await (await call("GET", "/v1/lines/main")).text();
  await expect.poll(readLine, PATIENCE).toContain(`${SECRET} opens`);
  const readQuarantine = async () => await (await call("GET", "/v1/quarantine")).text();
  await expect.poll(readQuarantine, PATIENCE).toContain("wire");
  expect((await call("POST", `/v1/items/${String(item.id)}/kill`, { reason: SECRET })).ok).toBe(true);
  const metrics = await (await call("GET", "/metrics")).text();
  await stop();
  expect(metrics).toContain("newsline_");
  expect(product.stderr()).toContain('"level":"info"');
  expect(`${metrics}\n${product.stderr()}`).not.toContain(SECRET);
});
