import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Draft } from "../../src/contract/draft.ts";
import { NewsLineError } from "../../src/contract/errors.ts";
import type { SourceProfileInput } from "../../src/contract/profile.ts";
import { composeDraft, type RawStory } from "../../workers/formats/compose.ts";
import { readDocument } from "../../workers/read.ts";
import { read, testDocument, testProfile } from "./profile.ts";

function refusal(bytes: Uint8Array | string, contentType?: string): unknown {
  try {
    read(bytes, { ...(contentType !== undefined && { contentType }) });
    return undefined;
  } catch (error) {
    return error instanceof NewsLineError ? error.code : error;
  }
}

function readOrRefuse(
  text: string,
  profile: Partial<SourceProfileInput>,
): { drafts?: Draft[]; code?: string } {
  try {
    return { drafts: read(text, { profile }).drafts };
  } catch (error) {
    if (!(error instanceof NewsLineError)) throw error;
    return { code: error.code };
  }
}

describe("what is in no known format", () => {
  test.each([
    ["hello", "unknown_format"],
    ["<html><body>Not found</body></html>", "unknown_format"],
    ["<svg xmlns='http://www.w3.org/2000/svg'/>", "unknown_format"],
    ['{"a":1}', "unknown_format"],
    ["[]", "unknown_format"],
    ['{"a":', "unreadable"],
    ["", "unreadable"],
    ["\u0000 \n", "unreadable"],
  ])("TXT3 %j is refused as %s", (text, code) => {
    expect(refusal(text)).toBe(code);
  });

  test("TXT3 content decides, then the Content-Type", () => {
    const feed = "<rss><channel><item><title>T</title></item></channel></rss>";
    expect(read(feed, { contentType: "application/json" }).format).toBe("rss");
    expect(refusal("<a/>", "application/rss+xml")).toBe("unreadable");
  });

  test("TXT3 the profile's word counts first", () => {
    expect(() => read("{}", { profile: { format: "rss" } })).toThrow("no XML");
  });

  test("TXT3 no bytes give another error than one with a sentence", () => {
    const profile = testProfile();
    const start = fc.constantFrom(
      "",
      "<rss>",
      "<feed>",
      "{",
      "<?xml ",
      "<!DOCTYPE ",
      "\u0001",
      "2016 September 28 10:34:24\n",
    );
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 300 }), (head, tail) => {
        try {
          readDocument(Buffer.concat([Buffer.from(head), tail]), { profile });
        } catch (error) {
          expect(error).toBeInstanceOf(NewsLineError);
        }
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    " ",
    "\n",
    "\t",
    "=",
    "+ ",
    "<",
    "<a ",
    "<!--",
    "&",
    ". ",
    "ends\n",
    "* * * *\n",
    "-1",
    "(UPDATED",
    "a@",
    "Eds",
    "/ ",
  ])("TXT3 a long run of %j is read in every place, or is too much of it", (sign) => {
    const run = `Text. ${sign.repeat(60_000)}x`;
    const bear = (text: string, profile: Partial<SourceProfileInput> = {}) => {
      const { drafts = [], code } = readOrRefuse(text, profile);
      expect(drafts.length > 0 ? "read" : code).toMatch(/^(?:read|too_large)$/u);
    };
    const stamp = "2016 September 28 (Wednesday) 10:34:24";
    const page = { format: "agency-page" } as const;
    bear(`Headline\n\n${stamp}\n\n${run}`, page);
    bear(`${run}\n\n${stamp}\n\nText.`, page);
    bear(`<html><body><h1>H</h1><p>${stamp}</p>${run}`, page);
    const item = {
      id: "1",
      title: run,
      content_html: run,
      summary: run,
      authors: [{ name: run }],
      url: run,
      language: run,
    };
    const feed = {
      version: "https://jsonfeed.org/version/1",
      items: [item, { ...item, date_published: run }],
    };
    bear(JSON.stringify(feed));
  });

  test("TXT3 the charset's oddities are told", () => {
    const bytes = Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?><rss><channel/></rss>é');
    expect(read(bytes).notes).toContainEqual({
      field: "charset",
      rule: "labelled iso-8859-1, but the bytes are UTF-8",
    });
  });
});

describe("what all formats share", () => {
  const compose = (raw: RawStory, profile: object = {}) => composeDraft(raw, testDocument("", profile));

  test.each([
    ["usable", "usable", true],
    ["Usable", "usable", true],
    ["stat:withheld", "withheld", true],
    ["canceled", "canceled", true],
    ["CANCELLED", "canceled", true],
    ["http://cv.iptc.org/newscodes/pubstatusg2/canceled", "canceled", true],
    ["spiked", "withheld", true],
    ["", "usable", undefined],
    [undefined, "usable", undefined],
  ])("KIL1 FIELD3 status %j is %s, written: %s", (status, pubStatus, written) => {
    const draft = compose({ headline: "T", status });
    expect([draft.pubStatus, draft.pubStatusWritten]).toEqual([pubStatus, written]);
  });

  test.each([
    ["2016-09-28T10:00:00Z", "2016-09-28T10:00:00.000Z", undefined],
    ["", undefined, "field"],
    ["soon", undefined, "field"],
    ["YYYYMMDD000000-HHMM", undefined, undefined],
    [undefined, undefined, undefined],
  ])("EMB2 WIRE6 the embargo %j has an end, is open, or is none", (embargoed, until, open) => {
    const draft = compose({ headline: "T", embargoed });
    expect([draft.embargoedUntil, draft.embargoOpen]).toEqual([until, open]);
  });

  test("EMB2 WIRE28 an embargo told in slug, headline, note or first line is open; a readable field outranks it", () => {
    for (const raw of [
      { slugline: "port/EMBARGOED" },
      { headline: "EMBARGO until Friday: T" },
      { edNotes: ["Strictly embargoed until Friday"] },
      { body: { text: "UNDER EMBARGO until 10 GMT\n\nText." } },
    ]) {
      expect(compose({ headline: "T", ...raw }).embargoOpen).toBe("words");
      expect(
        compose({ headline: "T", embargoed: "2016-09-28T10:00:00Z", ...raw }).embargoOpen,
      ).toBeUndefined();
      expect(
        compose({ headline: "T", ...raw }, { habitsOff: ["embargo-words"] }).embargoOpen,
      ).toBeUndefined();
    }
    expect(compose({ headline: "T", status: "embargoed" }).embargoOpen).toBe("field");
  });

  test("URG1 the profile's map, else a digit, else nothing and a note", () => {
    expect(compose({ headline: "T", urgency: "3" }).urgency).toBe(3);
    expect(compose({ headline: "T", urgency: "3" }, { urgencyMap: { "3": 1 } }).urgency).toBe(1);
    const draft = compose({ headline: "T", urgency: "rush" });
    expect(draft.urgency).toBeUndefined();
    expect(draft.notes).toContainEqual({ field: "urgency", rule: "URG1: rush is not in the profile's map" });
  });

  test("TXT1 WIRE25 no headline: the document's title, else the first sentence, and a note says so", () => {
    const body = { text: "RIVERTON (XY) – The port is open. More." };
    expect(compose({ title: "Title", body }).headline).toBe("Title");
    const draft = compose({ body });
    expect(draft.headline).toBe("The port is open.");
    expect(draft.bodyText).toBe(body.text);
    expect(draft.notes.map(({ field }) => field)).toContain("headline");
  });

  test("PRV1 an abstract's and a lead's private text goes to edNote as well", () => {
    const note = "NOT FOR PUBLICATION: 555";
    const draft = compose({
      headline: "T",
      summary: `One.\n\n${note}`,
      lead: `Two.\n\n${note}`,
      edNotes: ["Eds: three"],
    });
    expect(draft).toMatchObject({ summary: "One.", lead: "Two.", edNote: `Eds: three\n\n${note}` });
  });

  test("TXT2 a text without end is refused, never cut", () => {
    const body = { html: `<p>${"One two. ".repeat(60_000)}</p>` };
    expect(() => compose({ headline: "T", body })).toThrow("larger than 256 KB");
  });

  test("TIM1 conflicts and oddities are notes, nothing is clamped", () => {
    const draft = compose({
      headline: "T",
      firstCreated: "3013-01-01T00:00:00Z",
      versionCreated: "1970-01-01T00:00:00Z",
    });
    expect(draft).toMatchObject({
      firstCreated: "3013-01-01T00:00:00.000Z",
      versionCreated: "1970-01-01T00:00:00.000Z",
    });
  });

  test.each([
    ["Ida Solberg", "Ida Solberg"],
    ["IS", undefined],
    ["hh/ph", undefined],
    ["J.R.", undefined],
    ["Li Wu", "Li Wu"],
  ])("TXT2 FIELD4 the byline %j is %j", (byline, shown) => {
    expect(compose({ headline: "T", byline }).byline).toBe(shown);
  });
});
