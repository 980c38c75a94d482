import fc from "fast-check";
import { expect, test } from "vitest";
import { describeTarget, parseRedisUrl } from "../src/redis/target.ts";

test("CFG7 one address, with and without its parts", () => {
  expect(parseRedisUrl("redis://localhost")).toEqual({
    kind: "single",
    host: "localhost",
    port: 6379,
    tls: false,
  });
  expect(parseRedisUrl("rediss://me:p%40ss@[::1]:6390/2")).toEqual({
    kind: "single",
    host: "::1",
    port: 6390,
    tls: true,
    username: "me",
    password: "p@ss",
    db: 2,
  });
  expect(parseRedisUrl("unix:///run/my%20redis.sock?db=1")).toEqual({
    kind: "socket",
    path: "/run/my redis.sock",
    db: 1,
  });
});

test("CFG8 a list of addresses is a cluster; the login may stand at one of them", () => {
  expect(parseRedisUrl("redis://a:7000, redis://:pw@b:7001,c")).toEqual({
    kind: "cluster",
    nodes: [
      { host: "a", port: 7000 },
      { host: "b", port: 7001 },
      { host: "c", port: 6379 },
    ],
    tls: false,
    password: "pw",
  });
});

test("CFG9 sentinels with the name of what they watch", () => {
  expect(parseRedisUrl("redis+sentinel://u:p@a:26380,[::1]/main?db=3&sentinelPassword=s")).toEqual({
    kind: "sentinel",
    sentinels: [
      { host: "a", port: 26_380 },
      { host: "::1", port: 26_379 },
    ],
    name: "main",
    tls: false,
    username: "u",
    password: "p",
    sentinelPassword: "s",
    db: 3,
  });
});

test.each([
  "localhost:6379",
  "redis://",
  "redis://a/b",
  "redis://a/1,redis://b",
  "redis+sentinel://a:1,b:2",
  "unix://relative",
  "redis://a:99999",
  "redis://me:50%@a",
  "unix:///run/50%",
])("CFG10 %s is refused", (text) => {
  expect(() => parseRedisUrl(text)).toThrow(/^REDIS_URL is wrong: /);
});

test("CFG11 whatever is typed gives a target or a sentence that names the setting", () => {
  const schemes = fc.constantFrom("redis://", "rediss://", "redis+sentinel://", "unix://", "");
  fc.assert(
    fc.property(schemes, fc.string(), (scheme, rest) => {
      try {
        parseRedisUrl(scheme + rest);
      } catch (error) {
        expect(error).toMatchObject({ name: "ConfigError", setting: "REDIS_URL" });
      }
    }),
  );
});

test("CFG12 neither the description nor a refusal shows the password", () => {
  const urls = [
    "redis://u:hush@a",
    "redis://u:hush@a,b",
    "redis+sentinel://u:hush@a/m?sentinelPassword=hush",
  ];
  for (const url of urls) expect(describeTarget(parseRedisUrl(url))).not.toContain("hush");
  expect(() => parseRedisUrl("redis://u:hush@a:b")).toThrow(/^(?!.*hush)/);
});
