import type { Draft, Note } from "../../src/contract/draft.ts";
import { NewsLineError } from "../../src/contract/errors.ts";
import { toPlainLine } from "../../src/contract/text.ts";
import { dropControls } from "../text/decode.ts";
import { isEndLine } from "../text/end-mark.ts";
import { foldForComparison } from "../text/headline.ts";
import { splitPrivate } from "../text/private-text.ts";
import { parseWireTime } from "../text/times.ts";
import { readWireNotice } from "../text/wire-notice.ts";
import { composeDraft } from "./compose.ts";
import { type FormatReader, type FormatReading, unreadable, type WireDocument } from "./format.ts";
import { STORY_LIMITS } from "./limits.ts";
import { toDay } from "./wire-message.ts";

/** Headlines divided by ` ** `, the last one closed by it, too. Each is an item of its own. */
export const tickerList: FormatReader = {
  format: "ticker-list",
  limits: STORY_LIMITS,
  sniff: ({ root, json }, { text }) =>
    json === undefined &&
    root === undefined &&
    text.length <= STORY_LIMITS.characters &&
    isTickerList(dropControls(text)),
  read: readTickerList,
};

const DIVIDER = /(?:^|\s)\*\*(?=\s|$)/u;
const LONGEST_LINE = 400;
const NOTICE: Note = { field: "pubStatus", rule: "KIL2: the words of a kill or a hold" };
const MOST_LINES = 500;

function isTickerList(text: string): boolean {
  if (!/\s\*\*\s*$/u.test(text.slice(-200))) return false;
  const lines = toLines(text);
  return lines.length >= 2 && lines.every((line) => line.length <= LONGEST_LINE);
}

function toLines(text: string): string[] {
  return text
    .split(DIVIDER)
    .map(toPlainLine)
    .filter((line) => line !== "");
}

function readTickerList(document: WireDocument): FormatReading {
  const { profile } = document;
  const { open, hidden } = splitPrivate(toLines(document.text), profile);
  const isTime = (line: string) => parseWireTime(line, profile.zone).instant !== undefined;
  const time = open.find(isTime);
  const lines = open.filter((line) => !isTime(line) && !isEndLine(line));
  if (lines.length > MOST_LINES) {
    throw new NewsLineError("too_large", { message: "A list may have 500 headlines. Send fewer at a time." });
  }
  if (lines.length === 0) throw unreadable("There is no headline in this list.");
  const day = toDay(time, document) ?? "";
  const drafts = lines.map((line): Draft => {
    const identity = `${foldForComparison(line)} ${day}`.trim();
    const from = {
      headline: "a line of the list",
      identity: "the line and the day",
      ...(time !== undefined && { firstCreated: "the list's time", versionCreated: "the list's time" }),
    };
    // A line that withdraws another one names no item: an editor has to look at it.
    const notice = readWireNotice({ slug: "", heads: [line], text: "" });
    const status = notice === undefined ? {} : { status: "withheld", notes: [NOTICE] };
    return composeDraft(
      { identity, headline: line, firstCreated: time, versionCreated: time, from, ...status },
      document,
    );
  });
  return {
    drafts,
    notes: hidden.map((line) => ({ field: "headline", rule: `PRV1: left out, ${line.slice(0, 80)}` })),
  };
}
