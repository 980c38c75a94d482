import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readOpml, toSourceName } from "../../src/cli/opml.ts";
import { sourceName } from "../../src/contract/names.ts";
import { type CommandLine, createCommandLine } from "../support/command-line.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";

let gateway: TestGateway;
let line: CommandLine;
const dir = mkdtempSync(join(tmpdir(), "nl-cli-"));
beforeAll(async () => {
  gateway = await startTestGateway();
  line = createCommandLine(gateway);
});
afterAll(async () => {
  await gateway.stop();
  rmSync(dir, { recursive: true });
});

function urlsOf(text: string): string[] {
  return readOpml(text).feeds.map(({ url }) => url);
}

test("CLI OPML is read as feed readers really write it", () => {
  const nested = `<?xml version="1.0"?><opml version="1.0"><head><title>My feeds</title></head><body>
    <outline text="Folder"><outline text="Deep"><outline title="A &amp; B" xmlUrl="http://a.example/f?x=1&amp;y=2"/>
    </outline><outline text="No address"/></outline></body></opml>`;
  expect(readOpml(nested)).toEqual({
    isOpml: true,
    feeds: [{ title: "A & B", url: "http://a.example/f?x=1&y=2" }],
  });
  const unclosed = `<opml><head/><body><outline text="One & two" xmlurl='http://b.example/?a=1&b=2'>
    <outline text="Next" XMLURL="https://c.example/rss"></body>`;
  expect(readOpml(unclosed).feeds).toEqual([
    { title: "One & two", url: "http://b.example/?a=1&b=2" },
    { title: "Next", url: "https://c.example/rss" },
  ]);
  const titles = `<opml><head><title/></head><body><outline title="" text="Text" xmlUrl="http://d.example/"/>
    <outline title="Title" text="Text" xmlUrl="http://e.example/"/><outline xmlUrl="http://f.example/"/></body></opml>`;
  expect(readOpml(titles).feeds.map(({ title }) => title)).toEqual(["Text", "Title", "f.example"]);
  expect(
    urlsOf(`<opml><outline xmlUrl="feed://g.example/"/><outline xmlUrl="feed:https://h.example/"/></opml>`),
  ).toEqual(["http://g.example/", "https://h.example/"]);
  expect(
    urlsOf(`<opml><outline xmlUrl="javascript:alert(1)"/><outline xmlUrl="file:///etc/passwd"/>
      <outline xmlUrl=" http://i.example/ "/><outline xmlUrl="http://i.example/"/></opml>`),
  ).toEqual(["http://i.example/"]);
  expect(
    readOpml("\uFEFF<OPML><BODY><OUTLINE TEXT='X' XMLURL='http://j.example/'/></BODY></OPML>").feeds,
  ).toEqual([{ title: "X", url: "http://j.example/" }]);
  expect(readOpml("<html><body>Not found</body></html>").isOpml).toBe(false);
});

test("CLI a feed's source is named by its title, else by its host", () => {
  const name = (title: string) => toSourceName({ title, url: "https://www.rss.example.org/a" }, new Set());
  expect(name("Xəbər – Bakı & Gəncə")).toBe("x-b-r-baki-g-nc");
  expect(name("Café Münster")).toBe("cafe-munster");
  expect(name("新闻")).toBe("rss-example-org");
});

test("CLI every feed gets a legal name of its own", () => {
  const feeds = fc.array(fc.record({ title: fc.string({ unit: "grapheme" }), url: fc.webUrl() }), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(feeds, (list) => {
      const taken = new Set(["desk"]);
      for (const feed of list) {
        const name = toSourceName(feed, taken);
        expect(sourceName.safeParse(name).success).toBe(true);
        expect(taken.has(name)).toBe(false);
        taken.add(name);
      }
    }),
  );
});

test("CLI opml import makes a poll source of each feed, once, and opml export gives them back", async () => {
  const file = join(dir, "feeds.opml");
  const feed = (title: string, host: string) =>
    `<outline title="${title}" xmlUrl="https://${host}.example/rss"/>`;
  writeFileSync(
    file,
    `<opml><body>${feed("Coast", "a")}${feed("Coast", "b")}${feed("Desk", "c")}</body></opml>`,
  );
  const args = ["opml", "import", file, "-l", "feeds", "--every", "600"];
  expect(await line.json(args)).toMatchObject([
    {
      feeds: [
        { source: "coast", outcome: "added" },
        { source: "coast-2", outcome: "added" },
        { source: "desk-2", outcome: "added" },
      ],
    },
  ]);
  expect(await line.json(["source", "show", "coast-2"])).toMatchObject([
    { kind: "poll", url: "https://b.example/rss", every: 600, lines: ["feeds"], credit: "Coast" },
  ]);
  const again = await line.run(args);
  expect(again).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^known coast https:[^]*known desk-2 .*\n$/),
  });
  const out = join(dir, "out.opml");
  expect(await line.run(["opml", "export", "--out", out])).toMatchObject({ code: 0 });
  expect(urlsOf(readFileSync(out, "utf8"))).toEqual(urlsOf(readFileSync(file, "utf8")));
  const { stdout } = await line.run(["opml", "export"]);
  expect(readOpml(stdout).feeds).toContainEqual({ title: "Desk", url: "https://c.example/rss" });
});

test("CLI opml import tells which feed is refused, and what is no OPML", async () => {
  const file = join(dir, "some.opml");
  writeFileSync(file, `<opml><outline text="Later" xmlUrl="https://later.example/"/></opml>`);
  const refused = await line.run(["opml", "import", file, "--zone", "Baku"]);
  expect(refused).toMatchObject({ code: 1, stdout: expect.stringMatching(/^refused later .*zone.*\n$/) });
  writeFileSync(file, "plain words");
  expect(await line.run(["opml", "import", file])).toEqual({
    code: 1,
    stdout: "",
    stderr: `${file} is no OPML.\n`,
  });
  expect((await line.run(["opml", "import", join(dir, "none")])).stderr).toMatch(/^ENOENT.*\n$/);
});
