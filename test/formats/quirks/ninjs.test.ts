import { expect, test } from "vitest";
import { draftOf, rulesOf } from "../structured.ts";

const ITEM = {
  uri: "tag:agency.example,2024:harbour-77",
  type: "text",
  version: "3",
  versioncreated: "2024-03-05T10:00:00Z",
  headline: "Riverton opens its port",
  body_text: "The council voted for the plan.",
};
const ninjs = (changes: object = {}) => draftOf(JSON.stringify({ ...ITEM, ...changes }));

test("REV3 NINJS2 the uri is the same for all versions and is an identity, not a link", () => {
  for (const version of ["3", "4"]) {
    const draft = ninjs({ uri: "https://agency.example/item/77", version });
    expect(draft).toMatchObject({ guid: "https://agency.example/item/77", sourceVersion: version });
    expect(draft.link).toBeUndefined();
  }
});

test.each([
  [2, 2],
  ["2", 2],
  [9, 9],
  [2.0, 2],
  [0, undefined],
  [10, undefined],
  [2.5, undefined],
  [-1, undefined],
])("URG1 NINJS5 no schema limits urgency before 3.x: %j is %j", (urgency, read) => {
  expect(ninjs({ urgency }).urgency).toBe(read);
});

test("TIM1 NINJS8 contentcreated is the content's time and stands for no other", () => {
  const draft = ninjs({ contentcreated: "2024-01-01T00:00:00Z", versioncreated: undefined });
  expect([draft.firstCreated, draft.versionCreated]).toEqual([undefined, undefined]);
});

test("EXP1 NINJS11 expires is read in every version", () => {
  expect(ninjs({ expires: "2024-04-01T00:00:00Z" }).expires).toBe("2024-04-01T00:00:00.000Z");
});

test("TXT2 NINJS12 slugline and note to editors are read under the names of every version", () => {
  expect(ninjs({ slugline: "PORT", ednote: "Check it." })).toMatchObject({
    slugline: "PORT",
    edNote: "Check it.",
  });
  expect(ninjs({ edNote: "Check it." }).edNote).toBe("Check it.");
});

test.each(["byline", "by"])("TXT2 NINJS15 the byline is %s", (name) => {
  expect(ninjs({ [name]: "Ann Lee" }).byline).toBe("Ann Lee");
});

test.each([
  ["representationtype", "incomplete"],
  ["representationtype", "partial"],
  ["representationType", "partial"],
])("TXT2 NINJS17 an item that says by %s %s that it is not whole is read, and told", (name, value) => {
  const draft = ninjs({ [name]: value });
  expect(draft.bodyText).toBe(ITEM.body_text);
  expect(rulesOf(draft, "bodyText")).toContain(value);
});

test.each([
  ["altids", { legacy: "5", slug: "port" }],
  ["altids", [{ role: "legacy", value: "5" }]],
  ["altIds", [{ role: "legacy", value: "5" }]],
])("REV3 NINJS18 other ids in %s, an object or a list, are no id of the story: %j", (name, ids) => {
  expect(ninjs({ [name]: ids })).toMatchObject({ guid: ITEM.uri });
});

test.each([
  ["$standard", { name: "ninjs", version: "1.6" }],
  ["standard", { name: "ninjs", version: "2.3" }],
  ["standard", { name: "ninjs", version: "3.2" }],
  ["standard", { name: "ninjs", version: "4.0", schema: "https://schema.example/unknown" }],
])("TXT2 NINJS20 the marker %s %j may say any version: what stands there is read", (name, marker) => {
  expect(ninjs({ [name]: marker })).toMatchObject({
    guid: ITEM.uri,
    sourceVersion: "3",
    headline: ITEM.headline,
    bodyText: ITEM.body_text,
    versionCreated: "2024-03-05T10:00:00.000Z",
  });
});

test("TXT2 NINJS21 keys that the schema rejects do no harm", () => {
  const more = { priority: 1, source: "AG", extra: { a: [1] }, "x-odd": null, copyrightholder: "AG" };
  expect(ninjs(more)).toEqual(ninjs());
});

test("KIL1 NINJS22 a withdrawal is a higher version with status canceled, a hold one with withheld", () => {
  expect(ninjs({ version: "4", pubstatus: "canceled" })).toMatchObject({
    guid: ITEM.uri,
    sourceVersion: "4",
    pubStatus: "canceled",
    pubStatusWritten: true,
  });
  expect(ninjs({ version: "4", pubstatus: "withheld" }).pubStatus).toBe("withheld");
});

test("TXT2 NINJS24 names of several versions mixed in one document are all read", () => {
  const mixed = {
    uri: ITEM.uri,
    version: "3",
    pubstatus: "usable",
    versionCreated: "2024-03-05T10:00:00Z",
    firstcreated: "2024-03-05T09:00:00Z",
    headlines: [{ value: "Riverton opens its port" }],
    body_html: "<p>The council voted.</p>",
    edNote: "Check it.",
    by: "Ann Lee",
  };
  expect(draftOf(JSON.stringify(mixed))).toMatchObject({
    headline: "Riverton opens its port",
    bodyText: "The council voted.",
    versionCreated: "2024-03-05T10:00:00.000Z",
    firstCreated: "2024-03-05T09:00:00.000Z",
    edNote: "Check it.",
    byline: "Ann Lee",
  });
});

test("REV1 APJ4 signals of an answer that say nothing of a change change nothing", () => {
  const item = { ...ITEM, altids: { itemid: "a1" }, signals: ["newscontent", "singlesource"] };
  expect(draftOf(JSON.stringify({ data: { item } })).change).toBeUndefined();
});

test("REV3 NINJS27 an item of version 1.0 without any id is known by its text and day where the profile names the format", () => {
  const { uri: _uri, ...bare } = ITEM;
  const draft = draftOf(JSON.stringify(bare), { profile: { format: "ninjs" } });
  expect(draft.guid).toBeUndefined();
  expect(draft.identity).toMatch(/^2024-03-05 \S+$/u);
  expect(draft).toMatchObject({ headline: ITEM.headline, bodyText: ITEM.body_text });
});
