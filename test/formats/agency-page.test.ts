import { describe, expect, test } from "vitest";
import { read } from "./profile.ts";

const PROFILE = { format: "agency-page", zone: "Asia/Baku" } as const;
const FURNITURE = "Leave a review\n\n\nFollow us on social networks\n\nNews Line\n";
const OLD = "The harbour master said that the port of Riverton will open to larger ships in the spring.";
const OLDER = "A report on the port of Riverton was handed to the council by its harbour master.";
const NEW = "The council of Riverton has voted for the plan by nine votes to six.";

function page(...parts: string[]): string {
  return parts.join("\n\n");
}

function drafts(text: string, profile: object = {}) {
  return read(text, { profile: { ...PROFILE, ...profile } }).drafts;
}

const UPDATED = page(
  "Riverton opens its port (UPDATED)",
  `${NEW}—0--`,
  "*\u00a0 *\u00a0 *",
  "2016 September 28 (Wednesday) 10:34:24",
  `${OLD} -02D-`,
  FURNITURE,
);

describe("agency pages: versions", () => {
  test("ORD2 PAGE1 the newest text stands on top undated, the stamp belongs to the text below it, oldest comes first", () => {
    const [first, second, ...more] = drafts(UPDATED);
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      headline: "Riverton opens its port",
      bodyText: OLD,
      signOff: "-02D-",
      firstCreated: "2016-09-28T06:34:24.000Z",
      versionCreated: "2016-09-28T06:34:24.000Z",
      change: "new",
      page: { index: 0, count: 2 },
    });
    expect(second).toMatchObject({
      headline: "Riverton opens its port",
      bodyText: NEW,
      signOff: "—0--",
      change: "update",
      page: { index: 1, count: 2 },
    });
    expect(second).not.toHaveProperty("versionCreated");
    expect(second).not.toHaveProperty("firstCreated");
  });

  test("ORD2 PAGE1 the same page as HTML gives the same versions", () => {
    const html =
      `<!DOCTYPE html><html lang="en"><head><title>Riverton opens its port | News</title></head><body>` +
      `<header><a href="/">News Line</a></header><nav>Politics Economy</nav><h1>Riverton opens its port (UPDATED)</h1>` +
      `<figure><img src="a.jpg"><figcaption>The port</figcaption></figure>` +
      `<div><p>${NEW}&mdash;0--</p><p>*&nbsp;&nbsp; *&nbsp;&nbsp; *</p><p>2016 September 28 ( Wednesday )&nbsp; 10:34:24</p>` +
      `<p>${OLD} -02D-</p></div><p>Leave a review</p><p>Politics</p><footer>Follow us</footer></body></html>`;
    const plain = drafts(UPDATED).map(({ notes: _notes, ...draft }) => draft);
    const fromHtml = drafts(html).map(({ notes: _notes, language: _language, ...draft }) => draft);
    expect(fromHtml).toEqual(plain);
    expect(drafts(html)[0]?.language).toBe("en");
  });

  test("ORD2 PAGE17 three versions on a page, the older ones with headlines of their own", () => {
    const [oldest, middle, newest] = drafts(
      page(
        "Riverton votes (UPDATED)",
        `${NEW} -0-`,
        "* * *",
        "2017 October 17 ( Tuesday )  18:58:55",
        "Riverton to open its port (UPDATED)",
        `${OLD} -06D-`,
        "* * *",
        "2017 October 17 (Tuesday) 09:10:00",
        "Report on the port of Riverton",
        `${OLDER} --06D--`,
      ),
    );
    expect(oldest).toMatchObject({
      headline: "Report on the port of Riverton",
      bodyText: OLDER,
      signOff: "--06D--",
      versionCreated: "2017-10-17T05:10:00.000Z",
      page: { index: 0, count: 3 },
    });
    expect(middle).toMatchObject({
      headline: "Riverton to open its port",
      bodyText: OLD,
      versionCreated: "2017-10-17T14:58:55.000Z",
      change: "update",
    });
    expect(newest).toMatchObject({ headline: "Riverton votes", bodyText: NEW, signOff: "-0-" });
  });

  test("ORD2 PAGE17 an older version's own headline may stand above its stamp", () => {
    const [oldest] = drafts(
      page("Riverton votes", NEW, "* * *", "Report on the port", "2017 October 17 (Tuesday) 09:10:00", OLDER),
    );
    expect(oldest).toMatchObject({ headline: "Report on the port", bodyText: OLDER });
  });

  test("ORD2 PAGE24 (UPDATED) may be missing in a real chain, be glued to the headline or be written [UPDATE]", () => {
    for (const mark of ["", "(UPDATED)", " (Updated)", " [UPDATE]", " ( UPDATED )"]) {
      const [first, second] = drafts(UPDATED.replace(" (UPDATED)", mark));
      expect(first).toMatchObject({ headline: "Riverton opens its port", bodyText: OLD });
      expect(second).toMatchObject({ headline: "Riverton opens its port", bodyText: NEW });
    }
  });

  test("ORD2 PAGE19 (UPDATED) on a page with one text is one version and no update", () => {
    const [only, ...more] = drafts(
      page("Riverton opens its port (UPDATED)", "2016 September 28 (Wednesday) 10:34:24", `${OLD} -02D-`),
    );
    expect(more).toEqual([]);
    expect(only).toMatchObject({ headline: "Riverton opens its port", page: { index: 0, count: 1 } });
    expect(only?.change).toBeUndefined();
  });

  test("ORD2 PAGE18 an update that only repeats the headline has that line as its text", () => {
    const [first, second] = drafts(UPDATED.replace(`${NEW}—0--`, "Riverton opens its port (UPDATED)"));
    expect(first).toMatchObject({ bodyText: OLD });
    expect(second?.bodyText).toContain("Riverton opens its port");
  });

  test("ORD2 PAGE29 a headline printed twice is no text", () => {
    const [only] = drafts(
      page(
        "Riverton opens its port",
        "Riverton opens its port",
        "2016 September 28 (Wednesday) 10:34:24",
        OLD,
      ),
    );
    expect(only).toMatchObject({ headline: "Riverton opens its port", bodyText: OLD });
  });

  test("ORD2 PAGE3 the separator divides only between texts, and only if a stamp follows or the headline says UPDATED", () => {
    const stamp = "2016 September 28 (Wednesday) 10:34:24";
    expect(drafts(page("Headline", "* * *", stamp, OLD))).toHaveLength(1);
    expect(drafts(page("Headline", stamp, "* * *", OLD))).toHaveLength(1);
    expect(drafts(page("Headline", stamp, OLD, "* * *"))).toHaveLength(1);
    expect(drafts(page("Headline", stamp, NEW, "* * *", OLD))).toMatchObject([
      { bodyText: `${NEW}\n\n${OLD}` },
    ]);
    expect(drafts(page("Headline (UPDATED)", NEW, "* * *", OLD))).toHaveLength(2);
    expect(drafts(page("Headline", NEW, "***", stamp, OLD))).toHaveLength(2);
  });

  test("ORD2 PAGE26 a single asterisk opens a note or a bullet and divides nothing", () => {
    const [only, ...more] = drafts(
      page(
        "Headline",
        "2016 September 28 (Wednesday) 10:34:24",
        OLD,
        "* The port was closed in 1998.",
        "* * It was.",
      ),
    );
    expect(more).toEqual([]);
    expect(only?.bodyText).toContain("* The port was closed in 1998.");
  });

  test("PRV1 PAGE23 four asterisks are no separator: what follows is for editors", () => {
    const text = page(
      "Headline",
      NEW,
      "* * * *",
      "The following information is not for publication",
      "Phone 1",
    );
    expect(drafts(text)).toMatchObject([{ bodyText: NEW, edNote: expect.stringContaining("Phone 1") }]);
  });

  test("ORD2 PAGE23 a profile has a separator of its own", () => {
    const text = UPDATED.replace("*\u00a0 *\u00a0 *", "-----");
    expect(drafts(text, { separatorPattern: "^-{3,}$" })).toHaveLength(2);
  });
});

describe("agency pages: times", () => {
  const at = (stamp: string) => drafts(page("Headline", stamp, OLD))[0];

  test.each([
    ["2016 September 28 (Wednesday) 10:34:24", "2016-09-28T06:34:24.000Z"],
    ["2017 October 17 ( Tuesday )  18:58:55", "2017-10-17T14:58:55.000Z"],
    ["2013 July 15 (Monday) 18:30:23", "2013-07-15T13:30:23.000Z"],
    ["\u00a02016\u00a0September  28 (Wednesday)\t10:34:24 ", "2016-09-28T06:34:24.000Z"],
  ])("TIM1 PAGE4 the stamp %j is read in the source's IANA zone", (stamp, instant) => {
    expect(at(stamp)).toMatchObject({ firstCreated: instant, versionCreated: instant });
  });

  test("TIM1 PAGE5 a wrong weekday is a note", () => {
    expect(at("2016 September 28 (Friday) 10:34:24")?.notes).toContainEqual({
      field: "versionCreated",
      rule: "the weekday does not fit the date",
    });
  });

  test("ORD3 PAGE5 a stamp that is no date gives no time and is no text", () => {
    const draft = at("2016 September 31 (Wednesday) 10:34:24");
    expect(draft).toMatchObject({ headline: "Headline", bodyText: OLD });
    expect(draft?.versionCreated).toBeUndefined();
    expect(draft?.notes.some(({ rule }) => rule.startsWith("is no date"))).toBe(true);
  });

  test("ORD2 PAGE8 a page without a stamp has no time", () => {
    const [only] = drafts(page("Headline", OLD, "-02D-"));
    expect(only).toMatchObject({ headline: "Headline", bodyText: OLD, signOff: "-02D-" });
    expect(only?.versionCreated).toBeUndefined();
  });

  test("TIM1 PAGE27 other dates on a page are not the story's", () => {
    const [only, ...more] = drafts(
      page(
        "Port to open on 28 September 2019",
        "2018 November 18 (Sunday) 12:00:00",
        `Riverton / 18.11.18 / Desk: ${OLD}`,
        "Talks go on since 05/31/17 and 9 August 2017 12:55. -02D-",
        "Ferry fares go up - 9 August 2021 12:55",
      ),
    );
    expect(more).toEqual([]);
    expect(only).toMatchObject({ versionCreated: "2018-11-18T08:00:00.000Z" });
    expect(only?.bodyText).not.toContain("Ferry");
    expect(only?.bodyText).toContain("Riverton / 18.11.18 / Desk:");
  });
});

describe("agency pages: furniture", () => {
  test.each([
    ["Leave a review"],
    ["Follow us on social networks"],
    ["News Line"],
    ["In Focus"],
    ["Please login or subscribe to read more"],
    ["Politics"],
    ["Ferry fares go up - 9 August 2021 12:55"],
    ["Photo: the harbour at dawn"],
  ])("TXT2 PAGE28 %j is no text, with a sign-off before it or without", (line) => {
    for (const end of [" -02D-", ""]) {
      const text = page("Headline", "2016 September 28 (Wednesday) 10:34:24", OLD + end, line, "News Line");
      expect(drafts(text)).toMatchObject([{ headline: "Headline", bodyText: OLD }]);
    }
  });

  test("TXT2 PAGE27 a teaser goes with the date on the line below it", () => {
    const text = page("Headline", OLD, "Ferry to Lakeside stopped for a week", "- 9 August 2021 12:55");
    expect(drafts(text)).toMatchObject([{ headline: "Headline", bodyText: OLD }]);
  });

  test("TXT2 line breaks in HTML are meant, nothing is joined there", () => {
    const html = `<html><body><h1>Headline</h1><p>One line.<br>Another line. -02D-</p></body></html>`;
    expect(drafts(html)).toMatchObject([{ bodyText: "One line.\nAnother line.", signOff: "-02D-" }]);
  });

  test("TXT2 PAGE28 furniture above the headline is no headline", () => {
    const text = page("News Line", "In Focus", "Politics", "Port opens in Riverton", OLD);
    expect(drafts(text)).toMatchObject([{ headline: "Port opens in Riverton", bodyText: OLD }]);
  });

  test("TXT2 PAGE28 what stood around the text is told in the notes", () => {
    const { notes } = read(UPDATED, { profile: PROFILE });
    expect(notes.map(({ rule }) => rule)).toContain("left out: Leave a review");
  });

  test("TXT2 PAGE16 hard-wrapped lines are joined, quotes and double blanks stay as written", () => {
    const wrapped =
      'The  council of Riverton has “voted” for the plan by nine votes\nto six, its speaker said "today" - or so.';
    const [only] = drafts(page("Headline", wrapped));
    expect(only?.bodyText).toBe(wrapped.replace("\n", " "));
  });

  test("TXT2 tags astray in plain text, escaped or not, are dropped, and the lines stay lines", () => {
    const text = page(
      "Headline <b>one</b>",
      "2016 September 28 (Wednesday) 10:34:24",
      `${OLD}<br>`,
      `&lt;P&gt;${NEW} -02D-`,
    );
    expect(drafts(text)).toMatchObject([
      { headline: "Headline one", bodyText: `${OLD}\n\n${NEW}`, signOff: "-02D-" },
    ]);
  });

  test("TXT2 PAGE25 first published lines are no text", () => {
    const text = page("Port opens [UPDATE]", "First version published at 13:25", OLD);
    expect(drafts(text)).toMatchObject([{ headline: "Port opens", bodyText: OLD }]);
  });
});

describe("agency pages: bulletins", () => {
  const stories = [
    "Baku/17.10.17/Desk: The port of Riverton opened on Monday to larger ships. -02D-",
    "Washington DC /03.11.17/ Desk: The senate passed a law on harbours after a long debate. -06B-",
    "Baku / 01.11.17 / Desk: The ferry to Lakeside was cancelled for a week. -16/03B-",
  ];

  test("REV3 PAGE9 several stories under one date line are several items with that time", () => {
    const all = drafts(page("News of the day", "2017 October 17 (Tuesday) 18:58:55", ...stories, FURNITURE));
    expect(all).toHaveLength(3);
    expect(all.map(({ headline }) => headline)).toEqual([
      "The port of Riverton opened on Monday to larger ships.",
      "The senate passed a law on harbours after a long debate.",
      "The ferry to Lakeside was cancelled for a week.",
    ]);
    expect(all.map(({ signOff }) => signOff)).toEqual(["-02D-", "-06B-", "-16/03B-"]);
    for (const draft of all) {
      expect(draft).toMatchObject({
        versionCreated: "2017-10-17T14:58:55.000Z",
        page: { index: 0, count: 1 },
      });
    }
    expect(all[1]?.bodyText).toBe(stories[1]?.replace(" -06B-", ""));
  });

  test("REV3 PAGE9 stories of a bulletin with headlines of their own", () => {
    const [one = "", two = ""] = stories;
    const all = drafts(
      page(
        "Port opens in Riverton",
        "2017 October 17 (Tuesday) 18:58:55",
        one,
        "Senate passes harbour law",
        two,
      ),
    );
    expect(all.map(({ headline }) => headline)).toEqual([
      "Port opens in Riverton",
      "Senate passes harbour law",
    ]);
    expect(all[0]?.bodyText).not.toContain("Senate");
    expect(all[1]?.bodyText).not.toContain("Senate passes");
  });

  test("REV3 PAGE31 a bulletin that repeats its date line for each story", () => {
    const [one = "", two = ""] = stories;
    const all = drafts(
      page(
        "Port opens in Riverton",
        "2017 October 17 (Tuesday) 18:58:55",
        one,
        "Senate passes harbour law",
        "2017 November 3 (Friday) 11:00:00",
        two,
      ),
    );
    expect(all).toMatchObject([
      { headline: "Port opens in Riverton", versionCreated: "2017-10-17T14:58:55.000Z" },
      { headline: "Senate passes harbour law", versionCreated: "2017-11-03T07:00:00.000Z" },
    ]);
  });

  test("REV3 PAGE9 stories without datelines are told apart by their sign-offs", () => {
    const all = drafts(
      page("News", "2017 October 17 (Tuesday) 18:58:55", `${OLD} -02D-`, `${NEW} -03B-`, "Leave a review"),
    );
    expect(all.map(({ bodyText }) => bodyText)).toEqual([OLD, NEW]);
  });
});

describe("agency pages: known by their content", () => {
  test("TXT2 a text with a stamp is a page without any setting", () => {
    expect(read(UPDATED, { profile: { zone: "Asia/Baku" } }).format).toBe("agency-page");
    expect(read(`<p>${UPDATED.replaceAll("\n\n", "</p><p>")}</p>`, { profile: PROFILE }).drafts).toHaveLength(
      2,
    );
  });

  test("TXT2 a page with no text is refused with a sentence", () => {
    expect(() => read("* * *\n\nLeave a review\n", { profile: PROFILE })).toThrow("The page has no text.");
    expect(() => read("  \n", { profile: PROFILE })).toThrow("empty");
  });

  test("EMB2 WIRE28 an embargo in the headline withholds the item", () => {
    expect(drafts(page("EMBARGOED until Friday: port opens", OLD))[0]?.embargoOpen).toBe("words");
  });
});
