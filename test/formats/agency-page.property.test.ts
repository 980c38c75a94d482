import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import { read } from "./profile.ts";

const ZONE = "Asia/Baku";
const WORDS =
  "harbour council ferry bridge morning vote plan price winter school river market train north island letter".split(
    " ",
  );

/** A sentence of its own kind: no word in it is a mark. */
const sentence = fc.array(fc.constantFrom(...WORDS), { minLength: 4, maxLength: 14 }).map((words) => {
  const text = words.join(" ");
  return `The ${text}.`;
});
const paragraph = fc.array(sentence, { minLength: 1, maxLength: 3 }).map((sentences) => sentences.join(" "));
const headline = fc
  .array(fc.constantFrom(...WORDS), { minLength: 3, maxLength: 8 })
  .map((words) => `Riverton ${words.join(" ")}`);
const signOff = fc.constantFrom(
  "-02D-",
  "-0-",
  "—06D-",
  "-16 / 03B-",
  "-16/06С-",
  "--05D06--",
  "–21C-",
  "-06D",
  "—0--",
  "-03D06--",
  "-02d-",
  "---0---",
  "02D-",
  "(02D)",
  "-02D/06B-",
  "-02D- -06B-",
  undefined,
);
const moment = fc
  .integer({ min: 1_262_300_000, max: 1_700_000_000 })
  .map((seconds) => DateTime.fromSeconds(seconds, { zone: ZONE, locale: "en" }))
  // An hour that the clocks show twice is read as the first of the two.
  .filter((time) => time.getPossibleOffsets().length === 1);
const stamp = moment.map((time) => {
  return { instant: time.toUTC().toISO(), time };
});
/** As pages write them; only the first two are known wherever they stand. */
const STAMPS = [
  "yyyy LLLL dd (EEEE) HH:mm:ss",
  "yyyy LLLL d ( EEEE )  HH:mm:ss",
  "yyyy LLL dd (EEE) HH.mm.ss",
  "yyyy LLLL dd, EEEE, HH:mm:ss",
  "'['yyyy LLLL dd (EEEE) HH:mm:ss']'",
  "'Published: 'yyyy LLLL dd (EEEE) HH:mm:ss ZZ",
  "EEEE, d LLLL yyyy, HH:mm:ss",
  "LLLL d, yyyy HH:mm:ss",
  "dd.MM.yyyy HH:mm:ss",
  "yyyy-MM-dd'T'HH:mm:ssZZ",
  "HH:mm:ss dd.MM.yyyy",
];
const version = fc.record({
  paragraphs: fc.array(paragraph, { minLength: 1, maxLength: 4 }),
  signOff,
  isGlued: fc.boolean(),
  stamp,
  stampFormat: fc.constantFrom(...STAMPS),
  own: fc.option(headline, { nil: undefined }),
});
const page = fc.record({
  headline,
  mark: fc.constantFrom(
    "",
    " (UPDATED)",
    "(UPDATED)",
    " [UPDATE]",
    "\n(Updated)",
    " （UPDATED）",
    " (UPDATED 2)",
    " - UPDATED",
  ),
  separator: fc.constantFrom(
    "* * *",
    "*   *   *",
    "*\u00a0 *\u00a0 *",
    "   * * *  ",
    "***",
    "- - -",
    "-----",
    "=====",
    "_____",
    "###",
    "＊　＊　＊",
  ),
  /** Newest first, as they stand on the page. */
  versions: fc.array(version, { minLength: 1, maxLength: 4 }),
  furniture: fc.subarray([
    "Leave a review",
    "Politics",
    "Follow us on social networks",
    "News Line",
    "In Focus",
    "Leave a review Follow us on social networks News Line",
    "Rəy yaz",
    "Views: 1234",
    "© 2016 Agency. All rights reserved.",
    "https://agency.example/news/1",
  ]),
  lineEnd: fc.constantFrom("\n", "\r\n", "\r", "\u2028", " \t\n"),
  indent: fc.constantFrom("", "  "),
});

type Version = typeof version extends fc.Arbitrary<infer T> ? T : never;
type Page = typeof page extends fc.Arbitrary<infer T> ? T : never;

function writeStamp({ stamp: { time }, stampFormat }: Version): string {
  return time.toFormat(stampFormat);
}

function writeText({ paragraphs, signOff, isGlued }: Version): string {
  return paragraphs.join("\n\n") + (signOff === undefined ? "" : (isGlued ? "" : " ") + signOff);
}

function writePage({ headline, mark, separator, versions, furniture, lineEnd, indent }: Page): string {
  const texts = versions.map((one, index) => {
    if (index === 0)
      return versions.length === 1 ? `${writeStamp(one)}\n\n${writeText(one)}` : writeText(one);
    const own = one.own === undefined ? "" : `${one.own}\n\n`;
    return `${separator}\n\n${writeStamp(one)}\n\n${own}${writeText(one)}`;
  });
  const isSigned = versions.at(-1)?.signOff !== undefined;
  // Without a sign-off only known furniture tells where the text ends.
  const below = isSigned ? furniture : furniture.filter((line) => line !== "Politics");
  const text = [headline + mark, ...texts, ...below].join("\n\n");
  return text.replaceAll(/^(?=.)/gmu, indent).replaceAll("\n", lineEnd);
}

describe("agency pages composed from parts", () => {
  test("ORD2 PAGE1 every version comes back, oldest first, with its text, time and sign-off", () => {
    fc.assert(
      fc.property(page, (parts) => {
        const { drafts } = read(writePage(parts), { profile: { format: "agency-page", zone: ZONE } });
        const expected = parts.versions.toReversed();
        expect(drafts.map(({ bodyText }) => bodyText)).toEqual(
          expected.map(({ paragraphs }) => paragraphs.join("\n\n")),
        );
        expect(drafts.map(({ signOff }) => signOff)).toEqual(expected.map(({ signOff }) => signOff));
        const isDated = (index: number) => index < expected.length - 1 || expected.length === 1;
        expect(drafts.map(({ versionCreated }) => versionCreated)).toEqual(
          expected.map(({ stamp }, index) => (isDated(index) ? stamp.instant : undefined)),
        );
        expect(drafts.map((draft) => draft.headline)).toEqual(
          expected.map(({ own }, index) =>
            index < expected.length - 1 ? (own ?? parts.headline) : parts.headline,
          ),
        );
        expect(drafts.map((draft) => draft.page?.index)).toEqual(expected.map((_version, index) => index));
      }),
      { numRuns: 120 },
    );
  });

  test("TXT2 PAGE1 the same page as HTML comes back the same", () => {
    fc.assert(
      fc.property(page, (parts) => {
        const text = writePage({ ...parts, lineEnd: "\n" });
        const html = `<html><body>${text
          .split("\n\n")
          .map((block, index) => (index === 0 ? `<h1>${block}</h1>` : `<p>${block}</p>`))
          .join("\n")}</body></html>`;
        const options = { profile: { format: "agency-page" as const, zone: ZONE } };
        const plain = read(text, options).drafts.map(({ notes: _notes, ...draft }) => draft);
        expect(read(html, options).drafts.map(({ notes: _notes, ...draft }) => draft)).toEqual(plain);
      }),
      { numRuns: 60 },
    );
  });
});
