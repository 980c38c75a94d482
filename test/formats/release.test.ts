import { describe, expect, test } from "vitest";
import { NewsLineError } from "../../src/contract/errors.ts";
import type { SourceProfileInput } from "../../src/contract/profile.ts";
import { expectToBearDamage } from "./damage.ts";
import { read } from "./profile.ts";

const RELEASE = [
  "Source: Riverton Port Ltd",
  "",
  "MEDIA RELEASE PR12345",
  "",
  "Port of the harbour town opens",
  "to larger ships",
  "",
  "RIVERTON, Ruritania, Nov. 13, 2013 /WireNewswire-Distributor/ --",
  "",
  "The council of the harbour town voted on Tuesday evening to open the",
  "port to larger ships from the spring, a plan that has been argued over",
  "for years.",
  "",
  "The vote was close.",
  "",
  "SOURCE: Riverton Port Ltd",
  "",
  "Contact: Jane Doe, phone 1",
  "",
].join("\r\n");

function one(text: string, profile: Partial<SourceProfileInput> = {}, contentType?: string) {
  const { format, drafts } = read(text, { profile, ...(contentType !== undefined && { contentType }) });
  expect(format).toBe("release");
  expect(drafts).toHaveLength(1);
  const [draft] = drafts;
  if (draft === undefined) throw new Error("no draft");
  return draft;
}

const STORY = {
  headline: "Port of the harbour town opens to larger ships",
  bodyText:
    "The council of the harbour town voted on Tuesday evening to open the port to larger ships from the spring, a plan that has been argued over for years.\n\nThe vote was close.",
};

describe("press releases", () => {
  test.each([undefined, "text/plain; charset=utf-8", "application/octet-stream"])(
    "TXT2 REL1 source, number, headline, dateline, text and SOURCE are told apart, sent as %s",
    (contentType) => {
      expect(one(RELEASE, { zone: "Australia/Sydney" }, contentType)).toMatchObject({
        ...STORY,
        dateline: "RIVERTON, Ruritania, Nov. 13, 2013 /WireNewswire-Distributor/",
        identity: "release PR12345 2013-11-12",
        versionCreated: "2013-11-12T13:00:00.000Z",
        dateOnly: true,
        edNote: "Contact: Jane Doe, phone 1",
      });
    },
  );

  test.each([
    ["the Source line is missing", (text: string) => text.replace(/^Source.*\r\n\r\n/u, "")],
    ["the number stands on a line of its own", (text: string) => text.replace("RELEASE ", "RELEASE\r\n")],
    ["SOURCE is missing", (text: string) => text.replace(/SOURCE[^]*$/u, "")],
    ["the text ends in SOURCE alone", (text: string) => text.replace(/SOURCE[^]*$/u, "SOURCE\r\n")],
    [
      "the Source line comes second",
      (text: string) => text.replace(/^(Source.*)\r\n\r\n(MEDIA.*)/u, "$2\r\n$1"),
    ],
    ["control bytes stand in it", (text: string) => text.replace("vote was", "vo\u0008te was\u001f")],
  ])("TXT2 REL1 a release is read when %s", (_what, change) => {
    expect(one(change(RELEASE))).toMatchObject(STORY);
  });

  test("TXT2 REL2 a dateline that goes on in the text stays there, and gives the day", () => {
    const draft = one(RELEASE.replace("Distributor/ --\r\n\r\n", "Distributor/ -- "));
    expect(draft.bodyText).toMatch(
      /^RIVERTON, Ruritania, Nov\. 13, 2013 \/WireNewswire-Distributor\/ -- The council/u,
    );
    expect(draft).toMatchObject({ versionCreated: "2013-11-13T00:00:00.000Z", dateOnly: true });
    expect(draft).not.toHaveProperty("dateline");
  });

  test("TXT2 REL3 a second headline above the dateline is text", () => {
    const draft = one(RELEASE.replace("RIVERTON,", "Council votes at last\r\n\r\nRIVERTON,"));
    expect(draft).toMatchObject({
      headline: STORY.headline,
      bodyText: `Council votes at last\n\n${STORY.bodyText}`,
    });
  });

  test("ORD3 REL2 a dateline without a year has no time", () => {
    expect(one(RELEASE.replace(", 2013", ""))).not.toHaveProperty("versionCreated");
  });

  test("EMB2 an embargo above the headline holds it and is no headline", () => {
    const draft = one(RELEASE.replace("Port of", "EMBARGOED until 6 p.m. on Friday\r\n\r\nPort of"));
    expect(draft).toMatchObject({ ...STORY, embargoOpen: "words" });
  });

  test("PRV1 notes to editors go to the editors", () => {
    const draft = one(RELEASE.replace("SOURCE:", "Notes to editors\r\n\r\nAsk Jane, phone 2\r\n\r\nSOURCE:"));
    expect(draft.bodyText).toBe(STORY.bodyText);
    expect(draft.edNote).toContain("phone 2");
  });

  test("KIL2 REL4 a withdrawal acts on the number", () => {
    const draft = one(RELEASE.replace("Port of", "WITHDRAWAL: Port of"));
    expect(draft).toMatchObject({ noticeOnly: true, actsOn: [{ slug: "PR12345", status: "canceled" }] });
    expect(one(RELEASE).storyKey).toBe("PR12345");
  });

  test.each([
    "The press release 12 was read.\n\nMore.",
    "<html><body>MEDIA RELEASE PR12345</body></html>",
    "Port opens\n\nA MEDIA RELEASE says so.",
    "MEDIA RELEASE SHOCKS TOWN\n\nMore.",
  ])("SNF %j is not taken for it", (text) => {
    try {
      expect(read(text).format).not.toBe("release");
    } catch (error) {
      expect(error).toBeInstanceOf(NewsLineError);
    }
  });

  test("TXT3 any damage gives a reading or a refusal", () => {
    expectToBearDamage(RELEASE, { format: "release" });
  });
});
