import { describe, expect, test } from "vitest";
import type { Draft, Note } from "../src/contract/draft.ts";
import { FORMATS } from "../src/contract/profile.ts";
import { explainDocument } from "../workers/explain.ts";
import { readDocument } from "../workers/read.ts";
import { FIXTURES, type Fixture } from "./formats/fixtures.ts";
import { testProfile } from "./formats/profile.ts";

const RECEIVED = "2024-03-05T12:00:00.000Z";
/** How versions and notices belong together; nothing that was read from one place. */
const STRUCTURE = new Set(["notes", "page", "noticeOnly", "pubStatusWritten", "sequence", "dateOnly"]);
/** Told under the name of the field that it stands for. */
const TOLD_AS: Readonly<Record<string, string>> = { embargoOpen: "embargoedUntil" };

function toUntold(fields: object, notes: readonly Note[]): string[] {
  const told = new Set(notes.map(({ field }) => field));
  return Object.entries(fields).flatMap(([field, value]) =>
    value === undefined || told.has(TOLD_AS[field] ?? field) ? [] : [field],
  );
}

function readFixture({ text, profile }: Fixture) {
  return readDocument(Buffer.from(text), { profile: testProfile(profile), receivedAt: RECEIVED });
}

/** A status that nobody wrote is usable, whatever the format. */
function toFields({ pubStatus, ...draft }: Draft): object {
  const kept = Object.fromEntries(Object.entries(draft).filter(([field]) => !STRUCTURE.has(field)));
  return draft.pubStatusWritten ? { ...kept, pubStatus } : kept;
}

describe("every field that is filled has its rule", () => {
  test("XPL1 there is a fixture of every format", () => {
    const formats = FORMATS.filter((format) => format !== "auto");
    expect(new Set(FIXTURES.map(({ format }) => format))).toEqual(new Set(formats));
  });

  test.each(FIXTURES.map((fixture) => [fixture.name, fixture] as const))(
    "XPL1 %s: no field is filled without a note that says where it stood",
    (_name, fixture) => {
      const reading = readFixture(fixture);
      expect(reading.format).toBe(fixture.format);
      expect(reading.drafts.length).toBeGreaterThan(0);
      for (const draft of reading.drafts) expect(toUntold(toFields(draft), draft.notes)).toEqual([]);
    },
  );

  test.each(FIXTURES.map((fixture) => [fixture.name, fixture] as const))(
    "XPL1 %s: of the item as it would be stored every field has its rule, what the store gives included",
    (_name, { text, profile }) => {
      const told = explainDocument({
        bytes: Buffer.from(text),
        profile: testProfile(profile),
        source: "agency",
        edition: "test",
        nowMs: Date.parse(RECEIVED),
      });
      expect(told.drafts.length).toBeGreaterThan(0);
      for (const { shown, notes } of told.drafts) expect(toUntold(shown ?? {}, notes)).toEqual([]);
    },
  );

  test("XPL1 between them the fixtures fill every field that a reader may fill", () => {
    const filled = new Set(
      FIXTURES.flatMap(readFixture).flatMap(({ drafts }) => drafts.flatMap(Object.keys)),
    );
    const readers =
      "guid guidBase identity sourceVersion storyKey continues supersedes actsOn pubStatus change"
        .concat(
          " headline lead bodyText bodyHtml summary byline dateline slugline subjects subjectCodes language",
        )
        .concat(
          " link urgency correctionNote edNote signOff firstCreated versionCreated embargoedUntil expires",
        )
        .split(" ");
    expect(readers.filter((field) => !filled.has(field))).toEqual([]);
  });
});
