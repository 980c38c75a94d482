import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ERRORS } from "../src/contract/errors.ts";
import { startTestGateway, type TestGateway } from "./support/gateway.ts";

const WIDGET = `export {};${" // the widget".repeat(1_000)}`;
let gate: TestGateway;
let listed: TestGateway;
let clientDir: string;
beforeAll(async () => {
  clientDir = await mkdtemp(join(tmpdir(), "nl-client-"));
  for (const name of ["index.html", "wall.html", "desk.html"])
    await writeFile(join(clientDir, name), `<p>${name}</p>`);
  await writeFile(join(clientDir, "embed.js"), WIDGET);
  await writeFile(join(clientDir, "wall.css"), "p {}");
  gate = await startTestGateway({ clientDir });
  listed = await startTestGateway({ worker: false, env: { NEWSLINE_ORIGINS: "https://paper.example" } });
});
afterAll(async () => {
  await Promise.all([gate.stop(), listed.stop()]);
  await rm(clientDir, { recursive: true });
});

describe("CFG what every answer carries:", () => {
  test("a policy that lets pages load and do nothing but their own", async () => {
    const { headers } = await gate.http.get("/");
    expect(headers["content-security-policy"]).toBe(
      "default-src 'self';base-uri 'none';object-src 'none';form-action 'self';frame-ancestors 'self';require-trusted-types-for 'script';trusted-types 'none'",
    );
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["x-powered-by"]).toBeUndefined();
    expect(headers["strict-transport-security"]).toBeUndefined();
  });

  test("the caller's request id, or one of ours", async () => {
    expect((await gate.http.get("/healthz").set("X-Request-Id", "call-7")).headers["x-request-id"]).toBe(
      "call-7",
    );
    const odd = await gate.http.get("/healthz").set("X-Request-Id", "a b<script>");
    expect(odd.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("CFG pages of other origins", () => {
  test("may read what is public and use nothing else, without a list", async () => {
    const read = await gate.http.get("/v1/lines").set("Origin", "https://anybody.example");
    expect(read.headers["access-control-allow-origin"]).toBe("*");
    const asked = await gate.http
      .options("/v1/items")
      .set({ Origin: "https://anybody.example", "Access-Control-Request-Method": "POST" });
    expect(asked.status).toBe(204);
    expect(asked.headers["access-control-allow-methods"]).not.toContain("POST");
    expect(asked.headers["access-control-allow-headers"]).not.toContain("Authorization");
  });

  test("may do so and use the desk when they are on the list, else neither", async () => {
    const preflight = (origin: string) =>
      listed.http.options("/v1/items").set({ Origin: origin, "Access-Control-Request-Method": "POST" });
    const known = await preflight("https://paper.example");
    expect(known.headers["access-control-allow-origin"]).toBe("https://paper.example");
    expect(known.headers["access-control-allow-headers"]).toContain("Authorization");
    expect(known.headers["vary"]).toContain("Origin");
    expect((await preflight("https://other.example")).headers["access-control-allow-origin"]).toBeUndefined();
    const read = await listed.http.get("/v1/lines").set("Origin", "https://other.example");
    expect(read.headers["access-control-allow-origin"]).toBeUndefined();
  });

  test("may always load the widget", async () => {
    const { headers } = await gate.http.get("/embed.js").set("Origin", "https://anybody.example");
    expect(headers["access-control-allow-origin"]).toBe("*");
    expect(headers["cross-origin-resource-policy"]).toBe("cross-origin");
    expect(headers["content-type"]).toMatch(/javascript/);
  });
});

describe("CFG the widget's files", () => {
  const fetchRaw = async (path: string, encodings?: string, headers: Record<string, string> = {}) => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const accept = encodings === undefined ? {} : { "Accept-Encoding": encodings };
      get(`${gate.url}${path}`, { headers: { ...accept, ...headers } }, resolve).once("error", reject);
    });
    const pieces: Buffer[] = [];
    for await (const piece of answer) if (Buffer.isBuffer(piece)) pieces.push(piece);
    return { status: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(pieces) };
  };

  test.each([
    ["/embed.js", "gzip, deflate, br, zstd", "br", brotliDecompressSync],
    ["/embed.js", "gzip", "gzip", gunzipSync],
    ["/embed.js", "br;q=0, gzip;q=0.5", "gzip", gunzipSync],
    ["/embed.js", "identity", undefined, (bytes: Buffer) => bytes],
    ["/embed.js", undefined, undefined, (bytes: Buffer) => bytes],
    ["/assets/wall.css", "br", "br", brotliDecompressSync],
  ])("%s comes compressed to who takes it: %s", async (path, encodings, expected, unpack) => {
    const { headers, bytes } = await fetchRaw(path, encodings);
    expect(headers["content-encoding"]).toBe(expected);
    expect(headers.vary).toContain("Accept-Encoding");
    expect(headers["content-length"]).toBe(String(bytes.length));
    expect(headers["access-control-allow-origin"]).toBe("*");
    expect(unpack(bytes).toString()).toBe(path === "/embed.js" ? WIDGET : "p {}");
    if (expected !== undefined && path === "/embed.js") expect(bytes.length).toBeLessThan(WIDGET.length / 10);
  });

  test("have a tag for each encoding, and are not sent again to who has them", async () => {
    const [br, gzip] = [await fetchRaw("/embed.js", "br"), await fetchRaw("/embed.js", "gzip")];
    const tag = br.headers.etag ?? "";
    expect(tag).toMatch(/^"[\w-]+"$/);
    expect(gzip.headers.etag).not.toBe(tag);
    const again = await fetchRaw("/embed.js", "br", { "If-None-Match": tag });
    expect([again.status, again.bytes.length, again.headers.vary]).toEqual([304, 0, br.headers.vary]);
    expect((await fetchRaw("/embed.js", "gzip", { "If-None-Match": tag })).status).toBe(200);
  });

  test("are read anew when a build has changed them", async () => {
    await writeFile(join(clientDir, "changed.js"), "first");
    expect((await gate.http.get("/assets/changed.js")).text).toBe("first");
    await writeFile(join(clientDir, "changed.js"), "second one");
    expect((await gate.http.get("/assets/changed.js")).text).toBe("second one");
  });
});

describe("CFG pages", () => {
  test("stand at their addresses", async () => {
    for (const [path, text] of [
      ["/", "index.html"],
      ["/wall", "wall.html"],
      ["/desk", "desk.html"],
    ] as const) {
      const answer = await gate.http.get(path);
      expect([path, answer.status, answer.text]).toEqual([path, 200, `<p>${text}</p>`]);
      expect(answer.headers["content-type"]).toMatch(/^text\/html/);
    }
    expect((await gate.http.get("/assets/wall.css")).text).toBe("p {}");
  });

  test("give nothing outside their folder", async () => {
    for (const path of [
      "/assets/../package.json",
      "/assets/%2e%2e%2fpackage.json",
      "/assets/.env",
      "/assets/",
    ]) {
      const answer = await gate.http.get(path);
      expect([path, answer.status, answer.body.error?.code]).toEqual([path, 404, "not_found"]);
    }
  });
});

describe("what is not there", () => {
  test("P8 gets one 404 body, whatever was asked", async () => {
    for (const path of ["/v2/lines", "/v1", "/admin", "/.git/config", "/v1/items"]) {
      const answer = await gate.http.get(path);
      expect([answer.status, answer.body]).toEqual([
        404,
        { error: { code: "not_found", message: ERRORS.not_found.message, temporary: false } },
      ]);
    }
    expect((await gate.http.delete("/v1/lines")).status).toBe(404);
    expect((await gate.http.get("/v1/items/%E0%A4%A")).body.error.code).toBe("invalid");
  });

  test("P8 a held, an embargoed and an unknown item are the same to readers, byte by byte", async () => {
    const publish = async (fields: object) =>
      (await gate.desk.post("/v1/items").send({ headline: "Not for you", ...fields })).body.item.id;
    const embargoed = await publish({ embargoedUntil: "2099-01-01T00:00:00Z" });
    const unknown = await gate.http.get("/v1/items/AAAAAAAAAAAAAAAAAAAAAA");
    const answer = await gate.http.get(`/v1/items/${embargoed}`);
    expect(answer.status).toBe(404);
    expect(answer.text).toBe(unknown.text);
    const headers = (given: typeof answer) => ({ ...given.headers, date: "", "x-request-id": "" });
    expect(headers(answer)).toEqual(headers(unknown));
    expect((await gate.desk.get(`/v1/items/${embargoed}`)).body.headline).toBe("Not for you");
  });
});

test("CFG HEAD answers as GET does, without the body", async () => {
  const head = await gate.http.head("/v1/lines");
  expect(head.status).toBe(200);
  expect(head.text ?? "").toBe("");
});
