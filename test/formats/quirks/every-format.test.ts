import { describe, expect, test } from "vitest";
import { read } from "../profile.ts";
import { draftOf, rulesOf } from "../structured.ts";

const g2 = (inner: string, versionCreated = "2016-07-28T10:34:24") =>
  `<newsItem guid="urn:x:1" version="1"><itemMeta><versionCreated>${versionCreated}</versionCreated>${inner}</itemMeta>` +
  `<contentMeta><headline>Port opens</headline></contentMeta><contentSet><inlineXML><html><body><p>The port is open.</p></body></html></inlineXML></contentSet></newsItem>`;
const rss = (title: string, description: string) =>
  `<rss version="2.0"><channel><item><guid>1</guid><title>${title}</title><description>${description}</description></item></channel></rss>`;
const latin1 = (text: string) => Buffer.from(text, "latin1");

describe("withdrawals", () => {
  test.each(["canceled", "cancelled", "Canceled", "CANCELLED"])(
    "KIL1 WIRE1 a new version with status %s withdraws",
    (status) => {
      expect(draftOf(g2(`<pubStatus qcode="stat:${status}"/>`)).pubStatus).toBe("canceled");
      expect(draftOf(`{"uri":"a:1","version":"2","pubstatus":"${status}"}`).pubStatus).toBe("canceled");
    },
  );
});

describe("embargoes", () => {
  test("EMB1 WIRE5 status usable with an embargo ahead: the embargo wins", () => {
    const draft = draftOf(g2('<pubStatus qcode="stat:usable"/><embargoed>2094-01-01T10:00:00Z</embargoed>'));
    expect(draft).toMatchObject({ pubStatus: "usable", embargoedUntil: "2094-01-01T10:00:00.000Z" });
  });

  test("EMB2 WIRE6 an empty embargo withholds until an editor releases it", () => {
    expect(draftOf(g2("<embargoed/>")).embargoOpen).toBe("field");
    expect(draftOf('{"uri":"a:1","headline":"T","embargoed":""}').embargoOpen).toBe("field");
  });

  test.each(["YYYYMMDD000000-HHMM", "YYYY-MM-DDTHH:MM:SS", "CCYYMMDDTHHMMSS+HHMM"])(
    "EMB2 WIRE7 the template %s that nobody filled in holds nothing and harms nothing",
    (template) => {
      const draft = draftOf(g2(`<embargoed>${template}</embargoed>`));
      expect([draft.embargoedUntil, draft.embargoOpen]).toEqual([undefined, undefined]);
      expect(rulesOf(draft, "embargoedUntil")).toContain("template");
      expect(draft.bodyText).toBe("The port is open.");
    },
  );
});

describe("bytes", () => {
  const document = (label: string, text: string) =>
    `<?xml version="1.0" encoding="${label}"?>${rss(text, "Text.")}`;
  const headline = (bytes: Uint8Array) => draftOf(bytes).headline;

  test("TXT3 WIRE10 iso-8859-1 on bytes that are UTF-8 is UTF-8", () => {
    expect(headline(Buffer.from(document("iso-8859-1", "Zürich – “so”")))).toBe("Zürich – “so”");
  });

  test("TXT3 WIRE11 Latin-1 without a label, or labelled utf-8, is Latin-1", () => {
    expect(headline(latin1(rss("Café in Zürich", "Text.")))).toBe("Café in Zürich");
    expect(headline(latin1(document("utf-8", "Café in Zürich")))).toBe("Café in Zürich");
  });

  test("TXT3 WIRE12 a byte order mark, of UTF-8 or UTF-16, wins and is no text", () => {
    const text = `\ufeff${document("iso-8859-1", "Żółw")}`;
    expect(headline(Buffer.from(text))).toBe("Żółw");
    expect(headline(Buffer.from(text, "utf16le"))).toBe("Żółw");
    expect(headline(Buffer.from(text, "utf16le").swap16())).toBe("Żółw");
  });

  test("TXT3 WIRE13 bytes that already are U+FFFD stay and are told", () => {
    const { drafts, notes } = read(rss("Caf\ufffd opens", "Text."));
    expect(drafts[0]?.headline).toBe("Caf\ufffd opens");
    expect(notes.map(({ rule }) => rule).join()).toContain("U+FFFD");
  });

  test.each([
    ["windows-1251", [0xcf, 0xee, 0xf0, 0xf2], "Порт"],
    ["gb2312", [0xd6, 0xd0, 0xb9, 0xfa], "中国"],
    ["iso-8859-2", [0xb3, 0xf3, 0x64, 0xbc], "łódź"],
  ])("TXT3 WIRE14 %s is read by its label", (label, bytes, word) => {
    const [head, tail] = document(label, "|").split("|").map(latin1);
    expect(headline(Buffer.concat([head ?? latin1(""), Buffer.from(bytes), tail ?? latin1("")]))).toBe(word);
  });
});

describe("times without a zone", () => {
  test.each([
    ["Helsinki", "Europe/Helsinki", "07:34:24"],
    ["Copenhagen", "Europe/Copenhagen", "08:34:24"],
    ["Oslo", "Europe/Oslo", "08:34:24"],
    ["Brussels", "Europe/Brussels", "08:34:24"],
    ["Rome", "Europe/Rome", "08:34:24"],
    ["Sydney", "Australia/Sydney", "00:34:24"],
    ["Tokyo", "Asia/Tokyo", "01:34:24"],
    ["London", "Europe/London", "09:34:24"],
  ])("TIM1 WIRE20 in %s the source's IANA zone decides", (_city, zone, clock) => {
    expect(draftOf(g2(""), { profile: { zone } }).versionCreated).toBe(`2016-07-28T${clock}.000Z`);
  });

  test("TIM1 WIRE20 in Auckland it is still the day before", () => {
    expect(draftOf(g2(""), { profile: { zone: "Pacific/Auckland" } }).versionCreated).toBe(
      "2016-07-27T22:34:24.000Z",
    );
  });
});

describe("marks in the text", () => {
  test.each(["\u0008", "\u0010", "\u001e", "\u001f", "\u007f"])(
    "TXT3 WIRE23 the control byte %j stands in no text",
    (sign) => {
      const draft = draftOf(
        JSON.stringify({
          uri: "a:1",
          version: "1",
          type: "text",
          headline: `Po${sign}rt`,
          body_text: `The po${sign}rt.`,
        }),
      );
      expect(`${draft.headline}${draft.bodyText}`).not.toMatch(/[^\P{Cc}\n]/u);
      expect(draft.bodyText).toMatch(/^The po ?rt\.$/u);
    },
  );

  test.each([
    ["Port opens =", "headline", "Port opens"],
    ["Text of it.&lt;p&gt;ends&lt;/p&gt;", "bodyText", "Text of it."],
    ["Text of it.&lt;p&gt;hh/ph/ts/hd&lt;/p&gt;", "bodyText", "Text of it."],
    ["&lt;style&gt;p { color: red }&lt;/style&gt;Text of it.", "bodyText", "Text of it."],
    ["&amp;lt;P&amp;gt;Text of it.&amp;lt;/P&amp;gt;", "bodyText", "Text of it."],
    ["One &endash; two.", "bodyText", "One &endash; two."],
  ] as const)(
    "TXT1 TXT2 WIRE22 what typesetting left in %j is cut or stays as text",
    (written, field, shown) => {
      const text = field === "headline" ? rss(written, "Text.") : rss("Title", written);
      expect(draftOf(text)[field]).toBe(shown);
    },
  );
});

describe("control bytes in JSON", () => {
  test("TXT3 WIRE24 line ends, tabs and control bytes inside a string of JSON do not make it unreadable", () => {
    const body = "One.\n\nTwo.\u0008\u001f";
    const text = `{\n\t"uri": "a:1", "version": 90071992547409931,\r\n "headline": "Port\topens", "body_text": "${body}"}`;
    expect(draftOf(text)).toMatchObject({
      headline: "Port opens",
      bodyText: "One.\n\nTwo.",
      sourceVersion: "90071992547409931",
    });
    const feed = `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"A \\" B","content_text":"One.\n\nTwo."}]}`;
    expect(draftOf(feed)).toMatchObject({ headline: 'A " B', bodyText: "One.\n\nTwo." });
    expect(() => draftOf(feed.slice(0, -20))).toThrow("cut off");
  });
});

describe("fields of every format", () => {
  test.each([
    ["usable", "usable"],
    ["USABLE", "usable"],
    ["Cancelled", "canceled"],
    ["Withheld", "withheld"],
    ["never-heard-of", "withheld"],
  ])(
    "KIL1 FIELD3 the status word %s is %s: case does not count, an unknown word is withheld",
    (word, status) => {
      expect(draftOf(g2(`<pubStatus qcode="stat:${word}"/>`)).pubStatus).toBe(status);
      expect(draftOf(`{"uri":"a:1","headline":"T","pubstatus":"${word}"}`).pubStatus).toBe(status);
      const nitf = `<nitf><head><docdata management-status="${word}"><doc-id id-string="1"/></docdata></head><body><body.head><hedline><hl1>T</hl1></hedline></body.head></body></nitf>`;
      expect(draftOf(nitf).pubStatus).toBe(status);
    },
  );

  test("PRV1 FIELD1 edNote joins all notes to editors, of every role", () => {
    const notes =
      "<edNote role='x:a'>First.</edNote><edNote>Second.</edNote><edNote role='x:b'>Third.</edNote>";
    expect(draftOf(g2(notes)).edNote).toBe("First.\n\nSecond.\n\nThird.");
  });

  test("TXT1 FIELD2 a language is never guessed", () => {
    expect(draftOf(rss("Der Hafen ist offen", "Er war lange zu.")).language).toBeUndefined();
  });

  test("TXT2 FIELD6 a headline alone is a story, in every format that has one", () => {
    expect(draftOf(rss("Port opens", "")).headline).toBe("Port opens");
    expect(
      draftOf('{"uri":"a:1","versioncreated":"2024-03-05T10:00:00Z","headline":"Port opens"}').headline,
    ).toBe("Port opens");
    expect(draftOf(g2("").replace(/<contentSet>.*<\/contentSet>/u, "")).headline).toBe("Port opens");
  });

  test("TXT2 FIELD8 a document that uses an entity which it declares itself is refused", () => {
    const text = `<!DOCTYPE rss [<!ENTITY x "y">]>${rss("&x;", "Text.")}`;
    expect(() => read(text)).toThrow("declares itself");
    expect(draftOf(`<!DOCTYPE rss [<!ENTITY x "y">]>${rss("Port", "Text.")}`).headline).toBe("Port");
  });

  test("TXT2 FIELD9 HTML's named entities are read in any XML, an unknown one stays as text", () => {
    expect(draftOf(rss("Caf&eacute; &ndash; &nosuch;", "Text.")).headline).toBe("Café – &nosuch;");
    expect(draftOf(g2("").replace("Port opens", "Caf&eacute; &nosuch;")).headline).toBe("Café &nosuch;");
  });

  test.each([
    `<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">${rss("Port", "Text.")}`,
    `<!DOCTYPE newsItem PUBLIC "-//X//Y" "file:///etc/passwd" [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">]>${g2("")}`,
  ])("TXT2 FIELD7 a DOCTYPE is cut off before reading, what it names is never loaded: %.30s", (text) => {
    expect(draftOf(text).headline).toMatch(/^Port/u);
  });
});
