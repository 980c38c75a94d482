import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SourceReport } from "../../src/contract/screens.ts";
import { observe } from "../../src/store/observations.ts";
import { readReports, readUsualWeek } from "../../src/store/reports.ts";
import { removeSource } from "../../src/store/sources.ts";
import { toBin } from "../../workers/doctor/delays.ts";
import { Doctor } from "../../workers/doctor/doctor.ts";
import { SPELL_MS, toSlot, toWallHour } from "../../workers/doctor/rhythm.ts";
import { IngestBench } from "../support/ingest.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WEEK = 168 * HOUR;
/** A Monday, 0:00 in Baku. */
const MONDAY = Date.parse("2026-07-12T20:00:00.000Z");

let bench: IngestBench;
let doctor: Doctor;
let source = "";
let count = 0;
beforeAll(async () => {
  bench = await IngestBench.start();
});
afterAll(() => bench.stop());
beforeEach(() => {
  count += 1;
  source = `agency-${count}`;
  doctor = new Doctor(bench.store.edition);
});

async function look(nowMs?: number): Promise<SourceReport | undefined> {
  await doctor.round(nowMs);
  return (await readReports(bench.store.edition)).get(source);
}

const alarmsOf = (report: SourceReport | undefined) => report?.alarms.map(({ kind }) => kind);

/** As if a delivery with news had come at that moment. */
async function newsAt(atMs: number, zone = "Asia/Baku"): Promise<void> {
  const spell = { number: Math.floor(atMs / SPELL_MS), ...toSlot(toWallHour(atMs, zone)) };
  const news = { source, atMs, hasItems: true, spell, counts: { read: 1 }, numbers: new Map() };
  await observe(bench.store.edition, news);
}

/** Four times an hour, from eight to eight, Monday to Friday, in Baku. */
async function learn(weeks: number): Promise<void> {
  for (let week = weeks; week >= 1; week -= 1) {
    for (let hour = 0; hour < 5 * 24; hour += 1) {
      if (hour % 24 < 8 || hour % 24 >= 20) continue;
      const at = MONDAY - week * WEEK + hour * HOUR;
      await Promise.all([0, 15, 30, 45].map((minute) => newsAt(at + minute * MINUTE)));
    }
  }
}

const toStory = (minute: number, title = `Story ${minute}`) => ({
  uri: `urn:story:${title}`,
  headline: title,
  body_text: `The text of ${title}.`,
  versioncreated: new Date(Date.now() - minute * MINUTE).toISOString(),
});

test("WIR1 WIR2 a source's usual week is learned from what came, in its own zone, and a silence is told", async () => {
  await bench.source(source, { zone: "Asia/Baku" });
  await learn(3);
  const nine = MONDAY + 9 * HOUR;
  for (const minute of [60, 45, 30, 15]) await newsAt(nine - minute * MINUTE);
  await newsAt(nine);
  const quiet = await look(nine + 20 * MINUTE);
  expect(quiet).toMatchObject({ isLearned: true, usualPerHour: 4, alarms: [], silence: { due: 1.3 } });
  expect(await readUsualWeek(bench.store.edition, source)).toEqual(
    Array.from({ length: 168 }, (_, slot) => (slot < 120 && slot % 24 >= 8 && slot % 24 < 20 ? 4 : 0)),
  );
  const silent = await look(nine + 5 * HOUR);
  expect(silent?.alarms).toEqual([
    { kind: "silent", says: "Nothing since 2026-07-13T05:00Z; news was due about 20 times." },
  ]);
  await newsAt(nine + 5 * HOUR);
  expect(alarmsOf(await look(nine + 5 * HOUR + MINUTE))).toEqual([]);
});

test("WIR2 a weekend is no silence, a silence teaches nothing, and a paused source is let be", async () => {
  await bench.source(source, { zone: "Asia/Baku" });
  await learn(3);
  expect(alarmsOf(await look(MONDAY + 7 * HOUR))).toEqual([]);
  expect(alarmsOf(await look(MONDAY + 4 * 24 * HOUR))).toEqual(["silent"]);
  expect(alarmsOf(await look(MONDAY + 4 * WEEK))).toEqual(["silent"]);
  await bench.source(source, { zone: "Asia/Baku", paused: true });
  expect(alarmsOf(await look(MONDAY + 4 * WEEK))).toEqual([]);
});

test("WIR3 before enough was learned nothing is said of a silence", async () => {
  await bench.source(source, { zone: "Asia/Baku" });
  await learn(1);
  const report = await look(MONDAY + 3 * 24 * HOUR);
  expect(report).toMatchObject({ isLearned: false, alarms: [] });
  expect(report).not.toHaveProperty("usualPerHour");
  expect(await readUsualWeek(bench.store.edition, source)).toBeUndefined();
});

test("WIR1 what comes within five minutes counts once, in whatever order it was read", async () => {
  await bench.source(source, { zone: "Asia/Baku" });
  const at = MONDAY + 10 * HOUR;
  await newsAt(at - 4 * WEEK);
  await Promise.all([0, 1, 2, 3, 4].map((minute) => newsAt(at + minute * MINUTE)));
  await newsAt(at);
  const { redis, keys } = bench.store.edition;
  const { week, slot } = toSlot(toWallHour(at, "Asia/Baku"));
  const bytes = await redis.getBuffer(keys.observedWeek(source, week));
  expect(bytes?.readUInt16BE(slot * 2)).toBe(1);
});

test("WIR4 lateness is received minus source time of new items; a re-send and an update count nothing", async () => {
  await bench.source(source);
  await bench.deliver(source, toStory(60, "A backfill"));
  expect(await look()).not.toHaveProperty("lateness");
  for (const minute of [2, 4, 8]) await bench.deliver(source, toStory(minute));
  const { lateness } = (await look()) ?? {};
  expect(lateness?.items).toBe(3);
  expect((lateness?.medianMs ?? 0) / (4 * MINUTE)).toBeCloseTo(1, 0);
  await bench.deliver(source, toStory(2));
  await bench.deliver(source, { ...toStory(2), body_text: "Another text." });
  expect((await look())?.lateness).toEqual(lateness);
});

test("WIR10 items that come far later than the source's ever did are told, and let go of when they come as usual", async () => {
  await bench.source(source);
  const day = 24 * HOUR;
  const newItems = async (atMs: number, count: number, minutes: number) => {
    const counts = { read: 1, [`late:${toBin(minutes * MINUTE)}`]: count };
    await observe(bench.store.edition, { source, atMs, hasItems: true, counts, numbers: new Map() });
  };
  for (let n = 0; n < 20; n += 1) {
    await newItems(MONDAY + n * day, 25, 3);
    expect((await look(MONDAY + n * day + MINUTE))?.alarms).toEqual([]);
  }
  // Another worker takes over: what is usual is not in the memory of one.
  doctor = new Doctor(bench.store.edition);
  await newItems(MONDAY + 20 * day, 8, 90);
  expect(alarmsOf(await look(MONDAY + 20 * day + MINUTE))).toEqual([]);
  await newItems(MONDAY + 20 * day + HOUR, 8, 90);
  const report = await look(MONDAY + 20 * day + HOUR);
  expect(report?.alarms).toEqual([
    {
      kind: "late",
      says: expect.stringMatching(
        /^Items come about \d+ (min|h) after their time; 3 min was the most until now\.$/u,
      ),
    },
  ]);
  expect((report?.lateness?.nowMs ?? 0) / (90 * MINUTE)).toBeCloseTo(1, 0);
  expect(report?.lateness?.usualMs).toBeLessThan(4 * MINUTE);
  await newItems(MONDAY + 20 * day + 2 * HOUR, 15, 3);
  expect(alarmsOf(await look(MONDAY + 20 * day + 2 * HOUR))).toEqual([]);
  // What was late days ago says nothing of now.
  await newItems(MONDAY + 20 * day + 3 * HOUR, 20, 90);
  expect(alarmsOf(await look(MONDAY + 20 * day + 3 * HOUR))).toEqual(["late"]);
  expect(alarmsOf(await look(MONDAY + 22 * day + HOUR))).toEqual([]);
});

test("WIR5 times that lie in the future are told as a wrong clock once there are several", async () => {
  await bench.source(source);
  await bench.deliver(source, toStory(0, "A backfill"));
  for (const minute of [-60, -61]) await bench.deliver(source, toStory(minute));
  expect(alarmsOf(await look())).toEqual([]);
  await bench.deliver(source, toStory(-59));
  const report = await look();
  expect(report).toMatchObject({ clock: { ahead: 3, items: 3 }, lateness: { items: 3, medianMs: 500 } });
  expect(report?.alarms[0]?.says).toMatch(/^3 of 3 items came with a time about \d\d min ahead/u);
});

const toMessage = (number: string) =>
  ["ZCZC " + number, "#Port", `$Port opens, ${number}`, "", `The text of ${number}.`, "", "NNNN", ""].join(
    "\r\n",
  );

test("WIR6 IPTC7 numbers that never came are told where the profile says that they are without gaps", async () => {
  await bench.source(source, { format: "zczc", sequence: true });
  for (const number of ["abc100", "abc101", "abc104", "abc106", "xyz007"])
    await bench.deliver(source, toMessage(number));
  expect(alarmsOf(await look())).toEqual([]);
  const report = await look();
  expect(report?.missing).toEqual([
    {
      service: "abc",
      count: 3,
      ranges: [
        { from: 102, to: 103 },
        { from: 105, to: 105 },
      ],
    },
  ]);
  expect(report?.alarms).toEqual([{ kind: "missing", says: "3 missing of abc: 102–103, 105." }]);
  await bench.deliver(source, toMessage("abc102"));
  await bench.deliver(source, toMessage("abc103"));
  await bench.deliver(source, toMessage("abc105"));
  expect(await look()).not.toHaveProperty("missing");
});

test("WIR6 IPTC7 without the profile's word gaps are natural, and whoever makes up services fills no memory", async () => {
  await bench.source(source, { format: "zczc" });
  for (const number of ["abc100", "abc104"]) await bench.deliver(source, toMessage(number));
  await look();
  expect(await look()).not.toHaveProperty("missing");
  await bench.source(source, { format: "zczc", sequence: true });
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(97 + index));
  for (const letter of letters) await bench.deliver(source, toMessage(`${letter}123`));
  const { redis, keys } = bench.store.edition;
  expect(await redis.hlen(keys.observed(source))).toBeLessThanOrEqual(21);
});

/** As if messages with these numbers had come. */
async function numbersAt(atMs: number, numbers: number[]): Promise<void> {
  const seen = { source, atMs, hasItems: true, counts: { read: 1 }, numbers: new Map([["abc", numbers]]) };
  await observe(bench.store.edition, seen);
}
const rangeOf = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

test("WIR6 where a counter turns is learned when it has turned there twice, and what is lost there is told", async () => {
  await bench.source(source, { format: "zczc", sequence: true });
  const day = 24 * HOUR;
  const turn = async (atMs: number, from: number, to: number) => {
    await numbersAt(atMs, rangeOf(950, from));
    await numbersAt(atMs + HOUR, rangeOf(to, 30));
    await look(atMs + 2 * HOUR);
    return (await look(atMs + 2 * HOUR))?.missing;
  };
  expect(await turn(MONDAY, 997, 2)).toBeUndefined();
  expect(await turn(MONDAY + 5 * day, 999, 1)).toBeUndefined();
  expect(await turn(MONDAY + 10 * day, 999, 1)).toBeUndefined();
  expect(await turn(MONDAY + 15 * day, 997, 2)).toMatchObject([
    {
      service: "abc",
      count: 3,
      ranges: [
        { from: 998, to: 999 },
        { from: 1, to: 1 },
      ],
    },
  ]);
  // It begins anew long before that: it is by the day, and nothing of it is lost.
  await numbersAt(MONDAY + 20 * day, rangeOf(400, 500));
  await numbersAt(MONDAY + 20 * day + HOUR, rangeOf(1, 30));
  expect(await turn(MONDAY + 25 * day, 970, 1)).toBeUndefined();
});

test("WIR6 the profile may say where a counter turns", async () => {
  await bench.source(source, { format: "zczc", sequence: true, sequenceEnd: 500 });
  await numbersAt(MONDAY, rangeOf(450, 498));
  await numbersAt(MONDAY + HOUR, rangeOf(1, 30));
  await look(MONDAY + 2 * HOUR);
  expect(await look(MONDAY + 2 * HOUR)).toMatchObject({
    alarms: [{ kind: "missing", says: "2 missing of abc: 499–500." }],
  });
});

test("WIR7 deliveries that cannot be read are counted beside those that can", async () => {
  await bench.source(source);
  for (let minute = 1; minute <= 5; minute += 1) await bench.deliver(source, toStory(minute));
  for (let index = 0; index < 3; index += 1) await bench.deliver(source, "<rss><broken");
  expect(await look()).toMatchObject({
    deliveries: 8,
    unreadable: 3,
    alarms: [{ kind: "unreadable", says: "3 of 8 deliveries could not be read; see the quarantine." }],
  });
});

test("WIR8 what is kept of a source is small, ends by itself, and goes with the source", async () => {
  await bench.source(source, { zone: "Asia/Baku" });
  await learn(3);
  await look(MONDAY);
  const { redis, keys } = bench.store.edition;
  const prefix = keys.observed("").slice(0, -1);
  const kept = (await redis.keys("*")).filter((key) => key.startsWith(prefix) && key.includes(`:${source}`));
  expect(kept.length).toBeGreaterThan(3);
  let bytes = 0;
  for (const key of kept) {
    expect([key, await redis.ttl(key)]).toEqual([key, expect.any(Number)]);
    expect(await redis.ttl(key)).toBeGreaterThan(0);
    bytes += Number(await redis.memory("USAGE", key));
  }
  expect(bytes).toBeLessThan(20_000);
  await removeSource(bench.store.edition, source);
  expect(await redis.exists(keys.observed(source))).toBe(0);
  expect(await readUsualWeek(bench.store.edition, source)).toBeUndefined();
  expect(await look(MONDAY)).toBeUndefined();
});
