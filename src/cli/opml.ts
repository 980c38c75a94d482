import { Parser } from "htmlparser2";
import { sourceName } from "../contract/names.ts";

export interface OpmlFeed {
  title: string;
  url: string;
}

/**
 * Every outline with an address, wherever it stands. The files that feed readers write are often no XML: bare `&`,
 * outlines that are never closed, `xmlurl` for `xmlUrl`; so they are read as browsers read, not as XML is.
 */
export function readOpml(text: string): { isOpml: boolean; feeds: OpmlFeed[] } {
  const feeds: OpmlFeed[] = [];
  let isOpml = false;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (name === "opml") isOpml = true;
        const url = toAddress(attributes["xmlurl"] ?? attributes["url"] ?? "");
        if (name !== "outline" || url === undefined) return;
        feeds.push({ url, title: toTitle([attributes["title"], attributes["text"]], url) });
      },
    },
    { lowerCaseTags: true, lowerCaseAttributeNames: true, recognizeSelfClosing: true },
  );
  parser.end(text);
  return { isOpml, feeds: [...new Map(feeds.map((feed) => [feed.url, feed])).values()] };
}

/** `feed://` is how desktop readers once marked an address. Anything but http(s) cannot be polled. */
function toAddress(written: string): string | undefined {
  const address = written
    .trim()
    .replace(/^feed:(?=https?:)/iu, "")
    .replace(/^feed:\/\//iu, "http://");
  return /^https?:\/\//iu.test(address) && URL.canParse(address) ? address : undefined;
}

function toTitle(written: readonly (string | undefined)[], url: string): string {
  const titles = written.map((title) => (title ?? "").replaceAll(/\s+/gu, " ").trim());
  return titles.find((title) => title !== "") ?? new URL(url).hostname;
}

const LONGEST_NAME = 64;

/** A source's name for a feed: of its title, else of its host; unlike all that are taken. */
export function toSourceName({ title, url }: OpmlFeed, taken: ReadonlySet<string>): string {
  const host = new URL(url).hostname.replace(/^www\./u, "");
  const name = [toName(title), toName(host)].find((one) => sourceName.safeParse(one).success) ?? "feed";
  for (let number = 1; ; number += 1) {
    const tail = number === 1 ? "" : `-${number}`;
    const numbered = `${name.slice(0, LONGEST_NAME - tail.length)}${tail}`;
    if (!taken.has(numbered)) return numbered;
  }
}

/** Accents are dropped; letters of another script are left out, and with a title of only such ones the host counts. */
function toName(text: string): string {
  return text
    .replaceAll("ı", "i")
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}+/gu, "")
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replaceAll(/^-+|-+$/gu, "")
    .slice(0, LONGEST_NAME);
}
