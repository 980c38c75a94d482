import express from "express";
import supertest from "supertest";
import { expect, test } from "vitest";
import { toReadableLine } from "../src/cli/log-lines.ts";
import { createLog } from "../src/log.ts";
import { logRequests } from "../src/rest/request-log.ts";

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = "";
  write(createLog("info", "worker", { write: (line) => (text += line) }));
  return text;
}

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

test("EMB4 the words of an item are not logged, even when somebody hands the item to the log", () => {
  const item = { id: "abcdefgh", headline: "secret", bodyText: "secret", edNote: "secret" };
  const text = logged((log) => {
    log.info({ item, headline: "secret", delivery: "d-1" }, "a slip");
    log.error({ err: Object.assign(new Error("it failed"), { item, code: "invalid" }) }, "a fault");
    log.warn({ token: "secret", draft: { headline: "secret" } }, "another");
  });
  expect(text).not.toContain("secret");
  expect(text).toContain("abcdefgh");
  expect(text).toContain('"code":"invalid"');
});

test("EMB4 a fault in reading JSON is logged without what could not be read", () => {
  const error = thrownBy(() => JSON.parse('{"headline": secret, "more": "secret"}'));
  const text = logged((log) =>
    log.error({ err: new Error("the job is broken", { cause: error }) }, "a fault"),
  );
  expect(text).toContain("SyntaxError");
  expect(text).not.toContain("secret");
});

test("LOG3 the secret part of a hub's address stands in no line, even at level debug", async () => {
  let text = "";
  const app = express();
  app.use(logRequests(createLog("debug", "gateway", { write: (line) => (text += line) })));
  const paths = ["/v1/websub/feed/secret", "/v1/websub/feed/secret/more", "/V1/WebSub//secret"];
  for (const path of paths) {
    await supertest(app).get(`${path}?hub.challenge=secret`).expect(404);
    await supertest(app).post(path).send("secret").expect(404);
  }
  await supertest(app).get("/v1/lines").expect(404);
  expect(text).not.toContain("secret");
  expect(text.match(/"path":"\/v1\/websub\/(?:feed)?\/…"/giu)).toHaveLength(6);
  expect(text).toContain('"path":"/v1/lines"');
});

test("LOG1 every line is JSON with the process, the level and the time by name", () => {
  const line = JSON.parse(logged((log) => log.info({ line: "main", ms: 3 }, "applied")));
  expect(line).toMatchObject({ process: "worker", level: "info", line: "main", ms: 3, msg: "applied" });
  expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test("LOG2 at a terminal a line is readable, and what is no log line stays as it is", () => {
  const line = logged((log) => log.info({ line: "main", ms: 3 }, "applied")).trim();
  expect(toReadableLine(line)).toMatch(/^\d\d:\d\d:\d\d worker {5}applied .*line=main ms=3/);
  expect(toReadableLine("Port 80 is in use.")).toBe("Port 80 is in use.");
});
