import { describe, expect, test } from "vitest";
import { read } from "./profile.ts";
import { draftOf, draftsOf, expectRobust } from "./structured.ts";

const ITEM = {
  uri: "https://api.agency.example/v/content/77?qt=abcdef&et=0a1aza0c0",
  altids: {
    itemid: "0f3b1f7a77",
    etag: "0f3b1f7a77_3a1aza0c0",
    friendlykey: "77",
    recordsequencenumber: 1234567,
  },
  version: 0,
  type: "text",
  versioncreated: "2024-03-05T10:00:00Z",
  firstcreated: "2024-03-05T09:00:00Z",
  pubstatus: "usable",
  editorialpriority: "u",
  headline: "Riverton opens its port",
  headline_extended: "Riverton opens its port after a close vote",
  title: "Riverton port",
  slugline: "BC-Riverton-Port",
  bylines: [{ by: "By ANN LEE", title: "Agency Writer" }],
  language: "en",
  ednote: "With pictures.",
  signals: ["newscontent"],
  subject: [{ name: "Harbours", code: "x" }],
  body_nitf: "<p>RIVERTON (AG) — The council voted.</p><p>Work begins in spring.</p>",
};

const answer = (changes: object = {}) =>
  JSON.stringify({ id: "q1", api_version: "1.1", data: { usage: [], item: { ...ITEM, ...changes } } });

describe("AP-style JSON", () => {
  test("TXT2 APJ1 an answer gives the item's id, version, status, lines, text and markup", () => {
    const draft = draftOf(answer(), { profile: { urgencyMap: { u: 3 } } });
    expect(draft).toMatchObject({
      guid: "0f3b1f7a77",
      sourceVersion: "1234567",
      pubStatus: "usable",
      pubStatusWritten: true,
      urgency: 3,
      headline: "Riverton opens its port",
      slugline: "BC-Riverton-Port",
      byline: "By ANN LEE",
      language: "en",
      subjects: ["Harbours"],
      edNote: "With pictures.",
      firstCreated: "2024-03-05T09:00:00.000Z",
      versionCreated: "2024-03-05T10:00:00.000Z",
      bodyText: "RIVERTON (AG) — The council voted.\n\nWork begins in spring.",
    });
    expect(draft.bodyHtml).toContain("<p>RIVERTON");
    expect(draft.link).toBeUndefined();
  });

  test("REV3 APJ5 the identity is altids.itemid, never an address with a request token", () => {
    expect(draftOf(answer({ uri: `${ITEM.uri}2` })).guid).toBe("0f3b1f7a77");
    const draft = draftOf(answer({ altids: { itemid: "" } }));
    expect(draft.guid).toBeUndefined();
    expect(draft.identity).toMatch(/^2024-03-05 \S+$/u);
  });

  test("REV1 APJ2 the record sequence number is the version; without one the version is, 0 included", () => {
    expect(
      draftOf(answer({ altids: { itemid: "a1", recordSequenceNumber: "98765432109876543210" } }))
        .sourceVersion,
    ).toBe("98765432109876543210");
    expect(draftOf(answer({ altids: { itemid: "a1" } })).sourceVersion).toBe("0");
  });

  test("URG1 APJ3 a number is the urgency; a letter alone says nothing without the profile's map", () => {
    expect(draftOf(answer({ urgency: 4 })).urgency).toBe(4);
    expect(draftOf(answer({ editorialpriority: "f" })).urgency).toBeUndefined();
  });

  test("KIL2 a withdrawal needs only an id", () => {
    const text = '{"data":{"item":{"altids":{"itemid":"a1"},"pubstatus":"canceled"}}}';
    expect(draftOf(text)).toMatchObject({ guid: "a1", pubStatus: "canceled" });
  });

  test("EMB2 an embargo without an end withholds, one with an end is read", () => {
    expect(draftOf(answer({ pubstatus: "embargoed" })).embargoOpen).toBe("field");
    expect(draftOf(answer({ embargoed: "" })).embargoOpen).toBe("field");
    expect(draftOf(answer({ embargoed: "2030-01-01T00:00:00Z" })).embargoedUntil).toBe(
      "2030-01-01T00:00:00.000Z",
    );
  });

  test("TXT2 APJ1 a page of a feed gives a draft for each story; pictures and associations give notes", () => {
    const items = [
      { meta: {}, item: ITEM },
      { item: { ...ITEM, altids: { itemid: "a2" }, type: "picture" } },
      {
        item: {
          ...ITEM,
          altids: { itemid: "a3" },
          headline: "Ferry sinks",
          associations: { 1: { type: "picture" } },
        },
      },
    ];
    const { drafts, notes, format } = read(JSON.stringify({ data: { items } }));
    expect([drafts.map(({ guid }) => guid), format]).toEqual([["0f3b1f7a77", "a3"], "ap-json"]);
    expect(notes.map(({ rule }) => rule)).toEqual([
      "left out: of type picture (a2)",
      "1 left out: media and links of a story",
    ]);
  });

  test("TXT2 APJ1 the bare item, and a list of answers, are known as well", () => {
    expect(read(JSON.stringify(ITEM)).format).toBe("ap-json");
    expect(draftsOf(`[${answer()},${answer({ altids: { itemid: "a2" }, headline: "Two" })}]`)).toHaveLength(
      2,
    );
  });

  test("TXT2 NINJS18 ninjs with alternative ids of its own stays ninjs", () => {
    const { uri: _uri, ...rest } = ITEM;
    expect(read(JSON.stringify({ ...rest, uri: "a:1", altids: { legacy: "5" } })).format).toBe("ninjs");
    expect(read(JSON.stringify({ ...rest, uri: "a:1", altids: [{ role: "x", value: "5" }] })).format).toBe(
      "ninjs",
    );
  });

  test("TXT2 an answer without an item says so", () => {
    const { drafts, notes } = read('{"data":{"items":[]}}', { profile: { format: "ap-json" } });
    expect([drafts, notes]).toEqual([[], [{ field: "data.item", rule: "holds no item" }]]);
  });

  test("TXT3 cut off or damaged anywhere it is read or refused", () => {
    expectRobust(answer());
    expectRobust(answer(), { profile: { format: "ap-json" } });
  });
});
