import { describe, expect, test } from "vitest";
import {
  at,
  attributeOf,
  childrenOf,
  inherited,
  parseXml,
  rootName,
  textOf,
} from "../../workers/text/xml.ts";

describe("XML", () => {
  test("TXT2 mixed content keeps its order, and the source between two tags is at hand", () => {
    const body = at(parseXml("<a><b>one <em>two</em> &eacute; <![CDATA[<x> &amp;]]></b><c/></a>"), "b");
    expect(textOf(body)).toBe("one two é <x> &amp;");
    expect(body?.inner).toBe("one <em>two</em> &eacute; <![CDATA[<x> &amp;]]>");
  });

  test("TXT2 names are known by their namespace, whatever the prefix", () => {
    const root = parseXml('<x:rss xmlns:x="urn:a" xml:lang="az"><x:t/><t xmlns="urn:b"/><dc:t/></x:rss>');
    expect(childrenOf(root, "t").map(({ ns }) => ns)).toEqual([
      "urn:a",
      "urn:b",
      "http://purl.org/dc/elements/1.1/",
    ]);
    expect(inherited(at(root, "t"), "xml:lang")).toBe("az");
    expect(attributeOf(root, "lang")).toBe("az");
  });

  test("TXT2 FIELD7 the DOCTYPE is cut off and nothing it names is loaded", () => {
    const text =
      '<?xml version="1.0"?>\n<!-- c --><!DOCTYPE nitf SYSTEM "http://127.0.0.1/x.dtd" [<!ELEMENT a "]>">]>\n<nitf>x</nitf>';
    expect(textOf(parseXml(text))).toBe("x");
    expect(rootName(text)).toBe("nitf");
  });

  test.each([
    ["cut off", "<rss><channel><title>a"],
    ["cut off", "<rss><chan"],
    ["not closed", "<rss><a></rss>"],
    ["declares itself", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"],
    ["declares itself", "<!DOCTYPE a [<!ENTITY b 'c'>]><a x='&b;'/>"],
    ["declares itself", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ["inside its DOCTYPE", "<!DOCTYPE a ["],
    ["inside its content", "<a><!DOCTYPE b></a>"],
    ["nests deeper", "<a>".repeat(100_000)],
    ["attributes", `<a ${Array.from({ length: 100_000 }, (_, i) => `a${i}="1"`).join(" ")}/>`],
    ["elements", `<a>${"<b/>".repeat(1_000_000)}</a>`],
    ["no element", "just text"],
  ])("TXT2 refused with a sentence: %s", (sentence, text) => {
    expect(() => parseXml(text)).toThrow(sentence);
  });

  test("TXT2 an unused declaration, a bare ampersand and unknown entities do no harm", () => {
    const root = parseXml("<!DOCTYPE a [<!ENTITY b 'c'>]><a>A & B &endash; &amp;b;<![CDATA[&b;]]></a>");
    expect(textOf(root)).toBe("A & B &endash; &b;&b;");
  });
});
