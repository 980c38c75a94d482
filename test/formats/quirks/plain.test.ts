import { expect, test } from "vitest";
import { read } from "../profile.ts";
import { draftOf, draftsOf } from "../structured.ts";

const BODY = [
  "The council of the harbour town voted on Tuesday evening to open the",
  "port to larger ships from the spring.",
];
const TEXT = BODY.join(" ");
const zczc = (...head: string[]) => ["ZCZC", ...head, "", ...BODY, "NNNN", ""].join("\r\n");

test.each([
  ["#Riverton Port", { slugline: "Riverton Port", storyKey: "Riverton Port" }],
  ["$Port opens", { headline: "Port opens" }],
  [":(RIVERTON)", { dateline: "RIVERTON" }],
  [":1ST LEAD", { change: "update", continues: true }],
  ["@Riverton", { dateline: "Riverton" }],
  ["*Shipping", { subjects: ["Shipping"] }],
])("TXT1 ZCZC1 the header line %j is known by its first sign", (line, field) => {
  const others = ["#Port", "$Riverton"].filter((other) => other[0] !== line[0]);
  expect(draftOf(zczc(...others, line))).toMatchObject({ bodyText: TEXT, ...field });
});

test.each(["%d", "&A", "~N"])(
  "TXT2 ZCZC2 category, user and service (%j) are in no field and no text",
  (line) => {
    const draft = draftOf(zczc("#Port", "$Port opens", line));
    expect(draft).toMatchObject({ headline: "Port opens", bodyText: TEXT });
    expect(draft.subjects).toBeUndefined();
  },
);

test("TXT2 ZCZC3 empty header lines are ignored", () => {
  const draft = draftOf(zczc("#", "$Port opens", ":", "@", "%", "*", "&", "~"));
  expect(draft).toMatchObject({ headline: "Port opens", bodyText: TEXT });
  for (const field of ["slugline", "dateline", "subjects", "byline"]) expect(draft).not.toHaveProperty(field);
});

const release = (...lines: string[]) => [...lines, ...BODY, "", "SOURCE: Riverton Port Ltd", ""].join("\r\n");

test("TXT2 REL1 a release's source line, number, wrapped headline, dateline and SOURCE are told apart", () => {
  const text = release(
    "Source: Riverton Port Ltd",
    "",
    "MEDIA RELEASE PR12345",
    "",
    "Port of the harbour town",
    "opens to larger ships",
    "",
    "RIVERTON, Ruritania, Nov. 13, 2013 /WireNewswire-Distributor/",
    "",
  );
  expect(draftOf(text)).toMatchObject({
    headline: "Port of the harbour town opens to larger ships",
    dateline: "RIVERTON, Ruritania, Nov. 13, 2013 /WireNewswire-Distributor/",
    storyKey: "PR12345",
    bodyText: TEXT,
    dateOnly: true,
    versionCreated: "2013-11-13T00:00:00.000Z",
  });
});

test("TXT1 LIST1 a ticker file of twelve headlines is twelve items, the last closed by the sign too", () => {
  const headlines = Array.from({ length: 12 }, (_, i) => `Headline number ${i + 1} of the evening`);
  const drafts = draftsOf(`${headlines.join(" ** ")} ** `);
  expect(drafts.map(({ headline }) => headline)).toEqual(headlines);
  expect(new Set(drafts.map(({ identity }) => identity)).size).toBe(12);
});

test("TXT2 TEXT1 a text is plain text only where profile or media type say so", () => {
  const text = ["Port opens", "", ...BODY].join("\n");
  expect(read(text, { contentType: "text/plain" }).format).toBe("text");
  expect(draftOf(text, { profile: { format: "text" } })).toMatchObject({
    headline: "Port opens",
    bodyText: TEXT,
  });
  expect(() => read(text)).toThrow();
});
