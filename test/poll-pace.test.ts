import fc from "fast-check";
import { expect, test } from "vitest";
import { sourceProfile } from "../src/contract/profile.ts";
import { readFeedHints } from "../workers/sources/feed-hints.ts";
import { parseRetryAfter, toFreshMs, toNextMs, toPace, toRetryMs } from "../workers/sources/poll-pace.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A Wednesday, 10:30 UTC. */
const NOW = Date.parse("2026-07-15T10:30:00.000Z");

const unnamed = { everyMs: MINUTE, slowestMs: 15 * MINUTE, isNamed: false };
const named = { everyMs: 10_000, slowestMs: 10_000, isNamed: true };

test("POL1 a source is asked every 60 s, or as often as its profile says", () => {
  const profile = { kind: "poll", url: "https://feeds.example/a", lines: ["main"] };
  expect(toPace(sourceProfile.parse(profile))).toEqual(unnamed);
  expect(toPace(sourceProfile.parse({ ...profile, every: 10 }))).toEqual(named);
});

test("POL2 an answer that caches may keep is not asked for again before that: an hour at most", () => {
  expect(toNextMs(unnamed, NOW, 5 * MINUTE, {})).toBe(NOW + 5 * MINUTE);
  expect(toNextMs(unnamed, NOW, 30_000, {})).toBe(NOW + MINUTE);
  expect(toNextMs(unnamed, NOW, 365 * 24 * HOUR, {})).toBe(NOW + HOUR);
});

test("POL2 a pace that the profile names is stretched tenfold at most", () => {
  expect(toNextMs(named, NOW, 30_000, {})).toBe(NOW + 30_000);
  expect(toNextMs(named, NOW, HOUR, {})).toBe(NOW + 100_000);
});

test("POL3 RSS9 a feed's ttl is its pace where the profile names none", () => {
  expect(toNextMs(unnamed, NOW, 0, { ttlSeconds: 600 })).toBe(NOW + 10 * MINUTE);
  expect(toNextMs(named, NOW, 0, { ttlSeconds: 600 })).toBe(NOW + 10_000);
});

test("POL4 RSS9 hours and days in which nothing comes are left out", () => {
  const eleven = Date.parse("2026-07-15T11:00:00.000Z");
  expect(toNextMs(unnamed, NOW, 0, { skipHours: [10] })).toBe(eleven);
  expect(toNextMs(unnamed, NOW, 0, { skipHours: [10, 11, 12] })).toBe(eleven + 2 * HOUR);
  expect(toNextMs(unnamed, NOW, 0, { skipDays: [3] })).toBe(Date.parse("2026-07-16T00:00:00.000Z"));
  expect(toNextMs(unnamed, NOW, 0, { skipDays: [3, 4], skipHours: [0] })).toBe(
    Date.parse("2026-07-17T01:00:00.000Z"),
  );
  expect(toNextMs(unnamed, NOW, 0, { skipHours: [9, 11] })).toBe(NOW + MINUTE);
});

test("POL4 a feed that leaves out every hour or every day leaves out none", () => {
  const all = Array.from({ length: 24 }, (_, hour) => hour);
  expect(toNextMs(unnamed, NOW, 0, { skipHours: all })).toBe(NOW + MINUTE);
  expect(toNextMs(unnamed, NOW, 0, { skipDays: all.slice(0, 7) })).toBe(NOW + MINUTE);
});

test("POL5 after each failure in a row the wait doubles, to an hour at most, and is spread", () => {
  const wait = (failures: number, random: number) => toRetryMs(unnamed, NOW, failures, { random }) - NOW;
  expect([1, 2, 3, 4].map((failures) => wait(failures, 1))).toEqual([2, 4, 8, 16].map((n) => n * MINUTE));
  expect(wait(3, 0)).toBe(4 * MINUTE);
  expect(wait(50, 1)).toBe(HOUR);
  expect(toRetryMs({ ...named, everyMs: 4 * HOUR }, NOW, 9, { random: 0 })).toBe(NOW + 4 * HOUR);
});

test("POL6 the time that Retry-After asks for is given, a day at most", () => {
  expect(toRetryMs(unnamed, NOW, 1, { retryAfterMs: 3 * HOUR })).toBe(NOW + 3 * HOUR);
  expect(toRetryMs(unnamed, NOW, 1, { retryAfterMs: 400 * HOUR })).toBe(NOW + 24 * HOUR);
  expect(toRetryMs(unnamed, NOW, 1, { retryAfterMs: 1, random: 0 })).toBe(NOW + MINUTE);
});

test.each([
  ["120", 120_000],
  [" 0 ", 0],
  ["Wed, 15 Jul 2026 10:31:00 GMT", MINUTE],
  ["Wed, 15 Jul 2026 10:00:00 GMT", 0],
  ["soon", undefined],
  ["-5", undefined],
  ["2027", 2_027_000],
  ["2027-01-01", undefined],
  ["99999999999999999999", undefined],
  [undefined, undefined],
])("POL6 Retry-After %j is %j ms", (value, ms) => {
  expect(parseRetryAfter(value, NOW)).toBe(ms);
});

test.each([
  [{ "cache-control": "public, max-age=300" }, 300_000],
  [{ "cache-control": 'MAX-AGE="60"' }, 60_000],
  [{ "cache-control": "max-age=300", age: "100" }, 200_000],
  [{ "cache-control": "max-age=300", age: "400" }, 0],
  [{ "cache-control": "no-cache, max-age=300" }, 0],
  [{ "cache-control": "no-store" }, 0],
  [{ "cache-control": "s-maxage=500" }, 0],
  [{ "cache-control": "max-age=soon" }, 0],
  [{ date: "Wed, 15 Jul 2026 10:30:00 GMT", expires: "Wed, 15 Jul 2026 10:32:00 GMT" }, 2 * MINUTE],
  [{ date: "Wed, 15 Jul 2026 10:30:00 GMT", expires: "0" }, 0],
  [{ expires: "Wed, 15 Jul 2099 10:32:00 GMT" }, 0],
  [
    {
      "cache-control": "max-age=0",
      date: "Wed, 15 Jul 2026 10:30:00 GMT",
      expires: "Wed, 15 Jul 2026 10:32:00 GMT",
    },
    0,
  ],
  [{}, 0],
])("POL2 %j stays good for %d ms", (headers, ms) => {
  expect(toFreshMs(new Map(Object.entries(headers)))).toBe(ms);
});

test("POL7 whatever headers and feeds say, no source is asked faster than its pace or never again", () => {
  const hour = fc.array(fc.integer({ min: 0, max: 23 }), { maxLength: 24 });
  const day = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 7 });
  fc.assert(
    fc.property(
      fc.record({
        everyMs: fc.integer({ min: 5_000, max: 24 * HOUR }),
        slowestMs: fc.constant(0),
        isNamed: fc.boolean(),
      }),
      fc.record({ fresh: fc.nat(), ttlSeconds: fc.nat(), failures: fc.integer({ min: 1, max: 99 }) }),
      fc.record({ skipHours: hour, skipDays: day, retryAfterMs: fc.nat() }),
      (pace, { fresh, ttlSeconds, failures }, { skipHours, skipDays, retryAfterMs }) => {
        const next = toNextMs(pace, NOW, fresh, { ttlSeconds, skipHours, skipDays });
        const retry = toRetryMs(pace, NOW, failures, { retryAfterMs });
        for (const at of [next, retry]) {
          expect(at - NOW).toBeGreaterThanOrEqual(pace.everyMs);
          expect(at - NOW).toBeLessThanOrEqual(Math.max(pace.everyMs * 10, HOUR) + 8 * 24 * HOUR);
        }
      },
    ),
  );
});

test("POL3 ttl, skipHours and skipDays are read from the head of a feed", () => {
  const feed = `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><ttl> 15 </ttl>
    <skipHours><hour>0</hour><hour> 5</hour><hour>24</hour><hour>25</hour><hour>x</hour></skipHours>
    <skipDays><day>Sunday</day><day>saturday</day><day>Caturday</day></skipDays><item><title>I</title></item>`;
  expect(readFeedHints(Buffer.from(feed))).toEqual({
    ttlSeconds: 900,
    skipHours: [0, 5, 0],
    skipDays: [0, 6],
  });
});

test("POL3 what stands in an item, or is broken, is no hint", () => {
  const feed = "<rss><channel><ttl>0</ttl><skipHours><hour>3</hour><item><ttl>5</ttl></item></channel></rss>";
  expect(readFeedHints(Buffer.from(feed))).toEqual({});
  expect(readFeedHints(Buffer.from('{"version":"https://jsonfeed.org/version/1.1"}'))).toEqual({});
  expect(readFeedHints(Buffer.alloc(0))).toEqual({});
});
