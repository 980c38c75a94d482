import { describe, expect, test } from "vitest";
import { htmlToLine, htmlToText, sanitizeHtml } from "../../workers/text/html.ts";

describe("HTML that is shown says what the text says", () => {
  test.each([
    ["<div>One</div><div>Two</div>", "<p>One</p><p>Two</p>"],
    ["<div><p>One</p><div>Two</div></div>Three", "<p>One</p><p>Two</p>Three"],
    ["<section><h5>One</h5>Two</section><article>Three</article>", "<h4>One</h4>Two<p>Three</p>"],
    ["<dl><dt>One</dt><dd>Two</dd></dl>", "<p>One</p><p>Two</p>"],
    ["<ul><li><div>One</div></li></ul>", "<ul><li><p>One</p></li></ul>"],
    ["<p>One</p><p>&nbsp;</p><p></p><p>Two</p>", "<p>One</p><p>Two</p>"],
  ])("TXT3 FIELD12 blocks that the allow-list lacks stay apart: %s", (html, shown) => {
    expect(sanitizeHtml(html)).toBe(shown);
  });

  test.each([
    ["<p>One &lt;b&gt;two&lt;/b&gt;</p>", "<p>One <b>two</b></p>"],
    [
      "<p>&lt;a href=&quot;https://n.example/?a=1&amp;b=2&quot; &gt;One&lt;/a&gt;</p>",
      '<p><a href="https://n.example/?a=1&amp;b=2" rel="noopener noreferrer nofollow">One</a></p>',
    ],
    ["<p>One&lt;script&gt;x()&lt;/script&gt;&lt;img src=x onerror=x()&gt;</p>", "<p>One</p>"],
    ["<p>a &lt; b &amp;&amp; c &gt; d &lt;word&gt;</p>", "<p>a &lt; b &amp;&amp; c &gt; d &lt;word&gt;</p>"],
  ])(
    "TXT3 FIELD13 tags that were escaped once too often are read as tags, and judged as tags: %s",
    (html, shown) => {
      expect(sanitizeHtml(html)).toBe(shown);
      expect(htmlToText(html)).not.toMatch(/<\/?[abp][ >]/u);
    },
  );
});

describe("A field that should be text holds no tag of HTML", () => {
  test.each([
    ['<video src="x.mp4" controls></video>Port opens', "Port opens"],
    ["Port <time datetime='2024'>today</time> <wbr>opens<mark>!</mark>", "Port today opens!"],
    ["<!-- more -->Port opens<!--more-->", "Port opens"],
    ['<?xml:namespace prefix = o ns = "urn:x" /><st1:place>Port</st1:place> opens', "Port opens"],
    ["&lt;label&gt;Port&lt;/label&gt; opens", "Port opens"],
    ["Port <opens> at <noon>", "Port <opens> at <noon>"],
    ["a < b and c > d", "a < b and c > d"],
  ])("TXT3 FIELD13 in a headline: %s", (html, line) => {
    expect(htmlToLine(html)).toBe(line);
  });
});
