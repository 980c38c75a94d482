import type { Change, PubStatus } from "./item.ts";

/** Tells for a field which rule gave it, or what was odd about it. */
export interface Note {
  field: string;
  rule: string;
}

/**
 * What parsing gives before `decide`: one story, or one version of one. Text fields are text already (TXT1 to
 * TXT3); times are ISO 8601 UTC with milliseconds and are what the source wrote, never clamped (TIM1).
 */
export interface Draft {
  /** The source's identifier as written, revision suffix included. Absent when the source gave none that can be used. */
  guid?: string;
  /**
   * The part of the guid that all versions of the story share (NewsML 1.2 without its RevisionId, `…:2` without
   * the suffix). Absent = the guid itself.
   */
  guidBase?: string;
  /**
   * An identifier that stood there and is no id: it stands on differing stories of the document, or is the address
   * of the feed or of a site (REV6). A kill may still name it.
   */
  sharedGuid?: string;
  /**
   * What makes it one item when it has no guid: the number and date of a wire message, text and day of a ticker
   * line. Absent = link, page, or its text.
   */
  identity?: string;
  /** An entry of a feed that has neither guid nor link of its own: an edit of its words is found by what is left of them. */
  nameless?: true;
  /** The running number that the service gave to the message: gaps in it tell of messages that never came. */
  sequence?: Sequence;
  /** The source's version as text, `"0"` included. */
  sourceVersion?: string;
  /** A slug, du-key or anpa keyword: joins two deliveries only with `continues` (REV3). */
  storyKey?: string;
  /** It says that it continues an earlier one: LEAD, WRITETHRU, ADD, UPDATE, REFILE, CORRECTION. */
  continues?: true;
  /**
   * A page on which newer versions stand above older ones: joined by address or by a version's text. The versions
   * of one story follow each other in the reading, oldest first, `index` from 0 to `count - 1`.
   */
  page?: { address?: string; index: number; count: number };
  /** Guids of items that this one replaces. */
  supersedes?: string[];
  /** Acts on other documents: a withdrawal or a hold of what was sent before. */
  actsOn?: ActOn[];
  /** True when the draft is only such a notice and no story of its own. */
  noticeOnly?: true;

  pubStatus: PubStatus;
  /** The status stood in the document; a default does not count for KIL1. */
  pubStatusWritten?: true;
  /** What the document says of itself. Absent: the first is new, later ones are updates. */
  change?: Change;
  headline?: string;
  lead?: string;
  bodyText?: string;
  bodyHtml?: string;
  summary?: string;
  byline?: string;
  dateline?: string;
  slugline?: string;
  subjects?: string[];
  /** Codes of subjects and categories as the source writes them: for routes, not for readers. */
  subjectCodes?: string[];
  language?: string;
  /** Absolute http(s), as written. */
  link?: string;
  urgency?: number;
  correctionNote?: string;
  edNote?: string;
  signOff?: string;

  firstCreated?: string;
  versionCreated?: string;
  /** The version's time is a date without a clock (midnight in the source's zone, ORD3). */
  dateOnly?: true;
  /** A readable embargo. */
  embargoedUntil?: string;
  /** An embargo that is empty, unreadable or told only in words: withheld until an editor releases (EMB2). */
  embargoOpen?: "field" | "words";
  expires?: string;
  notes: Note[];
}

export interface Sequence {
  /** The service's letters, in lower case; empty when the number stands alone. */
  service: string;
  number: number;
}

export interface ActOn {
  /** The guid of the document acted on, or… */
  guid?: string;
  /** …the slug, when nothing else names it (KIL2). */
  slug?: string;
  status: PubStatus;
  /** A version named with the guid (dpa's `id:version`). */
  sourceVersion?: string;
}

/** What a format reader gives for one document. */
export interface Reading {
  format: string;
  drafts: Draft[];
  /** Notes that belong to no draft: a picture left out, a package without a story. */
  notes: Note[];
}
