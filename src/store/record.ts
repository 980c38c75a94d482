import type { Draft } from "../contract/draft.ts";
import type { Change, PubStatus, TimeBasis } from "../contract/item.ts";

/** The words and fields of one version, as shown: what a draft may lack of them is filled in. */
export type Content = Pick<
  Draft,
  | "lead"
  | "bodyText"
  | "bodyHtml"
  | "summary"
  | "byline"
  | "dateline"
  | "slugline"
  | "subjects"
  | "language"
  | "link"
  | "edNote"
  | "signOff"
  | "correctionNote"
> & { headline: string; urgency: number };

/**
 * What is kept of every version a source sent, shown or not: enough to tell which is newer, whether a text was
 * seen before, and where the item stands (ORD2, REV1), so that any order of arrival ends in the same state.
 * Names are short because every item carries a list of these. Times are milliseconds.
 */
export interface VersionMeta {
  /** Arrival number of the delivery, and place in it. */
  a: [number, number];
  /** The source's version. */
  v?: string;
  /** The source's time as written, for comparing. */
  t?: number;
  /** The same time if it may order the item (ORD3). */
  o?: number;
  /** The source's time lay in the future when it came: never used for order, then or later. */
  future?: true;
  /** Hash of all that counts (REV2). Absent for a notice without a text. */
  h?: string;
  /** Hash of headline and text alone. */
  x?: string;
  /** Hash of the text alone, for versions that stand on one page. */
  b?: string;
  correction?: true;
  /** Absent = usable. */
  s?: "withheld" | "canceled";
  /** The status was written, not a default. */
  w?: true;
  /** Embargo. */
  e?: number;
  /** An embargo without a readable end. */
  open?: "field" | "words";
  /** An editor has released what this version held or killed. */
  forgiven?: true;
}

/** Why a source's item waits for an editor. */
export type HoldCause = "source" | "embargo" | "trust" | "returned" | "twin" | "slug";

/** An item as stored: what is shown of it, and what is known of its source. */
export interface ItemRecord {
  id: string;
  source: string;
  revision: number;
  lines: string[];
  change: Change;
  pubStatus: PubStatus;
  /** Null for a tombstone, and for an item that only a notice has named so far. */
  content: Content | null;
  credit?: string;
  guid?: string;
  sourceVersion?: string;
  firstCreated?: string;
  versionCreated?: string;
  /** When the item first came. */
  receivedAt: string;
  /** When the version of this revision came. */
  revisedAt: string;
  publishedAt?: string;
  orderedAt: string;
  timeBasis: TimeBasis;
  /** The time basis of this revision's own version. */
  revisionBasis: TimeBasis;
  embargoedUntil?: string;
  expires?: string;
  late?: true;
  pinned?: true;
  backfill?: true;
  breakingUntil?: string;
  /** Its source may raise a flash (URG1). */
  flash?: true;
  /** The editor's token name, on changes made by the desk. */
  by?: string;

  /** Public lines where it stands. */
  publicLines: string[];
  /** Revisions below this one are hidden from public doors (COR1). */
  hideBefore?: number;
  /** An editor has changed or held it: later source versions are proposals (OWN1). */
  deskOwned?: true;
  deskHold?: { by: string; reason?: string };
  holdCause?: HoldCause;
  killedBy?: "desk" | "source";
  /** An editor has let it through once: trust, twins and words of embargo hold it no more. */
  released?: true;
  /** The end of an embargo made it public: orders it (ORD4). */
  embargoEndedAt?: string;
  /** The embargo an editor has lifted. */
  liftedEmbargo?: string;
  versions: VersionMeta[];
  /**
   * The newest version that says `usable` in writing, while one that does not is shown: should a withdrawal that
   * is older than both still come, this is the one that waits for an editor (KIL1).
   */
  spare?: { a: VersionMeta["a"]; draft: Draft };
  proposal?: { content: Content; receivedAt: string; versionCreated?: string };
}
