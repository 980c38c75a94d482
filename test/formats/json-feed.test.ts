import { describe, expect, test } from "vitest";
import { read } from "./profile.ts";

const VERSION = "https://jsonfeed.org/version/1.1";

function readItems(items: unknown[], more: object = {}) {
  return read(JSON.stringify({ version: VERSION, title: "N", items, ...more }), {
    address: "https://news.example/feed.json",
  });
}

describe("JSON Feed", () => {
  test("TXT1 an item's fields are read from where JSON Feed has them", () => {
    const { format, drafts } = readItems(
      [
        {
          id: 4711,
          url: "/a",
          title: "Port &amp; ferry <b>open</b>",
          content_html: "<p>One.</p><p>Two.</p>",
          summary: "Short.",
          date_published: "2016-09-28T10:34:24+04:00",
          date_modified: "2016-09-28T08:00:00Z",
          authors: [{ name: "Ida Solberg" }, { name: "" }],
          tags: ["ports", "ports"],
        },
      ],
      { language: "en" },
    );
    expect(format).toBe("json-feed");
    expect(drafts).toMatchObject([
      {
        guid: "4711",
        headline: "Port & ferry open",
        link: "https://news.example/a",
        firstCreated: "2016-09-28T06:34:24.000Z",
        versionCreated: "2016-09-28T08:00:00.000Z",
        bodyText: "One.\n\nTwo.",
        bodyHtml: "<p>One.</p><p>Two.</p>",
        summary: "Short.",
        byline: "Ida Solberg",
        subjects: ["ports"],
        language: "en",
      },
    ]);
  });

  test("TXT1 JSONF5 an item without a title has its first sentence and says so", () => {
    const [draft] = readItems([{ id: "1", content_text: "The port is open. It was closed." }]).drafts;
    expect(draft?.headline).toBe("The port is open.");
    expect(draft?.notes).toContainEqual({
      field: "headline",
      rule: "TXT1: no headline, the text's first sentence",
    });
  });

  test("TXT2 version 1.0, its single author, and plain text with paragraphs", () => {
    const [draft] = readItems(
      [{ id: "1", title: "T", content_text: "One.\n\nTwo.", author: { name: "Ida" } }],
      {
        version: "https://jsonfeed.org/version/1",
      },
    ).drafts;
    expect(draft).toMatchObject({ bodyText: "One.\n\nTwo.", byline: "Ida" });
    expect(draft).not.toHaveProperty("bodyHtml");
  });

  test("TXT2 one field of the wrong type costs neither the item nor its neighbours", () => {
    const reading = readItems([
      { id: "1", title: "A", tags: "x", authors: {}, date_published: 5 },
      null,
      { id: "2", title: "B" },
    ]);
    expect(reading.drafts.map(({ headline }) => headline)).toEqual(["A", "B"]);
    expect(reading.notes[0]?.rule).toContain("1 left out");
  });

  test("URG1 JSONF4 urgency only from the extension", () => {
    const [plain, urgent] = readItems([
      { id: "1", title: "A" },
      { id: "2", title: "B", _newsline: { urgency: 2 } },
    ]).drafts;
    expect(plain).not.toHaveProperty("urgency");
    expect(urgent?.urgency).toBe(2);
  });

  test("TXT2 JSONF10 one author or tag of a wrong type does not cost the others", () => {
    const authors = ["Ann", { name: "Bob" }, { url: "x" }, null, 7];
    const { drafts } = readItems([
      { id: "1", title: "A", authors, tags: ["Harbour", 1, null], _newsline: { urgency: "2" } },
    ]);
    expect(drafts).toMatchObject([{ byline: "Ann, Bob", subjects: ["Harbour"], urgency: 2 }]);
  });

  test("KIL4 JSONF3 `expired` means that the feed has ended, not that an item is withdrawn", () => {
    const reading = readItems([{ id: "1", title: "A" }], { expired: true });
    expect(reading.drafts[0]?.pubStatus).toBe("usable");
    expect(reading.notes.map(({ field }) => field)).toContain("expired");
  });

  test("TXT3 lone surrogates and control characters in strings do not come out", () => {
    const json = `{"version":"${VERSION}","items":[{"id":"1","title":"A\\ud800\\u0000b\\u202e"}]}`;
    expect(read(json).drafts[0]?.headline).toBe("A\ufffd b");
  });

  test("TXT2 refused with a sentence: cut off, no items", () => {
    expect(() => read(`{"version":"${VERSION}","items":[{"id":"1"`)).toThrow("broken or cut off");
    expect(() => read(`{"version":"${VERSION}"}`)).toThrow("no array `items`");
  });
});
