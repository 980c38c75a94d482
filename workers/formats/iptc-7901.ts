import type { Draft, Note } from "../../src/contract/draft.ts";
import { readClosingTime } from "../text/closing-line.ts";
import { hasHabit } from "../text/habits.ts";
import { toPlainParagraphs } from "../text/paragraphs.ts";
import { bareLine } from "../text/wire-characters.ts";
import { type FormatReader, type FormatReading, unreadable, type WireDocument } from "./format.ts";
import { closesHead, parseHead } from "./iptc-7901-head.ts";
import { refuseMany, WIRE_LIMITS } from "./limits.ts";
import { checkStorySize, toSequence, toWireDraft, toWireLines } from "./wire-message.ts";

/**
 * IPTC 7901: SOH, service, running number, priority, category, word count, routing; slug line; STX, take lines,
 * headline, byline, ` =`, text; ETX, day-hour-minute line; EOT. Any of the control bytes may be missing.
 */
export const iptc7901: FormatReader = {
  format: "iptc-7901",
  limits: WIRE_LIMITS,
  keepsControls: true,
  sniff: ({ root, json }, document) => json === undefined && root === undefined && isIptc7901(document),
  read: (document) => readIptc7901(document),
};

const SOH = "\u0001";
const STX = "\u0002";
const ETX = "\u0003";
const EOT = "\u0004";

const HEADER =
  /^(?<service>[a-z]{2,6}) ?(?<number>\d{2,5})\s+(?<priority>[1-9])\s+(?<category>[a-z]{1,4}(?:\/[a-z]{1,4})*)(?:\s+(?<words>\d{1,5})(?!\S))?(?:\s.*)?$/iu;
/** Trailers stand among the last lines; further up six digits and a month are news. */
const TRAILER_REACH = 6;

interface Frame {
  header: RegExpExecArray["groups"];
  lines: string[];
}

function isIptc7901(document: WireDocument): boolean {
  const lines = toWireLines({ ...document, text: document.text.slice(0, 20_000) }).lines;
  const at = lines.findIndex((line) => toHeader(line) !== undefined);
  const line = lines[at];
  if (line === undefined || lines.slice(0, at).filter((other) => bareLine(other) !== "").length > 10)
    return false;
  if (line.includes(SOH)) return true;
  const next = lines.slice(at + 1, at + 12);
  const isFramed = next.some((other) => other.includes(STX) || closesHead(bareLine(other)));
  const hasTrailer = lines
    .slice(at + 1)
    .some((other) => readClosingTime(bareLine(other), document.profile.zone) !== undefined);
  return toHeader(line)?.["words"] !== undefined && (isFramed || hasTrailer);
}

function readIptc7901(document: WireDocument): FormatReading {
  const { lines, notes } = toWireLines(document);
  const frames = splitMessages(lines, document);
  refuseMany(frames);
  const drafts = frames.flatMap((frame) => readMessage(frame, document) ?? []);
  if (drafts.length === 0) throw unreadable("There is no message with a text in this IPTC 7901 document.");
  return { drafts, notes };
}

/** Each header begins a message. What stands between two messages is the line's, not the story's. */
function splitMessages(lines: readonly string[], document: WireDocument): Frame[] {
  const frames: Frame[] = [];
  let isClosed = true;
  const apart = lines.flatMap((line) =>
    line.replaceAll(SOH, `\n${SOH}`).replaceAll(EOT, `${EOT}\n`).split("\n"),
  );
  for (const line of apart) {
    const header = toHeader(line);
    if (header !== undefined && (isClosed || line.includes(SOH) || header["words"] !== undefined)) {
      frames.push({ header, lines: [] });
      isClosed = false;
      continue;
    }
    const frame = frames.at(-1);
    if (frame === undefined || frame.lines.at(-1)?.includes(EOT)) continue;
    frame.lines.push(line);
    isClosed ||= isEnd(line) || readClosingTime(bareLine(line), document.profile.zone) !== undefined;
  }
  // Named by the profile, it may come without any header.
  return frames.length > 0 ? frames : [{ header: undefined, lines: [...lines] }];
}

function isEnd(line: string): boolean {
  return line.includes(ETX) || line.includes(EOT);
}

function toHeader(line: string): RegExpExecArray["groups"] {
  return line.length > 200 ? undefined : HEADER.exec(bareLine(line))?.groups;
}

function readMessage({ header, lines }: Frame, document: WireDocument): Draft | undefined {
  checkStorySize(lines);
  const { before, text, after } = splitText(lines);
  const tail = takeTrailer(text, after, document);
  const head = parseHead(before, tail.text, header !== undefined);
  const { open, hidden } = splitAtStars(head.body, document);
  const { privateMarks } = document.profile;
  const joins = hasHabit(document.profile, "hard-wrap");
  const paragraphs = toPlainParagraphs(open.join("\n"), joins, privateMarks);
  if (head.headline === "" && paragraphs.length === 0) return undefined;
  const number = header && `${header["service"]}${header["number"]}`.toLowerCase();
  const notes: Note[] = number === undefined ? [] : [{ field: "identity", rule: `message ${number}` }];
  return toWireDraft(
    {
      number,
      sequence: toSequence(number),
      slug: head.slug,
      takes: head.takes,
      headline: head.headline,
      byline: head.byline,
      paragraphs,
      time: tail.time,
      urgency: header?.["priority"],
      subjectCodes: header?.["category"]?.split("/"),
      edNotes: [toPlainParagraphs(hidden.join("\n"), joins).join("\n\n")],
      from: {
        ...(header !== undefined && { urgency: "the header's priority" }),
        ...(head.headline !== "" && { headline: head.from }),
        ...(tail.time !== undefined && { versionCreated: "the closing line" }),
      },
      notes,
    },
    document,
  );
}

/** Around STX and ETX; without them all is text. */
function splitText(lines: readonly string[]): { before: string[]; text: string[]; after: string[] } {
  const start = lines.findIndex((line) => line.includes(STX));
  const opened = start === -1 ? [...lines] : splitLine(lines, start, STX);
  const end = opened.findIndex((line, at) => at >= Math.max(start, 0) && isEnd(line));
  const closed = end === -1 ? opened : splitLine(opened, end, opened[end]?.includes(ETX) ? ETX : EOT);
  return {
    before: start === -1 ? [] : closed.slice(0, start + 1).map(bareLine),
    text: closed.slice(start + 1, end === -1 ? undefined : end + 1),
    after: end === -1 ? [] : closed.slice(end + 1),
  };
}

/** Parts a line at its sign: what stood before it, and what stood behind it as a line of its own. */
function splitLine(lines: readonly string[], at: number, sign: string): string[] {
  const line = lines[at] ?? "";
  const cut = line.indexOf(sign);
  return [...lines.slice(0, at), line.slice(0, cut), line.slice(cut + 1), ...lines.slice(at + 1)];
}

/** The closing line behind the text or, without ETX, at its end; what follows it there is the line's. */
function takeTrailer(
  text: readonly string[],
  after: readonly string[],
  document: WireDocument,
): { text: string[]; time?: string } {
  for (const line of after) {
    const time = readClosingTime(bareLine(line), document.profile.zone);
    if (time !== undefined) return { text: [...text], time };
  }
  const last = text.map((line, at) => ({ line: bareLine(line), at })).filter(({ line }) => line !== "");
  for (const { line, at } of last.slice(-TRAILER_REACH).toReversed()) {
    const time = readClosingTime(line, document.profile.zone);
    if (time !== undefined) return { text: text.slice(0, at), time };
  }
  return { text: [...text] };
}

/** Four asterisks stand before what is not for publication; three are a break in the text. */
function splitAtStars(
  lines: readonly string[],
  { profile }: WireDocument,
): { open: string[]; hidden: string[] } {
  const at = hasHabit(profile, "not-for-publication")
    ? lines.findIndex((line) => /^\*(?:\s*\*){3,}$/u.test(bareLine(line)))
    : -1;
  return at === -1
    ? { open: [...lines], hidden: [] }
    : { open: lines.slice(0, at), hidden: lines.slice(at + 1) };
}
