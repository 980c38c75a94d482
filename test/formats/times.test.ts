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

/** What dirty wires, feeds and pages write besides. All mean 28 September 2016 at 10:34 on some clock, or say what. */
const dirty: readonly [rule: string, written: string, zone: string, instant: string][] = [
  ["a month with a full stop", "28 Sept. 2016 10:34", "Europe/London", "2016-09-28T09:34:00.000Z"],
  ["German month with a full stop", "28. Okt. 2016, 10.34 Uhr", "Europe/Berlin", "2016-10-28T08:34:00.000Z"],
  ["Austrian January", "28. Jänner 2016 10:34", "Europe/Vienna", "2016-01-28T09:34:00.000Z"],
  ["German clock of hours", "28. September 2016, 10 Uhr", "Europe/Berlin", "2016-09-28T08:00:00.000Z"],
  ["German clock with its zone", "28.09.2016 – 10.34 Uhr MESZ", "UTC", "2016-09-28T08:34:00.000Z"],
  ["German clock first", "10.34 Uhr, 28.09.2016", "Europe/Berlin", "2016-09-28T08:34:00.000Z"],
  ["French short months", "28 févr. 2016 à 10h34", "Europe/Paris", "2016-02-28T09:34:00.000Z"],
  ["French clock with blanks", "28 août 2016 à 10 h 34", "Europe/Paris", "2016-08-28T08:34:00.000Z"],
  ["French first of the month", "1er octobre 2016 10:34", "Europe/Paris", "2016-10-01T08:34:00.000Z"],
  ["an accent in two characters", "28 fe\u0301vrier 2016 10:34", "Europe/Paris", "2016-02-28T09:34:00.000Z"],
  ["Spanish clock", "28 de septiembre del 2016 a las 10:34 h.", "Europe/Madrid", "2016-09-28T08:34:00.000Z"],
  ["Portuguese short month", "28 de set. de 2016 às 10h34", "Europe/Lisbon", "2016-09-28T09:34:00.000Z"],
  [
    "Portuguese first of the month",
    "1º de outubro de 2016, 10:34",
    "America/Sao_Paulo",
    "2016-10-01T13:34:00.000Z",
  ],
  ["Italian clock", "28 settembre 2016 ore 10:34", "Europe/Rome", "2016-09-28T08:34:00.000Z"],
  ["Dutch clock", "woensdag 28 september 2016 om 10.34 uur", "Europe/Amsterdam", "2016-09-28T08:34:00.000Z"],
  ["Danish clock", "onsdag 28. september 2016", "Europe/Copenhagen", "2016-09-27T22:00:00.000Z"],
  ["Norwegian clock", "28. september 2016 kl. 10.34", "Europe/Oslo", "2016-09-28T08:34:00.000Z"],
  ["Finnish", "keskiviikko 28. syyskuuta 2016 klo 10.34", "Europe/Helsinki", "2016-09-28T07:34:00.000Z"],
  ["Finnish in numbers", "ke 28.9.2016 klo 10.34", "Europe/Helsinki", "2016-09-28T07:34:00.000Z"],
  ["Russian short month", "28 сент. 2016 г., 10:34", "Europe/Moscow", "2016-09-28T07:34:00.000Z"],
  ["Russian year in a word", "28 сентября 2016 года в 10:34 (МСК)", "UTC", "2016-09-28T07:34:00.000Z"],
  ["Russian clock first", "10:34 28.09.2016", "Europe/Moscow", "2016-09-28T07:34:00.000Z"],
  ["Ukrainian", "28 вересня 2016 р., 10:34", "Europe/Kyiv", "2016-09-28T07:34:00.000Z"],
  ["Polish", "28 września 2016 o godz. 10:34", "Europe/Warsaw", "2016-09-28T08:34:00.000Z"],
  ["Romanian", "miercuri, 28 septembrie 2016, 10:34", "Europe/Bucharest", "2016-09-28T07:34:00.000Z"],
  ["Greek", "28 Σεπτεμβρίου 2016, 10:34", "Europe/Athens", "2016-09-28T07:34:00.000Z"],
  ["Hungarian", "2016. szeptember 28. 10:34", "Europe/Budapest", "2016-09-28T08:34:00.000Z"],
  [
    "Turkish with its weekday behind",
    "28 Eylül 2016 Çarşamba 10:34",
    "Europe/Istanbul",
    "2016-09-28T07:34:00.000Z",
  ],
  ["Azeri year in a word", "28 sentyabr 2016-cı il, saat 10:34", "Asia/Baku", "2016-09-28T06:34:00.000Z"],
  [
    "Azeri weekday behind in brackets",
    "28 Oktyabr 2016 (Cümə) 10:34",
    "Asia/Baku",
    "2016-10-28T06:34:00.000Z",
  ],
  [
    "German with its article",
    "Mittwoch, den 28. September 2016",
    "Europe/Berlin",
    "2016-09-27T22:00:00.000Z",
  ],
  [
    "Danish with its article",
    "onsdag den 28. september 2016 kl. 10.34",
    "Europe/Copenhagen",
    "2016-09-28T08:34:00.000Z",
  ],
  ["Azeri with a bar", "28 sentyabr 2016, çərşənbə axşamı/10:34", "Asia/Baku", "2016-09-28T06:34:00.000Z"],
  ["Turkish short month", "28 Eyl 2016 10:34", "Europe/Istanbul", "2016-09-28T07:34:00.000Z"],
  ["Polish short month", "28 wrz 2016, 10:34", "Europe/Warsaw", "2016-09-28T08:34:00.000Z"],
  ["Czech clock", "28. září 2016 v 10:34", "Europe/Prague", "2016-09-28T08:34:00.000Z"],
  ["Hungarian in numbers", "2016. 09. 28. 10:34", "Europe/Budapest", "2016-09-28T08:34:00.000Z"],
  [
    "Hungarian weekday behind",
    "2016. szeptember 28., szerda 10:34",
    "Europe/Budapest",
    "2016-09-28T08:34:00.000Z",
  ],
  ["Japanese weekday and seconds", "2016年9月28日水曜日 10:34:24", "Asia/Tokyo", "2016-09-28T01:34:24.000Z"],
  ["Japanese afternoon", "2016年9月28日 午後10時34分", "Asia/Tokyo", "2016-09-28T13:34:00.000Z"],
  ["Korean afternoon", "2016년 9월 28일 수요일 오후 10:34", "Asia/Seoul", "2016-09-28T13:34:00.000Z"],
  ["Japanese", "2016年9月28日(水) 10時34分", "Asia/Tokyo", "2016-09-28T01:34:00.000Z"],
  ["Chinese", "2016年9月28日 10:34", "Asia/Shanghai", "2016-09-28T02:34:00.000Z"],
  ["Korean", "2016년 9월 28일 10:34", "Asia/Seoul", "2016-09-28T01:34:00.000Z"],
  ["full-width digits", "２０１６－０９－２８　１０：３４", "Asia/Tokyo", "2016-09-28T01:34:00.000Z"],
  ["Arabic-Indic digits", "٢٠١٦-٠٩-٢٨ ١٠:٣٤", "Asia/Dubai", "2016-09-28T06:34:00.000Z"],
  ["marks of direction", "\u200f2016-09-28 \u200e10:34", "Asia/Dubai", "2016-09-28T06:34:00.000Z"],
  ["a weekday in another language", "Mittwoch, 28 Sep 2016 10:34:24 GMT", "UTC", "2016-09-28T10:34:24.000Z"],
  ["an ordinal day", "28th September 2016 10:34", "Europe/London", "2016-09-28T09:34:00.000Z"],
  [
    "an ordinal day of a month",
    "Wednesday, 28th of September, 2016, 10:34",
    "Europe/London",
    "2016-09-28T09:34:00.000Z",
  ],
  ["an American ordinal day", "Sept. 28th, 2016, 10 a.m. EDT", "UTC", "2016-09-28T14:00:00.000Z"],
  ["p.m. without full stops", "Sep 28 2016 10:34PM", "UTC", "2016-09-28T22:34:00.000Z"],
  ["p. m. with a blank", "28 Sep 2016 10:34 p. m.", "UTC", "2016-09-28T22:34:00.000Z"],
  ["12 p.m. is noon", "September 28, 2016 12:00 PM", "UTC", "2016-09-28T12:00:00.000Z"],
  ["12 a.m. is midnight", "September 28, 2016 12 a.m.", "UTC", "2016-09-28T00:00:00.000Z"],
  ["noon in a word", "September 28, 2016, noon ET", "UTC", "2016-09-28T16:00:00.000Z"],
  ["noon with its number", "28 September 2016, 12 noon GMT", "UTC", "2016-09-28T12:00:00.000Z"],
  ["Eastern time in winter", "January 28, 2016 10:34 a.m. (ET)", "UTC", "2016-01-28T15:34:00.000Z"],
  ["Pacific time in summer", "September 28, 2016 10:34 a.m. PT", "UTC", "2016-09-28T17:34:00.000Z"],
  [
    "EST written in summer is believed",
    "Wed, 28 Sep 2016 10:34 EST",
    "America/New_York",
    "2016-09-28T15:34:00.000Z",
  ],
  ["EDT", "Wed, 28 Sep 2016 10:34 EDT", "UTC", "2016-09-28T14:34:00.000Z"],
  ["CET written in summer is believed", "28 Sep 2016 10:34 CET", "Europe/Berlin", "2016-09-28T09:34:00.000Z"],
  ["CEST", "28 Sep 2016 10:34 CEST", "UTC", "2016-09-28T08:34:00.000Z"],
  ["IST from nowhere is India's", "28 Sep 2016 10:34 IST", "UTC", "2016-09-28T05:04:00.000Z"],
  ["IST from Dublin is Ireland's", "28 Sep 2016 10:34 IST", "Europe/Dublin", "2016-09-28T09:34:00.000Z"],
  ["IST from Dublin in winter too", "28 Jan 2016 10:34 IST", "Europe/Dublin", "2016-01-28T09:34:00.000Z"],
  ["IST from Jerusalem is Israel's", "28 Jan 2016 10:34 IST", "Asia/Jerusalem", "2016-01-28T08:34:00.000Z"],
  ["BST from Dhaka is Bangladesh's", "28 Sep 2016 10:34 BST", "Asia/Dhaka", "2016-09-28T04:34:00.000Z"],
  ["EST from Sydney is Australia's", "28 Jan 2016 10:34 EST", "Australia/Sydney", "2016-01-27T23:34:00.000Z"],
  ["+0100", "2016-09-28 10:34:24 +0100", "UTC", "2016-09-28T09:34:24.000Z"],
  ["+01:00", "2016-09-28 10:34:24 +01:00", "UTC", "2016-09-28T09:34:24.000Z"],
  ["UTC-5", "28 Sep 2016 10:34 UTC-5", "UTC", "2016-09-28T15:34:00.000Z"],
  ["UTC+5:30", "28 Sep 2016 10:34 (UTC+5:30)", "UTC", "2016-09-28T05:04:00.000Z"],
  ["an offset with a true minus", "2016-09-28T10:34:24\u221205:00", "UTC", "2016-09-28T15:34:24.000Z"],
  [
    "an offset that means unknown",
    "Wed, 28 Sep 2016 10:34:24 -0000",
    "Asia/Baku",
    "2016-09-28T10:34:24.000Z",
  ],
  ["an offset and its name", "Wed, 28 Sep 2016 10:34:24 +0200 CEST", "UTC", "2016-09-28T08:34:24.000Z"],
  ["Go's way", "2016-09-28 10:34:24.0 +0000 UTC", "Asia/Baku", "2016-09-28T10:34:24.000Z"],
  ["a zone by its city", "2016-09-28 10:34:24 Asia/Baku", "UTC", "2016-09-28T06:34:24.000Z"],
  ["milliseconds with a comma", "2016-09-28T10:34:24,5Z", "UTC", "2016-09-28T10:34:24.500Z"],
  ["milliseconds with a dot", "2016-09-28 10:34:24.007", "UTC", "2016-09-28T10:34:24.007Z"],
  ["RFC 850 of 1994", "Sunday, 06-Nov-94 08:49:37 GMT", "UTC", "1994-11-06T08:49:37.000Z"],
  ["asctime with a blank before the day", "Sun Nov  6 08:49:37 1994", "UTC", "1994-11-06T08:49:37.000Z"],
  ["an offset before the year", "Wed Sep 28 10:34:24 +0400 2016", "UTC", "2016-09-28T06:34:24.000Z"],
  ["military, with blanks", "281034Z SEP 16", "Asia/Baku", "2016-09-28T10:34:00.000Z"],
  ["military, without blanks", "281034ZSEP2016", "Asia/Baku", "2016-09-28T10:34:00.000Z"],
  ["day, hour and minute with GMT glued on", "281034GMT SEP 16", "Asia/Baku", "2016-09-28T10:34:00.000Z"],
  ["a clock of four digits", "28 Sep 2016 1034 GMT", "Asia/Baku", "2016-09-28T10:34:00.000Z"],
  ["a clock of four digits and hrs", "28 Sep 2016, 1034 hrs", "Asia/Kolkata", "2016-09-28T05:04:00.000Z"],
  [
    "a clock and its zone first",
    "10:34 GMT, Wednesday 28 September 2016",
    "Asia/Baku",
    "2016-09-28T10:34:00.000Z",
  ],
  [
    "a clock first, then a weekday",
    "10:34 Wednesday 28 September 2016",
    "Asia/Baku",
    "2016-09-28T06:34:00.000Z",
  ],
  ["the two-digit year 49", "28 Sep 49 10:34 GMT", "UTC", "2049-09-28T10:34:00.000Z"],
  ["the two-digit year 68", "28 Sep 68 10:34 GMT", "UTC", "1968-09-28T10:34:00.000Z"],
  ["the two-digit year 69", "28 Sep 69 10:34 GMT", "UTC", "1969-09-28T10:34:00.000Z"],
  ["the two-digit year 70", "28 Sep 70 10:34 GMT", "UTC", "1970-09-28T10:34:00.000Z"],
  ["29 February of a leap year", "29 Feb 2016 10:34 GMT", "UTC", "2016-02-29T10:34:00.000Z"],
  ["24:00 with an offset", "2016-09-28T24:00:00+04:00", "UTC", "2016-09-28T20:00:00.000Z"],
  ["24:00 at the end of a year", "31.12.2016 24:00", "Europe/Berlin", "2016-12-31T23:00:00.000Z"],
  ["ISO with one-digit parts", "2016-9-28 9:05", "UTC", "2016-09-28T09:05:00.000Z"],
  ["ISO with slashes", "2016/09/28 10:34", "Asia/Tokyo", "2016-09-28T01:34:00.000Z"],
  ["a day with slashes around its month", "28/Sep/2016 10:34", "UTC", "2016-09-28T10:34:00.000Z"],
  ["a bar before the clock", "28.09.2016 | 10:34", "Europe/Berlin", "2016-09-28T08:34:00.000Z"],
  ["capitals", "WED, 28 SEP 2016 10:34:24 GMT", "UTC", "2016-09-28T10:34:24.000Z"],
  ["line breaks and tabs", "Wed,\n\t28 Sep 2016\r\n 10:34:24 GMT", "UTC", "2016-09-28T10:34:24.000Z"],
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
  "1475044464000",
  "1475044464.123",
  "/Date(1475044464000)/",
  "42641.44",
  "-1",
  "NaN",
  "null",
  "Invalid Date",
  "2016-09",
  "September 2016",
  "28 September",
  "281034 GMT",
  "281034Z",
  "10:34",
  "2 hours ago",
  "today at 10:34",
  "September 28, 2016, midnight",
  "28 Sep 2016 10",
  "28 Sep 2016 1034",
  "28 Sep 2016 22:34 PM",
  "28 Sep 2016 0:34 am",
  "31 June 2016",
  "29 Feb 2015",
  "29.02.1900 10:34",
  "0 Sep 2016",
  "32 Sep 2016",
  "28 Setpember 2016",
  "28 listopada 2016",
  "Wed, 28 Sep 116 10:34:24 GMT",
  "Wed, 30 Nov -0001 00:00:00 +0000",
  "-0001-11-30T00:00:00+00:00",
  "0000-01-01T00:00:00Z",
  "9999-12-31T23:59:59.9999999",
  "1395-07-07 10:34",
  "2016-09-28T23:59:60Z",
  "2016-12-31T12:00:60Z",
  "2016-12-31T23:59:61Z",
  "2016-09-28T10:34:24 +0200 EST",
  "2016-09-28T10:34:24Z+04:00",
  "2016-09-28T10:34:24+0460",
  "2016-09-28T10:34:24 Mars/Olympus",
  "2016-W39-3",
  "2016-272",
  "28/09/16",
  "11/12/13",
  "28 Sep 2016 10:34 GMT, 29 Sep 2016 10:34 GMT",
  "Published: 28 Sep 2016",
  "x".repeat(100_000),
];

describe("times as wires write them", () => {
  test.each(table)("TIM1 RSS4 WIRE21 the date table: %s", (_rule, written, zone, instant) => {
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
