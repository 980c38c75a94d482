import { describe, expect, it } from "vitest";
import { isHomePage, toNormalLink } from "../../src/store/compare.ts";

describe("links, compared", () => {
  it("REV3 a link is the same with or without www, TLS, a closing slash, a fragment, a port, and what follows readers", () => {
    const written = [
      "https://selin.example/~port?id=3&q=a%20b",
      "http://www.selin.example/~port/?id=3&q=a+b#top",
      "HTTPS://Selin.Example:443/%7Eport?utm_source=rss&id=3&q=a+b&fbclid=x",
      "https://selin.example/%7eport?id=3&q=a%20b&at_medium=RSS&at_campaign=KARANGA",
    ];
    expect(new Set(written.map(toNormalLink)).size).toBe(1);
  });

  it("REV3 another path, another case of it or another question is another link", () => {
    const written = [
      "https://selin.example/port",
      "https://selin.example/Port",
      "https://selin.example/port?id=3",
      "https://selin.example/port?id=4",
      "https://sea.selin.example/port",
      "https://selin.example/a%2Fb",
      "https://selin.example/a/b",
      "https://selin.example/live#post-1",
      "https://selin.example/live#post-2",
      "https://selin.example/#!/port",
      "https://selin.example/#!/wheat",
    ];
    expect(new Set(written.map(toNormalLink)).size).toBe(written.length);
  });

  it("REV6 an address without a path is a home page, one with a path or a question is not", () => {
    const pages = ["https://selin.example", "http://www.selin.example/", "https://selin.example/index.html"];
    expect([...pages, "https://selin.example/#top"].map(isHomePage)).toEqual([true, true, true, true]);
    const others = [
      "https://selin.example/?p=1",
      "https://selin.example/en/",
      "https://selin.example/#post-7",
      "urn:selin:1",
      "tag:selin,1:1",
      "",
    ];
    expect(others.map(isHomePage)).toEqual(others.map(() => false));
  });
});
