import type { Draft, Note } from "../../src/contract/draft.ts";
import { readClosingTime } from "../text/closing-line.ts";
import { hasHabit } from "../text/habits.ts";
import { toPlainParagraphs } from "../text/paragraphs.ts";
import { bareLine, cleanControls } from "../text/wire-characters.ts";
import { type FormatReader, type FormatReading, unreadable, type WireDocument } from "./format.ts";
import { refuseMany, WIRE_LIMITS } from "./limits.ts";
import { checkStorySize, toSequence, toWireDraft, toWireLines } from "./wire-message.ts";
import { isHeaderLine, parseZczcHead } from "./zczc-head.ts";

/**
 * Plain-text wire stories between `ZCZC` and `NNNN`. Header lines, where there are any, are told by their first sign:
 * `#` slug, `$` headline, `:` take key or (CITY), `@` place, `%` category, `*` subject, `&` user, `~` service.
 */
export const zczc: FormatReader = {
  format: "zczc",
  limits: WIRE_LIMITS,
  keepsControls: true,
  sniff: ({ root, json }, document) => json === undefined && root === undefined && isZczc(document),
  read: (document) => readZczc(document),
};

const START = /^(?:ZCZC(?!\p{Ll})|zczc(?!\p{L}))[\s:-]*(?<rest>.*)$/u;
const END = /(?:^|\s)NNNN\W*$|^nnnn\W*$/u;
/** Routing may stand before the first message. */
const START_REACH = 8;
/** Times of closing lines stand among the last lines. */
const CLOSING_REACH = 3;

interface Frame {
  rest: string;
  lines: string[];
}

function isZczc(document: WireDocument): boolean {
  const { lines } = toWireLines({ ...document, text: document.text.slice(0, 4000) });
  const first = lines
    .map(bareLine)
    .filter((line) => line !== "")
    .slice(0, START_REACH);
  if (first.some((line) => START.test(line))) return true;
  // The opening line can be lost: headers and the closing line are enough.
  const isClosed = END.test(bareLine(document.text.slice(-200)));
  return isClosed && first.filter((line) => isHeaderLine(line)).length >= 2;
}

function readZczc(document: WireDocument): FormatReading {
  const { lines, notes } = toWireLines(document);
  const frames = splitMessages(lines);
  refuseMany(frames);
  const drafts = frames.flatMap((frame) => readMessage(frame, document) ?? []);
  if (drafts.length === 0) throw unreadable("There is no story between ZCZC and NNNN.");
  return { drafts, notes };
}

/** What stands between `NNNN` and the next `ZCZC` is the line's. A lost `NNNN` ends at the next `ZCZC`. */
function splitMessages(lines: readonly string[]): Frame[] {
  const hasStart = lines.some((line) => START.test(bareLine(line)));
  let frame: Frame | undefined = hasStart ? undefined : { rest: "", lines: [] };
  const frames = frame === undefined ? [] : [frame];
  for (const line of lines) {
    const bare = bareLine(line);
    const start = START.exec(bare)?.groups;
    if (start !== undefined) {
      frame = { rest: (start["rest"] ?? "").replace(END, ""), lines: [] };
      frames.push(frame);
    } else if (END.test(bare)) {
      frame?.lines.push(line.replace(/(?:^\s*nnnn|\s*NNNN)\W*$/u, ""));
      frame = undefined;
    } else {
      frame?.lines.push(line);
    }
  }
  return frames;
}

function readMessage({ rest, lines }: Frame, document: WireDocument): Draft | undefined {
  checkStorySize(lines);
  const { zone } = document.profile;
  const { text, time } = takeClosing(lines, zone);
  const head = parseZczcHead(text.map((line) => cleanControls(line).trimEnd()));
  const joins = hasHabit(document.profile, "hard-wrap");
  const paragraphs = toPlainParagraphs(head.body.join("\n"), joins, document.profile.privateMarks);
  if (head.headline === "" && paragraphs.length === 0) return undefined;
  const number = /\S*\d\S*/u.exec(rest)?.[0];
  const notes: Note[] = [
    ...(number === undefined ? [] : [{ field: "identity", rule: `message ${number}` }]),
    ...head.left.map((line): Note => ({ field: "header", rule: `left out: ${line.slice(0, 80)}` })),
  ];
  return toWireDraft(
    {
      number,
      sequence: toSequence(number),
      slug: head.slug,
      takes: head.takes,
      headline: head.headline,
      dateline: head.dateline,
      byline: head.byline,
      subjects: head.subjects,
      subjectCodes: head.categories,
      paragraphs,
      time,
      edNotes: [],
      from: {
        ...(head.headline !== "" && { headline: head.from }),
        ...(time !== undefined && { versionCreated: "the closing line" }),
      },
      notes,
    },
    document,
  );
}

function takeClosing(lines: readonly string[], zone: string): { text: readonly string[]; time?: string } {
  const filled = lines.map((line, at) => ({ line: bareLine(line), at })).filter(({ line }) => line !== "");
  for (const { line, at } of filled.slice(-CLOSING_REACH).toReversed()) {
    const time = readClosingTime(line, zone);
    if (time !== undefined) return { text: lines.slice(0, at), time };
  }
  return { text: lines };
}
