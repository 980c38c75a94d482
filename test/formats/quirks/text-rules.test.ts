import { describe, expect, test } from "vitest";
import { HABIT_NAMES } from "../../../src/contract/profile.ts";
import { FIXTURES } from "../fixtures.ts";
import { read } from "../profile.ts";
import { draftOf, rulesOf } from "../structured.ts";

/** Every text of a draft that readers may see. */
const PUBLIC = [
  "headline",
  "summary",
  "lead",
  "bodyText",
  "bodyHtml",
  "byline",
  "dateline",
  "slugline",
  "correctionNote",
  "link",
  "language",
] as const;

const html = (body: string) =>
  draftOf(
    JSON.stringify({ uri: "a:1", version: "1", type: "text", headline: "Port opens", body_xhtml: body }),
  );
const plain = (...paragraphs: string[]) =>
  draftOf(["Port opens", "", ...paragraphs.flatMap((one) => [one, ""])].join("\n"), {
    profile: { format: "text" },
  });

describe("the headline", () => {
  test("TXT1 a headline is the source's as text, its white space folded", () => {
    const item = { uri: "a:1", version: "1", type: "text", headline: " <b>Port</b>\n  opens &amp;\tcloses " };
    expect(draftOf(JSON.stringify(item)).headline).toBe("Port opens & closes");
  });

  test("TXT1 change words stay in the headline and set change; on agency pages a final mark is cut", () => {
    const rss = "<rss><channel><item><title>Port opens (UPDATED)</title></item></channel></rss>";
    expect(draftOf(rss)).toMatchObject({ headline: "Port opens (UPDATED)", change: "update" });
    const page = ["Port opens (UPDATED)", "2016 September 28 (Wednesday) 10:34:24", "The port is open."];
    expect(draftOf(page.join("\n\n"), { profile: { format: "agency-page" } }).headline).toBe("Port opens");
  });

  test("TXT1 of several headlines role main wins, then the item's language, then the first", () => {
    const of = (headlines: object[]) =>
      draftOf(JSON.stringify({ uri: "a:1", version: "1", type: "text", language: "az", headlines })).headline;
    const first = { value: "First", language: "en" };
    const own = { value: "Own", language: "az" };
    expect(of([first, own, { value: "Main", role: "main" }])).toBe("Main");
    expect(of([first, own])).toBe("Own");
    expect(of([first, { value: "Second", language: "de" }])).toBe("First");
  });

  test("TXT1 without a headline it is the title, else the first sentence without its dateline, and a note says so", () => {
    const item = {
      uri: "a:1",
      version: "1",
      type: "text",
      body_text: "RIVERTON (AG) – The port is open. More.",
    };
    expect(draftOf(JSON.stringify({ ...item, title: "The title" })).headline).toBe("The title");
    const draft = draftOf(JSON.stringify(item));
    expect([draft.headline, draft.bodyText]).toEqual(["The port is open.", item.body_text]);
    expect(rulesOf(draft, "headline")).toContain("first sentence");
  });
});

describe("the text", () => {
  test("TXT2 the text goes from the first word to the last, paragraphs divided by a blank line", () => {
    const paragraphs = Array.from({ length: 40 }, (_, i) => `Paragraph ${i} of the story.`);
    expect(html(paragraphs.map((one) => `<p>${one}</p>`).join("")).bodyText).toBe(paragraphs.join("\n\n"));
    expect(plain(...paragraphs).bodyText).toBe(paragraphs.join("\n\n"));
  });

  test("TXT2 a lead in an element of its own is part of the text, once", () => {
    const item = {
      uri: "a:1",
      type: "text",
      headlines: [{ value: "Port opens" }],
      bodies: [
        { role: "main", contentType: "text/html", value: "<p>Work begins.</p>" },
        { role: "lead", contentType: "text/plain", value: "The council voted." },
      ],
    };
    expect(draftOf(JSON.stringify(item)).bodyText).toBe("The council voted.\n\nWork begins.");
  });

  test("TXT2 datelines, bylines and bracketed advisories that are written in the text stay", () => {
    const written = [
      "RIVERTON, March 5 (AG) – The port is open.",
      "By Ann Lee",
      "(Adds quotes in paragraph 3)",
    ];
    expect(html(written.map((one) => `<p>${one}</p>`).join("")).bodyText).toBe(written.join("\n\n"));
  });

  test("TXT2 separate dateline, byline and headline elements are not put in front of the text", () => {
    const item = {
      uri: "a:1",
      version: "1",
      type: "text",
      headline: "Port opens",
      dateline: "RIVERTON",
      byline: "Ann Lee",
      body_xhtml: "<p>The port is open.</p>",
    };
    expect(draftOf(JSON.stringify(item)).bodyText).toBe("The port is open.");
  });

  test.each(["header", "nav", "footer", "title", "style", "script", "figcaption", "figure"])(
    "TXT2 what stands in %s is cut, text and markup alike",
    (tag) => {
      const draft = html(`<p>One.</p><${tag}>cut me</${tag}><p>Two.</p>`);
      expect(draft.bodyText).toBe("One.\n\nTwo.");
      expect(draft.bodyHtml).not.toContain("cut me");
    },
  );

  test("TXT2 a first block equal to the headline is cut, but for case, quotes and dashes; a later one stays", () => {
    expect(html("<h1>PORT  opens</h1><p>One.</p><p>Port opens</p>").bodyText).toBe("One.\n\nPort opens");
  });

  test("TXT2 end marks and sign-offs are cut, the sign-off is kept as written", () => {
    const draft = plain("The port is open. -02D-", "ENDS");
    expect([draft.bodyText, draft.signOff]).toEqual(["The port is open.", "-02D-"]);
  });

  test("TXT2 escaped tags are unescaped once more and dropped, what the author escaped stays", () => {
    expect(html("&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;1 &amp;lt; 2&lt;/p&gt;").bodyText).toBe("One.\n\n1 < 2");
  });

  test("TXT2 hard-wrapped lines are joined", () => {
    const lines = [
      "The council of the harbour town voted on Tuesday evening to open the",
      "port to larger ships from the spring, a plan that was argued over for",
      "years.",
    ];
    expect(plain(lines.join("\n")).bodyText).toBe(lines.join(" "));
  });
});

describe("every field", () => {
  const NASTY = "a\u0000b\u0008c\u202ed\u2066e\u0085f<script>x()</script><b onclick=x()>g</b>";

  const json = (text: string) =>
    JSON.stringify({
      uri: "a:1",
      version: "1",
      type: "text",
      headline: text,
      slugline: text,
      byline: text,
      dateline: text,
      description_text: text,
      ednote: text,
      language: text,
      url: `javascript:${text}`,
      subject: [{ name: text }],
      body_xhtml: `<p>${text}</p><p><a href="javascript:x()">y</a></p>`,
    });

  test("TXT3 no HTML, control character or bidi override stands in any text field", () => {
    const draft = draftOf(json(NASTY));
    for (const field of [...PUBLIC, "edNote"] as const) {
      const text = draft[field] ?? "";
      expect([field, text]).toEqual([field, text.replace(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/gu, "")]);
      expect([field, text]).toEqual([field, text.replace(/script|onclick|javascript/giu, "")]);
      if (field !== "bodyHtml") expect([field, text]).toEqual([field, text.replace(/<\/?\w+>/gu, "")]);
    }
    expect(draft.subjects?.join()).not.toMatch(/[^\P{Cc}\n]|script|<b/u);
  });

  test("TXT3 in every format no field of a draft has a control character or a bidi override", () => {
    for (const { text, format, profile = {} } of FIXTURES) {
      const nasty = text
        .replaceAll("Riverton", "River\u202e\u2066\u0085\u0008\u001f\u007fton")
        .replaceAll("port", "po\u200f\u202art\u0090");
      const { drafts } = read(nasty, { profile });
      expect([format, drafts.length > 0]).toEqual([format, true]);
      const texts = drafts.flatMap((draft) => [
        ...([...PUBLIC, "edNote", "signOff"] as const).map((field) => draft[field]),
        draft.subjects,
      ]);
      const strings = JSON.stringify(texts);
      expect([format, /\\u00|[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u.exec(strings)?.[0]]).toEqual([
        format,
        undefined,
      ]);
    }
  });

  test("TXT3 a correction's note for readers is text, whatever the source wrote", () => {
    const nitf = (info: string) =>
      `<nitf><head><docdata><correction info="${info}"/><doc-id id-string="1"/></docdata></head><body><body.head><hedline><hl1>T</hl1></hedline></body.head></body></nitf>`;
    expect(
      draftOf(nitf("&lt;b onclick=x()&gt;The vote&lt;/b&gt; was &amp;amp; is 9 &lt; 10")).correctionNote,
    ).toBe("The vote was & is 9 < 10");
  });

  test("TXT3 bodyHtml is made of a small list of tags, without handlers, frames or pictures", () => {
    const draft = html(
      '<p style="x" onclick="x()">A <b>b</b> <i>c</i></p><iframe src="https://x.example/"></iframe><img src="https://x.example/p.gif"><form><input></form><svg onload=x()></svg><ul><li>d</li></ul>',
    );
    expect(draft.bodyHtml).toBe("<p>A <b>b</b> <i>c</i></p><ul><li>d</li></ul>");
  });

  test.each([
    "javascript:x()",
    "data:text/html,x",
    "mailto:a@example.org",
    "/only/a/path",
    "//",
    "file:///etc/passwd",
  ])("TXT3 a link that is not absolute http(s) is absent: %s", (url) => {
    const draft = draftOf(JSON.stringify({ uri: "a:1", version: "1", type: "text", headline: "T", url }));
    expect(draft.link).toBeUndefined();
  });
});

describe("private text", () => {
  const PRIVATE = "Call the harbour master on 555 0100";
  const MARKS = ["NOT FOR PUBLICATION", "# Notebook", "Notes to editors", "Private note"];
  /** The end of a story's text in each format that has one; what has no text has no end of it. */
  const ENDS: readonly [end: RegExp, paragraphs: (lines: string[]) => string][] = [
    [
      /&lt;\/p&gt;(?!.*&lt;\/p&gt;)/su,
      (lines) => `&lt;/p&gt;${lines.map((line) => `&lt;p&gt;${line}&lt;/p&gt;`).join("")}`,
    ],
    [/<\/p>(?!.*<\/p>)/su, (lines) => `</p>${lines.map((line) => `<p>${line}</p>`).join("")}`],
    [/(?<=The vote was close\.)(?: -02D-)?\r?\n/u, (lines) => `\r\n\r\n${lines.join("\r\n\r\n")}\r\n`],
    [/(?<=on Tuesday\.<)/u, (lines) => lines.map((line) => `\r\n\t${line}<`).join("")],
    [/ -02D-$/u, (lines) => `\n\n${lines.join("\n\n")}`],
  ];
  const put = (text: string, lines: string[]): string | undefined => {
    const found = ENDS.find(([end]) => end.test(text));
    return found && text.replace(found[0], () => found[1](lines));
  };

  test.each(MARKS)(
    "PRV1 what follows %j goes to edNote and stands in no public field, in any format",
    (mark) => {
      const formats = FIXTURES.flatMap(({ text, format, profile = {} }) => {
        const changed = put(text, [mark, PRIVATE]);
        if (changed === undefined) return [];
        const { drafts } = read(changed, { profile });
        const told = drafts.filter(({ edNote }) => edNote?.includes("555 0100"));
        const shown = drafts.filter((draft) => PUBLIC.some((field) => draft[field]?.includes("555 0100")));
        expect([format, told.length, shown.length]).toEqual([format, 1, 0]);
        return [format];
      });
      const all = FIXTURES.map(({ format }) => format).filter((format) => format !== "ticker-list");
      expect(new Set(formats)).toEqual(new Set(all));
    },
  );

  test("PRV1 every habit is recognised without any setting, and a profile can switch off each by its name", () => {
    const story = (habitsOff: (typeof HABIT_NAMES)[number][]) => {
      const paragraphs = [
        "Port opens",
        "The port is open.",
        "Eds: adds quotes.",
        "It rains.",
        "# Notebook",
        PRIVATE,
      ];
      return draftOf(paragraphs.join("\n\n"), { profile: { format: "text", habitsOff } });
    };
    const plainly = story([]);
    expect(plainly.bodyText).toBe("The port is open.\n\nIt rains.");
    expect(plainly.edNote).toContain(PRIVATE);
    expect(story(["notebook"]).bodyText).toContain(PRIVATE);
    expect(story(["editors-note"]).bodyText).toContain("Eds: adds quotes.");
    expect(() => story([...HABIT_NAMES])).not.toThrow();
  });
});
