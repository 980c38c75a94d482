import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "../src/config.ts";

test("CFG1 nothing set gives the defaults of the table", () => {
  const dataDir = resolve("data");
  expect(readConfig({})).toEqual({
    port: 3000,
    host: "127.0.0.1",
    redis: undefined,
    dataDir,
    edition: "main",
    gateway: expect.stringMatching(/^g[0-9a-f]{8}$/),
    compression: "shared",
    drainWaitMs: 1_000,
    drainSpreadMs: 1_000,
    adminToken: undefined,
    origins: undefined,
    trustProxy: [],
    wireDir: join(dataDir, "wire"),
    fetchAllow: [],
    url: "http://127.0.0.1:3000",
    token: undefined,
    logLevel: "info",
  });
});

test("CFG2 every setting is read into its place", () => {
  const config = readConfig({
    PORT: "0",
    HOST: "::1",
    REDIS_URL: "redis://10.0.0.1",
    NEWSLINE_DATA: "/var/lib/newsline",
    NEWSLINE_EDITION: "az",
    NEWSLINE_GATEWAY: "web-1",
    NEWSLINE_COMPRESSION: "off",
    NEWSLINE_DRAIN_WAIT: "5",
    NEWSLINE_DRAIN_SPREAD: "0.5",
    NEWSLINE_ADMIN_TOKEN: "secret",
    NEWSLINE_ORIGINS: "https://news.example, http://localhost:8080/",
    NEWSLINE_TRUST_PROXY: "loopback,10.0.0.0/8",
    NEWSLINE_WIRE_DIR: "/srv/wire",
    NEWSLINE_FETCH_ALLOW: "192.168.1.7,fd00::/8",
    NEWSLINE_PUBLIC_URL: "https://news.example/in/",
    NEWSLINE_URL: "https://news.example/ticker/",
    NEWSLINE_TOKEN: "other",
    LOG_LEVEL: "debug",
  });
  expect(config).toEqual({
    port: 0,
    host: "::1",
    redis: { kind: "single", host: "10.0.0.1", port: 6379, tls: false },
    dataDir: "/var/lib/newsline",
    edition: "az",
    gateway: "web-1",
    compression: "off",
    drainWaitMs: 5_000,
    drainSpreadMs: 500,
    adminToken: "secret",
    origins: ["https://news.example", "http://localhost:8080"],
    trustProxy: ["loopback", "10.0.0.0/8"],
    wireDir: "/srv/wire",
    fetchAllow: ["192.168.1.7/32", "fd00::/8"],
    publicUrl: "https://news.example/in",
    url: "https://news.example/ticker",
    token: "other",
    logLevel: "debug",
  });
});

test.each([
  ["PORT", "70000"],
  ["PORT", "http"],
  ["HOST", "a b"],
  ["REDIS_URL", "http://localhost"],
  ["NEWSLINE_EDITION", "Main Edition"],
  ["NEWSLINE_GATEWAY", "web 1"],
  ["NEWSLINE_COMPRESSION", "gzip"],
  ["NEWSLINE_DRAIN_WAIT", "-1"],
  ["NEWSLINE_DRAIN_SPREAD", "601"],
  ["NEWSLINE_ADMIN_TOKEN", "two words"],
  ["NEWSLINE_ORIGINS", "news.example"],
  ["NEWSLINE_ORIGINS", "https://news.example/path"],
  ["NEWSLINE_TRUST_PROXY", "1"],
  ["NEWSLINE_FETCH_ALLOW", "10.0.0.0/33"],
  ["NEWSLINE_PUBLIC_URL", "news.example"],
  ["NEWSLINE_URL", "news.example"],
  ["LOG_LEVEL", "loud"],
])("CFG3 a wrong %s (%s) is refused in one sentence that names it", (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(
    expect.objectContaining({
      name: "ConfigError",
      setting: name,
      message: expect.stringMatching(new RegExp(`^${name} is wrong: [^\\n]+\\.$`)),
    }),
  );
});

test("CFG4 an empty setting is an unset one", () => {
  expect(readConfig({ PORT: "", REDIS_URL: " ", LOG_LEVEL: "" })).toEqual(readConfig({}));
});

test("CFG5 the command line calls a server that listens everywhere by the loopback address", () => {
  expect(readConfig({ HOST: "0.0.0.0", PORT: "8080" }).url).toBe("http://127.0.0.1:8080");
  expect(readConfig({ HOST: "fd00::1" }).url).toBe("http://[fd00::1]:3000");
});

test("CFG7 a gateway that was given no name has the same one after every restart, and another on another port", () => {
  const nameAt = (port: string) => readConfig({ PORT: port }).gateway;
  expect(nameAt("3001")).toBe(nameAt("3001"));
  expect(nameAt("3001")).not.toBe(nameAt("3002"));
  expect(nameAt("0")).not.toBe(nameAt("0"));
});

test("CFG6 a fixed admin token is the command line's token too", () => {
  expect(readConfig({ NEWSLINE_ADMIN_TOKEN: "fixed" }).token).toBe("fixed");
});
