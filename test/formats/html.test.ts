import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { htmlToLine, htmlToText, resolveLink, sanitizeHtml } from "../../workers/text/html.ts";

describe("HTML to text", () => {
  test("TXT2 blocks make paragraphs, inline tags make nothing, line breaks stay", () => {
    expect(htmlToText("<p>One <em>two</em> three.</p><div>Four<br>five</div>six")).toBe(
      "One two three.\n\nFour\nfive\n\nsix",
    );
    expect(htmlToText("one<br><br>two")).toBe("one\n\ntwo");
    expect(htmlToText("<ul><li>one</li><li>two</li></ul><table><tr><td>a</td><td>b</td></tr></table>")).toBe(
      "one\n\ntwo\n\na b",
    );
  });

  test("TXT2 header, nav, footer, title, style, script, captions and media are no text", () => {
    const html =
      "<html><head><title>T</title><style>p{}</style></head><body><header>H</header><nav>N</nav><p>Text.</p>" +
      "<figure><img alt='a'><figcaption>C</figcaption></figure><script>s()</script><footer>F</footer></body></html>";
    expect(htmlToText(html)).toBe("Text.");
    expect(htmlToText("<p>Text.</p><media><media-caption>C</media-caption></media><note>n</note>")).toBe(
      "Text.",
    );
  });

  test("TXT2 escaped tags are unescaped once more and dropped", () => {
    expect(htmlToText("&lt;P&gt;One.&lt;/P&gt;&lt;p&gt;Two &amp;eacute;.")).toBe("One.\n\nTwo é.");
    expect(htmlToLine("Caf&amp;eacute; &lt;b&gt;opens&lt;/b&gt;")).toBe("Café opens");
  });

  test("TXT2 a less-than sign and unknown words in angle brackets are the author's", () => {
    expect(htmlToText("1 &lt; 2 and 3 < 4")).toBe("1 < 2 and 3 < 4");
    expect(htmlToLine("Use &lt;nitf&gt; & be 1 < 2")).toBe("Use <nitf> & be 1 < 2");
  });

  test("TXT2 WIRE22 named entities are read, unknown ones stay as text", () => {
    expect(htmlToText("&Uuml;ber&nbsp;&mdash; &endash; &#8217;")).toBe("Über — &endash; ’");
  });

  test("TXT3 no control characters and no bidi overrides come out", () => {
    expect(htmlToText("<p>a&#8238;b&#0;c\u0001d</p>")).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test("TXT3 100,000 nested elements end quickly and keep their text", () => {
    for (const tag of ["div", "b", "x"]) {
      expect(htmlToText(`${`<${tag}>`.repeat(100_000)}deep`)).toBe("deep");
      // A `div` is shown as a paragraph, and these do not nest.
      expect(sanitizeHtml(`${`<${tag}>`.repeat(100_000)}deep`)).toBe(tag === "div" ? "<p>deep</p>" : "");
    }
  });

  test("TXT3 no input gives an error or a tag", () => {
    const piece = fc.constantFrom(
      "<p>",
      "</p>",
      "<b",
      ">",
      "&lt;",
      "&gt;",
      "p",
      " ",
      "/",
      '"',
      "<![CDATA[",
      "]]>",
      "a",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
        expect(htmlToText(pieces.join(""))).not.toMatch(/<\/?(?:p|b)>/iu);
      }),
    );
  });
});

describe("HTML that may be shown", () => {
  test("TXT3 markup passes a small allow-list", () => {
    const html =
      '<h1>H</h1><p class="x" onclick="x()">A <strong>b</strong> <script>x()</script><img src=x onerror=x()>' +
      '<iframe src="https://x.example/"></iframe><style>p{}</style><font color=red>c</font></p>';
    expect(sanitizeHtml(html)).toBe("<h2>H</h2><p>A <strong>b</strong> c</p>");
  });

  test("TXT3 links are absolute http(s) or no links", () => {
    const html = '<a href="/a">1</a><a href="javascript:x()">2</a><a href="https://b.example/x?y=1">3</a>';
    expect(sanitizeHtml(html, "https://a.example/feed")).toBe(
      '<a href="https://a.example/a" rel="noopener noreferrer nofollow">1</a><a>2</a>' +
        '<a href="https://b.example/x?y=1" rel="noopener noreferrer nofollow">3</a>',
    );
  });

  test("TXT3 a link is kept as written, trimmed", () => {
    expect(resolveLink(" HTTPS://Example.org/A b".trim())).toBeUndefined();
    expect(resolveLink(" HTTPS://Example.org/%7Ea ")).toBe("HTTPS://Example.org/%7Ea");
    expect(resolveLink("../b", "https://example.org/a/c")).toBe("https://example.org/b");
    expect(resolveLink("//cdn.example/x", "https://example.org/")).toBe("https://cdn.example/x");
    expect(resolveLink("/b")).toBeUndefined();
    expect(resolveLink("/b", "notes.txt")).toBeUndefined();
    expect(resolveLink("mailto:a@example.org", "https://example.org/")).toBeUndefined();
    expect(resolveLink("")).toBeUndefined();
  });
});
