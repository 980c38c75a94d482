import type { Draft, Note } from "../../src/contract/draft.ts";
import type { Change } from "../../src/contract/item.ts";
import type { SourceProfile } from "../../src/contract/profile.ts";
import { toPlainLine } from "../../src/contract/text.ts";
import { changeInHeadline } from "../text/change-words.ts";
import { dropControls } from "../text/decode.ts";
import type { Habit } from "../text/habits.ts";
import { hasTags, htmlToLine, htmlToText } from "../text/html.ts";
import { unframe } from "../text/line-frame.ts";
import { readWireNotice } from "../text/wire-notice.ts";
import { composeDraft, type RawStory } from "./compose.ts";
import { type FormatReader, type FormatReading, unreadable, type WireDocument } from "./format.ts";
import { checkLimits, type DocumentLimits, PAGE_LIMITS } from "./limits.ts";
import { type Origins, withOrigins } from "./origins.ts";
import { isFurnitureAbove } from "./page-furniture.ts";
import { isSameHeadline } from "./page-headline.ts";
import { DRAWN_RULE, isPage, toPageLines } from "./page-lines.ts";
import { looksLikeHeadline } from "./page-shapes.ts";
import { readStamp } from "./page-stamp.ts";
import { type Page, type PageText, toPage } from "./page-stories.ts";
import { cutUpdatedMark } from "./updated-mark.ts";

const WITHDRAWN = /[([](?:WITHDRAWN|KILLED|RETRACTED|DELETED)[)\]]$/u;
/** How much of a page is looked at for a stamp or its title before it is read in earnest. */
const SNIFFED = 100_000;

/** What stands on the page, without markup: several versions of a story. */
const TEXT_LIMITS: DocumentLimits = { characters: 500_000, lines: 15_000 };

/**
 * A story as an agency shows it on its page, as plain text or HTML: headline, newest text on top, `*   *   *`, the
 * time of the older text, the older text; each text signed by itself, and the page's own furniture around it.
 */
export const agencyPage: FormatReader = {
  format: "agency-page",
  limits: PAGE_LIMITS,
  sniff: ({ json }, { text, profile }) => {
    if (json !== undefined) return false;
    const head = dropControls(text.slice(0, SNIFFED));
    return isPage(isHtml(head) ? pageToText(head) : unframe(head), profile);
  },
  read: readAgencyPage,
};

function readAgencyPage(document: WireDocument): FormatReading {
  const html = isHtml(document.text) ? document.text : undefined;
  const text = html === undefined ? unframe(document.text) : pageToText(html);
  checkLimits(text, TEXT_LIMITS);
  const title = html === undefined ? undefined : toTitle(html, text, document.profile.zone);
  const profile = html === undefined ? document.profile : withoutWraps(document.profile);
  const page = toPage(toPageLines(text, profile), profile, title);
  if (page.headline === "" && page.texts.every(({ paragraphs }) => paragraphs.length === 0))
    throw unreadable("The page has no text.");
  const notes = page.left.map((line): Note => ({ field: "page", rule: `left out: ${line.slice(0, 100)}` }));
  const language = /<html[^>]*\slang\s*=\s*["']?([\w-]+)/iu.exec(html?.slice(0, 5000) ?? "")?.[1];
  const stories = page.isBulletin ? toBulletin(page) : toVersions(page);
  const { address } = document;
  const drafts = stories.map((raw): Draft => {
    const place = raw.page && { ...raw.page, ...(address !== undefined && { address }) };
    const story = { ...raw, page: place, link: toLink(address), language };
    return composeDraft(withOrigins(withNotice(story), ORIGINS), document);
  });
  return { drafts, notes };
}

/** A page whose headline withdraws it is for an editor (KIL2). */
function withNotice(story: RawStory): RawStory {
  const headline = story.headline ?? "";
  const isNotice =
    readWireNotice({ slug: "", heads: [headline], text: "" }) !== undefined || WITHDRAWN.test(headline);
  if (!isNotice) return story;
  const why = { field: "pubStatus", rule: "KIL2: the headline's words of a kill or a hold" };
  return { ...story, status: "withheld", notes: [...(story.notes ?? []), why] };
}

const ORIGINS: Origins = {
  headline: "the page's first line, h1, h2 or title, or a line of the version's own",
  body: "the version's own part of the page",
  versionCreated: "the stamp above the text",
  firstCreated: "the stamp above the oldest text",
  change: "the version's place on the page, and the words of its headline",
  link: "the address that it was fetched from",
  language: "html/@lang",
};

/** A line break in HTML is meant: nothing was wrapped there. */
function withoutWraps(profile: SourceProfile): SourceProfile {
  return { ...profile, habitsOff: [...(profile.habitsOff ?? []), "hard-wrap" satisfies Habit] };
}

/** A page from a folder has a file's name for an address. */
function toLink(address: string | undefined): string | undefined {
  return address !== undefined && /^https?:/iu.test(address) ? address : undefined;
}

/** A page may be handed over as a fragment. A tag astray in plain text makes no HTML of it. */
function isHtml(text: string): boolean {
  const head = text.slice(0, SNIFFED);
  return (head.trimStart().startsWith("<") && hasTags(head)) || /<(?:html|body)[\s>]/iu.test(head);
}

/** A rule that the page draws is a line of its own. */
function pageToText(html: string): string {
  return htmlToText(html.replace(/<hr(?=[\s/>])[^<>]*>/giu, `<p>${DRAWN_RULE}</p>`));
}

/** The page's headline is its h1 if that stands in the text; a site's name in an h1 is not it. */
function toTitle(html: string, text: string, zone: string): string | undefined {
  const lines = new Set(text.split("\n\n").flatMap((block) => [...block.split("\n"), toPlainLine(block)]));
  const headings = [...html.slice(0, SNIFFED).matchAll(/<h([12])\b[^<>]*>(.{0,500}?)<\/h\1>/gisu)].map(
    ([, , inner = ""]) => htmlToLine(inner),
  );
  const title = htmlToLine(/<title\b[^<>]*>(.{0,500}?)<\/title>/isu.exec(html)?.[1] ?? "");
  const named = [...headings, title, ...toTitleParts(title)].filter(
    (line) => line !== "" && !isFurnitureAbove(line),
  );
  const found = named.find((line) => lines.has(line));
  if (found !== undefined || headings.length > 0) return found;
  // A page that shows its headline only in its title begins with its text.
  const first = [...lines].find(
    (line) => line !== "" && !isFurnitureAbove(line) && readStamp(line, zone) === undefined,
  );
  return /[.!?]["”’]?$/u.test(first ?? "") ? toTitleParts(title)[0] : undefined;
}

/** `Port opens | Agency`: the page's name may stand on either side, and is the shorter one. */
function toTitleParts(title: string): string[] {
  const parts = title.split(/\s[|–—»:-]\s/u).filter((part) => part.split(" ").length > 1);
  return parts.toSorted((one, other) => other.length - one.length);
}

/** Oldest first; a version without a headline of its own has the page's. */
function toVersions(page: Page): RawStory[] {
  const texts: PageText[] = page.texts.length > 0 ? page.texts.toReversed() : [{ paragraphs: [] }];
  return texts.map((text, index): RawStory => {
    const isNewest = index === texts.length - 1;
    const { headline, paragraphs } = isNewest ? { ...text, headline: undefined } : withOwnHeadline(text);
    const shown = cutUpdatedMark(headline ?? page.headline);
    return {
      ...toStory(text, shown, paragraphs),
      page: { index, count: texts.length },
      ...(texts.length > 1 && { change: toChange(index, isNewest || headline !== undefined ? shown : "") }),
      firstCreated: index === 0 ? text.stamp : undefined,
      ...(headline === undefined && { notes: [{ field: "headline", rule: "the page's headline" }] }),
    };
  });
}

/** The newest version has the page's headline; words in it say nothing of the older ones. */
function toChange(index: number, headline: string): Change {
  return index === 0 ? "new" : (changeInHeadline(headline).change ?? "update");
}

function withOwnHeadline(text: PageText): Pick<PageText, "headline" | "paragraphs"> {
  const [first = "", second] = text.paragraphs;
  if (text.headline !== undefined || second === undefined || !looksLikeHeadline(cutUpdatedMark(first)))
    return text;
  return { headline: first, paragraphs: text.paragraphs.slice(1) };
}

/** Each story for itself, in the order of the page. One without a headline has its first sentence (TXT1). */
function toBulletin(page: Page): RawStory[] {
  const [, ...others] = page.texts;
  const isTitled = others.length > 0 && others.every(({ headline }) => headline !== undefined);
  return page.texts.map((text, index): RawStory => {
    // Where the others have headlines of their own, the one at the top of the page is the first story's.
    const headline = text.headline ?? (index === 0 && isTitled ? page.headline : undefined);
    return {
      ...toStory(text, headline === undefined ? undefined : cutUpdatedMark(headline), text.paragraphs),
      page: { index: 0, count: 1 },
      firstCreated: text.stamp,
    };
  });
}

function toStory(text: PageText, headline: string | undefined, paragraphs: readonly string[]): RawStory {
  const [first = "", ...more] = paragraphs;
  const repeats = headline !== undefined && isSameHeadline(first, headline);
  return {
    headline,
    body: { paragraphs: repeats && more.length > 0 ? more : paragraphs },
    // An update that only repeats the headline has that line as its text.
    keepsRepeat: repeats && more.length === 0,
    versionCreated: text.stamp,
  };
}
