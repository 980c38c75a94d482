import { describe, expect, test } from "vitest";
import { toDuration } from "../../client/ticker/durations.ts";
import { toTimes } from "../../client/ticker/times.ts";
import { toFigures, toSourceFigures } from "../../client/wall/health.ts";

const times = toTimes("en", "Asia/Baku");
const NOW = Date.parse("2016-09-28T12:00:00.000Z");
const usual = {
  live: true,
  worker: true,
  queue: { waiting: 3, oldestMs: 40 },
  latency: { p50: 7.6, p99: 30.2 },
  readers: { main: 12, city: 3 },
  version: "1",
};
const odd = (status: object) => toFigures({ ...usual, ...status }, times).filter((figure) => figure.isOdd);

describe("the strip", () => {
  test("WALL on a usual day every figure is quiet", () => {
    expect(odd({})).toEqual([]);
    expect(toFigures(usual, times).map(({ value }) => value)).toEqual([
      "ok",
      "ok",
      "3 waiting, oldest 0 s",
      "p50 8 ms · p99 30 ms",
      "15 · main 12 · city 3",
    ]);
  });

  test("WALL what is out of the usual stands out", () => {
    expect(odd({ live: false, since: "2016-09-28T06:34:24.000Z" })).toEqual([
      { name: "Store", value: "away since 10:34", isOdd: true },
    ]);
    expect(odd({ worker: false })).toHaveLength(1);
    expect(odd({ queue: { waiting: 9, oldestMs: 61_000 } })[0]?.value).toBe("9 waiting, oldest 61 s");
    expect(odd({ latency: { p50: 90, p99: 2400 } })).toHaveLength(1);
  });

  test("WALL before the first change and with fields it does not know it still says something", () => {
    const figures = toFigures({ latency: { p50: null, p99: null }, mood: "calm" }, times);
    expect(figures.find(({ name }) => name === "To screen")).toMatchObject({
      value: "p50 – · p99 –",
      isOdd: false,
    });
  });

  test("WALL a source that fails or has fallen silent says so", () => {
    const at = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();
    const sources = [
      { source: "coast", profile: { kind: "poll" }, health: { lastItemAt: at(4) } },
      {
        source: "city",
        profile: { kind: "poll" },
        health: { lastItemAt: at(9), poll: { state: "failing" } },
      },
      {
        source: "sport",
        profile: { kind: "push" },
        health: { lastItemAt: at(600), report: { usualPerHour: 4, alarms: [{ kind: "silent" }] } },
      },
      {
        source: "weekly",
        profile: { kind: "push" },
        health: { lastItemAt: at(6000), report: { usualPerHour: 0, alarms: [] } },
      },
      {
        source: "steady",
        profile: { kind: "push" },
        health: { lastItemAt: at(3), report: { usualPerHour: 4, alarms: [] } },
      },
      { source: "new", profile: { kind: "push" }, health: {} },
    ];
    expect(toSourceFigures({ sources }, NOW).map(({ value, isOdd }) => [value, isOdd])).toEqual([
      ["4 min ago", false],
      ["failing, last item 9 min ago", true],
      ["silent for 10 h", true],
      ["4 days ago", false],
      ["3 min ago · usually every 15 min", false],
      ["no item yet", false],
    ]);
  });

  test("WALL what the doctor finds odd stands in a few words, a kind it does not know by its name", () => {
    const report = {
      clock: { ahead: 3, items: 4, medianMs: 3_300_000 },
      missing: [{ service: "abc", count: 2 }, { service: "xyz", count: 1 }, "?"],
      unreadable: 7,
      lateness: { items: 20, nowMs: 7_200_000 },
      alarms: ["clock", "missing", "missing", "unreadable", "late", "tired"].map((kind) => ({ kind })),
    };
    const sources = [{ source: "coast", health: { report } }];
    expect(toSourceFigures({ sources }, NOW)).toEqual([
      {
        name: "coast",
        value: "clock 55 min ahead · 3 numbers missing · 7 unreadable · late by 2 h · tired",
        isOdd: true,
      },
    ]);
  });

  test("WALL durations read at a glance", () => {
    const all = [-5, 400, 99_000, 600_000, 7_200_000, 300_000_000].map(toDuration);
    expect(all).toEqual(["0 s", "0 s", "99 s", "10 min", "2 h", "3 days"]);
  });
});
