import { expect, test } from "vitest";
import { draftOf } from "../structured.ts";

const item = (meta = "", content = "<headline>Riverton opens its port</headline>", attributes = "") =>
  `<newsItem guid="urn:x:77" version="3" ${attributes}><itemMeta><itemClass qcode="ninat:text"/>` +
  `<versionCreated>2024-03-05T10:00:00Z</versionCreated><pubStatus qcode="stat:usable"/>${meta}</itemMeta>` +
  `<contentMeta>${content}</contentMeta><contentSet><inlineXML><html><body><p>The port is open.</p></body></html></inlineXML></contentSet></newsItem>`;
const message = (header: string, ...items: string[]) =>
  `<newsMessage><header>${header}</header><itemSet>${items.join("")}</itemSet></newsMessage>`;

test.each(["urn:newsml:x:1", "http://agency.example/a?b=1&amp;c=2", "ABC 12/3", "7", "äöü"])(
  "REV3 G2N1 a guid is any string: %j",
  (guid) => {
    expect(draftOf(item().replace("urn:x:77", guid)).guid).toBe(guid.replace("&amp;", "&"));
  },
);

test("TIM1 G2N7 contentCreated and contentModified may be absent and stand behind the item's own times", () => {
  const content =
    "<headline>P</headline><contentCreated>2024-01-01T00:00:00Z</contentCreated><contentModified>2024-01-02T00:00:00Z</contentModified>";
  expect(draftOf(item("", content)).versionCreated).toBe("2024-03-05T10:00:00.000Z");
  expect(draftOf(item()).firstCreated).toBeUndefined();
});

test("EXP1 G2N9 of several expires the first that is not empty counts", () => {
  const expires = "<expires/><expires>2024-04-01T00:00:00Z</expires><expires>2025-04-01T00:00:00Z</expires>";
  expect(draftOf(item(expires)).expires).toBe("2024-04-01T00:00:00.000Z");
});

test("REV1 G2N11 of several signals, with severities or not, the one that tells a change counts", () => {
  const signals =
    '<signal qcode="sig:cwarn" severity="high"/><signal qcode="x:own"/><signal uri="http://cv.iptc.org/newscodes/signal/correction" severityuri="http://x.example/1"/>';
  expect(draftOf(item(signals)).change).toBe("correction");
});

test("TIM1 G2N14 the time of sending in the message's header is no time of the item", () => {
  const bare = item().replace(/<versionCreated>.*<\/versionCreated>/u, "");
  const draft = draftOf(message("<sent>2024-06-01T00:00:00Z</sent>", bare));
  expect([draft.firstCreated, draft.versionCreated]).toEqual([undefined, undefined]);
  expect(draftOf(message("<sent>2024-06-01T00:00:00Z</sent>", item())).versionCreated).toBe(
    "2024-03-05T10:00:00.000Z",
  );
});

test("TXT2 G2N16 of several sluglines, datelines and bylines none is lost and none is put in the text", () => {
  const content =
    "<slugline>PORT</slugline><slugline role='x:alt'>HARBOUR</slugline><headline>Riverton opens its port</headline>" +
    "<by>Ann Lee</by><by>Bo Ek</by><dateline>RIVERTON</dateline><dateline>EASTON</dateline>";
  const draft = draftOf(item("", content));
  expect(draft).toMatchObject({ slugline: "PORT", dateline: "RIVERTON", bodyText: "The port is open." });
  expect(draft.byline).toContain("Ann Lee");
});

test("REV3 G2N20 a running story that items share by instanceOf, memberOf and deliverableOf joins none of them", () => {
  const shared =
    '<instanceOf qcode="x:news-flow"/><memberOf uri="urn:x:set"/><deliverableOf residref="urn:x:assignment"/>';
  const draft = draftOf(item(shared));
  expect(draft.guid).toBe("urn:x:77");
  for (const field of ["supersedes", "storyKey", "continues", "actsOn"])
    expect(draft).not.toHaveProperty(field);
});

test.each(["stat:canceled", "pubstat:canceled", "x:CANCELED", "canceled"])(
  "KIL1 G2N27 a status is known by its word whatever the alias of its catalogue: %s",
  (qcode) => {
    expect(draftOf(item().replace("stat:usable", qcode)).pubStatus).toBe("canceled");
  },
);
