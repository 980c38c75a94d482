import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import { toMonth, toWeekday } from "../../workers/text/time-words.ts";
import { parseWireTime } from "../../workers/text/times.ts";

const table: readonly [rule: string, written: string, zone: string, instant: string][] = [
  ["agency stamp", "2016 September 28 (Wednesday) 10:34:24", "Asia/Baku", "2016-09-28T06:34:24.000Z"],
  [
    "stamp with blanks inside",
    "2017 October 17 ( Tuesday )  18:58:55",
    "Asia/Baku",
    "2017-10-17T14:58:55.000Z",
  ],
  ["Baku in the summer of 2013", "2013 July 15 (Monday) 18:30:23", "Asia/Baku", "2013-07-15T13:30:23.000Z"],
  ["ISO with offset", "2016-09-28T10:34:24+04:00", "UTC", "2016-09-28T06:34:24.000Z"],
  ["offset against the zone", "2016-10-28T10:34:24+0100", "Europe/Rome", "2016-10-28T09:34:24.000Z"],
  ["offset after a blank", "2016-09-28 10:34:24 +0400", "UTC", "2016-09-28T06:34:24.000Z"],
  ["offset of hours", "2016-09-28T10:34:24+04", "UTC", "2016-09-28T06:34:24.000Z"],
  ["blank instead of T", "2016-01-12 12:35:40", "Europe/Amsterdam", "2016-01-12T11:35:40.000Z"],
  ["no zone", "2020-09-07T14:45:26", "Europe/Oslo", "2020-09-07T12:45:26.000Z"],
  ["no zone, Tokyo", "2020-09-07T14:45:26", "Asia/Tokyo", "2020-09-07T05:45:26.000Z"],
  ["no seconds", "2016-09-28T10:34Z", "UTC", "2016-09-28T10:34:00.000Z"],
  ["microseconds", "2016-09-28T10:34:24.123456Z", "UTC", "2016-09-28T10:34:24.123Z"],
  ["24:00 is the next midnight", "2016-09-30T24:00:00Z", "UTC", "2016-10-01T00:00:00.000Z"],
  ["a zone in brackets", "2016-09-28T10:34:24+02:00[Europe/Paris]", "UTC", "2016-09-28T08:34:24.000Z"],
  ["basic ISO", "20160928T103424+0400", "UTC", "2016-09-28T06:34:24.000Z"],
  ["basic ISO, Z", "20160928T103424Z", "Asia/Baku", "2016-09-28T10:34:24.000Z"],
  ["basic ISO, no zone", "20160928T103424", "Asia/Tokyo", "2016-09-28T01:34:24.000Z"],
  ["dashed date, basic clock", "2016-09-28T103424+0400", "UTC", "2016-09-28T06:34:24.000Z"],
  ["fourteen digits", "20160928103424", "Asia/Baku", "2016-09-28T06:34:24.000Z"],
  ["RFC 822", "Wed, 28 Sep 2016 10:34:24 GMT", "Asia/Baku", "2016-09-28T10:34:24.000Z"],
  ["RFC 822, two-digit year", "Wed, 28 Sep 16 10:34:24 EST", "UTC", "2016-09-28T15:34:24.000Z"],
  ["two-digit year of the last century", "28 Sep 96 10:34 GMT", "UTC", "1996-09-28T10:34:00.000Z"],
  ["no weekday, no seconds", "28 Sep 2016 10:34 +0200", "UTC", "2016-09-28T08:34:00.000Z"],
  ["no blank after the weekday", "Wed,28 Sep 2016 10:34:24 GMT", "UTC", "2016-09-28T10:34:24.000Z"],
  ["full month name", "Wed, 28 September 2016 10:34:24 BST", "UTC", "2016-09-28T09:34:24.000Z"],
  ["CET", "28 Nov 2016 10:34:24 CET", "UTC", "2016-11-28T09:34:24.000Z"],
  ["GMT+1", "Wed, 28 Sep 2016 10:34:24 GMT+1", "UTC", "2016-09-28T09:34:24.000Z"],
  ["zone with a comment", "Wed, 28 Sep 2016 10:34:24 +0400 (AZT)", "UTC", "2016-09-28T06:34:24.000Z"],
  ["RFC 850", "Wednesday, 28-Sep-16 10:34:24 GMT", "UTC", "2016-09-28T10:34:24.000Z"],
  ["asctime", "Wed Sep 28 10:34:24 2016", "Asia/Baku", "2016-09-28T06:34:24.000Z"],
  ["date(1)", "Wed Sep 28 10:34:24 CEST 2016", "UTC", "2016-09-28T08:34:24.000Z"],
  ["JavaScript", "Wed Sep 28 2016 10:34:24 GMT+0400 (Azerbaijan Time)", "UTC", "2016-09-28T06:34:24.000Z"],
  ["7901 trailer", "131137 GMT Nov 13", "Europe/Berlin", "2013-11-13T11:37:00.000Z"],
  ["trailer without zone, German", "281034 Okt 16", "Europe/Berlin", "2016-10-28T08:34:00.000Z"],
  ["trailer, German December", "281034 Dez 16", "Europe/Berlin", "2016-12-28T09:34:00.000Z"],
  ["trailer, Portuguese", "111655 Set 16", "Europe/Lisbon", "2016-09-11T15:55:00.000Z"],
  ["trailer, Azeri", "111655 GMT Oktyabr 16", "UTC", "2016-10-11T16:55:00.000Z"],
  ["ANPA trailer", "09-28-16 1034GMT", "UTC", "2016-09-28T10:34:00.000Z"],
  ["German", "28. September 2016, 10:34 Uhr", "Europe/Berlin", "2016-09-28T08:34:00.000Z"],
  ["German March", "28. März 2016 10:34", "Europe/Berlin", "2016-03-28T08:34:00.000Z"],
  ["Portuguese", "quarta-feira, 28 de setembro de 2016, 10h34", "Europe/Lisbon", "2016-09-28T09:34:00.000Z"],
  ["French", "mercredi 28 février 2018 10:34", "Europe/Paris", "2018-02-28T09:34:00.000Z"],
  ["Spanish", "28 de diciembre de 2016 10:34", "Europe/Madrid", "2016-12-28T09:34:00.000Z"],
  ["Italian", "mercoledì 28 dicembre 2016 10:34", "Europe/Rome", "2016-12-28T09:34:00.000Z"],
  ["Russian", "28 сентября 2016 г. 10:34", "Europe/Moscow", "2016-09-28T07:34:00.000Z"],
  ["Azeri with dotted capital", "28 İyul 2016 10:34", "Asia/Baku", "2016-07-28T06:34:00.000Z"],
  ["American", "September 28, 2016 10:34 PM", "UTC", "2016-09-28T22:34:00.000Z"],
  ["noon and midnight", "September 28, 2016 12:05 a.m.", "UTC", "2016-09-28T00:05:00.000Z"],
  ["day first with dots", "28.09.2016 10:34", "Europe/Berlin", "2016-09-28T08:34:00.000Z"],
  ["slashes with only one reading", "28/09/2016 10:34", "UTC", "2016-09-28T10:34:00.000Z"],
  ["no-break blanks", "2016\u00a0September\u00a028 10:34:24", "UTC", "2016-09-28T10:34:24.000Z"],
  ["the year 3013", "3013-01-01T00:00:00Z", "UTC", "3013-01-01T00:00:00.000Z"],
  ["1970 when it is written", "1970-01-01T00:00:00Z", "UTC", "1970-01-01T00:00:00.000Z"],
  ["a name that the own zone means", "2016-09-28 10:34:24 CST", "Asia/Shanghai", "2016-09-28T02:34:24.000Z"],
];

const unreadable = [
  "0",
  "1475044464",
  "garbage",
  "2016",
  "2016-13-01T10:00:00Z",
  "2016-02-30",
  "30 Feb 2016 10:00 GMT",
  "2016-09-28T25:00:00Z",
  "2016-09-28T24:01:00Z",
  "2016-09-28T10:60:00Z",
  "2016-09-28T10:34:60Z",
  "2016-09-28T10:34:24 leftover",
  "2016-09-28T10:34:24+99:00",
  "Blursday, 28 Sep 2016 10:34:24 GMT",
  "05/06/2016",
  "0000-00-00 00:00:00",
  "0001-01-01T00:00:00",
  "September 28, 2016 13:05 PM",
  "Wed, 28 Sep 2016 10:34:24 XYZ",
  "x".repeat(100_000),
];

describe("times as wires write them", () => {
  test.each(table)("TIM1 %s", (_rule, written, zone, instant) => {
    expect(parseWireTime(written, zone).instant).toBe(instant);
  });

  test.each(unreadable)("ORD3 no date, and a note says so: %.40s", (written) => {
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

  test("EMB2 a letter template is no date and is told apart from an unreadable one", () => {
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

  test("TIM1 month and weekday names mean one month and one day in every language", () => {
    for (const locale of ["en", "de", "pt", "az", "fr", "es", "it", "ru"]) {
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
