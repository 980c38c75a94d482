import { afterEach, expect, test, vi } from "vitest";
import { draftOf, draftsOf } from "../structured.ts";

const OLD = "The harbour master said that the port of Riverton will open to larger ships in the spring.";
const NEW = "The council of Riverton has voted for the plan by nine votes to six.";
const STAMP = "2016 September 28 (Wednesday) 10:34:24";
const AT = "2016-09-28T06:34:24.000Z";

const page = (...parts: string[]): string => parts.join("\n\n");
const options = { profile: { format: "agency-page", zone: "Asia/Baku" } } as const;
const drafts = (...parts: string[]) => draftsOf(page(...parts), options);
const only = (...parts: string[]) => draftOf(page(...parts), options);

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each(["* * *", "*   *   *", "*\u00a0 *\u00a0 *", "\u00a0* * *\u00a0", "***", "*\t*\t*"])(
  "ORD2 PAGE2 a separator is three asterisks with any blanks between and around, no-break ones too: %j",
  (separator) => {
    expect(drafts("Port opens (UPDATED)", NEW, separator, STAMP, OLD)).toMatchObject([
      { bodyText: OLD, versionCreated: AT },
      { bodyText: NEW },
    ]);
  },
);

test("TIM1 PAGE6 a stamp without a zone is read in the source's, never in the server's; Baku's summer was +05 until 2015", () => {
  for (const serverZone of ["America/New_York", "Asia/Tokyo"]) {
    vi.stubEnv("TZ", serverZone);
    expect(only("Port opens", "2013 July 15 (Monday) 18:30:23", OLD).versionCreated).toBe(
      "2013-07-15T13:30:23.000Z",
    );
    expect(only("Port opens", "2016 July 15 (Friday) 18:30:23", OLD).versionCreated).toBe(
      "2016-07-15T14:30:23.000Z",
    );
  }
});

test.each([
  "Baku/17.10.17/Desk:",
  "Baku / 01.11.17 / Desk:",
  "Washington DC /03.11.17/ Desk:",
  "Baku /05/31/17/ Desk:",
])("REV3 PAGE10 in a bulletin the dateline %j opens a story of its own and stays in its text", (dateline) => {
  const stories = drafts(
    "News of the day",
    "2017 November 3 (Friday) 18:58:55",
    `Baku/17.10.17/Desk: ${OLD} -02D-`,
    `${dateline} ${NEW} -06B-`,
  );
  expect(stories).toMatchObject([
    { bodyText: `Baku/17.10.17/Desk: ${OLD}`, signOff: "-02D-", versionCreated: "2017-11-03T14:58:55.000Z" },
    { bodyText: `${dateline} ${NEW}`, signOff: "-06B-", versionCreated: "2017-11-03T14:58:55.000Z" },
  ]);
});

test.each([
  " -02D-",
  " -06D-",
  " .-06D-",
  " --06D--",
  " -03D06--",
  "—0--",
  " -0-",
  "—06D-",
  " -16 / 03B-",
  " -16/06С-",
  "--05D06--",
  "–21C-",
  "-06D",
])("TXT2 PAGE11 the sign-off %j ends a page's text and stands in signOff as written", (signOff) => {
  const draft = only("Port opens", STAMP, `${OLD}${signOff}`, "Leave a review");
  expect(draft.bodyText?.replace(/\.\s?\.$/u, ".")).toBe(OLD);
  expect(draft.signOff).toBe(signOff.trim().replace(/^\./u, ""));
});

test("TXT2 PAGE12 a code without dashes is a sign-off only when it stands alone on its line", () => {
  expect(only("Port opens", STAMP, OLD, "06B")).toMatchObject({ bodyText: OLD, signOff: "06B" });
  const inside = only("Port opens", STAMP, `${OLD} It lies at berth 06B`);
  expect(inside.bodyText).toBe(`${OLD} It lies at berth 06B`);
  expect(inside.signOff).toBeUndefined();
});

test("TXT2 PAGE13 each version on a page is signed by itself and loses its own sign-off", () => {
  const [original, update] = drafts("Port opens (UPDATED)", `${NEW}—0--`, "* * *", STAMP, `${OLD} -02D-`);
  expect(original).toMatchObject({ bodyText: OLD, signOff: "-02D-" });
  expect(update).toMatchObject({ bodyText: NEW, signOff: "—0--" });
});

test("TXT2 PAGE14 the full stop before a sign-off stays, a bare link may stand behind the code", () => {
  const draft = only("Port opens", STAMP, `${OLD}-02D- https://page.example/a`);
  expect(draft).toMatchObject({ bodyText: OLD, signOff: "-02D-" });
});

test.each([
  "They won 2-0",
  "The season of 2016-17",
  "It is the year of the G-20",
  "It was -12",
  "He paid — 50",
])("TXT2 PAGE15 numbers with dashes at a page's end are no sign-off: %j", (end) => {
  const draft = only("Port opens", STAMP, `${OLD} ${end}`);
  expect(draft.bodyText).toBe(`${OLD} ${end}`);
  expect(draft.signOff).toBeUndefined();
});

test("REV2 PAGE16 curly and straight quotes, double blanks and long dashes are shown as they are written", () => {
  const text = "The  “council”, so its speaker, said \"today\" – or 'soon' — it opens.";
  expect(only("Port opens", STAMP, text).bodyText).toBe(text);
});

test("TXT1 PAGE24 (UPDATED) is cut from older headlines too, also glued on", () => {
  const versions = drafts(
    "Port opened(UPDATED)",
    NEW,
    "* * *",
    "2016 September 28 (Wednesday) 12:00:00",
    "Port opens(UPDATED)",
    "It opens on Friday, the harbour master said in the evening.",
    "* * *",
    STAMP,
    OLD,
  );
  expect(versions.map(({ headline }) => headline)).toEqual(["Port opened", "Port opens", "Port opened"]);
});

test("TXT2 PAGE30 captions of pictures are no text, in HTML and beside it", () => {
  const html =
    `<html><body><h1>Port opens</h1><figure><img src="a.jpg"><figcaption>A ship</figcaption></figure>` +
    `<p>${STAMP}</p><p>${OLD}</p><p class="caption">Another ship</p></body></html>`;
  expect(draftOf(html, options).bodyText).toBe(OLD);
});

test("REV3 PAGE9 a bulletin is several items, never one merged item", () => {
  const stories = drafts(
    "News of the day",
    STAMP,
    `Baku/28.09.16/Desk: ${OLD} -02D-`,
    `Baku/28.09.16/Desk: ${NEW} -03D-`,
  );
  expect(stories).toHaveLength(2);
  for (const story of stories) {
    expect(story).toMatchObject({ versionCreated: AT, page: { index: 0, count: 1 } });
    expect([story.bodyText?.includes(OLD), story.bodyText?.includes(NEW)].filter(Boolean)).toHaveLength(1);
  }
});

test.each([
  ["no headline", []],
  ["only furniture above it", ["News Line", "In Focus", "Politics"]],
])("TXT1 PAGE33 on a page with %s the first text is no headline and is not lost", (_what, above) => {
  const first = `Baku/28.09.16/Desk: ${OLD} -02D-`;
  const second = `Baku/28.09.16/Desk: ${NEW} -03D-`;
  expect(drafts(...above, STAMP, first, second)).toMatchObject([
    { headline: OLD, bodyText: `Baku/28.09.16/Desk: ${OLD}`, signOff: "-02D-", versionCreated: AT },
    { headline: NEW, bodyText: `Baku/28.09.16/Desk: ${NEW}`, signOff: "-03D-", versionCreated: AT },
  ]);
  expect(only(...above, STAMP, first)).toMatchObject({
    headline: OLD,
    bodyText: `Baku/28.09.16/Desk: ${OLD}`,
  });
});
