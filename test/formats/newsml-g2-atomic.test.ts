import { expect, test } from "vitest";
import { read } from "./profile.ts";

const item = (guid: string, headline: string, text: string, itemClass = "text") =>
  `<newsItem guid="${guid}" version="1"><itemMeta><itemClass qcode="ninat:${itemClass}"/></itemMeta>` +
  `<contentMeta><headline>${headline}</headline></contentMeta>` +
  `<contentSet><inlineXML><html><body><p>${text}</p></body></html></inlineXML></contentSet></newsItem>`;
const message = (signal: string, ...items: string[]) =>
  `<newsMessage><header><signal qcode="${signal}"/></header><itemSet>${items.join("")}</itemSet></newsMessage>`;
const whole = item("urn:x:1", "Riverton opens its port", "The port is open.");

test.each([
  ["a story that is too long", item("urn:x:2", "Long", "word ".repeat(200_000)), "256 KB"],
  ["a story without words", item("urn:x:2", "", ""), "no headline and no text"],
])(
  "G2A1 an atomic group with %s is refused as a whole, any other message has its other items",
  (_what, broken, why) => {
    expect(read(message("nmsig:update", whole, broken)).drafts).toHaveLength(1);
    for (const signal of ["nmsig:atomic", "http://cv.iptc.org/newscodes/nmsignal/atomic"]) {
      expect(() => read(message(signal, whole, broken))).toThrow(/atomic group/u);
      expect(() => read(message(signal, whole, broken))).toThrow(why);
    }
  },
);

test("G2A1 an atomic group whose items can all be read is read; pictures beside them do no harm", () => {
  const more = [item("urn:x:2", "More", "More text."), item("urn:x:3", "A picture", "", "picture")];
  expect(read(message("nmsig:atomic", whole, ...more)).drafts).toHaveLength(2);
});
