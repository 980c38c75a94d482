import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import { toMonth, toWeekday } from "../../workers/text/time-words.ts";
import { parseWireTime } from "../../workers/text/times.ts";
import { customary, dirty, unreadable } from "./written-dates.ts";

describe("times as wires write them", () => {
  test.each(customary)("TIM1 RSS4 WIRE21 the date table: %s", (_rule, written, zone, instant) => {
    expect(parseWireTime(written, zone).instant).toBe(instant);
  });

  test.each(dirty)("TIM1 WIRE21 the dirty date: %s", (_rule, written, zone, instant) => {
    expect(parseWireTime(written, zone).instant).toBe(instant);
  });

  test.each(unreadable)("ORD3 WIRE21 no date, and a note says so: %.40s", (written) => {
    const time = parseWireTime(written, "UTC");
    expect(time.instant).toBeUndefined();
    expect(time.note).toMatch(/^is no date/u);
  });

  test("ORD3 a date without a clock is midnight in the source's zone and says so", () => {
    for (const written of ["2016-09-28", "20160928", "28 Sep 2016", "2016 September 28", "28.9.2016"]) {
      expect(parseWireTime(written, "Asia/Baku")).toEqual({
        instant: "2016-09-27T20:00:00.000Z",
        dateOnly: true,
      });
    }
    expect(parseWireTime("2016-09-28+02:00", "UTC")).toEqual({
      instant: "2016-09-27T22:00:00.000Z",
      dateOnly: true,
    });
  });

  test("EMB2 WIRE7 a letter template is no date and is told apart from an unreadable one", () => {
    expect(parseWireTime("YYYYMMDD000000-HHMM", "UTC")).toMatchObject({ template: true });
    expect(parseWireTime("CCYYMMDDTHHMMSS+HHMM", "UTC")).toMatchObject({ template: true });
    expect(parseWireTime("soon", "UTC").template).toBeUndefined();
  });

  test("TIM1 a weekday that does not fit is a note, the date counts", () => {
    const time = parseWireTime("Thu, 28 Sep 2016 10:34:24 GMT", "UTC");
    expect(time).toEqual({ instant: "2016-09-28T10:34:24.000Z", note: "the weekday does not fit the date" });
  });

  test("TIM1 an hour that was read twice is the first, one that never was is moved on, both are told", () => {
    const twice = parseWireTime("2016-10-30T02:30:00", "Europe/Berlin");
    expect(twice.instant).toBe("2016-10-30T00:30:00.000Z");
    expect(twice.note).toContain("twice");
    const never = parseWireTime("2016-03-27T02:30:00", "Europe/Berlin");
    expect(never.instant).toBe("2016-03-27T01:30:00.000Z");
    expect(never.note).toContain("no such hour");
  });

  test("TIM1 clocks that change by half an hour, at midnight or by a whole day are read in their zone", () => {
    const at = (written: string, zone: string) => parseWireTime(written, zone);
    expect(at("2016-04-03 01:45", "Australia/Lord_Howe").note).toContain("twice");
    expect(at("2016-10-02 02:15", "Australia/Lord_Howe").note).toContain("no such hour");
    const midnight = at("2017-10-15", "America/Sao_Paulo");
    expect(midnight).toMatchObject({ instant: "2017-10-15T03:00:00.000Z", dateOnly: true });
    expect(midnight.note).toContain("no such hour");
    expect(at("2011-12-30 10:00", "Pacific/Apia").note).toContain("no such hour");
    expect(at("2015-07-15 18:30", "Asia/Baku").instant).toBe("2015-07-15T13:30:00.000Z");
    expect(at("2016-07-15 18:30", "Asia/Baku").instant).toBe("2016-07-15T14:30:00.000Z");
  });

  test("TIM1 a zone's name that the source means in its own way is told", () => {
    expect(parseWireTime("28 Jan 2016 10:34 IST", "Europe/Dublin").note).toBe(
      "IST read as the source's own +01:00",
    );
    expect(parseWireTime("28 Jan 2016 10:34 IST", "Asia/Kolkata").note).toBeUndefined();
    expect(parseWireTime("28 Jan 2016 10:34 CST", "America/Chicago").note).toBeUndefined();
  });

  test("TIM1 a leap second is the second after it, and only where there can be one", () => {
    for (const [written, zone] of [
      ["2016-12-31T23:59:60Z", "UTC"],
      ["2017-01-01 00:59:60", "Europe/Berlin"],
      ["Sat, 31 Dec 2016 18:59:60 EST", "UTC"],
    ] as const) {
      const time = parseWireTime(written, zone);
      expect(time.instant).toBe("2017-01-01T00:00:00.000Z");
      expect(time.note).toContain("leap second");
    }
    expect(parseWireTime("2017-01-01T23:59:60Z", "UTC").instant).toBeUndefined();
  });

  test.each([
    ["de", "2016-06-05"],
    ["en-GB", "2016-06-05"],
    ["az", "2016-06-05"],
    ["en-US", "2016-05-06"],
    ["en", undefined],
    ["en-CA", undefined],
    ["ja", undefined],
    [undefined, undefined],
  ])("TIM1 05/06/2016 from a source whose language is %s is %s", (language, day) => {
    const time = parseWireTime("05/06/2016 10:34", "UTC", language);
    expect(time.instant).toBe(day && `${day}T10:34:00.000Z`);
    expect(time.note).toBeTruthy();
  });

  test("TIM1 WIRE21 month and weekday names mean one month and one day in every language", () => {
    const locales = "en de pt az fr es it ru nl tr sv da nb fi ro el".split(" ");
    for (const locale of locales) {
      for (let number = 1; number <= 12; number += 1) {
        const month = DateTime.utc(2016, number, 3).setLocale(locale);
        expect([locale, toMonth(month.toLocaleString({ month: "long" }))]).toEqual([locale, number]);
      }
      for (let day = 1; day <= 7; day += 1) {
        const weekday = DateTime.utc(2016, 2, day).setLocale(locale);
        const name = weekday.toLocaleString({ weekday: "long" }).replace(" ", "-");
        expect([locale, name, toWeekday(name)]).toEqual([locale, name, day]);
      }
    }
  });

  test("TIM1 whatever ISO, RFC 2822 and the agency's stamp say is read back to the second", () => {
    const zones = fc.constantFrom("UTC", "Asia/Baku", "Europe/London", "America/New_York", "Asia/Kathmandu");
    fc.assert(
      fc.property(fc.integer({ min: 631_152_000, max: 4_102_444_800 }), zones, (seconds, zone) => {
        const time = DateTime.fromSeconds(seconds, { zone });
        const instant = time.toUTC().toISO();
        expect(parseWireTime(time.toISO() ?? "", "UTC").instant).toBe(instant);
        expect(parseWireTime(time.toISO({ format: "basic" }) ?? "", "UTC").instant).toBe(instant);
        expect(parseWireTime(time.toRFC2822() ?? "", "UTC").instant).toBe(instant);
        const stamp = time.setLocale("en").toFormat("yyyy LLLL dd (EEEE) HH:mm:ss");
        const read = parseWireTime(stamp, zone);
        if (read.note === undefined) expect(read.instant).toBe(instant);
        else expect(read.note).toContain("twice");
      }),
    );
  });

  test("TIM1 what browsers write in thirty languages and five lengths is read back or not at all, never wrongly", () => {
    const languages =
      "en-US en-GB en-AU en-IN de de-AT pt pt-BR az fr fr-CA es es-MX it ru nl tr sv da nb fi ro el pl cs hu uk ja zh ko ar fa th hi";
    const lengths: Intl.DateTimeFormatOptions[] = [
      { dateStyle: "full", timeStyle: "short" },
      { dateStyle: "long", timeStyle: "medium" },
      { dateStyle: "long", timeStyle: "long" },
      { dateStyle: "medium", timeStyle: "short" },
      { dateStyle: "short", timeStyle: "short" },
    ];
    let read = 0;
    for (const language of languages.split(" ")) {
      for (const length of lengths) {
        const writer = new Intl.DateTimeFormat(language, { ...length, timeZone: "Asia/Baku" });
        for (let month = 0; month < 12; month += 1) {
          const date = new Date(Date.UTC(2016, month, 3 + 2 * month, 2 * month, 34));
          const written = writer.format(date);
          const { instant } = parseWireTime(written, "Asia/Baku", language);
          expect([written, instant ?? date.toISOString()]).toEqual([written, date.toISOString()]);
          if (instant !== undefined) read += 1;
        }
      }
    }
    expect(read).toBeGreaterThan(1000);
  });

  test("ORD3 no text at all gives an invalid instant or an error", () => {
    const piece = fc.constantFrom(
      "2016",
      "28",
      "Sep",
      "-",
      ":",
      " ",
      "10:34",
      "+04",
      "T",
      "Z",
      "GMT",
      "Wed,",
      "/",
      ".",
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 9 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (written) => {
        const { instant, note } = parseWireTime(written, "Europe/Berlin");
        if (instant === undefined) expect(note).toBeTruthy();
        else expect(instant).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u);
      }),
      { numRuns: 2000 },
    );
  });
});
