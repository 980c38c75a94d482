import type { DeskItem, DeskLineItem, Item, LineItem, RevisionEntry } from "../contract/item.ts";
import type { Content, ItemRecord } from "./record.ts";

/** A copy without the keys whose value is undefined, so that they do not stand in JSON or in comparisons. */
type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };
function present<T extends object>(fields: T): Present<T>;
function present(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function withContent(record: ItemRecord): ItemRecord & { content: Content } {
  const { content } = record;
  if (content === null) throw new Error(`item ${record.id} has no content to show`);
  return { ...record, content };
}

/** What readers see of an item in a line. */
export function toLineItem(record: ItemRecord): LineItem {
  const { content } = withContent(record);
  return present({
    id: record.id,
    revision: record.revision,
    change: record.change,
    headline: content.headline,
    lead: content.lead,
    slugline: content.slugline,
    urgency: content.urgency,
    lines: record.lines,
    language: content.language,
    source: record.source,
    credit: record.credit,
    link: content.link,
    orderedAt: record.orderedAt,
    firstCreated: record.firstCreated,
    versionCreated: record.versionCreated,
    publishedAt: record.publishedAt,
    timeBasis: record.timeBasis,
    late: record.late,
    pinned: record.pinned,
    backfill: record.backfill,
    breakingUntil: record.breakingUntil,
    correctionNote: content.correctionNote,
    signOff: content.signOff,
  });
}

function deskFields(record: ItemRecord) {
  return present({
    pubStatus: record.pubStatus,
    embargoedUntil: record.embargoedUntil,
    expires: record.expires,
    edNote: record.content?.edNote,
    guid: record.guid,
    sourceVersion: record.sourceVersion,
    receivedAt: record.receivedAt,
    by: record.by,
  });
}

export function toDeskLineItem(record: ItemRecord): DeskLineItem {
  return { ...toLineItem(record), ...deskFields(record) };
}

/** The public record. */
export function toItem(record: ItemRecord): Item {
  const { content } = withContent(record);
  return {
    ...toLineItem(record),
    ...present({
      pubStatus: record.pubStatus,
      bodyText: content.bodyText,
      bodyHtml: content.bodyHtml,
      summary: content.summary,
      byline: content.byline,
      dateline: content.dateline,
      subjects: content.subjects,
      embargoedUntil: record.embargoedUntil,
      expires: record.expires,
    }),
  };
}

export function toDeskItem(record: ItemRecord): DeskItem {
  const { proposal } = record;
  const offered = proposal && {
    proposal: present({
      headline: proposal.content.headline,
      bodyText: proposal.content.bodyText,
      receivedAt: proposal.receivedAt,
    }),
  };
  return { ...toItem(record), ...deskFields(record), ...offered };
}

/** A revision as it stays in the history. `public` tells whether readers could see it. */
export type HistoryEntry = RevisionEntry & { public: boolean };

export function toHistoryEntry(record: ItemRecord): HistoryEntry {
  const { content } = withContent(record);
  return present({
    revision: record.revision,
    change: record.change,
    pubStatus: record.pubStatus,
    headline: content.headline,
    bodyText: content.bodyText ?? "",
    versionCreated: record.versionCreated,
    receivedAt: record.revisedAt,
    timeBasis: record.revisionBasis,
    signOff: content.signOff,
    correctionNote: content.correctionNote,
    by: record.by,
    public: record.publicLines.length > 0,
  });
}
