import { expect, test } from "vitest";
import { draftOf } from "../structured.ts";

const nitf = ({
  metas = "",
  docdata = "",
  docId = "AG.77",
  duKey = '<du-key key="port" version="3"/>',
} = {}) =>
  `<nitf><head>${metas}<docdata management-status="usable"><doc-id regsrc="agency.example" id-string="${docId}"/>${duKey}` +
  `<date.issue norm="20240305T100000Z"/>${docdata}</docdata></head><body><body.head><hedline><hl1>Riverton opens its port</hl1></hedline>` +
  `<byline>By Ann Lee</byline><dateline>RIVERTON, March 5</dateline></body.head><body.content><p>The port is open.</p></body.content></body></nitf>`;

test.each([
  ["AG.77-1", "AG.77-2"],
  ["AG.77 1st", "AG.77 2nd"],
])(
  "REV3 NITF4 an edition number glued to the id makes another id, which no story key joins: %s, %s",
  (one, two) => {
    const [first, second] = [one, two].map((docId) => draftOf(nitf({ docId })));
    expect([first?.guid, second?.guid]).toEqual([one, two]);
    expect([first?.guidBase, second?.guidBase]).toEqual([undefined, undefined]);
    expect(second?.continues).toBeUndefined();
  },
);

test("PRV1 NITF13 ed-msg is a note to editors and stands in no public field", () => {
  const draft = draftOf(nitf({ docdata: '<ed-msg info="Call the harbour master, 555."/>' }));
  expect(draft.edNote).toBe("Call the harbour master, 555.");
  expect(JSON.stringify({ ...draft, edNote: "", notes: [] })).not.toContain("555");
});

test("TXT1 NITF15 headline, byline and dateline are their elements and stand in no text", () => {
  expect(draftOf(nitf())).toMatchObject({
    headline: "Riverton opens its port",
    byline: "By Ann Lee",
    dateline: "RIVERTON, March 5",
    bodyText: "The port is open.",
  });
});

test("REV1 NITF18 a sequence number or another meta of the provider is no version and no id", () => {
  const metas = '<meta name="anpa-sequence" content="9901"/><meta name="version" content="12"/>';
  expect(draftOf(nitf({ metas }))).toMatchObject({ guid: "AG.77", sourceVersion: "3" });
  expect(draftOf(nitf({ metas, duKey: "" })).sourceVersion).toBeUndefined();
});

test("REV1 NITF20 the generation and the part of a story key are no version", () => {
  const key = '<du-key key="port" version="3" generation="9" part="2"/>';
  expect(draftOf(nitf({ duKey: key })).sourceVersion).toBe("3");
  expect(draftOf(nitf({ duKey: key.replace(' version="3"', "") })).sourceVersion).toBeUndefined();
});
