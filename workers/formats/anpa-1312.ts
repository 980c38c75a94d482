import type { Draft, Note } from "../../src/contract/draft.ts";
import { readClosingTime } from "../text/closing-line.ts";
import { bareLine } from "../text/wire-characters.ts";
import { isAct } from "../text/wire-notice.ts";
import { parseSlug } from "../text/wire-slug.ts";
import { type AnpaContent, parseContent } from "./anpa-1312-content.ts";
import { type FormatReader, type FormatReading, unreadable, type WireDocument } from "./format.ts";
import { refuseMany, WIRE_LIMITS } from "./limits.ts";
import { checkStorySize, toSequence, toWireDraft, toWireLines } from "./wire-message.ts";

/**
 * ANPA 1312: SYN SYN SOH, service and number, US, selector; priority, category, format, keyword, take, date and word
 * count; STX, header lines that begin with `^`, text lines that begin with a tab; ETX, closing line; EOT. Any of the
 * control bytes may be missing.
 */
export const anpa1312: FormatReader = {
  format: "anpa-1312",
  limits: WIRE_LIMITS,
  keepsControls: true,
  sniff: ({ root, json }, document) => json === undefined && root === undefined && isAnpa1312(document),
  read: (document) => readAnpa1312(document),
};

const SOH = "\u0001";
const STX = "\u0002";
const ETX = "\u0003";
const EOT = "\u0004";
/** DC2: what follows is a table. */
const TABULAR = "\u0012";

const NUMBER = /^(?<service>[a-z])(?<number>\d{4})(?<selector>[a-z0-9.*+-]{0,24})$/iu;
const KEYWORD =
  /^(?<priority>[a-z])\s+(?<category>[a-z])\s*(?<keyword>(?:(?:am|pm|bc|ap)-|(?=.*\s\d{2}-\d{2}\s+\d{1,5}$))\S.*?)(?:\s+(?<day>\d{2}-\d{2}))?(?:\s+(?<words>\d{1,5}))?$/iu;
/**
 * Letters say how fast a story was moved, not what it weighs: `f` stands on features, `u` on weather tables. None
 * alone makes a flash; an alert does, or the profile's map.
 */
const URGENCIES: Readonly<Record<string, number>> = { f: 3, b: 3, u: 4, r: 5, d: 6, a: 6 };
const ALERT_URGENCIES: Readonly<Record<string, number>> = { f: 1 };
const ALERT = /ap ?news ?alert/iu;

interface Frame {
  number?: string;
  keyword?: RegExpExecArray["groups"];
  isTabular: boolean;
  lines: string[];
}

function isAnpa1312(document: WireDocument): boolean {
  const { lines } = toWireLines({ ...document, text: document.text.slice(0, 4000) });
  const filled = lines.filter((line) => bareLine(line) !== "").slice(0, 12);
  return filled.some((line, at) => {
    if (KEYWORD.exec(bareLine(line)) === null) return false;
    const groups = KEYWORD.exec(bareLine(line))?.groups;
    const isNumbered = at > 0 && NUMBER.test(bareLine(filled[at - 1] ?? ""));
    return isNumbered || (groups?.["day"] !== undefined && groups["words"] !== undefined);
  });
}

function readAnpa1312(document: WireDocument): FormatReading {
  const { lines, notes } = toWireLines(document);
  const frames = splitMessages(lines);
  refuseMany(frames);
  const drafts = frames.flatMap((frame) => readMessage(frame, document) ?? []);
  if (drafts.length === 0) throw unreadable("There is no message with a text in this ANPA 1312 document.");
  return { drafts, notes };
}

/** The line with the keyword begins a message, the one with its number stands before it. */
function splitMessages(lines: readonly string[]): Frame[] {
  const frames: Frame[] = [];
  let number: string | undefined;
  const apart = lines.flatMap((line) =>
    line.replaceAll(SOH, `\n${SOH}`).replaceAll(EOT, `${EOT}\n`).replaceAll("\f", "\n\n").split("\n"),
  );
  for (const line of apart) {
    const bare = bareLine(line);
    const keyword = bare.length < 160 ? KEYWORD.exec(bare)?.groups : undefined;
    const frame = frames.at(-1);
    if (keyword !== undefined && (number !== undefined || frame === undefined)) {
      const isTabular = line.includes(TABULAR);
      frames.push({ ...(number !== undefined && { number }), keyword, isTabular, lines: [] });
    } else if (frame !== undefined && !frame.lines.at(-1)?.includes(EOT)) {
      frame.lines.push(line);
    }
    const named = NUMBER.exec(bare)?.groups;
    if (named !== undefined) number = `${named["service"]}${named["number"]}`.toLowerCase();
    else if (bare !== "") number = undefined;
  }
  return frames.length > 0 ? frames : [{ isTabular: false, lines: [...lines] }];
}

function readMessage(frame: Frame, document: WireDocument): Draft | undefined {
  checkStorySize(frame.lines);
  const { text, time } = splitText(frame.lines, document);
  const content = parseContent(text, frame, document.profile);
  if (content.headline === "" && content.paragraphs.length === 0) return undefined;
  const keyword = frame.keyword?.["keyword"] ?? "";
  const slug = content.slug === "" ? keyword : content.slug;
  const isAlert = ALERT.test(keyword) || ALERT.test(content.slug);
  const notes: Note[] =
    frame.number === undefined ? [] : [{ field: "identity", rule: `message ${frame.number}` }];
  const urgency = toUrgency(frame.keyword?.["priority"], isAlert, document);
  return toWireDraft(
    {
      ...content,
      number: frame.number,
      sequence: toSequence(frame.number),
      slug,
      // The keyword's take can be cut off, the slug's is whole; but it may hold a kill that the slug does not.
      takes: content.slug === "" ? [] : parseSlug(keyword).takes.filter((take) => isAct(take)),
      headline: isAlert && ALERT.test(content.headline) ? "" : content.headline,
      time,
      urgency,
      subjectCodes: [frame.keyword?.["category"] ?? ""],
      from: toOrigins(content, time, urgency),
      notes,
    },
    document,
  );
}

function toOrigins(content: AnpaContent, time?: string, urgency?: string): Record<string, string> {
  return {
    ...(urgency !== undefined && { urgency: "the priority letter" }),
    ...(content.slug === "" && { slugline: "the keyword" }),
    ...(content.headline !== "" && { headline: "the first header line that is no slug, note or byline" }),
    ...(time !== undefined && { versionCreated: "the closing line" }),
  };
}

/** The profile's map is asked with the letter; a number is passed on as it is. */
function toUrgency(
  letter: string | undefined,
  isAlert: boolean,
  { profile }: WireDocument,
): string | undefined {
  if (letter === undefined) return undefined;
  const named = [letter, letter.toLowerCase(), letter.toUpperCase()].find((one) =>
    Object.hasOwn(profile.urgencyMap ?? {}, one),
  );
  if (named !== undefined) return named;
  const low = letter.toLowerCase();
  if (isAlert) return String(ALERT_URGENCIES[low] ?? 2);
  const urgency = Object.hasOwn(URGENCIES, low) ? URGENCIES[low] : undefined;
  return urgency === undefined ? letter : String(urgency);
}

/** Between STX and ETX or, where these are missing, down to the closing line. */
function splitText(lines: readonly string[], document: WireDocument): { text: string[]; time?: string } {
  const start = lines.findIndex((line) => line.includes(STX));
  const first = lines[start] ?? "";
  const opened = start === -1 ? [...lines] : [first.slice(first.indexOf(STX) + 1), ...lines.slice(start + 1)];
  const closing = opened.findLastIndex(
    (line) => readClosingTime(bareLine(line), document.profile.zone) !== undefined,
  );
  const time = readClosingTime(bareLine(opened[closing] ?? ""), document.profile.zone);
  const end = opened.findIndex((line) => line.includes(ETX) || line.includes(EOT));
  // The closing line may stand right behind ETX; without ETX it stands in front of EOT.
  const isInFront = closing !== -1 && opened.slice(closing + 1, end).every((line) => bareLine(line) === "");
  const cut = end === -1 || (closing < end && isInFront) ? closing : end;
  const last =
    cut !== end || end === -1 ? "" : (opened[end] ?? "").split(ETX, 1).join("").split(EOT, 1).join("");
  const text = cut === -1 ? opened : [...opened.slice(0, cut), last];
  return { text, ...(time !== undefined && { time }) };
}
