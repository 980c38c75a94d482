import { describe, expect, test } from "vitest";
import { NewsLineError } from "../../src/contract/errors.ts";
import { FORMATS } from "../../src/contract/profile.ts";
import { addStory, checkLimits, createWorkload, WIRE_LIMITS } from "../../workers/formats/limits.ts";
import { readDocument } from "../../workers/read.ts";
import { HONEST, hostileDocuments, RUNS } from "../support/hostile.ts";
import { read, testProfile } from "./profile.ts";

interface Outcome {
  count?: number;
  refused?: { code: string; message: string };
}

function tryToRead(bytes: Buffer): Outcome {
  try {
    return { count: readDocument(bytes, { profile: testProfile() }).drafts.length };
  } catch (error) {
    if (!(error instanceof NewsLineError)) throw error;
    return { refused: { code: error.code, message: error.message } };
  }
}

/** Bundles as large as they are found in real life. */
const LARGE: Readonly<Record<string, (bodies: readonly string[]) => string>> = {
  rss: (bodies) =>
    `<rss version="2.0"><channel><title>T</title>${bodies.map((body, i) => `<item><title>Port ${i} opens</title><guid>urn:x:${i}</guid><link>https://example.org/${i}</link><pubDate>Wed, 04 Mar 2026 10:00:00 GMT</pubDate><description>Short.</description><content:encoded><![CDATA[${body}]]></content:encoded></item>`).join("")}</channel></rss>`,
  "newsml-g2": (bodies) =>
    `<newsMessage><itemSet>${bodies.map((body, i) => `<newsItem guid="urn:x:${i}" version="1"><itemMeta><itemClass qcode="ninat:text"/><versionCreated>2026-03-04T10:00:00Z</versionCreated></itemMeta><contentMeta><headline>Port ${i} opens</headline></contentMeta><contentSet><inlineXML><html><body>${body}</body></html></inlineXML></contentSet></newsItem>`).join("")}</itemSet></newsMessage>`,
  ninjs: (bodies) =>
    JSON.stringify({
      items: bodies.map((body, i) => ({
        uri: `urn:x:${i}`,
        version: "1",
        headline: `Port ${i} opens`,
        body_html: body,
      })),
    }),
};

const formats = FORMATS.filter((format) => format !== "auto");

describe("hostile documents", () => {
  test.each(hostileDocuments())("TXT4 $name", ({ bytes, refused }) => {
    const told = tryToRead(bytes());
    if (refused === undefined) expect(told.refused).toBeUndefined();
    else {
      const [code, words] = refused;
      expect(told.refused).toEqual({ code, message: expect.stringContaining(words) });
    }
  });

  test.each(formats)(
    "TXT4 a long run of anything in a document of %s is read, or refused in a sentence",
    (format) => {
      for (const run of RUNS) {
        const text = HONEST[format]("Harbour opens", run.repeat(240_000 / run.length));
        const { count = 0, refused } = tryToRead(Buffer.from(text));
        expect({ run, isTold: count > 0 || refused !== undefined }).toEqual({ run, isTold: true });
      }
    },
  );

  test.each(formats)("TXT4 an honest document of %s is read", (format) => {
    const { format: known, drafts } = read(HONEST[format]("Harbour opens", "The port is open again."), {
      ...(format === "text" && { profile: { format } }),
    });
    expect([known, drafts.length > 0]).toEqual([format, true]);
  });
});

describe("what a document may hold", () => {
  test("TXT4 characters, lines, tags, references and control characters are counted, and one too many is refused", () => {
    const limits = { characters: 20, lines: 2, tags: 2, references: 2 };
    for (const text of ["x".repeat(20), "\n\n", "\r\n\r\n", "<a><b>", "&a;&b;"]) checkLimits(text, limits);
    const wrong: [string, string][] = [
      ["x".repeat(21), "20 characters"],
      ["\n\n\n", "2 lines"],
      ["\r\r\r", "2 lines"],
      ["<a><b><c>", "2 tags"],
      ["&a;&b;&c;", "2 character references"],
    ];
    for (const [text, words] of wrong) expect(() => checkLimits(text, limits)).toThrow(`more than ${words}`);
    checkLimits("\u0001".repeat(100_000), WIRE_LIMITS);
    expect(() => checkLimits("\u0001".repeat(100_001), WIRE_LIMITS)).toThrow("100,000 control characters");
  });

  test("TXT4 the stories of a document are counted together, so that many small ones cost no more than a large one", () => {
    const full = (texts: string[]) => {
      const workload = createWorkload();
      for (let stories = 0; ; stories += 1) {
        try {
          addStory(workload, texts);
        } catch (error) {
          expect(error).toMatchObject({ code: "too_large" });
          return stories;
        }
      }
    };
    expect(full(["Headline"])).toBe(1_000);
    expect(full(["Headline", "x".repeat(100_000)])).toBe(29);
    expect(full(["Headline", "<p>x</p>".repeat(1_000)])).toBe(15);
    expect(full(["Headline", "&lt;p&gt;".repeat(1_000)])).toBe(25);
    expect(full(["Headline", "ш".repeat(50_000)])).toBe(29);
    expect(full(["Headline", ">".repeat(1_000)])).toBe(30);
    // Each of them may be as many, but not all at once.
    const all = ["Headline", "<p>x</p>".repeat(500), "&amp;".repeat(1_500), "x".repeat(60_000)];
    expect(full(all)).toBe(28);
    expect(full(["Headline", "a line\n".repeat(998)])).toBe(30);
  });

  test.each(Object.entries(LARGE))(
    "TXT4 a document of three million characters with 300 stories is read: %s",
    (_format, write) => {
      const paragraph = `<p>${"The port of Selin opened again after repairs. ".repeat(7)}</p>`;
      const text = write(Array.from({ length: 300 }, () => paragraph.repeat(28)));
      expect(text.length).toBeGreaterThan(2_750_000);
      expect(tryToRead(Buffer.from(text))).toEqual({ count: 300 });
    },
  );

  test("TXT4 what a document is, is told by its first 100,000 characters", () => {
    const stamp = "2016 September 28 (Wednesday) 10:34:24";
    const page = (length: number) =>
      `Headline\n\n${"x".repeat(99)}\n`.padEnd(length, "y ".repeat(40)) + `\n${stamp}\n\nText.`;
    expect(read(page(90_000)).format).toBe("agency-page");
    expect(tryToRead(Buffer.from(page(101_000))).refused?.code).toBe("unknown_format");
  });

  test("TXT2 one story that is too long costs its neighbours in a feed nothing and is told", () => {
    const item = (id: number, text: string) =>
      `<item><title>T${id}</title><guid>u${id}</guid><description>${text}</description></item>`;
    const feed = `<rss><channel>${item(1, "word ".repeat(60_000))}${item(2, "Short.")}</channel></rss>`;
    const { drafts, notes } = read(feed);
    expect(drafts.map(({ headline }) => headline)).toEqual(["T2"]);
    expect(notes).toEqual([{ field: "item", rule: "left out: A story is larger than 256 KB. (u1)" }]);
  });

  test("TXT4 long numbers in JSON keep their digits, whatever stands in the strings around them", () => {
    const text =
      '{"uri":"u:1","version":12345678901234567890,"headline":"A \\"1234567890123456\\" \\\\","n":1.5}';
    expect(read(text).drafts[0]).toMatchObject({
      sourceVersion: "12345678901234567890",
      headline: 'A "1234567890123456" \\',
    });
  });
});
