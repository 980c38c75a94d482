import type { Draft, Note } from "../src/contract/draft.ts";
import type { HoldCause, ItemRecord } from "../src/store/record.ts";
import type { Circumstances } from "./circumstances.ts";
import { toRouted } from "./route.ts";

interface Decided {
  record: ItemRecord;
  draft: Draft;
  around: Circumstances;
}

/** What no reader writes, but every item has: why it is what it is. */
const RULES: Readonly<Record<string, (decided: Decided) => string>> = {
  id: ({ draft }) => toIdRule(draft),
  revision: () => "REV1: given by the store; here as if it were alone",
  change: ({ record }) =>
    record.change === "new" ? "not told: the first version is new" : "not told: a later version",
  source: () => "who sent it",
  lines: ({ draft, around }) => toRouted(draft, around.profile).rule,
  credit: () => "the profile's credit",
  urgency: () => "URG1: not told, so 5",
  pubStatus: ({ record }) => toStatusRule(record),
  receivedAt: () => "when the delivery came",
  publishedAt: () => "when it is first on a line",
  orderedAt: ({ record, draft }) => toOrderRule(record, draft),
  timeBasis: ({ record, draft }) => toOrderRule(record, draft),
  late: () => "TIM2: it comes more than 10 minutes after its time",
  breakingUntil: () => "URG1: 30 minutes from orderedAt",
  guid: () => "an earlier version of the story",
  firstCreated: () => "an earlier version of the story",
  embargoedUntil: () => "EMB1: from an earlier version",
  expires: () => "EXP1",
};

/** The reader's notes, and one for each field that is not the reader's. */
export function withRules(notes: readonly Note[], shown: object, decided: Decided): Note[] {
  const told = new Set(notes.map(({ field }) => field));
  const more = Object.keys(shown).flatMap((field): Note[] => {
    const toRule = RULES[field];
    const isHeld = field === "pubStatus" && decided.record.holdCause !== undefined;
    if (toRule === undefined || (told.has(field) && !isHeld)) return [];
    return [{ field, rule: toRule(decided) }];
  });
  return [...notes, ...more];
}

/** The same for a document that a notice acts on. */
export function withNoticeRules(notes: readonly Note[], shown: Record<string, unknown>): Note[] {
  const rules: Record<string, string> = {
    id: "SRC1: the source's own item of that guid",
    guid: "the document that the notice names",
    slugline: "KIL2: the slug that the notice names",
    pubStatus: shown["guid"] === undefined ? "KIL2: known by its slug only" : "what the notice says of it",
    source: "who sent it",
    lines: "wherever the item stands",
  };
  const more = Object.keys(shown).map((field) => ({ field, rule: rules[field] ?? "the notice" }));
  return [...notes, ...more];
}

function toIdRule(draft: Draft): string {
  if (draft.page !== undefined) return "the page's oldest stamp and first words";
  if (draft.guid !== undefined) return draft.guidBase === undefined ? "guid" : "the guid without its version";
  if (draft.identity !== undefined) return "REV3: no guid, so what names the message";
  return draft.link === undefined ? "REV3: no guid, so the text" : "REV3: no guid, so the link";
}

const HELD_BECAUSE: Readonly<Record<HoldCause, string>> = {
  source: "withheld in writing",
  returned: "KIL1: it was withdrawn and has come back",
  trust: "the profile's trust: an editor releases",
  embargo: "EMB2: an embargo without an end that can be read",
  twin: "KIL1: it repeats what was withdrawn",
  slug: "KIL2: the slug of something withdrawn",
};

function toStatusRule({ pubStatus, holdCause }: ItemRecord): string {
  if (holdCause !== undefined) return `held: ${HELD_BECAUSE[holdCause]}`;
  return pubStatus === "usable" ? "not told, so usable" : pubStatus;
}

function toOrderRule(record: ItemRecord, draft: Draft): string {
  if (record.embargoEndedAt !== undefined && record.embargoEndedAt === record.orderedAt)
    return "ORD4: the end of the embargo";
  if (record.timeBasis === "source") return "ORD2: the newest source time";
  if (record.timeBasis === "future") return "ORD3: the source's time lies in the future, so when it came";
  const hasTime = draft.versionCreated !== undefined || draft.firstCreated !== undefined;
  return hasTime
    ? "ORD3: the source's time cannot order it, so when it came"
    : "ORD2: no time, so when it came";
}
