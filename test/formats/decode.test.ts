import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBytes, dropControls } from "../../workers/text/decode.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

describe("bytes to text", () => {
  test("TXT3 WIRE10 valid UTF-8 is UTF-8 whatever the label says", () => {
    const bytes = utf8('<?xml version="1.0" encoding="iso-8859-1"?><t>Zürich – “so”</t>');
    const decoded = decodeBytes(bytes, "text/xml; charset=windows-1251");
    expect(decoded.charset).toBe("utf-8");
    expect(decoded.text).toContain("Zürich – “so”");
    expect(decoded.notes.join()).toContain("windows-1251");
  });

  test("TXT3 WIRE12 a byte order mark wins and is no text", () => {
    expect(decodeBytes(utf8("\ufeffhé"))).toMatchObject({ text: "hé", charset: "utf-8" });
    const utf16 = Buffer.from("\ufeffhé", "utf16le");
    expect(decodeBytes(utf16)).toMatchObject({ text: "hé", charset: "utf-16le" });
    expect(decodeBytes(Buffer.from(utf16).swap16())).toMatchObject({ text: "hé", charset: "utf-16be" });
  });

  test("TXT3 UTF-16 without a mark is known by its NULs", () => {
    expect(decodeBytes(Buffer.from("<rss>é", "utf16le")).text).toBe("<rss>é");
  });

  test("TXT3 the HTTP label outranks the prolog, the prolog the meta tag", () => {
    const bytes = latin1('<?xml version="1.0" encoding="iso-8859-2"?><t>\xe6</t>');
    expect(decodeBytes(bytes, 'text/xml; charset="windows-1251"').text).toContain("ж");
    expect(decodeBytes(bytes, "text/xml").text).toContain("ć");
    const html = latin1('<html><head><meta charset="windows-1251"></head>\xe6');
    expect(decodeBytes(html, "text/html").text).toContain("ж");
    const old = latin1('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">\xe6');
    expect(decodeBytes(old).text).toContain("ж");
  });

  test("TXT3 WIRE11 bytes without a label that are no UTF-8 are windows-1252", () => {
    expect(decodeBytes(latin1("caf\xe9 \x93so\x94")).text).toBe("café “so”");
  });

  test("TXT3 WIRE11 a label that says UTF-8 on Latin-1 bytes is not believed", () => {
    const decoded = decodeBytes(latin1("caf\xe9"), "text/plain; charset=utf-8");
    expect(decoded.text).toBe("café");
    expect(decoded.notes.join()).toContain("labelled utf-8, but the bytes are not");
  });

  test("TXT3 a few damaged bytes do not turn the rest into rubbish", () => {
    const bytes = Buffer.concat([utf8("äöü ß “so” – Zürich "), latin1("\xff"), utf8(" und weiter")]);
    const decoded = decodeBytes(bytes);
    expect(decoded.text).toContain("Zürich \ufffd und");
    expect(decoded.notes.join()).toContain("damaged");
  });

  test("TXT3 GB2312 WIRE14 and ISO-2022-JP are read by their label", () => {
    expect(decodeBytes(Uint8Array.of(0xd6, 0xd0, 0xb9, 0xfa), "text/plain; charset=gb2312").text).toBe(
      "中国",
    );
    const japanese = Uint8Array.of(0x1b, 0x24, 0x42, 0x46, 0x7c, 0x4b, 0x5c, 0x1b, 0x28, 0x42);
    expect(decodeBytes(japanese, "text/plain; charset=iso-2022-jp").text).toBe("日本");
  });

  test("TXT3 an unknown label is told and passed over", () => {
    const decoded = decodeBytes(latin1("caf\xe9"), "text/plain; charset=klingon");
    expect(decoded.text).toBe("café");
    expect(decoded.notes.join()).toContain("klingon");
  });

  test("TXT3 WIRE13 characters that were lost before are told of", () => {
    expect(decodeBytes(utf8("a\ufffdb")).notes.join()).toContain("U+FFFD");
  });

  test("TXT3 WIRE23 control characters go, tabs and line ends stay", () => {
    expect(dropControls("\u0001a\u0000b\tc\r\nd\u0010\u001f\u007fe")).toBe("ab\tc\r\nde");
  });

  test("TXT3 a vertical tab, a form feed and NEL end a line, so that no two words are glued", () => {
    expect(dropControls("a\vb\fc\u0085d")).toBe("a\nb\nc\nd");
  });

  test("TXT3 no bytes give a lone surrogate or an error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string({ maxLength: 30 }), (bytes, label) => {
        const { text } = decodeBytes(bytes, `text/plain; charset=${label}`);
        expect(text).not.toMatch(/\p{Surrogate}/u);
      }),
    );
  });
});

describe("bytes whose label or shape is odd", () => {
  const CYRILLIC = "Порт открыт для судов\nСовет города принял план во вторник.\n";

  test.each([
    ["cp1251", "windows-1251"],
    ["cp-1251", "windows-1251"],
    ["win1251", "windows-1251"],
    ["Windows_1251", "windows-1251"],
    ["latin-1", "iso-8859-1"],
    ["ANSI", "windows-1252"],
    ["MacRoman", "macintosh"],
    ["koi8r", "koi8-r"],
    ["UTF8MB4", "utf-8"],
  ])("TXT3 the label %s is known as %s", (label, charset) => {
    const bytes = charset === "utf-8" ? Buffer.from("für") : Buffer.from([0x66, 0xe4, 0x72]);
    expect(decodeBytes(bytes, `text/plain; charset=${label}`)).toMatchObject({ charset, notes: [] });
  });

  test("TXT3 UTF-16 without a mark is known by the NULs of its blanks, whatever its script", () => {
    const little = Buffer.from(CYRILLIC, "utf16le");
    expect(decodeBytes(little)).toMatchObject({ charset: "utf-16le", text: CYRILLIC });
    expect(decodeBytes(Buffer.from(little).swap16())).toMatchObject({ charset: "utf-16be", text: CYRILLIC });
  });

  test("TXT3 UTF-16 without a mark and without blanks is believed by its label only if all of it is text", () => {
    const text = "港口開放給大型船隻了";
    const bytes = Buffer.from(text, "utf16le");
    expect(decodeBytes(bytes, "text/plain; charset=utf-16le").text).toBe(text);
    expect(decodeBytes(Buffer.from("f\u00fcr alle", "latin1"), "text/plain; charset=utf-16").text).toBe(
      "für alle",
    );
  });

  test("TXT3 NULs that fill a wire make no UTF-16 of it", () => {
    expect(decodeBytes(Buffer.from(`\0\0\0\0\0\0ZCZC abc\0\0\0\nPort opens${"\0".repeat(40)}`)).charset).toBe(
      "utf-8",
    );
  });

  test("TXT3 quotes of windows-1252 that were made UTF-8 as control characters are quotes again, and a note says so", () => {
    const { text, notes } = decodeBytes(Buffer.from("The mayor\u0092s \u0093good day\u0094 \u0096 in full"));
    expect(text).toBe("The mayor’s “good day” – in full");
    expect(notes.join()).toContain("windows-1252");
    expect(decodeBytes(Buffer.from("a\u0085b\u0080c"))).toMatchObject({ text: "a\u0085b\u0080c", notes: [] });
  });

  test("TXT3 UTF-8 that was made twice is left as it came", () => {
    const twice = Buffer.from(Buffer.from("für").toString("latin1"));
    expect(decodeBytes(twice).text).toBe("fÃ¼r");
  });
});
