import { describe, expect, test } from "vitest";
import {
  escapeHtml,
  expectVersions,
  HEADLINE,
  INSTANT,
  ORIGINAL,
  PAGE,
  type PageParts,
  toBlocks,
  toDirtyPage,
  toHtml,
  UPDATE,
} from "./dirty-page.ts";
import { read } from "./profile.ts";

const ZONE = { zone: "Asia/Baku" } as const;
const NAMED = { ...ZONE, format: "agency-page" } as const;
const STAMP = PAGE.stamp;
/** A separator between unsigned texts is all that tells them apart. */
const UNSIGNED = { updateSign: "", originalSign: "" } as const;

function dirty(changes: Partial<PageParts>): string {
  return toDirtyPage(changes);
}

function toHtmlBlocks(blocks: readonly string[], tag = "p"): string {
  return blocks.map((block) => `<${tag}>${escapeHtml(block)}</${tag}>`).join("\n");
}

describe("dirty agency pages: lines", () => {
  test.each([
    ["Windows line ends", toDirtyPage().replaceAll("\n", "\r\n")],
    ["old Macintosh line ends", toDirtyPage().replaceAll("\n", "\r")],
    ["NEL for line ends", toDirtyPage().replaceAll("\n", "\u0085")],
    ["U+2028 for line ends", toDirtyPage().replaceAll("\n", "\u2028")],
    ["no blank lines between paragraphs", toDirtyPage().replaceAll("\n\n", "\n")],
    ["blank lines of no-break spaces", toDirtyPage().replaceAll("\n\n", "\n\u00a0\n")],
    ["blanks behind its lines", toDirtyPage().replaceAll("\n", "  \t\n")],
    ["blanks before its lines", toDirtyPage().replaceAll(/^/gmu, "   ")],
    [
      "line numbers",
      toDirtyPage()
        .split("\n")
        .map((line, at) => `${at + 1}: ${line}`)
        .join("\n"),
    ],
    ["quoting signs", toDirtyPage().replaceAll(/^/gmu, "> ")],
    ["a byte order mark", `\ufeff${toDirtyPage()}`],
    ["a cut-off furniture", toDirtyPage({ furniture: "" })],
    ["furniture above it", `News Line\n\nPolitics\n\nAZ | RU | EN\n\n${toDirtyPage()}`],
    ["the path of its section above it", `Home » News » Politics\n\n${toDirtyPage()}`],
    ["today's date above it", `24 November 2026 05:10\n\nNews Line\n\n${toDirtyPage()}`],
  ])("TXT2 a page with %s is read alike", (_title, text) => {
    expectVersions(text);
  });

  test("TXT2 a page wrapped at 72 columns is read alike", () => {
    const wrapped = toDirtyPage().replaceAll(/(?=.{73})(.{1,72}) /gu, "$1\r\n");
    expectVersions(wrapped);
  });

  test("TXT2 a page in UTF-16, with a mark and without, is read alike", () => {
    expectVersions(Buffer.from(`\ufeff${toDirtyPage()}`, "utf16le"));
    expectVersions(Buffer.from(toDirtyPage(), "utf16le"));
  });

  test("TXT2 an e-mail with headers is refused in words, not read as a story", () => {
    const mail = `From: desk@agency.example\nSubject: ${PAGE.headline}\nMIME-Version: 1.0\n\n${toDirtyPage()}`;
    for (const profile of [ZONE, NAMED, { format: "text" }] as const)
      expect(() => read(mail, { profile })).toThrow("e-mail");
    expect(() => read(mail, { contentType: "text/plain" })).toThrow("e-mail");
    expect(read(`From: the harbour\n\n${toDirtyPage()}`, { profile: NAMED }).drafts).not.toEqual([]);
  });
});

describe("dirty agency pages: headline", () => {
  test.each([
    "(UPDATED)",
    "(Updated)",
    "(updated).",
    "( UPDATED )",
    "[UPDATE]",
    "（UPDATED）",
    "(UPDATED 2)",
    "(UPDATED-2)",
    "(UPDATED AT 12:30)",
    "(UPD.)",
    "(UPDATED) (UPDATED)",
    "(UP\u00adDATED)",
    "(\u200bUPDATED)",
    "- UPDATED",
    "— UPDATED",
  ])("TXT1 the mark %j at the end of a page's headline is cut", (mark) => {
    expectVersions(dirty({ headline: `${HEADLINE} ${mark}` }));
  });

  test.each([
    ["(UPDATED) in front", `(UPDATED) ${HEADLINE}`],
    ["on a line of its own", `${HEADLINE}\n(UPDATED)`],
    ["in a paragraph of its own", `${HEADLINE}\n\n(UPDATED)`],
    ["over two lines", "Harbour cities agree on a plan\nfor the ferries (UPDATED)"],
    ["printed twice", `${HEADLINE} (UPDATED)\n\n${HEADLINE}`],
    ["printed twice in capitals", `${HEADLINE} (UPDATED)\n\n${HEADLINE.toUpperCase()}`],
  ])("TXT1 the headline %s is one headline", (_title, headline) => {
    expectVersions(dirty({ headline }));
  });

  test.each(["UPDATE 2: ", "UPDATED - "])("TXT1 the change word %j in front of a headline stays", (word) => {
    expectVersions(dirty({ headline: word + HEADLINE }), { headline: word + HEADLINE });
  });

  test.each([
    [" (ADDS QUOTES)", "update"],
    [" (2nd LD)", "update"],
    [" (CORRECTED)", "correction"],
  ])("TXT1 the change word %j behind a headline stays and is understood", (word, change) => {
    expectVersions(dirty({ headline: HEADLINE + word }), { headline: HEADLINE + word, change });
  });

  test("ORD2 a headline that says UPDATE in front divides at a separator without a stamp", () => {
    const headline = `UPDATE 2: ${HEADLINE}`;
    expectVersions(
      dirty({ headline, stamp: "", ...UNSIGNED }),
      { headline, time: undefined, signs: [] },
      NAMED,
    );
  });

  test("TXT1 a text of several lines is no headline of several lines", () => {
    const [draft] = read("Port opens\nThe port opened today. It was calm.\n\nMore of it.", {
      profile: NAMED,
    }).drafts;
    expect(draft).toMatchObject({ headline: "Port opens" });
    expect(draft?.bodyText).toContain("The port opened today.");
  });
});

describe("dirty agency pages: separator", () => {
  const RULES = [
    "***",
    "* * *",
    "*  *   *",
    "- - -",
    "-----",
    "———",
    "=====",
    "_____",
    "###",
    "# # #",
    "~~~",
  ];
  const ODD = ["＊　＊　＊", "∗ ∗ ∗", "•  •  •", "⁂", "\\* \\* \\*"];

  test.each([...RULES, ...ODD])(
    "ORD2 the rule %j divides versions above a stamp, signed or not",
    (separator) => {
      expectVersions(dirty({ separator }));
      expectVersions(dirty({ separator, ...UNSIGNED }), { signs: [] });
    },
  );

  test.each(RULES)(
    "ORD2 the rule %j divides versions without a stamp if the headline says UPDATED",
    (separator) => {
      expectVersions(dirty({ separator, stamp: "" }), { time: undefined }, NAMED);
      expectVersions(dirty({ separator, stamp: "", ...UNSIGNED }), { time: undefined, signs: [] }, NAMED);
    },
  );

  test("ORD2 without separator and stamp the sign-offs tell versions apart if the headline says UPDATED", () => {
    expectVersions(dirty({ separator: "", stamp: "" }), { time: undefined }, NAMED);
  });

  test("ORD2 without a separator the stamp divides", () => {
    expectVersions(dirty({ separator: "" }));
    expectVersions(dirty({ separator: "", ...UNSIGNED }), { signs: [] });
  });

  test("ORD2 a stamp above the separator belongs to the text below it", () => {
    expectVersions(dirty({ separator: STAMP, stamp: PAGE.separator }));
  });

  test("ORD2 separator and stamp may stand on one line", () => {
    expectVersions(dirty({ separator: "", stamp: `*   *   *  ${STAMP}` }));
  });

  test("TXT2 a rule between paragraphs of one text divides nothing and is no text", () => {
    const text = toDirtyPage({
      headline: HEADLINE,
      update: "",
      updateSign: "",
      separator: "",
      original: [ORIGINAL[0] ?? "", "-----", ORIGINAL[2] ?? ""],
    });
    const { drafts } = read(text, { profile: ZONE });
    expect(drafts).toMatchObject([{ bodyText: `${ORIGINAL[0]}\n\n${ORIGINAL[2]}` }]);
  });
});

describe("dirty agency pages: stamp", () => {
  test.each([
    "2016 September 28 ( Wednesday )  10:34:24",
    "2016 September 28 (Wednesday)10:34:24",
    "2016 September 28 Wednesday 10:34:24",
    "2016 September 28, Wednesday, 10:34:24",
    "2016 SEPTEMBER 28 (WEDNESDAY) 10:34:24",
    "2016 Sept. 28 (Wed.) 10:34:24",
    "2016 September 28th (Wednesday) 10:34:24",
    "2016 September 28 (Wednesday) 10.34.24",
    "2016 September 28 (Wednesday) 10 : 34 : 24",
    "2016 September 28 (Wednesday) 10:34:24 AM",
    "2016 September 28 (Wednesday) 10:34:24 +04:00",
    "2016 September 28 (Wednesday) 06:34:24 GMT",
    "2016 September 28 (Wednesday) 10:34:24 (Baku time)",
    "2016 September 28（Wednesday）１０:３４:２４",
    "[2016 September 28 (Wednesday) 10:34:24]",
    "* 2016 September 28 (Wednesday) 10:34:24.",
    "Published: 2016 September 28 (Wednesday) 10:34:24",
    "2016 September 28 (Wednesday) 10:34:24 | Politics",
    "2016 September 28 (Wednesday)\n10:34:24",
    "2016 Sentyabr 28 (Çərşənbə) 10:34:24",
    "2016 Сентябрь 28 (Среда) 10:34:24",
    "28 September 2016 10:34:24",
    "Wednesday, 28 September 2016, 10:34:24",
    "September 28, 2016 10:34:24",
    "28.09.2016 10:34:24",
    "2016-09-28T10:34:24+04:00",
    "10:34:24, 28.09.2016",
  ])("TIM1 the stamp %j below a separator is the time of the text below it", (stamp) => {
    expectVersions(dirty({ stamp }));
    expectVersions(dirty({ stamp, ...UNSIGNED }), { signs: [] });
  });

  test("TIM1 a stamp that ran into its text is its time and no text", () => {
    const [first = "", ...more] = ORIGINAL;
    expectVersions(dirty({ stamp: "", original: [`${STAMP} ${first}`, ...more] }));
  });

  test("TIM1 a stamp without seconds, or without a clock, is read", () => {
    const time = "2016-09-28T06:34:00.000Z";
    expectVersions(dirty({ stamp: "2016 September 28 (Wednesday) 10:34" }), { time });
    expectVersions(dirty({ stamp: "2016 September 28 (Wednesday)" }), { time: "2016-09-27T20:00:00.000Z" });
  });

  test("ORD2 a page of two texts under one stamp at its top gives it to the newest", () => {
    const { drafts } = read(dirty({ headline: `${STAMP}\n\n${PAGE.headline}`, stamp: "" }), {
      profile: ZONE,
    });
    expect(drafts.map(({ versionCreated }) => versionCreated)).toEqual([undefined, INSTANT]);
  });

  test("TIM1 another date alone on a line inside a text is text", () => {
    const original = [ORIGINAL[0] ?? "", "1 May 2015 12:00", ORIGINAL[2] ?? ""];
    expectVersions(dirty({ original }), { original: original.join("\n\n") });
  });
});

describe("dirty agency pages: sign-offs", () => {
  test.each([
    "-02d-",
    "–02D–",
    "−02D−",
    "---0---",
    "-02 D-",
    "-02D-.",
    "02D-",
    "(02D)",
    "[02D]",
    "/02D/",
    "-02D/06B-",
    "-02D-06B-",
    "-02D- -06B-",
    "-О2D-",
    "-0-",
    "- 02D -",
  ])("TXT2 the sign-off %j ends a text, behind a blank or on a line of its own", (sign) => {
    expectVersions(dirty({ originalSign: ` ${sign}` }), { signs: [sign, "—0--"] });
    expectVersions(dirty({ originalSign: `\n${sign}` }), { signs: [sign, "—0--"] });
    if (/\p{L}|^-\d/u.test(sign) && !sign.endsWith("."))
      expectVersions(dirty({ originalSign: `\n\n${sign}` }), { signs: [sign, "—0--"] });
  });

  test("TXT2 a sign-off behind a sign that nobody sees is cut", () => {
    expectVersions(dirty({ originalSign: "\u200b-02D-" }));
    expectVersions(dirty({ originalSign: "\u00a0-02D-\u00a0" }));
  });

  test("TXT2 a code between dashes is a sign-off also behind a word", () => {
    const original = [ORIGINAL[0] ?? "", "So the mayor said"];
    expectVersions(dirty({ original }), { original: original.join("\n\n") });
    expectVersions(dirty({ original, originalSign: "-02D-" }), { original: original.join("\n\n") });
  });

  test("TXT2 two sign-offs in paragraphs of their own are one, and no story of a bulletin", () => {
    expectVersions(dirty({ originalSign: " -02D-\n\n-06B-" }), { signs: ["-02D- -06B-", "—0--"] });
  });

  test("TXT2 a sign-off may stand below the page's buttons", () => {
    expectVersions(dirty({ originalSign: "", furniture: "Leave a review\n\n-02D-\n\nNews Line" }));
  });

  test("TXT2 missing sign-offs lose no text", () => {
    expectVersions(dirty(UNSIGNED), { signs: [] });
  });
});

describe("dirty agency pages: furniture", () => {
  test.each([
    "LEAVE A REVIEW\n\nFOLLOW US ON SOCIAL NETWORKS",
    "Leave a review:\n\nNews Line »",
    "» Leave a review\n\n| News Line |",
    "Leave a review Follow us on social networks News Line",
    "Rəy yaz\n\nBizi sosial şəbəkələrdə izləyin\n\nXəbər lenti",
    "Оставить отзыв\n\nПодписывайтесь на нас в социальных сетях\n\nЛента новостей",
    "© 2016 Agency. All rights reserved.\n\nTel.: +994 12 000 00 00",
    "Tel.: +994 12 000 00 00\n\nhttps://agency.example/",
    "Views: 1234",
    "Facebook\nTwitter\nTelegram",
    "https://agency.example/news/1\n\nLeave a review",
    "Leave a review\n\nNews Line\n\nLeave a review\n\nNews Line",
    "News Line\n\nPort opens to larger ships\n\nBridge is closed. It will stay so.",
  ])("TXT2 the furniture %j is no text, below a sign-off or without one", (furniture) => {
    expectVersions(dirty({ furniture }));
    expectVersions(dirty({ furniture, ...UNSIGNED }), { signs: [] });
  });

  test("TXT2 furniture between the versions is no text of theirs", () => {
    expectVersions(dirty({ updateSign: "—0--\n\nLeave a review" }));
  });

  test("TXT2 a link or a phone number inside a text stays", () => {
    const original = [ORIGINAL[0] ?? "", "Tel.: 100", "https://ferries.example/", ORIGINAL[2] ?? ""];
    expectVersions(dirty({ original }), { original: original.join("\n\n") });
  });
});

describe("dirty agency pages: HTML", () => {
  const [headline = "", ...blocks] = toBlocks();
  const h1 = `<h1>${headline}</h1>`;
  const body = toHtmlBlocks(blocks);

  test.each([
    ["paragraphs", h1 + body],
    ["paragraphs that are never closed", h1 + body.replaceAll("</p>", "")],
    ["two <br> between paragraphs", `${h1}<div>${blocks.map(escapeHtml).join("<br />\n<br>")}</div>`],
    [
      "nested divs and inline styles",
      `${h1}${toHtmlBlocks(blocks, "div").replaceAll("<div>", '<div class="a"><div style="color:red">').replaceAll("</div>", "</div></div>")}`,
    ],
    [
      "a table",
      `<table>${[headline, ...blocks].map((block) => `<tr><td>${escapeHtml(block)}</td></tr>`).join("")}</table>`,
    ],
    ["<pre>", `<pre>${escapeHtml(toDirtyPage())}</pre>`],
    [
      "scripts, styles and comments",
      `${h1}${body.replaceAll("</p>", '</p><script>var a = "<p>News</p>";</script><style>p { }</style><!-- <p>x</p> -->')}`,
    ],
    [
      "entities",
      (h1 + body)
        .replaceAll("‘", "&lsquo;")
        .replaceAll("’", "&#8217;")
        .replaceAll("—", "&mdash;")
        .replaceAll("\u00a0", "&nbsp;"),
    ],
    ["upper-case tags", (h1 + body).replaceAll("<p>", "<P CLASS=x>").replaceAll("</p>", "</P>")],
    ["<hr> for a separator", h1 + body.replace(/<p>\*[^<]*<\/p>/u, '<hr class="rule"/>')],
    ["no heading", toHtmlBlocks([headline, ...blocks])],
    ["a heading of several lines", h1.replace("plan ", "plan<br>") + body],
    ["the mark in an element of its own", `${h1.replace(" (UPDATED)", "")}<div>(UPDATED)</div>${body}`],
    [
      "a stamp in pieces",
      h1 +
        body.replace(
          `<p>${STAMP}</p>`,
          "<div><span>2016 September 28</span> <b>(Wednesday)</b></div><div>10:34:24</div>",
        ),
    ],
    [
      "links around it",
      `<ul><li><a href="/">Home</a></li></ul>${h1}${body}<ul><li><a href="/1">Port opens</a></li></ul>`,
    ],
  ])("TXT2 a page of HTML with %s is read alike", (_title, html) => {
    expectVersions(toHtml(html));
  });

  test("TXT2 a fragment, a comment first, or text before the page is HTML all the same", () => {
    expectVersions(h1 + body);
    expectVersions(`<!-- saved -->${toHtml(h1 + body)}`);
    expectVersions(`News Line\n${toHtml(h1 + body)}`);
  });

  test("ORD2 a drawn rule alone divides nothing, whatever the headline says", () => {
    const html = toHtml(`<h1>${headline}</h1><p>By the desk</p><hr><p>${UPDATE}</p>`);
    expect(read(html, { profile: NAMED }).drafts).toHaveLength(1);
  });
});

describe("dirty agency pages: known by their content", () => {
  test("SNF a page without a stamp is known by its mark with a separator or a sign-off", () => {
    expectVersions(dirty({ stamp: "" }), { time: undefined });
    expectVersions(dirty({ stamp: "", ...UNSIGNED }), { time: undefined, signs: [] });
    expect(read(dirty({ stamp: "" }), { contentType: "text/plain" }).format).toBe("agency-page");
  });

  test("SNF a text with a date somewhere is no page", () => {
    const text = "Port opens\n\nIt opened.\n\n28 September 2016 10:34:24\n\nIt was calm.";
    expect(read(text, { contentType: "text/plain" }).format).toBe("text");
  });
});
