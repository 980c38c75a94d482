import type { Draft, Note } from "../../src/contract/draft.ts";
import { toPlainLine } from "../../src/contract/text.ts";
import { hasHabit } from "../text/habits.ts";
import { toPlainParagraphs } from "../text/paragraphs.ts";
import { parseWireTime } from "../text/times.ts";
import { readWireNotice } from "../text/wire-notice.ts";
import { composeDraft, type RawStory } from "./compose.ts";
import { type FormatReader, type FormatReading, unreadable, type WireDocument } from "./format.ts";
import { refuseMany, STORY_LIMITS } from "./limits.ts";
import { type Origins, withOrigins } from "./origins.ts";
import { isEmbargoLine } from "./plain-head.ts";

/**
 * A press release as plain text: `Source:` line, `MEDIA RELEASE` and a number, headline, a paragraph with place, date
 * and `/distributor/`, text, `SOURCE`.
 */
export const release: FormatReader = {
  format: "release",
  limits: STORY_LIMITS,
  sniff: ({ root, json }, { text }) => json === undefined && root === undefined && isRelease(text),
  read: readRelease,
};

const SOURCE = /^Source\s*:\s*(?<name>.*)$/iu;
const RELEASE =
  /^\W*(?:MEDIA|PRESS|NEWS|Media|Press|News) (?:RELEASE|Release)(?!\p{L})[\s:#–—-]*(?:No\.?\s*)?(?<number>[A-Z]{0,4}[ -]?\d{2,}[\w/-]*)?[\s:–—-]*(?<rest>.*?)\W*$/u;
const NUMBER_ALONE = /^[A-Z]{0,4}[ -]?\d{3,}$/u;
const AT_ONCE = /^\W*for immediate (?:release|publication|use)\W*$/iu;
const HEAD_REACH = 12;

/** Strict: a release's own lines at the very top, in a text that is nothing else. */
function isRelease(text: string): boolean {
  const lines = text
    .slice(0, 4000)
    .split(/\r\n|\r|\n/u)
    .map(toPlainLine)
    .filter((line) => line !== "")
    .slice(0, HEAD_REACH);
  const found = lines.map((line) => RELEASE.exec(line)?.groups).find((groups) => groups !== undefined);
  const isTitle = /^(?:MEDIA|PRESS|NEWS) RELEASE$/u.test(lines[0] ?? "");
  const isNamed =
    isTitle || lines.slice(0, 3).some((line) => SOURCE.test(line)) || AT_ONCE.test(lines[0] ?? "");
  return found !== undefined && (isNamed || (found["number"] !== undefined && found["rest"] === ""));
}

interface ReleaseHead {
  source: string;
  number: string;
  headline: string;
  time?: string;
  edNotes: string[];
  /** Where the text begins. */
  end: number;
}

function readRelease(document: WireDocument): FormatReading {
  const parts = splitReleases(document.text.split(/\r\n|\r|\n/u));
  refuseMany(parts);
  return { drafts: parts.map((lines) => readOne(lines, document)), notes: [] };
}

/** Another release begins with a `Source:` line right above its title. */
function splitReleases(lines: readonly string[]): string[][] {
  const first = lines.findIndex((line) => line.trim() !== "");
  const starts = lines.flatMap((_line, at) => (at > first && isStart(lines, at) ? [at] : []));
  return [0, ...starts].map((start, index) => lines.slice(start, starts[index]));
}

function isStart(lines: readonly string[], at: number): boolean {
  if (!SOURCE.test(toPlainLine(lines[at] ?? ""))) return false;
  const next = lines
    .slice(at + 1, at + 6)
    .map(toPlainLine)
    .find((line) => line !== "");
  return RELEASE.test(next ?? "");
}

function readOne(lines: readonly string[], document: WireDocument): Draft {
  const head = readHead(lines, document.profile.zone);
  const joins = hasHabit(document.profile, "hard-wrap");
  const paragraphs = toPlainParagraphs(
    lines.slice(head.end).join("\n"),
    joins,
    document.profile.privateMarks,
  );
  if (head.headline === "" && paragraphs.length === 0) throw unreadable("The release has no text.");
  const { text, behind } = cutSource(paragraphs, head.source);
  const place = takeDateline(text, document.profile.zone);
  const time = place.time ?? head.time;
  return toDraft({ ...head, ...place, ...(time !== undefined && { time }), behind }, document);
}

const ORIGINS: Origins = {
  identity: "the release's number and day",
  storyKey: "the release's number",
  headline: "the lines below MEDIA RELEASE",
  dateline: "the paragraph of place, date and distributor",
  body: "from below the headline to SOURCE",
  edNotes: "a line of embargo, and what stands behind SOURCE",
  firstCreated: "the dateline, else a line above the headline",
  versionCreated: "the dateline, else a line above the headline",
  actsOn: "the words of a kill or a hold",
  status: "the words of a kill or a hold",
};

type ReleaseParts = Omit<ReleaseHead, "time"> & Place & { behind: string[] };

function toDraft(parts: ReleaseParts, document: WireDocument): Draft {
  const { number, headline, dateline, time, paragraphs } = parts;
  const notes: Note[] = parts.source === "" ? [] : [{ field: "credit", rule: `Source: ${parts.source}` }];
  const day = time === undefined ? undefined : parseWireTime(time, document.profile.zone).instant;
  const raw: RawStory = {
    // Numbers of small senders begin again every year.
    identity: number === "" ? undefined : `release ${number} ${day?.slice(0, 10) ?? ""}`.trim(),
    storyKey: number,
    headline,
    dateline,
    body: { paragraphs },
    edNotes: [...parts.edNotes, parts.behind.join("\n\n")],
    firstCreated: time,
    versionCreated: time,
    notes,
  };
  const notice = readWireNotice({ slug: number, heads: [headline], text: paragraphs.join("\n\n") });
  const compose = (story: RawStory) => composeDraft(withOrigins(story, ORIGINS), document);
  if (notice === undefined) return compose(raw);
  const actsOn = notice.slugs.map((slug) => ({ slug, status: notice.status }));
  const isKnown = actsOn.length > 0;
  return compose({ ...raw, status: isKnown ? notice.status : "withheld", actsOn, noticeOnly: isKnown });
}

/** Down to the end of the headline, which may go over several lines. */
function readHead(lines: readonly string[], zone: string): ReleaseHead {
  const title = lines.findIndex((line) => RELEASE.test(toPlainLine(line)));
  const head: ReleaseHead = { source: "", number: "", headline: "", edNotes: [], end: 0 };
  for (const [at, written] of lines.entries()) {
    const line = toPlainLine(written);
    if (line === "" && head.headline === "") continue;
    if (line === "") return { ...head, end: at };
    if (head.headline !== "") head.headline += ` ${line}`;
    else if (at < title && CONTACT.test(line)) head.edNotes.push(line);
    else if (!takeHeadLine(head, line, zone)) head.headline = line;
  }
  return { ...head, end: lines.length };
}

/** True when the line stands above the headline. */
function takeHeadLine(head: ReleaseHead, line: string, zone: string): boolean {
  const source = SOURCE.exec(line)?.groups?.["name"];
  const found = RELEASE.exec(line)?.groups;
  if (source !== undefined && head.source === "") {
    head.source = source;
  } else if (found !== undefined && head.number === "") {
    head.number = (found["number"] ?? "").replace(/\s/gu, "");
    head.headline = found["rest"] ?? "";
  } else if (NUMBER_ALONE.test(line) && head.number === "") {
    head.number = line.replace(/\s/gu, "");
  } else if (isEmbargoLine(line)) {
    head.edNotes.push(line);
  } else if (parseWireTime(line, zone).instant !== undefined) {
    head.time = line;
  } else {
    return AT_ONCE.test(line);
  }
  return true;
}

const CONTACT =
  /^(?:media |press |for (?:more|further) information)?\W{0,3}(?:contacts?|enquiries|inquiries|information)\b|@\S+\.\S|^\W*(?:tel|phone|mob|e-?mail)\b|\d{3}[ -]\d{3,}/iu;
/** It may end in a mark instead. */
const END = /^[\s*–—-]*(?:ENDS?|Ends?|-?30-?|#{3,5}|# # #)[\s*–—-]*$/u;

/** `SOURCE` ends the text, or an end mark; who can be asked stands behind it. */
function cutSource(paragraphs: readonly string[], source: string): { text: string[]; behind: string[] } {
  const marked = paragraphs.findIndex((paragraph) => END.test(paragraph));
  const at =
    marked !== -1
      ? marked
      : paragraphs.findLastIndex(
          (paragraph) =>
            /^SOURCE(?::|\s*$|\s{1,4}\S.{0,150}$)/u.test(paragraph) ||
            (source !== "" && SOURCE.exec(paragraph)?.groups?.["name"]?.trim() === source),
        );
  if (at === -1) return { text: [...paragraphs], behind: [] };
  return { text: paragraphs.slice(0, at), behind: paragraphs.slice(at + 1) };
}

interface Place {
  paragraphs: string[];
  dateline?: string;
  time?: string;
}

/** Without the distributor's name: `Riverton, 13 November 2013 - The port …`. */
const OPEN_DATELINE = /^(?<where>\p{Lu}[^/\n]{2,80}?) ?(?:--?|[–—]) (?<rest>\S.*)$/su;
const DATELINE = /^(?<where>[^/]{2,120}?)[\s,]*\/(?<by>[^/\n]{2,80})\/\s*(?:--?|[–—])?\s*(?<rest>.*)$/su;
/** A second headline may stand above it. */
const DATELINE_REACH = 4;

/** A paragraph that is only the dateline is no text; one that goes on in the text stays there. Both give the day. */
function takeDateline(paragraphs: string[], zone: string): Place {
  for (const [at, paragraph] of paragraphs.slice(0, DATELINE_REACH).entries()) {
    const groups = (DATELINE.exec(paragraph) ?? OPEN_DATELINE.exec(paragraph))?.groups;
    const time = groups && findDay(groups["where"] ?? "", zone);
    if (groups === undefined || time === undefined) continue;
    if (groups["rest"] !== "") return { paragraphs, time };
    const dateline = paragraph.replace(/\s*(?:--?|[–—])\s*$/u, "");
    return { paragraphs: paragraphs.toSpliced(at, 1), dateline, time };
  }
  return { paragraphs };
}

/** The date at the end of `TOWN, Country, Nov. 13, 2013`. */
function findDay(where: string, zone: string): string | undefined {
  const parts = where.split(/(?<=,)\s*|\s+(?=\p{Lu}\p{Ll}{2,8}\.? \d)|\s+(?=\d{1,2} \p{L})/u);
  return parts
    .map((_, at) =>
      parts
        .slice(at)
        .join(" ")
        .replace(/[\s,]+$/u, ""),
    )
    .find((text) => parseWireTime(text, zone).instant !== undefined);
}
