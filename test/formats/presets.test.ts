import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type SourceProfileInput, sourceProfile } from "../../src/contract/profile.ts";
import { readPresets, withPreset } from "../../src/presets.ts";
import { decide } from "../../workers/decide.ts";
import { readDocument } from "../../workers/read.ts";
import { FIXTURES } from "./fixtures.ts";
import { testProfile } from "./profile.ts";

const resolve = (preset: string, own: Partial<SourceProfileInput> = {}) =>
  sourceProfile.parse(withPreset({ kind: "push", lines: ["main"], preset, ...own }));

function read(text: string, profile = testProfile()) {
  const options = { profile, receivedAt: "2024-03-05T12:00:00.000Z" };
  return readDocument(Buffer.from(text), options).drafts;
}

/** The same document with a bare profile and with the preset. */
function both(text: string, preset: string, own: Partial<SourceProfileInput> = {}) {
  return [read(text)[0], read(text, resolve(preset, own))[0]] as const;
}

/** Does a later text of the same item move it? */
function movesWith(preset: string, texts: readonly [string, string]): boolean {
  const profile = resolve(preset);
  const around = { id: "item-0001", source: "s", profile, nowMs: 0, backfill: false, newestMs: undefined };
  const receivedMs = Date.parse("2024-03-05T12:00:00.000Z");
  const records = texts.map((text, i) => {
    const [draft] = read(text, profile);
    if (draft === undefined) throw new Error("no draft");
    return (before: Parameters<typeof decide>[0]) => {
      const decision = decide(before, draft, {
        ...around,
        nowMs: receivedMs,
        receivedMs,
        arrival: [i + 1, 0],
      });
      if (decision.kind !== "put") throw new Error(decision.reason);
      return decision.next;
    };
  });
  const first = records[0]?.(undefined);
  return records[1]?.(first).orderedAt !== first?.orderedAt;
}

const g2 = (version: number, signal: string) =>
  `<newsItem guid="urn:a:1" version="${version}"><itemMeta><itemClass qcode="ninat:text"/><versionCreated>2024-03-05T10:00:00Z</versionCreated>
<signal qcode="${signal}"/></itemMeta><contentMeta><headline>Port opens</headline></contentMeta></newsItem>`;
const rss = (title: string, text: string, date: string) =>
  `<rss version="2.0"><channel><title>T</title><item><title>${title}</title><link>https://city.example/a</link><description>${text}</description><pubDate>${date}</pubDate></item></channel></rss>`;
const atom = (text: string, updated: string) =>
  `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:a:1</id><title>Port opens</title><summary>${text}</summary><updated>${updated}</updated></entry></feed>`;

describe("presets", () => {
  test("PRF2 each is a data file named <format>-<habit> that says what it is for", () => {
    const files = readdirSync(new URL("../../presets/", import.meta.url));
    expect([...readPresets().keys()].map((name) => `${name}.json`)).toEqual(files.toSorted());
    expect(files.length).toBeGreaterThanOrEqual(8);
    for (const [name, { says, profile }] of readPresets()) {
      expect(name.startsWith(`${profile.format}-`)).toBe(true);
      expect(says.length).toBeGreaterThan(20);
      expect(Object.keys(profile)).not.toContain("trust");
    }
  });

  test("PRF2 a profile begins with the fields of the preset that it names; its own win", () => {
    expect(resolve("iptc-7901-zoned")).toMatchObject({
      preset: "iptc-7901-zoned",
      zone: "Europe/Berlin",
      language: "de",
      sequence: true,
      moves: true,
    });
    expect(resolve("iptc-7901-zoned", { zone: "Europe/Vienna" })).toMatchObject({ zone: "Europe/Vienna" });
    expect(resolve("iptc-7901-zoned", { sequence: false })).toMatchObject({
      sequence: false,
      language: "de",
    });
  });

  test("PRF2 an unknown preset is refused with the list of those that there are", () => {
    expect(() => resolve("rss-dream")).toThrow(/no preset rss-dream\. There are agency-page-ruled, /u);
    expect(() => resolve("rss-dream")).toThrow(/rss-no-guid/u);
    expect(sourceProfile.safeParse(withPreset({ preset: 7 })).success).toBe(false);
  });

  test("PRF2 agency-page-updated reads a page without any stamp as a page", () => {
    const page = "Port opens (UPDATED)\n\nThe newest text.-02D-\n\n* * *\n\nThe older text.-01D-";
    const drafts = read(page, resolve("agency-page-updated"));
    expect(drafts.map(({ bodyText, change }) => [bodyText, change])).toEqual([
      ["The older text.", "new"],
      ["The newest text.", "update"],
    ]);
  });

  test("PRF2 agency-page-ruled divides versions at a line of dashes", () => {
    const page =
      "Port opens (UPDATED)\n\nThe newest text.-02D-\n\n— — — —\n\n2016 September 28 (Wednesday) 10:34:24\n\nThe older text.-01D-";
    expect(read(page, resolve("agency-page-ruled"))).toHaveLength(2);
    expect(read(page, resolve("agency-page-ruled")).map(({ bodyText }) => bodyText)).toEqual([
      "The older text.",
      "The newest text.",
    ]);
  });

  test("PRF2 rss-no-guid leaves an item where it stands when its text is edited", () => {
    const texts = [
      rss("Port opens", "First words.", "Tue, 05 Mar 2024 10:00:00 GMT"),
      rss("Port opens", "Other words.", "Tue, 05 Mar 2024 11:00:00 GMT"),
    ] as const;
    expect(movesWith("rss-no-guid", texts)).toBe(false);
    expect(movesWith("rss-capitals", texts)).toBe(true);
  });

  test("PRF2 rss-capitals takes the urgency from the headline's first word", () => {
    const [bare, named] = both(rss("BREAKING Port opens", "Words.", ""), "rss-capitals");
    expect([bare?.urgency, named?.urgency]).toEqual([undefined, 2]);
    expect(named?.headline).toBe("BREAKING Port opens");
  });

  test("PRF2 ATOM2 atom-touched leaves an item where it stands when only `updated` and a word have changed", () => {
    const texts = [
      atom("First words.", "2024-03-05T10:00:00Z"),
      atom("Other words.", "2024-03-05T11:00:00Z"),
    ] as const;
    expect(movesWith("atom-touched", texts)).toBe(false);
  });

  test("PRF2 iptc-7901-zoned reads closing lines in Berlin's time and umlauts in seven bits", () => {
    const text = [
      "\u0001abc062 4 i 211 awp dpa 0123",
      "Hafen/",
      "\u0002M}nchner Hafen |ffnet =",
      "   Riverton (Agentur) - Der Rat der Hafenstadt hat f}r den Plan gestimmt.",
      "\u0003",
      "131137 Nov 13",
    ].join("\r\n");
    const [bare, zoned] = both(text, "iptc-7901-zoned");
    expect(zoned?.headline).toBe("Münchner Hafen öffnet");
    expect(zoned?.language).toBe("de");
    expect([bare?.versionCreated, zoned?.versionCreated]).toEqual([
      "2013-11-13T11:37:00.000Z",
      "2013-11-13T10:37:00.000Z",
    ]);
  });

  test("PRF2 ANPA4 anpa-1312-careful lets no letter make a flash, an alert's neither", () => {
    const text = [
      "\u0016\u0016\u0001w2870\u001fxyzwf-----",
      "f i \u0013\u0011 bc-APNewsAlert 11-13 0016",
      "\u0002^BC-APNewsAlert<",
      "\tRIVERTON (WP) _ The port opens.<",
      "\u0003XX-WF-11-13-13 1509GMT<",
    ].join("\r\n");
    const [bare, careful] = both(text, "anpa-1312-careful");
    expect([bare?.urgency, careful?.urgency]).toEqual([1, 3]);
  });

  test("PRF2 G2N12 newsml-g2-update-everywhere hears nothing in sig:update", () => {
    const [bare, named] = both(g2(2, "sig:update"), "newsml-g2-update-everywhere");
    expect([bare?.change, named?.change]).toEqual(["update", undefined]);
  });

  test("PRF2 G2N12 newsml-g2-correction-later hears an update in sig:correction", () => {
    const [bare, named] = both(g2(2, "sig:correction"), "newsml-g2-correction-later");
    expect([bare?.change, named?.change]).toEqual(["correction", "update"]);
  });

  test("PRF2 nitf-zoneless reads dates without a zone in Oslo's", () => {
    const text =
      '<nitf><head><docdata><doc-id id-string="N.77"/><date.issue norm="2020-09-07T14:45:26"/></docdata></head><body><body.head><hedline><hl1>Port opens</hl1></hedline></body.head></body></nitf>';
    const [bare, zoned] = both(text, "nitf-zoneless");
    expect([bare?.versionCreated, zoned?.versionCreated]).toEqual([
      "2020-09-07T14:45:26.000Z",
      "2020-09-07T12:45:26.000Z",
    ]);
  });

  test("PRF2 zczc-numbered says that the numbers have no gaps", () => {
    expect(resolve("zczc-numbered").sequence).toBe(true);
    expect(
      read("ZCZC A0123\n$Port opens\n\nThe vote was close.\nNNNN\n", resolve("zczc-numbered")),
    ).toMatchObject([{ headline: "Port opens", sequence: { number: 123 } }]);
  });

  test("PRF2 release-signed keeps who can be asked from readers", () => {
    const text =
      "MEDIA RELEASE PR77\n\nPort opens\n\nRIVERTON, March 5, 2024 /Wire/ --\n\nThe port opens.\n\nPress contact\nJane Doe, phone 1";
    const [bare, signed] = both(text, "release-signed");
    expect(bare?.bodyText).toContain("Jane Doe");
    expect(signed?.bodyText).toBe("The port opens.");
    expect(signed?.edNote).toContain("Jane Doe");
  });

  test("PRV1 a profile's own marks hide text in every format, also where a line of them was wrapped", () => {
    const profile = testProfile({
      format: "text",
      privateMarks: [{ starts: "Nur für  Kunden" }, { starts: "Redaktion:", reach: "paragraph" }],
    });
    const text = [
      "Port opens to larger ships",
      "",
      "Redaktion: ask the mayor.",
      "",
      "The vote was close.",
      "nur für kunden: the second name is wrong, and the mayor has not been asked yet",
      "",
      "More of it.",
    ].join("\n");
    const [draft] = read(text, profile);
    expect(draft?.bodyText).toBe("The vote was close.");
    expect(draft?.edNote).toContain("ask the mayor");
    expect(draft?.edNote).toContain("More of it.");
    expect(draft?.notes).toContainEqual({ field: "edNote", rule: expect.stringContaining("private text") });
    const html = `<p>The vote was close.</p><p>NUR FÜR KUNDEN</p><p>A name.</p>`;
    const ninjs = JSON.stringify({ uri: "urn:a:1", version: "1", headline: "H", body_xhtml: html });
    const [other] = read(ninjs, testProfile({ privateMarks: [{ starts: "Nur für Kunden" }] }));
    expect([other?.bodyText, other?.bodyHtml]).toEqual(["The vote was close.", undefined]);
  });

  test("PRV1 KIL2 EMB2 no rule of safety or privacy needs a preset, or any setting at all", () => {
    const bare = testProfile();
    const drafts = FIXTURES.filter(({ format }) => format !== "text").flatMap(({ text }) => read(text, bare));
    const readable = drafts
      .map(({ edNote: _desk, notes: _notes, ...shown }) => JSON.stringify(shown))
      .join("\n");
    for (const secret of [
      "Call the harbour master",
      "Check the name",
      "Pictures follow",
      "With photos",
      "phone 1",
    ])
      expect(readable).not.toContain(secret);
    expect(drafts.filter(({ pubStatus }) => pubStatus === "canceled").length).toBeGreaterThanOrEqual(2);
    expect(drafts.filter(({ actsOn }) => actsOn !== undefined).length).toBeGreaterThanOrEqual(3);
    expect(drafts.filter(({ embargoedUntil }) => embargoedUntil !== undefined).length).toBeGreaterThanOrEqual(
      4,
    );
    expect(drafts.some(({ embargoOpen }) => embargoOpen === "field")).toBe(true);
  });
});
